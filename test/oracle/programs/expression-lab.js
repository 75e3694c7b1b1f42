'use strict';
const { TextDecoder, format, inspect } = require('node:util');
const out = [];
const emit = (s, ...v) => out.push(typeof s === 'string' ? format(s, ...v) : s.reduce((a, p, i) => a + p + (i < v.length ? `{${typeof v[i] === 'function' ? v[i]() : v[i]}}` : ''), ''));
const raw = String.raw;

const TOKEN = /(?<num>\d+(?:\.\d+)?)|(?<id>[a-z_]\w*)|(?<op>\*\*|[-+*/()=,])|(?<ws>\s+)/giy;
function* lex(text) {
  TOKEN.lastIndex = 0;
  let match;
  while (TOKEN.lastIndex < text.length && (match = TOKEN.exec(text))) {
    const { groups: { ws, ...groups }, index } = match;
    if (ws) continue;
    const [[type, value]] = Object.entries(groups).filter(([, v]) => v !== undefined);
    yield { type, value, at: index };
  }
  if (!match) throw new SyntaxError(`unexpected ${JSON.stringify(text[TOKEN.lastIndex] ?? text.at(-1))}`, { cause: { text } });
}

class Parser {
  static #levels = { '=': 0, '+': 1, '-': 1, '*': 2, '/': 2, '**': 3 };
  #tokens;
  #i = 0;
  vars = Object.create(null);
  constructor(text) {
    this.#tokens = [...lex(text)];
  }
  get #peek() {
    return this.#tokens[this.#i];
  }
  #take(want) {
    const token = this.#tokens[this.#i++];
    if (want && token?.value !== want) throw new SyntaxError(`want ${want}, got ${token?.value ?? 'end'}`);
    return token;
  }
  expr(min = 0) {
    let left = this.#atom();
    for (let op; (op = this.#peek?.value), op in Parser.#levels && Parser.#levels[op] >= min; ) {
      this.#take();
      const right = this.expr(op === '**' || op === '=' ? Parser.#levels[op] : Parser.#levels[op] + 1);
      left = { op, left, right };
    }
    return left;
  }
  #atom() {
    const { type, value, at } = this.#take() ?? {};
    switch (type) {
      case 'num':
        return { num: +value };
      case 'id': {
        if (this.#peek?.value !== '(') return { id: value };
        this.#take('(');
        const args = [];
        do args.push(this.expr(1));
        while (this.#peek?.value === ',' && this.#take(','));
        this.#take(')');
        return { call: value, args };
      }
      case 'op':
        if (value === '-') return { op: '-', left: { num: 0 }, right: this.#atom() };
        if (value === '(') {
          const inner = this.expr();
          return this.#take(')'), inner;
        }
      // fall through
      default:
        throw new SyntaxError(`bad ${type ?? 'end'} at ${at ?? -1}`);
    }
  }
}
function run(node, env) {
  const { op, left, right, num, id, call, args = [] } = node;
  if (num !== undefined) return num;
  if (id) return env[id] ?? (() => { throw new ReferenceError(id); })();
  if (call) return Math[call]?.(...args.map((a) => run(a, env))) ?? NaN;
  if (op === '=') return (env[left.id] = run(right, env));
  const [a, b] = [run(left, env), run(right, env)];
  return { '+': () => a + b, '-': () => a - b, '*': () => a * b, '/': () => a / b, '**': () => a ** b }[op]();
}
const env = { __proto__: null };
for (const text of ['x = 2 ** 3 ** 0.5', 'y = max(x, 3, -1) * (2 + x)', 'x - y / 2', 'foo + 1', '2 +', '3 $ 4', 'nope(1)', '(1']) {
  try {
    const value = run(new Parser(text).expr(), env);
    emit('%s => %s', text, Number.isInteger(value) ? value : value.toFixed(3));
  } catch ({ name, message, cause: { text: source = '' } = {} }) {
    emit`${text} !! ${name}: ${message} ${() => source.length}`;
  }
}
const words = 'the cat sat on the mat; the END'.match(/\b\w+\b/g);
const groups = words.reduce((acc, w) => ({ ...acc, [w.length]: [...(acc[w.length] ?? []), w] }), {});
emit('%j', groups);
const swapped = 'John Smith, Ada Lovelace'.replace(/(?<f>\w+)\s(?<l>\w+)/g, (...args) => {
  const { f, l } = args.at(-1);
  return `${l} ${f[0]}${args.length}`;
});
emit(swapped, 'a-b-c'.replaceAll('-', (m, at) => at), 'x'.padEnd(4, '12') + 'abc'.replace(/b/, "[$`|$&|$']"));
for (const { 0: all, index, groups: { k, v = 'none' } } of 'a=1;b;c=3'.matchAll(/(?<k>\w)(?:=(?<v>\d))?/g)) emit('%s@%d %s %s', all, index, k, v);
class Censor {
  constructor(...bad) { this.bad = bad; }
  [Symbol.replace](text, by) { return this.bad.reduce((t, b) => t.split(b).join(typeof by === 'function' ? by(b) : by), text); }
  static [Symbol.hasInstance](x) { return 'bad' in Object(x); }
}
emit('darn heck'.replace(new Censor('darn', 'heck'), (w) => '*'.repeat(w.length)), { bad: 1 } instanceof Censor);
let csv = '';
for (const row of [['a', 'b"c', 1], [null, undefined, 'd,e']]) csv += row.map((cell) => (/[",]/.test(cell) ? `"${`${cell}`.replace(/"/g, '""')}"` : cell ?? '')).join() + '\n';
emit(csv.trimEnd(), raw`\n${1}\t`.length);
const bytes = new TextEncoder().encode('héllo €');
const dec = new TextDecoder('utf-8');
let streamed = '';
for (let i = 0; i < bytes.length; i += 3) streamed += dec.decode(bytes.subarray(i, i + 3), { stream: true }) + '|';
emit(streamed + dec.decode(), Buffer.from(bytes).toString('base64'), Buffer.concat([Buffer.alloc(2, 'z'), Buffer.from('00ff', 'hex')]).toString('latin1').charCodeAt(3));
const buf = Buffer.alloc(12);
let at = buf.writeUInt16BE(0xbeef, 0); at = buf.writeInt32LE(-5, at); at = buf.write('ok', at); buf.fill(7, at, at + 2);
const view = new DataView(buf.buffer, buf.byteOffset, buf.length);
view.setFloat32(8, 1.5, true);
emit(buf.toString('hex'), view.getInt32(2, true), buf.swap16().readUInt8(0), buf.slice(0, 2).equals(Buffer.of(0xef, 0xbe)));
const url = new URL('../p/a b?x=1&y=2&x=3#h', 'https://u:p@ex.com:8080/q/r/');
url.searchParams.append('z', 'é'); url.searchParams.delete('y'); url.searchParams.sort();
emit(url.href, [...url.searchParams].map(([k, v]) => k + v).join(), url.searchParams.getAll('x').length);
const reviver = function (k, v) { return k === 'date' ? new Date(v) : Array.isArray(v) ? Object.freeze(v) : k.startsWith('_') ? undefined : v; };
const parsed = JSON.parse('{"date":"2020-01-02T00:00:00Z","l":[1,{"_x":1,"y":2}]}', reviver);
class Temp { constructor(c) { this.c = c; } toJSON(key) { return key ? `${this.c}C` : { raw: this.c }; } }
emit(parsed.date.toISOString(), JSON.stringify([new Temp(1), { t: new Temp(2) }], (k, v) => (typeof v === 'string' ? v + '!' : v), 1), JSON.stringify(new Temp(3)), JSON.stringify({ a: 1, b: [2, { a: 3 }] }, ['b', 'a']));
const clone = structuredClone({ d: new Date(0), m: new Map([[1, new Set([2n])]]), e: new RangeError('r'), b: new Uint8Array([1, 2]) });
emit(inspect(clone, { depth: 4 }).split('\n')[0], clone.m.get(1).has(2n), clone.e.message);
console.log(out.join('\n'));
