/** Linear regression of a series on its own past: the latest values and those a season ago, with their neighbours. */
import { cholesky, solveCholesky } from '../statistics/matrix.ts';

export interface Autoregression {
  readonly lags: readonly number[];
  readonly intercept: number;
  readonly coefficients: Float64Array;
}

/** Lags that a series of this length can bear: each season with its neighbours, and the double of each. */
export function lagsFor(seasons: readonly number[], length: number): readonly number[] {
  const wanted = new Set([1, 2, 3]);
  for (const season of seasons) for (let near = -2; near <= 2; near++) wanted.add(season + near);
  for (const season of seasons) for (let near = -1; near <= 1; near++) wanted.add(2 * season + near);
  return [...wanted].filter((lag) => lag > 0 && lag <= length * 0.45).sort((a, b) => a - b);
}

/** Ridge regression (Hoerl & Kennard 1970); `ridge` is a share of the regressors' mean square. */
export function fitAutoregression(values: Float64Array, lags: readonly number[], ridge: number): Autoregression {
  const size = lags.length;
  const from = lags.at(-1) ?? 1;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  let centre = 0;
  for (const value of values) centre += value / values.length;
  const row = new Float64Array(size);
  for (let t = from; t < values.length; t++) {
    for (let i = 0; i < size; i++) row[i] = values[t - lags[i]!]! - centre;
    const y = values[t]! - centre;
    for (let i = 0; i < size; i++) {
      const x = row[i]!;
      right[i]! += x * y;
      for (let j = 0; j <= i; j++) normal[i * size + j]! += x * row[j]!;
    }
  }
  let trace = 0;
  for (let i = 0; i < size; i++) trace += normal[i * size + i]! / size;
  for (let i = 0; i < size; i++) normal[i * size + i]! += ridge * trace + 1e-12;
  const coefficients = solveCholesky(cholesky(normal, size), right);
  const kept = coefficients.reduce((sum, coefficient) => sum + coefficient, 0);
  return { lags, intercept: centre * (1 - kept), coefficients };
}

export function continueAutoregression(
  { lags, intercept, coefficients }: Autoregression,
  values: Float64Array,
  horizon: number,
): Float64Array {
  const all = new Float64Array(values.length + horizon);
  all.set(values);
  for (let t = values.length; t < all.length; t++) {
    let value = intercept;
    for (let i = 0; i < lags.length; i++) value += coefficients[i]! * all[t - lags[i]!]!;
    all[t] = value;
  }
  return all.slice(values.length);
}
