'use strict';
// Getters and setters: on literals, on classes, by defineProperty, inherited, lazily self-replacing.
let reads = 0;
const temperature = {
  celsius: 20,
  get fahrenheit() {
    reads++;
    return this.celsius * 1.8 + 32;
  },
  set fahrenheit(value) {
    this.celsius = (value - 32) / 1.8;
  },
};
class Vector {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
  get length() {
    return Math.hypot(this.x, this.y);
  }
  set length(value) {
    const factor = value / this.length;
    this.x *= factor;
    this.y *= factor;
  }
  static get unit() {
    const vector = new Vector(1, 0);
    Object.defineProperty(this, 'unit', { value: vector });
    return vector;
  }
}
const child = Object.create(temperature, {
  hidden: { value: 'h', enumerable: false },
  doubled: {
    get() {
      return this.celsius * 2;
    },
    configurable: true,
    enumerable: true,
  },
});
const before = temperature.fahrenheit;
temperature.fahrenheit = 212;
child.fahrenheit = 50;
child.celsius += 5;
const vector = new Vector(3, 4);
vector.length = 10;
vector.length++;
const same = Vector.unit === Vector.unit;
const descriptor = Object.getOwnPropertyDescriptor(temperature, 'fahrenheit');
const borrowed = descriptor.get.call({ celsius: -40 });
let failure;
try {
  child.hidden = 1;
} catch (error) {
  failure = error.message;
}
Object.defineProperty(child, 'doubled', { value: 'replaced', writable: true });
child.doubled += '!';
console.log(before, temperature, child.fahrenheit, child, vector, same, borrowed, failure, reads);
