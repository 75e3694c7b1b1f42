'use strict';
// Dense numeric work: matrix products, Gauss elimination with pivots, power iteration, in plain and typed arrays.
class Matrix {
  constructor(rows, columns, fill = 0) {
    this.rows = rows;
    this.columns = columns;
    this.data = new Float64Array(rows * columns);
    if (typeof fill === 'function') {
      for (let i = 0; i < this.data.length; i++) this.data[i] = fill((i / columns) | 0, i % columns);
    } else this.data.fill(fill);
  }
  get(r, c) {
    return this.data[r * this.columns + c];
  }
  multiply(other) {
    const out = new Matrix(this.rows, other.columns);
    for (let r = 0; r < this.rows; r++) {
      for (let c = 0; c < other.columns; c++) {
        let sum = 0;
        for (let k = 0; k < this.columns; k++) sum += this.get(r, k) * other.get(k, c);
        out.data[r * other.columns + c] = sum;
      }
    }
    return out;
  }
}
function solve(input, right) {
  const a = input.map((row, i) => [...row, right[i]]);
  const n = a.length;
  let swaps = 0;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++) {
      if (Math.abs(a[r][column]) > Math.abs(a[pivot][column])) pivot = r;
    }
    if (a[pivot][column] === 0) return { singular: column };
    if (pivot !== column) {
      [a[pivot], a[column]] = [a[column], a[pivot]];
      swaps++;
    }
    for (let r = column + 1; r < n; r++) {
      const factor = a[r][column] / a[column][column];
      for (let c = column; c <= n; c++) a[r][c] -= factor * a[column][c];
    }
  }
  const x = new Array(n);
  for (let r = n - 1; r >= 0; r--) {
    let value = a[r][n];
    for (let c = r + 1; c < n; c++) value -= a[r][c] * x[c];
    x[r] = value / a[r][r];
  }
  return { x, swaps };
}
const a = new Matrix(3, 3, (r, c) => (r === c ? 2 : 1 / (r + c)));
const identity = new Matrix(3, 3, (r, c) => +(r === c));
const product = a.multiply(a).multiply(identity);
let vector = new Matrix(3, 1, 1);
let eigenvalue = 0;
for (let i = 0; i < 25; i++) {
  const next = a.multiply(vector);
  eigenvalue = Math.max(...next.data);
  vector = new Matrix(3, 1, (r) => next.data[r] / eigenvalue);
}
const solved = solve([[0, 2, 1], [1, -2, -3], [-1, 1, 2]], [-8, 0, 3]);
const singular = solve([[1, 2], [2, 4]], [1, 2]);
console.log([...product.data].map((n) => n.toFixed(3)).join(), eigenvalue.toFixed(6), solved, singular);
