'use strict';
// Backtracking with bit masks: deep recursion that writes and takes back.
const puzzle = '53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79';
let guesses = 0;
let undone = 0;
function solve(text) {
  const rows = new Array(9).fill(0);
  const columns = [...rows];
  const boxes = [...rows];
  const cells = [...text].map((char) => (char === '.' ? 0 : Number(char)));
  const place = (at, digit, on) => {
    const r = (at / 9) | 0;
    const c = at % 9;
    const b = ((r / 3) | 0) * 3 + ((c / 3) | 0);
    const bit = 1 << digit;
    if (on) {
      rows[r] |= bit;
      columns[c] |= bit;
      boxes[b] |= bit;
    } else {
      rows[r] &= ~bit;
      columns[c] &= ~bit;
      boxes[b] &= ~bit;
    }
    cells[at] = on ? digit : 0;
  };
  cells.forEach((digit, at) => digit && place(at, digit, true));
  const options = (at) => {
    const r = (at / 9) | 0;
    const c = at % 9;
    return ~(rows[r] | columns[c] | boxes[((r / 3) | 0) * 3 + ((c / 3) | 0)]) & 0x3fe;
  };
  const count = (mask) => {
    let n = 0;
    for (; mask; mask &= mask - 1) n++;
    return n;
  };
  function next() {
    let best = -1;
    let least = 10;
    for (let at = 0; at < 81; at++) {
      if (cells[at]) continue;
      const n = count(options(at));
      if (n < least) [best, least] = [at, n];
      if (n < 2) break;
    }
    return best;
  }
  function search() {
    const at = next();
    if (at < 0) return true;
    const mask = options(at);
    for (let digit = 1; digit <= 9; digit++) {
      if (!(mask & (1 << digit))) continue;
      guesses += 1;
      place(at, digit, true);
      if (search()) return true;
      place(at, digit, false);
      undone += 1;
    }
    return false;
  }
  return search() ? cells.join('') : null;
}
const solution = solve(puzzle);
const sums = Array.from({ length: 9 }, (_, r) => [...solution.slice(r * 9, r * 9 + 9)].reduce((sum, d) => sum + +d, 0));
console.log(solution, guesses, undone, sums, solve('55' + solution.slice(2, 80) + '.') === null);
