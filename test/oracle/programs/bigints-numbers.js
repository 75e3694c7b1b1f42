'use strict';
// Numbers at their edges: -0, NaN, infinities, int32 borders, bit operations, bigint arithmetic.
const edges = [0, -0, NaN, Infinity, -Infinity, 2 ** 30, -(2 ** 30), 2 ** 31, 2 ** 53, Number.MIN_VALUE, 0.1 + 0.2];
const facts = [];
for (const n of edges) {
  const negative = Object.is(n, -0) || n < 0;
  const int = n | 0;
  const unsigned = n >>> 0;
  facts.push([negative, int, unsigned, n === n]);
}
let zero = -5 % 5;
zero *= 1;
let counter = 2147483646;
counter++;
counter++;
counter += 1;
let small = -1073741824;
small--;
let product = 1;
for (let i = 1; i <= 25; i++) {
  product *= i;
}
function factorial(n) {
  return n <= 1n ? 1n : n * factorial(n - 1n);
}
let big = factorial(25n);
const difference = big - BigInt(product);
big **= 3n;
const mixed = [BigInt.asUintN(64, -1n), BigInt.asIntN(8, 255n), big % 1000007n, -7n / 2n, 5n << 70n];
let failure;
try {
  failure = 1n + 1;
} catch (error) {
  failure = error.message;
}
let bits = 0b1011;
bits ^= bits << 7;
bits |= ~bits >>> 28;
bits &= 0xfff;
const rounding = [1.5, -1.5, 2.5, 1e21, -0.4].map((n) => [Math.round(n), Math.trunc(n), n.toFixed(1)]);
const parsed = ['0x1f', '1e3', ' 12 ', '', '1_0', null, [], [7], {}].map(Number);
const hash = [...'hindcast'].reduce((h, c) => Math.imul(h, 31) + c.charCodeAt(0) | 0, 7);
console.log(facts, zero, counter, small, product, difference, mixed, failure, bits, rounding, parsed, hash);
