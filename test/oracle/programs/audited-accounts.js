'use strict';
// bank with private fields, accessors, static blocks, mixins, super chains
const registry = new Map();
const Auditable = (Base) => class extends Base {
  #log = [];
  constructor(...args) {
    super(...args);
    this.#log.push(['created', args.length]);
  }
  audit(what, value = this.total) {
    this.#log.push([what, value]);
    return this;
  }
  get history() {
    return this.#log.map(([what, value]) => `${what}:${value}`);
  }
  static isAudited(o) {
    return #log in o;
  }
};
class Base {
  static #count = 0;
  static {
    registry.set('Base', this);
    this.kinds = ['base'];
  }
  #amount;
  accessorName = 'x';
  constructor(amount = 0, { currency = 'EUR', ...rest } = {}) {
    this.#amount = amount;
    this.currency = currency;
    Object.assign(this, rest);
    Base.#count++;
  }
  get total() {
    return this.#amount;
  }
  set total(value) {
    if (value < 0) throw new RangeError(`negative: ${value}`, { cause: { from: this.#amount, to: value } });
    this.#amount = value;
  }
  static get count() {
    return Base.#count;
  }
  #round(n = 2) {
    return Math.round(this.#amount * 10 ** n) / 10 ** n;
  }
  toString() {
    return `${this.#round()} ${this.currency}`;
  }
  [Symbol.toPrimitive](hint) {
    if (hint === 'number') return this.#amount;
    if (hint === 'string') return this.toString();
    return `${hint}!`;
  }
  static [Symbol.hasInstance](o) {
    return typeof o === 'object' && o !== null && #amount in o;
  }
}
class Savings extends Auditable(Base) {
  rate = 0.05;
  static kinds = [...super.kinds, 'savings'];
  #pending = new Set();
  get total() {
    return super.total;
  }
  set total(value) {
    this.#pending.add(value);
    super.total = value;
    this.#pending.delete(value);
  }
  accrue(years) {
    for (let y = 0; y < years; y++) {
      this.total += this.total * this.rate;
      this.audit(`year ${y}`);
    }
    return this;
  }
  get pending() {
    return [...this.#pending];
  }
}
const s = new Savings(100, { currency: 'CHF', note: 'first', nested: { deep: [1] } });
s.accrue(3);
try {
  s.total = -1;
} catch (error) {
  s.audit(error.message, error.cause.to);
}
const plain = new Base(3.14159);
const sums = [+s, `${s}`, s + '', s > plain, s instanceof Base, {} instanceof Base, Savings.isAudited(s), Savings.isAudited(plain)];
s.total ||= 5;
s.total **= 2;
plain.total ??= 7;
s.nested?.deep?.push?.(s.pending.length);
const { history, ...others } = s;
const desc = Object.getOwnPropertyDescriptor(Savings.prototype, 'total');
const stolen = desc.get.call(s);
let wrong;
try {
  desc.get.call({});
} catch (e) {
  wrong = e;
}
const Anonymous = class extends Savings {
  static name = 'Renamed';
  rate = (() => this.rate * 2)();
};
const an = new Anonymous(1);
Reflect.set(an, 'total', 50, s);
const made = Reflect.construct(Savings, [9], Anonymous);
console.log(sums, s.history, others, stolen, wrong.name, Base.count, Savings.kinds, an.rate, Anonymous.name, made instanceof Anonymous, made.pending, registry.size);
