// a parser generator: grammar in template tags, memoised packrat with left recursion, visitors by Symbol, errors with furthest position, pretty printing
'use strict';
const RULE = Symbol('rule'), memo = new WeakMap();
const grammar = (strings, ...actions) => { const src = strings.raw.reduce((s, part, i) => s + part + (i < actions.length ? `@${i}` : ''), ''); const rules = Object.create(null); for (const line of src.split(/\n(?=\s*\w+\s*=)/).map((l) => l.trim()).filter(Boolean)) { const [, name, body] = /^(\w+)\s*=\s*([^]*)$/.exec(line); rules[name] = alternatives(body, actions, name); } return { rules, start: Object.keys(rules)[0], __proto__: Grammar }; };
function alternatives(body, actions, name) { return body.split(/\s*\|\s*/).map((alt, n) => { const parts = alt.trim().split(/\s+/); const act = parts.at(-1)?.startsWith('@') ? actions[parts.pop().slice(1)] : undefined; return { name: `${name}.${n}`, act: act ?? ((...v) => (v.length === 1 ? v[0] : v)), parts: parts.map((p) => { const [, label = '', text, mod = ''] = /^(?:(\w+):)?(.*?)([?*+]?)$/.exec(p); return { label, mod, text, re: text[0] === '/' ? new RegExp(text.slice(1, -1), 'y') : null, lit: text[0] === "'" ? text.slice(1, -1) : null }; }) }; }); }
const Grammar = {
  parse(text, start = this.start) { const state = { text, far: 0, want: new Set(), table: new Map(), grow: 0 }; memo.set(this, state); const r = this.rule(start, 0, state); if (r && this.skip(text, r.end) === text.length) return r.value; const lines = text.slice(0, state.far).split('\n'); throw Object.assign(new SyntaxError(`${lines.length}:${lines.at(-1).length + 1} want ${[...state.want].sort().join(' or ')}`), { at: state.far, state }); },
  skip: (t, i) => { while (i < t.length && ' \n\t'.includes(t[i])) i++; return i; },
  rule(name, at, s) {
    const key = `${name}@${at}`, known = s.table.get(key); if (known !== undefined) { if (known?.busy) known.left = true; return known.busy ? known.seed : known; }
    const entry = { busy: true, left: false, seed: null }; s.table.set(key, entry); let best = null;
    for (;;) { let r = null; for (const alt of this.rules[name] ?? (() => { throw new ReferenceError(name); })()) if ((r = this.alt(alt, at, s))) break; if (!r || (best && r.end <= best.end)) break; best = r; if (!entry.left) break; entry.seed = r; s.grow++; for (const k of s.table.keys()) if (k !== key && k.endsWith(`@${at}`) && !s.table.get(k)?.busy) s.table.delete(k); }
    s.table.set(key, best); return best;
  },
  alt({ parts, act }, at, s) { const values = [], labels = {}; for (const p of parts) { let n = 0, list = []; for (;;) { const r = this.part(p, at, s); if (!r) break; n++; list.push(r.value); at = r.end; if (p.mod !== '*' && p.mod !== '+') break; } if (!n && p.mod !== '?' && p.mod !== '*') return null; const v = p.mod === '' ? list[0] : p.mod === '?' ? list[0] ?? null : list; if (p.label) labels[p.label] = v; if (p.lit === null) values.push(v); } return { value: act.call(labels, ...values), end: at }; },
  part({ text, re, lit }, at, s) { if (re === null && lit === null) return this.rule(text, at, s); const i = this.skip(s.text, at); const hit = lit !== null ? (s.text.startsWith(lit, i) ? lit : null) : ((re.lastIndex = i), re.exec(s.text)?.[0] ?? null); if (hit === null) { if (i > s.far) (s.far = i), s.want.clear(); if (i === s.far) s.want.add(text); return null; } return { value: hit, end: i + hit.length }; },
};
class Node { constructor(kind, ...kids) { this.kind = kind; this.kids = kids; } accept(v) { return (v[this.kind] ?? v[RULE])?.call(v, ...this.kids); } *[Symbol.iterator]() { yield this; for (const k of this.kids) if (k instanceof Node) yield* k; } }
const g = grammar`
  program = s:stmt* ${function () { return new Node('block', ...this.s); }}
  stmt = 'let' n:name '=' e:sum ';' ${function () { return new Node('let', this.n, this.e); }} | 'print' e:sum ';' ${(e) => new Node('print', e)} | '{' s:stmt* '}' ${(s) => new Node('block', ...s)}
  sum = sum '+' product ${(a, b) => new Node('add', a, b)} | sum '-' product ${(a, b) => new Node('sub', a, b)} | product
  product = product '*' atom ${(a, b) => new Node('mul', a, b)} | atom
  atom = /\d+/ ${(t) => new Node('num', +t)} | name ${(n) => new Node('var', n)} | '(' sum ')' | '-' atom ${(a) => new Node('neg', a)}
  name = /[a-z]+/
`;
const run = { scope: { __proto__: null }, out: [], [RULE]() { throw new TypeError('no such node'); }, block(...s) { this.scope = Object.create(this.scope); try { s.forEach((x) => x.accept(this)); } finally { this.scope = Object.getPrototypeOf(this.scope); } }, let(n, e) { this.scope[n] = e.accept(this); }, print(e) { this.out.push(e.accept(this)); }, num: (n) => n, var(n) { if (!(n in this.scope)) throw new ReferenceError(n); return this.scope[n]; }, neg(a) { return -a.accept(this); } };
for (const [k, f] of Object.entries({ add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b })) run[k] = function (a, b) { return f(a.accept(this), b.accept(this)); };
const print = { __proto__: { [RULE]: (...k) => `?${k.length}` }, num: String, var: (n) => n, add(a, b) { return `(${a.accept(this)} + ${b.accept(this)})`; }, mul(a, b) { return `${a.accept(this)}*${b.accept(this)}`; }, print(e) { return `print ${e.accept(this)}`; }, block(...s) { return s.map((x) => x.accept(this)).join('; '); } };
for (const text of ['let a = 1 + 2 * 3; { let b = a - 2 - 1; print b * -b; } print a;', 'print 1 - 2 - 3 - (4 - 5);', 'print (1 + ;', 'let x 5;', 'print y;', 'print 2 * 3 * 4 + 1;']) { try { const tree = g.parse(text); run.out.length = 0; tree.accept(run); console.log(run.out, tree.accept(print), [...tree].length, memo.get(g).grow); } catch (e) { console.log(e.name, e.message, e.at ?? '-', e.state?.table.size ?? '-'); } }
