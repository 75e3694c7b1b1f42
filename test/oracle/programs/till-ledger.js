'use strict';
const assert = require('node:assert');
const { inspect } = require('node:util');

const log = [];
const note = (...parts) => (log.push(parts.map(String).join('|')), parts.length);

class Money {
  static #count = 0;
  static zero;
  #cents;
  currency = 'EUR';
  static {
    this.zero = new this(0);
    Object.freeze(this.zero);
  }
  constructor(cents, { currency = 'EUR', ...rest } = {}) {
    this.#cents = BigInt(cents);
    this.currency = currency;
    Money.#count++;
    if (Object.keys(rest).length) note('rest', Object.keys(rest));
  }
  get cents() {
    return this.#cents;
  }
  set cents(value) {
    if (typeof value !== 'bigint') throw new TypeError(`bad cents: ${value}`);
    this.#cents = value;
  }
  #scaled(by) {
    return (this.#cents * BigInt(Math.round(by * 100))) / 100n;
  }
  times(by) {
    const copy = new Money(this.#scaled(by), this);
    return copy;
  }
  plus(other) {
    return #cents in other ? new Money(this.#cents + other.#cents) : this;
  }
  [Symbol.toPrimitive](hint) {
    return hint === 'number' ? Number(this.#cents) / 100 : `${this.currency} ${Number(this.#cents) / 100}`;
  }
  [inspect.custom](depth, options) {
    return options.stylize(`Money<${this}>`, 'special');
  }
  static get count() {
    return Money.#count;
  }
}

const Taxed = (Base) =>
  class extends Base {
    static rate = 0.19;
    #history = [];
    get gross() {
      const net = super.price ?? Money.zero;
      this.#history.push(+net);
      return net.times(1 + this.constructor.rate);
    }
    get history() {
      return [...this.#history];
    }
    describe(prefix = this.name?.toUpperCase?.() ?? '?', { deep = false, tags: [first = 'none', ...others] = [] } = {}) {
      return `${prefix}/${first}/${others.length}/${deep}/${super.describe?.() ?? 'base'}`;
    }
  };

class Item {
  constructor(name, cents) {
    Object.defineProperty(this, 'name', { value: name, enumerable: true });
    this._price = new Money(cents);
  }
  get price() {
    note('price', this.name);
    return this._price;
  }
  describe() {
    return `item:${this.name}`;
  }
}

class Book extends Taxed(Item) {
  static rate = 0.07;
  meta = { pages: null, title: undefined };
  fill(data) {
    this.meta.pages ??= data?.pages ?? 10;
    this.meta.title ||= data?.title?.trim?.() || 'untitled';
    this.meta.pages &&= this.meta.pages + 1;
    return (note('filled', this.name), this.meta);
  }
}

const book = new Book('js', 1250n);
const items = [book, new (Taxed(Item))('pen', 99), new Item('raw', 5)];
for (const { name, gross: { currency: unit = 'none', cents = -1n } = {}, meta: { pages = note(name) } = {} } of items) {
  note(name, unit, cents, pages);
}
book.fill({ pages: 0, title: '  Hi ' });
book.fill();
note(book.describe(), book.describe('x', { deep: true, tags: ['a', 'b', 'c'] }));
const total = items.reduce((sum, item) => {
  const { price, gross = price } = item;
  return sum.plus(gross ?? price);
}, Money.zero);
note(`${total}`, +total, total + '', inspect(total), Money.count);
let failed;
try {
  total.cents = 12;
} catch ({ message, name, constructor: { name: kind } = {} }) {
  failed = `${name}:${message}:${kind}`;
} finally {
  note(failed);
}
try {
  Money.zero.currency = 'USD';
} catch (error) {
  note(error instanceof TypeError, error.message.slice(0, 30));
}
try {
  assert.deepStrictEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] });
} catch (e) {
  const { code, actual: { a: [, { b }] }, expected, operator } = e;
  note(code, b, JSON.stringify(expected), operator);
}
class Stack extends Array {
  static get [Symbol.species]() {
    return Array;
  }
  get top() {
    return this.at(-1);
  }
  push(...values) {
    for (const [i, value] of values.entries()) super.push(value ?? i);
    return this;
  }
}
const stack = new Stack();
stack.push(1, undefined, 3).push(...'ab');
const mapped = stack.map((x) => x + x);
note(mapped instanceof Stack, mapped.join(), stack.top, stack.length);
const sorted = [...stack].sort((a, b) => (note('cmp', a, b), String(a) < String(b) ? 1 : -1));
note(sorted);
const bag = Object.seal({ x: 1, get y() { return this.x++ + (this.x *= 2); }, set y(v) { this.x = v ?? this.x; } });
const sums = [bag.y, bag.y, (bag.y = 1), bag.x, (bag.y += 3, bag.x), bag.y++];
note(sums, bag.x);
console.log(log.join('\n'));
