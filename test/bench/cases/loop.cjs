'use strict';
const { report, scale } = require('./report.cjs');

function mandelbrot(size, limit) {
  let inside = 0;
  for (let py = 0; py < size; py++) {
    const y0 = (py / size) * 2 - 1;
    for (let px = 0; px < size; px++) {
      const x0 = (px / size) * 3 - 2;
      let x = 0;
      let y = 0;
      let n = 0;
      while (x * x + y * y <= 4 && n < limit) {
        const next = x * x - y * y + x0;
        y = 2 * x * y + y0;
        x = next;
        n++;
      }
      if (n === limit) inside++;
    }
  }
  return inside;
}
function checksum(rounds) {
  let h = 17;
  let sum = 0;
  for (let i = 0; i < rounds; i++) {
    h = (Math.imul(h, 31) + i) | 0;
    h ^= h >>> 13;
    if (h & 1) sum += i;
    else sum -= h & 0xff;
  }
  return sum;
}
report(() => ({ inside: mandelbrot(Math.round(520 * Math.sqrt(scale)), 300), sum: checksum(Math.round(60_000_000 * scale)) }));
