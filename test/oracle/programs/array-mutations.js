'use strict';
// Every mutating array method, with their results, on plain, sparse, aliased and subclassed arrays.
const list = [5, 3, 8, 1];
const alias = list;
const results = [list.push(9, 2), list.pop(), list.unshift(0, -1), list.shift()];
results.push(list.splice(1, 2, 'a', 'b', 'c'));
results.push(list.splice(-1), list.splice(2, 0, 'mid'));
list.reverse();
list.sort((a, b) => String(a).localeCompare(String(b)));
list.copyWithin(0, 3, 5);
list.fill('f', 5);
list.length = 4;
list[7] = 'far';
const sparse = [1, , 3];
sparse[5] = 6;
delete sparse[0];
const holes = sparse.map((value) => value * 2);
const flat = [[1, [2]], [3, [[4]]]].flat(2);
class Stack extends Array {
  peek() {
    return this.at(-1);
  }
  static get [Symbol.species]() {
    return Array;
  }
}
const stack = Stack.from([1, 2, 3]);
stack.push(4);
const popped = [stack.pop(), stack.peek(), stack.filter((n) => n > 1) instanceof Stack];
const people = [{ n: 'c', a: 3 }, { n: 'a', a: 3 }, { n: 'b', a: 1 }];
const byAge = [...people].sort((left, right) => left.a - right.a);
byAge[0].a = 99;
const swapped = [1, 2, 3];
[swapped[0], swapped[2]] = [swapped[2], swapped[0]];
const matrix = Array.from({ length: 3 }, (_, r) => Array.from({ length: 2 }, (_, c) => r * c));
matrix[1][1] += 10;
const transposed = matrix[0].map((_, c) => matrix.map((row) => row[c]));
const queue = [1];
let turns = 0;
while (queue.length && turns < 20) {
  const head = queue.shift();
  turns += 1;
  if (head < 8) queue.push(head * 2, head * 3);
}
const like = { length: 0 };
Array.prototype.push.call(like, 'x', 'y');
const nan = [NaN, 0].includes(NaN);
const total = list.concat(sparse, [[1]]).reduceRight((sum, value) => sum + (typeof value === 'number' ? value : 0), 0);
console.log(results, alias, sparse, holes, flat, popped, people, byAge, swapped, transposed, turns, queue, like, nan, total);
