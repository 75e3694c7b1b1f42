'use strict';
// Functions: defaults that see earlier parameters, recursion, currying, IIFE, arguments, bind, call, apply, composition.
const calls = [];
function traced(name, f) {
  return function wrapper(...args) {
    const depth = calls.push(name);
    const result = f.apply(this, args);
    return Array.isArray(result) ? [...result, depth] : result;
  };
}
function options(a, b = a * 2, c = (() => a + b)(), { d = c } = {}) {
  a = -1;
  return [a, b, c, d];
}
const add = (a) => (b) => (c) => a + b + c;
const compose = (...fs) => (x) => fs.reduceRight((value, f) => f(value), x);
const memo = (f, cache = new Map()) => (n) => {
  if (!cache.has(n)) cache.set(n, f(n));
  return cache.get(n);
};
const fib = memo((n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
function isEven(n) {
  return n === 0 ? true : isOdd(n - 1);
}
function isOdd(n) {
  return n === 0 ? false : isEven(n - 1);
}
function hanoi(n, from, to, via, moves = []) {
  if (n === 0) return moves;
  hanoi(n - 1, from, via, to, moves);
  moves.push(from + to);
  return hanoi(n - 1, via, to, from, moves);
}
function oldStyle() {
  const list = Array.prototype.slice.call(arguments, 1);
  return list.length + arguments[0];
}
const person = { name: 'Ada', greet(greeting, mark = '.') { return `${greeting}, ${this.name}${mark}`; } };
const bound = person.greet.bind({ name: 'Bound' }, 'Hi');
const namedExpression = function self(n) {
  return n <= 0 ? [self.name] : [...self(n - 1), n];
};
const counter = (() => {
  let count = 0;
  return Object.assign(() => ++count, { reset() { count = 0; } });
})();
counter();
counter();
counter.reset();
const results = [
  options(1), options(1, 5), options(2, undefined, 9, { d: null }), add(1)(2)(3),
  compose((x) => x + 1, (x) => x * 10)(4), fib(30), isEven(10), hanoi(3, 'a', 'c', 'b').join(' '),
  oldStyle(10, 1, 2), bound(), bound('!'), person.greet.call({ name: 'Called' }, 'Yo', '?'),
  namedExpression(3), counter(), traced('t', options)(3), new (function Made() { this.made = new.target.name; })().made,
];
for (const result of results) {
  const text = JSON.stringify(result);
  calls.push(text.length);
}
console.log(results, calls, options.length, bound.name, add.name);
