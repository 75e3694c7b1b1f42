class Model {
  constructor(data) {
    this.data = data;
    return new Proxy(this, { get: (t, k, r) => (k in t.data ? t.data[k] : Reflect.get(t, k, r)) });
  }
}
const seen = [];
class Sub extends Model {
  z = 3;
  #p = 4;
  ['c' + 1] = this.z;
  sum() { this.#p += this.z; this.#q(); return this.#p; }
  #q() { this.w = 5; }
}
class Trapped {
  constructor() {
    return new Proxy(this, { defineProperty(t, k, d) { seen.push(k); return Reflect.defineProperty(t, k, d); } });
  }
}
class Deep extends Trapped {
  a = 1;
  #b = 2;
  b() { return ++this.#b; }
}
const m = new Sub({ x: 1 });
m.sum();
const d = new Deep();
d.b();
d.e = 5;
const o = Object.defineProperty(new Proxy({}, {}), 'k', { value: 1, writable: true, configurable: true, enumerable: true });
const p = Object.assign(new Proxy([1], {}), { 3: 4 });
p.push(7);
console.log(m, d, seen, o, p);
const k = 'key', sym = Symbol('s');
const log = [];
class Aye {
  [k + 1] = 1;
  [sym] = [2];
  plain = 3;
  [Symbol.toStringTag] = 'Aye';
  static [k] = 4;
  [(log.push('computed'), k)] = () => this.plain;
  5 = 'five';
  get [k + 'x']() { return this[k + 1]; }
}
const a = new Aye();
const seenKeys = a.key1 + a[5].length;
class Bee extends Aye {
  [k + 1] = 10;
  #p = this[sym];
  [k + 2] = this.#p;
  ['z'];
}
const b = new Bee();
const both = [b.key1, b.key2 === b[sym], b.keyx, a.key(), 'z' in b];
console.log(both, String(a), seenKeys, log);
