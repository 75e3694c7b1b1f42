/** Small dense symmetric systems: rows one after another in one array. */

/**
 * The lower triangle L of a = L·Lᵀ (Cholesky). A pivot that is not positive becomes a small one, so that a matrix of less
 * than full rank is taken for the nearest that has it.
 */
export function cholesky(a: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(a[i * size + i]!));
  const least = largest > 0 ? largest * 1e-12 : 1;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= lower[row * size + k]! * lower[column * size + k]!;
      lower[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, least)) : sum / lower[column * size + column]!;
    }
  }
  return lower;
}

/** y of L·y = b. */
export function solveLower(lower: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const y = Float64Array.from(b);
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) y[row]! -= lower[row * size + k]! * y[k]!;
    y[row]! /= lower[row * size + row]!;
  }
  return y;
}

/** x of L·Lᵀ·x = b. */
export function solveCholesky(lower: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = solveLower(lower, b);
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) x[row]! -= lower[k * size + row]! * x[k]!;
    x[row]! /= lower[row * size + row]!;
  }
  return x;
}

/**
 * The coefficients that bring Σ wᵢ·(yᵢ − columns·b)² + ridge·|b|² to its least. `columns`: the regressors, each as long as
 * `y`. A y of NaN is left out; `weights` are 1 unless given.
 */
export function leastSquares(
  columns: readonly Float64Array[],
  y: Float64Array,
  { ridge = 0, weights }: { readonly ridge?: number; readonly weights?: Float64Array } = {},
): Float64Array {
  const size = columns.length;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    if (Number.isNaN(value)) continue;
    const weight = weights?.[i] ?? 1;
    for (let row = 0; row < size; row++) {
      const scaled = weight * columns[row]![i]!;
      right[row]! += scaled * value;
      for (let column = 0; column <= row; column++) normal[row * size + column]! += scaled * columns[column]![i]!;
    }
  }
  for (let row = 0; row < size; row++) normal[row * size + row]! += ridge;
  return solveCholesky(cholesky(normal, size), right);
}
