'use strict';
// Symbols: local, registered, well-known; as keys, in maps, described alike, on prototypes, toPrimitive.
const local = Symbol('tag');
const twin = Symbol('tag');
const registered = Symbol.for('shared');
const bare = Symbol();
const object = { [local]: 1, [registered]: { inner: twin }, [bare]: [bare], plain: 'p' };
object[local] += 1;
const keys = Reflect.ownKeys(object);
const descriptions = keys.map((key) => (typeof key === 'symbol' ? key.description : key));
const map = new Map([[local, 'first'], [twin, 'second'], [Symbol.iterator, 'iterator']]);
class Money {
  constructor(amount, currency) {
    this.amount = amount;
    this.currency = currency;
  }
  [Symbol.toPrimitive](hint) {
    return hint === 'string' ? `${this.amount} ${this.currency}` : this.amount;
  }
  static [Symbol.hasInstance](value) {
    return typeof value?.amount === 'number';
  }
  get [Symbol.toStringTag]() {
    return this.currency;
  }
}
const price = new Money(12, 'EUR');
const texts = [`${price}`, price + 1, price * 2, Object.prototype.toString.call(price)];
const instances = [{ amount: 1 }, { amount: '1' }, price].map((value) => value instanceof Money);
class Even {
  static [Symbol.species] = Array;
  *[Symbol.iterator]() {
    for (const n of [2, 4, 6]) yield n;
  }
}
const spread = [...new Even()];
const key = Symbol.keyFor(registered);
const same = Symbol.for(key) === object[registered].inner;
const concat = [1].concat({ length: 1, 0: 'x', [Symbol.isConcatSpreadable]: true });
delete object[bare];
let failure;
try {
  failure = `${local}`;
} catch (error) {
  failure = error.name;
}
const found = map.get(twin) + map.get(Symbol.iterator);
console.log(descriptions, found, texts, instances, spread, key, same, concat, failure, object[local], Object.keys(object));
