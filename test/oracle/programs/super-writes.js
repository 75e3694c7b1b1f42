// Class hierarchy: super property reads and writes, getters/setters in chains, mixins, new.target, Symbol.species, toString overrides.
'use strict';
const log = [];
class Base {
  static registry = [];
  static create(...args) { const made = new this(...args); this.registry.push(made.kind); return made; }
  #name = 'base';
  kind = new.target?.name ?? 'none';
  get name() { return this.#name; }
  set name(v) { log.push(['set', v]); this.#name = String(v); }
  describe(prefix = this.kind) { return `${prefix}:${this.name}`; }
  static get size() { return this.registry.length; }
}
class Child extends Base {
  extra = this.describe('early');
  constructor(name) { super(); const before = () => this.kind; this.seen = before(); super.name = name; }
  get name() { return super.name.toUpperCase(); }
  set name(v) { super.name = `${v}!`; }
  describe(...rest) { super.note = rest.length; const d = super.describe(...rest); return `[${d}]`; }
  static create(n) { return super.create(n ?? 'default'); }
  later() { return [1, 2].map((x) => super.describe(x)); }
  bump() { super.count ??= 10; super.count += 5; super.count++; return [super.count, this.count, super['na' + 'me']]; }
}
const Serial = (S) => class extends S { toJSON() { return { ...this, kind: super.kind ?? this.kind }; } };
const Timed = (S, unit = 'ms') => class Timed extends S { at = 5 + unit; describe() { return super.describe() + this.at; } };
class Leaf extends Timed(Serial(Child)) { constructor() { super('leaf'); return Object.freeze(this); } }
const c = Child.create('zed');
c.name = 'new';
const leaf = Leaf.create();
let frozen;
try { leaf.kind = 'x'; } catch (e) { frozen = e.message; }
const bumped = c.bump();
class Stack extends Array {
  static get [Symbol.species]() { return Array; }
  get top() { return this.at(-1); }
  push(...items) { log.push(['push', items.length]); return super.push(...items); }
}
const st = new Stack();
st.push(1, 2, 3);
const mapped = st.map((x) => x * 2);
st.length = 2;
class Typed extends Array { sum() { return this.reduce((a, b) => a + b, 0); } }
const typed = Typed.of(3, 4, 5).filter((n) => n > 3);
const concat = typed.concat([1, [2]], Stack.from([9]));
const object = {
  __proto__: { hello() { return 'proto ' + this.who; }, get who() { return 'P'; } },
  who2: 'o',
  hello() { return super.hello() + super.who; },
  set mark(v) { super.marked = v; },
};
object.mark = 3;
function Old(n) { if (!new.target) return new Old(n); this.n = n; }
Old.prototype.inc = function () { return ++this.n; };
Old.prototype = Object.assign(Object.create(Old.prototype), { dec() { return --this.n; } });
const old = Old(5);
const steps = [old.inc(), old.dec(), old.dec()];
class Lazy { get value() { Object.defineProperty(this, 'value', { value: log.length, writable: false, enumerable: true }); return this.value; } static { this.prototype.tag = 'T'; } static #count = 0; static next = () => ++Lazy.#count; static 'quoted key' = 1; static [`comp${1 + 1}`] = Lazy.next(); async *[Symbol.asyncIterator]() {} 42() { return 42; } }
const lazy = new Lazy();
const vals = [lazy.value, lazy.value, Lazy.comp2, Lazy['quoted key'], lazy[42]()];
console.log(c, c.later(), JSON.stringify(leaf), frozen, bumped, mapped.constructor.name, st.top, typed.sum(), concat.length, object.hello(), object.marked, steps, vals, log, Base.size, Base.registry);
