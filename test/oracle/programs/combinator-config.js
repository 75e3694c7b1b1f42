'use strict';
// parser combinators with lazy references, error merging, memo tables; parses a config language
class Failure { constructor(at, expected) { this.at = at; this.expected = new Set([].concat(expected)); } merge(other) { if (!other || other.at < this.at) return this; if (other.at > this.at) return other; const both = new Failure(this.at, []); for (const e of [...this.expected, ...other.expected]) both.expected.add(e); return both; } }
class Parser {
  static #count = 0; #run; #memo = new Map(); name;
  constructor(run, name = `p${Parser.#count++}`) { this.#run = run; this.name = name; }
  static lazy(make) { let made; return new Parser((s, i) => (made ??= make()).at(s, i)); }
  static regex(re, name = re.source) { const sticky = new RegExp(re.source, [...new Set(`${re.flags}y`)].join('')); return new Parser((s, i) => { sticky.lastIndex = i; const m = sticky.exec(s); return m ? { value: m.groups ? { ...m.groups } : m[0], next: sticky.lastIndex } : new Failure(i, name); }, name); }
  static text(t) { return new Parser((s, i) => (s.startsWith(t, i) ? { value: t, next: i + t.length } : new Failure(i, JSON.stringify(t))), t); }
  static seq(...ps) { return new Parser((s, i) => { const value = []; let far; for (const p of ps) { const r = p.at(s, i); if (r instanceof Failure) return r.merge(far); if (r.far) far = r.far.merge(far); value.push(r.value); i = r.next; } return { value, next: i, far }; }); }
  static alt(...ps) { return new Parser((s, i) => { let far; for (const p of ps) { const r = p.at(s, i); if (!(r instanceof Failure)) return { ...r, far: r.far?.merge(far) ?? far }; far = r.merge(far); } return far; }); }
  at(s, i) { let row = this.#memo.get(s); if (!row) this.#memo.set(s, (row = [])); return (row[i] ??= this.#run(s, i)); }
  map(f) { return new Parser((s, i) => { const r = this.at(s, i); return r instanceof Failure ? r : { ...r, value: f(r.value, i, r.next) }; }); }
  many(min = 0) { return new Parser((s, i) => { const value = []; for (;;) { const r = this.at(s, i); if (r instanceof Failure) return value.length < min ? r : { value, next: i, far: r }; if (r.next === i) throw new Error(`${this.name} loops at ${i}`); value.push(r.value); i = r.next; } }); }
  sepBy(sep) { return Parser.alt(Parser.seq(this, Parser.seq(sep, this).map(([, v]) => v).many()).map(([a, rest]) => [a, ...rest]), Parser.text('').map(() => [])); }
  skip(p) { return Parser.seq(this, p).map(([v]) => v); }
  parse(s) { const r = this.skip(eof).at(s, 0); if (r instanceof Failure) { const lines = s.slice(0, r.at).split('\n'); throw Object.assign(new SyntaxError(`${lines.length}:${lines.at(-1).length + 1} expected ${[...r.expected].sort().join(' or ')}`), { at: r.at, failure: r }); } return r.value; }
}
const eof = new Parser((s, i) => (i === s.length ? { value: null, next: i } : new Failure(i, 'end')), 'eof');
const ws = Parser.regex(/(?:\s|#[^\n]*)*/, 'space');
const tok = (p) => (typeof p === 'string' ? Parser.text(p) : p).skip(ws);
const value = Parser.lazy(() => Parser.alt(number, string, word, list, block));
const number = tok(Parser.regex(/-?\d+(?:\.\d+)?(?<unit>ms|s|kB)?/u, 'number').map((v) => v));
const string = tok(Parser.regex(/"(?<body>(?:[^"\\]|\\.)*)"/, 'string')).map(({ body }) => body.replace(/\\(.)/g, (_, c) => ({ n: '\n', t: '\t' })[c] ?? c));
const word = tok(Parser.regex(/true|false|null/, 'keyword')).map((w) => JSON.parse(w));
const list = Parser.seq(tok('['), value.sepBy(tok(',')), tok(']')).map(([, items]) => items);
const name = tok(Parser.regex(/[a-z][\w-]*/i, 'name'));
const entry = Parser.seq(name, Parser.alt(tok('='), tok(':')), value).map(([key, , v], from, to) => ({ key, v, range: [from, to] }));
const block = Parser.seq(tok('{'), entry.many(), tok('}')).map(([, entries]) => entries.reduce((o, { key, v }) => ({ ...o, [key]: key in o ? [].concat(o[key], v) : v }), Object.create(null)));
const file = Parser.seq(ws, entry.many(1)).map(([, entries]) => new Map(entries.map((e) => [e.key, e])));
const good = file.parse('# server\nhost = "local\\thost"\nports: [80, -1.5, 3s]\ntls { on }'.replace('tls { on }', 'tls = { on = true cert = null cert = "x" nested: { list = [] } }'));
for (const [key, { v, range: [from, to] }] of good) console.log(key, v, to - from);
for (const bad of ['a = ', 'a = [1, 2', 'a = { b = 1', '1', 'a = "open', 'x = tru']) { try { console.log(file.parse(bad)); } catch (e) { const { failure: { expected }, at } = e; console.log(e.message, at, expected.size); } }
const loop = Parser.text('').many(); try { loop.parse('x'); } catch ({ message }) { console.log(message); }
console.log(Object.keys(good.get('tls').v), good.get('tls').v.cert, number.name, new Parser(() => 0).name.length > 1);
