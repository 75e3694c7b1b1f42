'use strict';
// Static initialisation: blocks, order with static fields, private statics shared with friends, this in statics.
const order = [];
const step = (label, value) => {
  order.push(label);
  return value;
};
let peek;
class Config {
  static base = step('base', { level: 1 });
  static #secret = step('secret', 'initial');
  static {
    const entries = Object.entries({ a: 1, b: 2 });
    for (const [key, value] of entries) {
      this[key] = value * this.base.level;
    }
    order.push('block-1');
    peek = (suffix) => (Config.#secret += suffix);
  }
  static [`computed${step('key', 1)}`] = step('computed', this.a + this.b);
  static {
    try {
      throw new Error(this.#secret);
    } catch ({ message }) {
      this.caught = message;
    } finally {
      order.push('block-2');
    }
  }
  static get secret() {
    return Config.#secret;
  }
}
class Derived extends Config {
  static {
    this.a = super.a + 10;
    this.own = Object.keys(this);
  }
  static level = step('derived', super.base.level + 1);
}
const peeked = peek('!');
peek('?');
const enumerable = Object.keys(Config);
const nested = (() => {
  const classes = [];
  for (let i = 0; i < 3; i++) {
    classes.push(class {
      static index = i;
      static { this.square = this.index ** 2; }
    });
  }
  return classes.map(({ index, square }) => index + square);
})();
console.log(order, peeked, Config.secret, enumerable, Derived.a, Config.a, Derived.own, Derived.level, nested, Config.caught);
