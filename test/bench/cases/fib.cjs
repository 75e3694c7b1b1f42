'use strict';
const { report, scale } = require('./report.cjs');

function fib(n) {
  if (n < 2) return n;
  return fib(n - 1) + fib(n - 2);
}
report(() => ({ result: fib(Math.round(36 + Math.log(scale) / Math.log(1.618))) }));
