'use strict';
// Generations of cells in flat arrays and in sets of keys, which must agree.
function parse(text) {
  return text.trim().split('\n').map((line) => [...line.trim()].map((char) => char === '#'));
}
class Grid {
  constructor(rows) {
    this.height = rows.length;
    this.width = rows[0].length;
    this.cells = Uint8Array.from(rows.flat(), Number);
  }
  at(x, y) {
    const column = (x + this.width) % this.width;
    const row = (y + this.height) % this.height;
    return this.cells[row * this.width + column];
  }
  step() {
    const next = new Uint8Array(this.cells.length);
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        let near = -this.at(x, y);
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) near += this.at(x + dx, y + dy);
        }
        next[y * this.width + x] = near === 3 || (near === 2 && this.at(x, y)) ? 1 : 0;
      }
    }
    this.cells = next;
    return this;
  }
  toString() {
    let text = '';
    for (const [i, cell] of this.cells.entries()) {
      text += (i && i % this.width === 0 ? '/' : '') + (cell ? '#' : '.');
    }
    return text;
  }
}
function stepSet(alive, size) {
  const counts = new Map();
  for (const key of alive) {
    const [x, y] = key.split(',').map(Number);
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        if (!dx && !dy) continue;
        const near = `${(x + dx + size) % size},${(y + dy + size) % size}`;
        counts.set(near, (counts.get(near) ?? 0) + 1);
      }
    }
  }
  return new Set([...counts].filter(([key, n]) => n === 3 || (n === 2 && alive.has(key))).map(([key]) => key));
}
const rows = parse(`
  .#....
  ..#...
  ###...
  ......
  ......
  ......`);
const grid = new Grid(rows);
let alive = new Set(rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`${x},${y}`] : []))));
const history = [];
for (let generation = 0; generation < 8; generation++) {
  history.push(String(grid.step()));
  alive = stepSet(alive, 6);
  const agree = [...alive].every((key) => grid.at(...key.split(',').map(Number)));
  if (!agree) throw new Error(`differ at ${generation}`);
}
console.log(history.at(-1), alive.size, new Set(history).size);
