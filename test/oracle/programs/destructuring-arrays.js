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
