'use strict';
// Labels, continue and break out of nested loops, switches, blocks, try/finally and while loops.
const trail = [];
function search(grid, wanted) {
  let visits = 0;
  rows: for (let r = 0; r < grid.length; r++) {
    const row = grid[r];
    columns: for (let c = 0; ; c++) {
      if (c >= row.length) continue rows;
      visits++;
      switch (row[c]) {
        case wanted:
          return { r, c, visits };
        case 0:
          continue columns;
        case -1:
          break rows;
        default:
          break;
      }
      trail.push(row[c]);
    }
  }
  return { visits };
}
function cleanup(n) {
  let state = 0;
  outer: for (;;) {
    try {
      state += 1;
      if (state < n) continue outer;
      if (state >= n) break outer;
    } finally {
      trail.push(`f${state}`);
      state += 1;
    }
  }
  return state;
}
const grid = [[1, 0, 2], [3, 4], [5, -1, 6], [7]];
const found = [search(grid, 4), search(grid, 7), search(grid, 9)];
const cleaned = [cleanup(1), cleanup(4)];
let picked = 'none';
block: {
  const limit = trail.length;
  if (limit > 3) {
    picked = 'early';
    break block;
  }
  picked = 'late';
}
let i = 0;
let evens = 0;
again: do {
  i++;
  if (i % 2) continue again;
  while (true) {
    evens += i;
    if (evens % 3 === 0) break again;
    break;
  }
} while (i < 9);
let spins = 0;
a: b: while (spins < 5) {
  spins += 2;
  if (spins > 3) break a;
}
console.log(found, cleaned, picked, i, evens, spins, trail);
