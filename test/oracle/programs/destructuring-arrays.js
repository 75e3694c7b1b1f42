'use strict';
// Array patterns: holes, defaults, rest, nesting, swaps, iterables that count their steps.
let steps = 0;
function* numbers(n) {
  try {
    for (let i = 0; i < n; i++) {
      steps++;
      yield i * i;
    }
  } finally {
    steps += 100;
  }
}
function head([first, , third = 'none', ...rest]) {
  const size = rest.length;
  return { first, third, rest, size };
}
const [a, b = a + 1, [c, [d = 7] = []] = [4]] = [1];
let x = 1;
let y = 2;
[x, y] = [y, x];
const target = { list: [], deep: {} };
[target.list[0], target.list[2], ...target.deep.rest] = numbers(5);
const swapped = [x, y];
const [one, two] = numbers(10);
const heads = [head([1, 2, 3, 4, 5]), head('abc'), head(new Set(['s', 't']))];
const matrix = [
  [1, 2, 3],
  [4, 5, 6],
];
const sums = [];
for (const [p, , q] of matrix) {
  const sum = p + q;
  sums.push(sum);
}
const [[m = 10] = [], [n] = [20], ...others] = [[undefined], undefined, 'z', null];
const total = [a, b, c, d, one, two, m, n].reduce((left, right) => left + right, 0);
console.log(total, steps, JSON.stringify(heads), sums, swapped, target, others);
// targets that are members: code of the program runs between them
class Meter {
  #level = 0;
  log = [];
  set reading(value) {
    this.log.push(`reading ${value}`);
    this.last = value;
  }
  take(source) {
    [this.#level, this.reading, this.rest = this.note('default')] = source;
    return this.#level;
  }
  note(text) {
    this.log.push(text);
    return text;
  }
}
const meter = new Meter();
const level = meter.take(numbers(2));
let place = 0;
[target.deep[`k${place}`], place, target.deep[`k${place}`]] = numbers(7);
[target.first, [target.second, x] = [steps, steps]] = numbers(1);
let node = { value: 1, next: { value: 2, next: { value: 3, next: null } } };
let reversed = null;
while (node) [reversed, node.next, node] = [node, reversed, node.next];
const order = [];
for (const i of [2, 1]) [order[i], order[i - 1], meter.reading, meter.log[0]] = [i, order[i], i * 10, 'first'];
console.log(level, meter, place, reversed.next.value, order);
