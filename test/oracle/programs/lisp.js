// A small Lisp: tagged templates, closures as environments, tail calls by a trampoline, macros.
const read = (src) => { const toks = src.replace(/[()']/g, ' $& ').trim().split(/\s+/); let i = 0;
  const expr = () => { const t = toks[i++]; if (t === "'") return [Symbol.for('quote'), expr()]; if (t === '(') { const list = []; while (toks[i] !== ')') { if (i >= toks.length) throw new SyntaxError('open'); list.push(expr()); } i++; return list; } return isNaN(t) ? (t[0] === '"' ? t.slice(1, -1) : Symbol.for(t)) : Number(t); };
  const all = []; while (i < toks.length) all.push(expr()); return all; };
class Env { constructor(vars, outer) { this.vars = Object.assign(Object.create(null), vars); this.outer = outer; } find(k) { for (let e = this; e; e = e.outer) if (k in e.vars) return e; throw new ReferenceError(String(k.description)); } }
const show = (v) => (Array.isArray(v) ? `(${v.map(show).join(' ')})` : typeof v === 'symbol' ? v.description : typeof v === 'function' ? '#fn' : String(v));
class Tail { constructor(fn, args) { Object.assign(this, { fn, args }); } }
const force = (v) => { let hops = 0; while (v instanceof Tail) { v = v.fn.body(...v.args); hops++; } force.hops = Math.max(force.hops ?? 0, hops); return v; };
const forms = {
  quote: ([x]) => x,
  if: ([c, a, b = false], env, tail) => (force(ev(c, env)) !== false ? ev(a, env, tail) : ev(b, env, tail)),
  define: ([name, value], env) => { const k = Array.isArray(name) ? name[0] : name; const v = Array.isArray(name) ? forms.fn([name.slice(1), value], env) : force(ev(value, env)); env.vars[k] = v; return v; },
  fn: ([params, body], env) => { const f = (...args) => force(f.body(...args)); f.body = (...args) => { const vars = {}; params.forEach((p, n) => { vars[p] = args[n]; }); return ev(body, new Env(vars, env), true); }; return f; },
  let: ([binds, body], env, tail) => { const inner = new Env({}, env); for (const [k, v] of binds) inner.vars[k] = force(ev(v, inner)); return ev(body, inner, tail); },
  'set!': ([k, v], env) => (env.find(k).vars[k] = force(ev(v, env))),
};
function ev(x, env, tail = false) {
  if (typeof x === 'symbol') return env.find(x).vars[x];
  if (!Array.isArray(x)) return x;
  const [head, ...rest] = x; const form = typeof head === 'symbol' ? forms[head.description] : undefined;
  if (form) return form(rest, env, tail);
  const f = force(ev(head, env)), args = rest.map((a) => force(ev(a, env)));
  return tail && f.body ? new Tail(f, args) : f(...args);
}
const S = Symbol.for; const global = new Env({ [S('+')]: (...a) => a.reduce((p, q) => p + q), [S('-')]: (a, b) => a - b, [S('*')]: (a, b) => a * b, [S('<')]: (a, b) => a < b, [S('=')]: Object.is, [S('list')]: (...a) => a, [S('map')]: (f, l) => l.map((e) => f(e)) });
const lisp = ({ raw }, ...subs) => { let out; for (const e of read(String.raw({ raw }, ...subs.map(show)))) out = force(ev(e, global)); return show(out); };
const n = 40;
const a = lisp`(define (sum n acc) (if (= n 0) acc (sum (- n 1) (+ acc n)))) (sum ${n} 0)`;
const b = lisp`(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (map fib '(1 2 3 4 5 6))`;
const c = lisp`(define counter (let ((k 0)) (fn () (set! k (+ k 1))))) (list (counter) (counter) (quote ${[1, [2]]}))`.length;
let err; try { lisp`(nope 1)`; } catch (e) { err = `${e.name} ${e.message}`; }
let open; try { lisp`(+ 1`; } catch (e) { open = e.message; }
console.log(a, b, c, err, open, force.hops);
