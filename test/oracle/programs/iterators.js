'use strict';
// Hand-written iterators: protocols, return() on break and on throw, iterator helpers by hand.
const events = [];
class Range {
  constructor(from, to, step = 1) {
    Object.assign(this, { from, to, step });
  }
  [Symbol.iterator]() {
    let at = this.from;
    const { to, step } = this;
    return {
      next() {
        const value = at;
        at += step;
        return value < to ? { value, done: false } : { value: undefined, done: true };
      },
      return(value) {
        events.push(`return at ${at}`);
        return { value, done: true };
      },
    };
  }
}
const map = (iterable, f) => ({
  *[Symbol.iterator]() {
    let index = 0;
    for (const item of iterable) yield f(item, index++);
  },
});
const taken = [];
for (const n of new Range(0, 100, 7)) {
  if (n > 30) break;
  taken.push(n);
}
try {
  for (const n of new Range(0, 3)) {
    if (n === 1) throw new RangeError(`no ${n}`);
  }
} catch (error) {
  events.push(error.message);
}
const doubled = [...map(new Range(1, 5), (n, i) => n * 2 + i)];
const [a, b] = new Range(10, 20);
const pairs = Array.from(new Range(0, 3), (n) => [n, n * n]);
const object = Object.fromEntries(map(pairs, ([k, v]) => [`k${k}`, v]));
const unique = new Set(map(new Range(0, 10), (n) => n % 3));
const index = new Map(map(new Range(0, 3), (n) => [n, new Range(0, n)]));
const sums = [...index].map(([key, range]) => key + [...range].length);
console.log(taken, events, doubled, a, b, object, unique, sums);
