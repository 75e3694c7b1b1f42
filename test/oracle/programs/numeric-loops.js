'use strict';
// Loops over numbers alone, and loops that only look like it: operands that are objects, bigints and strings.
const LIMIT = 40;
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
function isPrime(n) {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return n > 1;
}
function collatz(n) { let steps = 0; while (n !== 1) { if (n % 2 === 0) n /= 2; else n = 3 * n + 1; steps++; if (steps > LIMIT) break; } return steps; }
function gcd(a, b) { while (b) { var t = b; b = a % b; a = t; } return a; }
function checksum(rounds) {
  let h = 17, sum = 0;
  for (let i = 0; i < rounds; i++) {
    h = (Math.imul(h, 31) + i) | 0;
    h ^= h >>> 13;
    if (h & 1) sum += i;
    else sum -= h & 0xff;
    if (i % 5 === 3) continue;
    sum += Math.floor(Math.sqrt(i)) ;
  }
  return sum;
}
const odd = { calls: 0, valueOf() { this.calls++; return 7; } };
function thrower(n) { for (let i = 0; i < n; i++) { if (i > 5) throw new RangeError('too far: ' + i); } return n; }
let total = 0;
for (let i = 0; i < 5; i++) { total += i; }
const out = [mandelbrot(5, 10), [2, 3, 4, 9, 97].map(isPrime), collatz(27), gcd(48, 18), gcd(48n, 18n), checksum(30), mandelbrot(odd, 3), odd.calls, total];
try { thrower(3); thrower(10); } catch (error) { out.push(error.message); }
let text = ''; for (let i = 0; i < 4; i++) text += i;
console.log(out, text, gcd('12', 8));
