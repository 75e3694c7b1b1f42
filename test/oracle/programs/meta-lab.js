'use strict';
const out = [];
const p = (...a) => out.push(a.map((x) => (typeof x === 'symbol' ? x.toString() : typeof x === 'bigint' ? x + 'n' : typeof x === 'object' ? JSON.stringify(x) : String(x))).join(' '));
// a proxy that is read in the middle of expressions
const reads = [];
const spy = (target, name = 'it') =>
  new Proxy(target, {
    get(t, key, receiver) {
      const value = Reflect.get(t, key, receiver);
      reads.push(`${name}.${String(key)}`);
      return typeof value === 'object' && value !== null ? spy(value, `${name}.${String(key)}`) : value;
    },
    set(t, key, value, receiver) {
      if (key === 'locked') return false;
      return Reflect.set(t, key, value, receiver);
    },
    has: (t, key) => !String(key).startsWith('_') && key in t,
    deleteProperty(t, key) {
      delete t[key];
      return true;
    },
    ownKeys: (t) => Reflect.ownKeys(t).filter((k) => k !== 'secret'),
    getOwnPropertyDescriptor: (t, k) => (k === 'secret' ? undefined : Reflect.getOwnPropertyDescriptor(t, k)),
  });
const model = spy({ a: { b: { c: [1, 2, { d: 'deep' }] } }, n: 1, _p: 2, secret: 's' });
const { a: { b: { c: [, second, { d = 'no' } = {}] = [] } = {} } = {}, z = model.n++ + ++model.n } = model;
p(second, d, z, model.n, 'n' in model, '_p' in model, Object.keys(model), JSON.stringify({ ...model }));
try {
  model.locked = 1;
} catch (e) {
  p(e.name, e.message.slice(0, 20));
}
delete model.a;
p(reads.length, reads.slice(-4).join());
// species, iteration protocols, coercion
class Range {
  #from; #to; returned = 0;
  constructor(from, to) { [this.#from, this.#to] = [from, to]; }
  static of(...ends) { return new this(Math.min(...ends), Math.max(...ends)); }
  [Symbol.iterator]() {
    let at = this.#from;
    const self = this, to = this.#to;
    return { next: () => (at < to ? { value: at++, done: false } : { value: undefined, done: true }), return(v) { self.returned++; return { value: v, done: true }; }, [Symbol.iterator]() { return this; } };
  }
  get [Symbol.toStringTag]() { return `Range(${this.#from}..${this.#to})`; }
  static [Symbol.hasInstance](x) { return #from in Object(x); }
  *map(fn) { let i = 0; for (const x of this) yield fn(x, i++); }
  set end(v) { this.#to = v; }
  get end() { return this.#to; }
  swap() { [this.#from, this.#to] = [this.#to, this.#from]; this.#to ??= 0; this.#from &&= this.#from - 1; return this; }
}
const r = Range.of(4, 1, 3);
p(`${r}`, r instanceof Range, {} instanceof Range, Math.max(...r), [...r.map((x, i) => x * i)], Array.from(r, function (x) { return x + this.k; }, { k: 10 }));
const [one, ...others] = r; const [first] = r; let [m = p('no default'), , t, q = p('default q')] = r;
p(one, others, first, r.returned, m, t, q);
for (const x of r) { if (x === 2) continue; if (x > 2) break; }
r.end += 2; r.end--; p(r.end, r.returned, `${r.swap()}`, new Map([...r].map((x) => [x, x])).size, new Set(r).size);
// accessors on plain objects, defineProperty, freezing in the middle
const o = { log: [], get x() { return this.log.push('get'), this.v; }, set x(v) { this.log.push('set' + v); this.v = v; }, ['comp' + 1]() { return super.toString === Object.prototype.toString; } };
o.x = o.x ?? 5; o.x += o.x * (o.x = 2); o.x ||= 9; o.x &&= 0; o.x ??= 3; o.x ||= 7; p(o.log, o.v, o.comp1(), o.x++ + o.x--, --o.x);
Object.defineProperty(o, 'lazy', { configurable: true, get() { const value = { n: o.v }; Object.defineProperty(this, 'lazy', { value, writable: false }); return value; } });
p(o.lazy === o.lazy, Object.getOwnPropertyDescriptor(o, 'lazy').writable);
const frozen = Object.freeze([1, { y: 1 }]); try { frozen.push(2); } catch { frozen[1].y++; } finally { p(frozen); }
const child = Object.create(o, { own: { value: 1, enumerable: true }, hid: { get: () => 2 } }); child.x = 11; p(Object.keys(child), child.v, o.v, child.hid);
Object.setPrototypeOf(child, { __proto__: { get who() { return this.own; } } }); p(child.who, 'x' in child, Object.entries(Object.getOwnPropertyDescriptors(child)).map(([k, { enumerable: e }]) => k + e));
// numbers
const big = [1n, 2n ** 64n, -5n].map((b) => BigInt.asIntN(8, b * 3n) + (b > 0 ? 1n : -1n)); p(...big, big.reduce((a, b) => a ^ b), 7n / 2n, typeof Object(1n));
const floats = new Float32Array(4); floats.set([1.1, NaN], 1); floats.copyWithin(0, 1, 3); p([...floats].map((f) => f.toFixed(2)), new Uint8ClampedArray([300, -1, 1.5]), Uint16Array.from({ length: 3 }, (_, i) => i * 40000), [10, 9, 1].toSorted(), [3, 1, 2].with(1, 7), Object.is(-0, floats[3] * -1));
const dv = new DataView(new ArrayBuffer(16), 4); dv.setBigUint64(0, 2n ** 63n + 1n); dv.setInt16(8, -2, true); p(dv.getBigInt64(0), dv.getUint8(9), dv.byteLength, new Uint8Array(dv.buffer, 2, 5));
// array callbacks that mutate, comparators with effects
const arr = [5, 3, 8, 1]; let calls = 0;
const sorted = arr.sort((x, y) => { calls++; o.v = calls; return x - y; }); p(sorted === arr, arr, o.v === calls);
p([1, 2, 3, 4].filter((x, i, s) => { s.pop(); return x % 2; }), [1, 2, 3].reduceRight((acc, x, i, s) => (i === 2 ? s.unshift(0) : 0, [...acc, x]), []), [[1, [2, [3]]]].flat(Infinity), Array.from({ length: 2, 0: 'a' }), [, 1, , 2].map((x) => x * 2).length, [3, , 1].sort());
const m1 = new Map([[NaN, 1], [0, 2]]); m1.forEach((v, k, map) => { if (map.size < 4) map.set(`${k}${v}`, v); }); p([...m1.entries()].join(';'), m1.get(-0), m1.delete(NaN), [...m1.keys()]);
const by = (list, f) => list.reduce((g, x, i) => ((g[f(x, i)] ||= []).push(x), g), Object.create(null)); p(by([1, 2, 3, 4, 5], (x) => (x % 2 ? 'odd' : 'even')));
const wm = new WeakMap(), ref = new WeakRef(o); for (const k of [o, child]) wm.set(k, (wm.get(k)?.n ?? 0) + 1); p(wm.get(child), wm.has({}), ref.deref() === o);
class HttpError extends Error { static #seen = new Set(); status; constructor(status, message, opts) { super(message, opts); this.name = new.target.name; this.status = status; HttpError.#seen.add(this); } static get seen() { return this.#seen.size; } get [Symbol.toStringTag]() { return 'H'; } }
class NotFound extends HttpError { constructor(what, cause) { super(404, `${what} not found`, { cause }); } }
try { try { null.x; } catch (e) { throw new NotFound('page', e); } } catch ({ name, status, message, cause: { name: inner } }) { p(name, status, message, inner, HttpError.seen); }
const agg = new AggregateError([new NotFound('a'), 1], 'many'); p(agg.errors.length, agg.errors[0].status, Object.prototype.toString.call(agg.errors[0]), agg.message);
function legacy(a, b = a, ...c) { return [arguments.length, legacy.length, a, b, c, new.target === undefined]; } p(legacy(1), legacy(1, undefined, 3, 4), Reflect.apply(legacy, null, [1, 2]), legacy.call(...[null, 9]), legacy.bind(null, 1)(2));
const tag = (s, ...v) => ({ s, v }); const t1 = (x) => tag`a${x}b${x + 1}`; p(t1(1).s === t1(2).s, t1(1).v, t1(1).s.raw);
const re = /(?<y>\d{4})-(?<m>\d\d)/y; re.lastIndex = 2; p(re.exec('x 2020-01')?.groups.y, re.lastIndex, re.test('zz'), re.lastIndex, 'a1b22'.replace(/\d+/g, (d, at, s) => `${d.length}${at}${s.length}`), 'k=v&k2'.split(/[&=]/), [...'aXbX'.matchAll(/X/g)].map(({ index: i }) => i));
console.log(out.join('\n'));
