// Classes, generators, proxies, jumps, closures, typed arrays and async iteration in one registry.
'use strict';
const log = [];
class Base {
  static #count = 0;
  static registry = new Map();
  #id; #tags = new Set();
  constructor(id) { this.#id = id ?? `b${Base.#count}`; Base.#count += 1; Base.registry.set(this.#id, new WeakRef(this)); }
  get #label() { return `${this.constructor.name}:${this.#id}`; }
  set #label(v) { this.#id = v.split(':').at(-1); }
  get label() { return this.#label; }
  set label(v) { this.#label = v; log.push(this.#label); }
  static get count() { return this.#count; }
  static set count(v) { this.#count = v; }
  #touch(t) { this.#tags.add(t); return this; }
  tag(...ts) { for (const t of ts) this.#touch(t); return this; }
  get tags() { return [...this.#tags]; }
  static is(o) { return #id in o && #touch in o; }
  *[Symbol.iterator]() { yield* this.#tags; yield this.#id; }
  [Symbol.toPrimitive](hint) { return hint === 'number' ? this.#tags.size : this.label; }
}
class Mid extends Base {
  static { log.push("static mid", super.name); }
  #inner = { depth: 0 };
  depth = this.#inner.depth++;
  get label() { return `<${super.label}>`; }
  set label(v) { super.label = v + '!'; this.#inner.last = v; }
  tag(...ts) { super.tag(...ts.map((t) => t.toUpperCase())); this.#inner.depth += ts.length; return this; }
  get inner() { return this.#inner; }
}
class Leaf extends Mid {
  constructor(...args) { const n = args.length; super(args[0]); this.n = n; super.tag('leaf'); }
  static create = (...a) => new this(...a);
  get [`dyn${1 + 1}`]() { return this.depth; }
  async *stream(n) { for (let i = 0; i < n; i++) { await null; yield { i, self: this.label }; } }
}
const a = new Base('x').tag('p', 'q'), b = new Mid().tag('r'), c = Leaf.create('z', 2);
b.label = 'k:new';
Base.count++;
c.label += 'more';
log.push(Base.count, Base.is(a), Base.is({}), [...a], [...c], +b, `${c}`, c.dyn2);
const rest = (() => { const { inner, ...others } = b; return [inner, others]; })();

function* inner(n) {
  try { for (let i = 0; i < n; i++) { const got = yield i; if (got) log.push(got); } return 'inner-done'; }
  catch (e) { log.push('inner caught', e.message); yield 'recovered'; return 'after'; }
  finally { log.push('inner finally'); }
}
function* outer(n) {
  let r;
  try { r = yield* inner(n); log.push(r); yield* [10, 20]; r = yield* inner(1); }
  finally { log.push('outer finally', r); }
  return r;
}
const it = outer(3);
it.next(); it.next('hello'); it.throw(new Error('thrown in')); it.next(); it.next();
log.push(it.return('early'));
log.push([...outer(2)]);

const handler = {
  get(t, k, r) { if (typeof k === 'symbol') return Reflect.get(t, k, r); log.push(`get ${k}`); const v = Reflect.get(t, k, r); return typeof v === 'object' && v ? new Proxy(v, handler) : v; },
  set(t, k, v, r) { const ok = Reflect.set(t, k, v, r); log.push(`set ${k} ${ok}`); return ok; },
  has(t, k) { return k.startsWith('_') ? false : Reflect.has(t, k); },
  deleteProperty(t, k) { log.push(`del ${k}`); return Reflect.deleteProperty(t, k); },
  ownKeys(t) { return Reflect.ownKeys(t).filter((k) => k[0] !== '_'); },
  defineProperty(t, k, d) { return Reflect.defineProperty(t, k, d); },
};
const target = { a: 1, nest: { b: 2, list: [1, 2] }, _hidden: 3, get sum() { return this.a + this.nest.b; } };
const p = new Proxy(target, handler);
p.a += 1; p.nest.b *= 5; delete p._hidden;
({ a: p.z = 5, ...p.rest } = { w: 1, v: 2 });
[p.a, p.nest.b] = [p.nest.b, p.a];
log.push('a' in p, '_hidden' in p, Object.keys(p), JSON.stringify(p));
for (const k in p) log.push(k);
Object.assign(p, { late: 1 }); Object.defineProperty(p, 'def', { value: 9, configurable: true });

class Stack extends Array { static get [Symbol.species]() { return Array; } peek() { return this[this.length - 1]; } }
class Temp extends Array { sum() { return this.reduce((x, y) => x + y, 0); } }
const st = Stack.from([3, 1, 2]), tmp = Temp.of(5, 6, 7);
const mapped = st.map((x) => x * 2), tm = tmp.map((x) => x + 1), tf = tmp.filter((x) => x > 5).concat([1]);
st.sort((x, y) => x - y).reverse(); st.push(st.peek() + 1); tmp.splice(1, 1, 9, 9); tmp.copyWithin(0, 2); tm.fill(0, 1);
log.push(mapped instanceof Stack, tm.sum(), tf.sum(), st.at(-1), tmp.flatMap((x) => [x, x]).length);

const tag = (strings, ...values) => { strings.raw.forEach((r, i) => log.push(r + (values[i] ?? ''))); return strings; };
const same = () => tag`one ${1 + 1} two\n${tag`in ${'n'}`.length} end`;
log.push(same() === same());

function jumps(n) {
  const seen = [];
  outer: for (let i = 0; i < n; i++) {
    try {
      inner: for (const j of [0, 1, 2]) {
        try { if (j === i) continue outer; if (i === 3) break outer; if (j === 2) continue inner; seen.push([i, j]); }
        finally { seen.push(`f${i}${j}`); if (i === 2 && j === 1) break inner; }
      }
      seen.push(`end ${i}`);
    } finally { if (i === 1) { seen.push('swallow'); continue; } }
  }
  blk: { try { if (n) break blk; } finally { seen.push('blk'); } seen.push('never'); }
  const r = (() => { for (const x of [1, 2, 3]) { try { if (x === 2) return x; } finally { if (x === 2) { seen.push('override'); return 'o'; } } } })();
  seen.push(r);
  return seen;
}
log.push(jumps(5));

const fns = [];
for (var v = 0; v < 2; v++) fns.push(() => v);
for (let i = 0, step = () => i++; i < 4; step()) { if (fns.length > 8) break; fns.push(() => i); i++; }
for (const k in { x: 1, y: 2 }) fns.push(() => k);
for (const [k, { d = k } = {}] of Object.entries({ e: { d: 1 }, f: undefined })) fns.push(() => [k, d]);
for (let { length } of ['ab', 'cde']) { length *= 2; fns.push(() => length++); }
let w = 0; while (w < 2) { let own = w++; fns.push(() => own++); } do { const z = w; fns.push(() => z); } while (w++ < 3);
log.push(fns.map((f) => f()), fns.map((f) => f()));

const f64 = new Float64Array([1.5, NaN, -0]), u8 = new Uint8ClampedArray(f64.buffer, 0, 8), dv = new DataView(f64.buffer);
u8[0] = 300; u8.set([1, 2], 2); dv.setInt16(4, -2, true); f64.sort(); f64[1] += 1; u8.subarray(1, 4).fill(7); const big = new BigInt64Array(2); big[0] = 2n ** 63n; big[1]--;
const res = new ArrayBuffer(4, { maxByteLength: 16 }), view = new Uint8Array(res); view[3] = 1; res.resize(8); view[7] = 9; const moved = res.slice(2);
log.push(u8[0], f64.length, dv.getFloat64(8), big[0], view.length, moved.byteLength);

let order = []; const o1 = (k, v) => { order.push(k); return v; };
const { [o1('k1', 'a')]: d1 = o1('d1', 1), [o1('k2', 'b')]: { c: d2 = o1('d2', 2) } = o1('d3', { c: undefined }), ...others } = { get a() { order.push('ga'); }, b: undefined, e: 5, get f() { order.push('gf'); return 6; } };
[order.x = o1('x', 1), ...order.y] = (function* () { try { order.push('n1'); yield undefined; order.push('n2'); yield 2; yield 3; } finally { order.push('closed'); } })();
const [q1, , q2 = o1('q2', q1), [q3] = [o1('q3', 4)]] = new Set([1, 2]);
log.push(order, d1, d2, others, q1, q2, q3);
async function* feed(n) { try { for (let i = 0; i < n; i++) { await new Promise((r) => setImmediate(r)); yield i; } } finally { await null; log.push('feed closed'); } }
async function main() {
  for await (const x of feed(5)) { if (x === 1) continue; if (x === 3) break; log.push(x); }
  for await (const { i, self } of c.stream(2)) log.push(i, self);
  lbl: for await (const x of feed(2)) { for await (const y of [Promise.resolve(1), 2]) { if (y === 2) continue lbl; log.push(x + y); } }
  try { for await (const x of feed(3)) if (x) throw new Error('in for await'); } catch (e) { log.push(e.message); }
  const results = await Promise.allSettled([1, Promise.reject(new RangeError('no')), (async () => { try { return await Promise.any([]); } catch (e) { return e.errors.length; } finally { log.push('fin'); } })()]);
  const [, { reason: { message } }] = results;
  const t = { then(ok) { queueMicrotask(() => ok('thenable')); } };
  log.push(message, await t, await Promise.race([t, new Promise(() => {})]));
  const g = feed(1); const r1 = await g.next(), r2 = await g.return('x'), r3 = await g.next();
  log.push(r1, r2, r3);
  return log.length;
}
main().then((n) => console.log(n, log.map(String).join('|')), (e) => console.log('failed', e));
