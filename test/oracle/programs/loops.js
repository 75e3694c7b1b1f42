'use strict';
// All loops: for without parts, comma expressions, do-while, for-in order and mutation, for-of over all, nested updates.
const order = [];
for (let i = 0, j = 10; i < j; i += 2, j -= 1) {
  order.push([i, j]);
}
let n = 27;
let steps = 0;
do {
  n = n % 2 ? 3 * n + 1 : n / 2;
  steps++;
} while (n !== 1);
const object = { b: 1, 2: 'two', a: 2, 1: 'one', [Symbol('s')]: 3 };
const proto = { inherited: true };
Object.setPrototypeOf(object, proto);
const keys = [];
for (const key in object) {
  keys.push(key);
  if (key === 'b') delete object.a;
}
let text = '';
for (const char of 'a💡b') text += `[${char}]`;
var last;
for (last of [1, 2, 3]);
const target = {};
for (target.key in { x: 1, y: 2 });
for ([target.first, target.second] of [[1, 2], [3, 4]]) target.sum = (target.sum ?? 0) + target.second;
function sieve(limit) {
  const composite = new Array(limit + 1).fill(false);
  const primes = [];
  for (let i = 2; i <= limit; ++i) {
    if (composite[i]) continue;
    primes.push(i);
    for (let j = i * i; j <= limit; j += i) composite[j] = true;
  }
  return primes;
}
const primes = sieve(60);
let i = 0;
for (;;) {
  if (++i > 5) break;
  if (i & 1) continue;
  order.push(i);
}
let empty = 3;
while (empty--);
const growing = [1];
for (const item of growing) {
  if (growing.length < 6) growing.push(item * 2);
}
const table = [];
for (let r = 0; r < 3; r++) {
  const row = (table[r] = []);
  for (let c = 0; c < 3; c++) row[c] = r * 3 + c;
}
let diagonal = 0;
for (const [r, row] of table.entries()) diagonal += row[r];
console.log(order, steps, keys, text, last, target, primes.length, empty, growing, diagonal, i);
