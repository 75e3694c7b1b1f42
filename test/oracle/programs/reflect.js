'use strict';
// Reflect and Object reflection: construct with a new target, defineProperty, freezing, prototypes changed.
class Base {
  constructor(...args) {
    this.args = args;
    this.target = new.target?.name;
  }
}
class Other {
  hello() {
    return `hello ${this.args.length}`;
  }
}
const crossed = Reflect.construct(Base, [1, 2], Other);
const greeting = crossed.hello();
const locked = {};
const defined = [
  Reflect.defineProperty(locked, 'fixed', { value: 1 }),
  Reflect.defineProperty(locked, 'fixed', { value: 2 }),
  Reflect.set(locked, 'fixed', 3),
  Reflect.set(locked, 'open', 4),
];
Object.defineProperties(locked, {
  hidden: { value: [1], writable: true },
  twice: { get() { return this.open * 2; }, enumerable: true },
});
Object.seal(locked);
locked.open = 5;
const removed = Reflect.deleteProperty(locked, 'open');
const sealedState = [Object.isSealed(locked), Object.isFrozen(locked), Object.isExtensible(locked)];
Object.freeze(locked);
const grown = Reflect.set(locked, 'open', 6);
const animal = { legs: 4, speak: () => 'noise' };
const dog = Object.create(animal, { name: { value: 'Rex', enumerable: true, writable: true } });
const puppy = { __proto__: dog, age: 1 };
Object.setPrototypeOf(dog, { ...animal, speak: () => 'woof' });
const inherited = [];
for (const key in puppy) {
  inherited.push(`${key}=${typeof puppy[key] === 'function' ? puppy[key]() : puppy[key]}`);
}
const descriptors = Object.entries(Object.getOwnPropertyDescriptors(locked)).map(([key, d]) => [key, d.writable ?? 'accessor']);
const applied = Reflect.apply(Array.prototype.map, [1, 2], [(n) => n + 0.5]);
const bare = Object.assign(Object.create(null), { toString: 'own', 1: 'one', 0: 'zero' });
const keys = Reflect.ownKeys(bare);
let failure;
try {
  locked.open = 7;
} catch (error) {
  failure = error.message;
}
console.log(greeting, crossed.target, defined, removed, sealedState, grown, inherited, descriptors, applied, keys, failure);
