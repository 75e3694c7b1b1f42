/** Joins forecasts by how well each did. */
import type { Trials } from './rolling-origin.ts';

/** A method whose error is more than so many times the best one's has no say. */
const WORST = 2;

/** The mean absolute error of each method over all origins and steps; NaN without origins. */
export function errorsOf({ actual, forecasts }: Trials): readonly number[] {
  return forecasts.map((rows) => {
    let sum = 0;
    let count = 0;
    rows.forEach((row, o) => {
      for (let h = 0; h < actual[o]!.length; h++) sum += Math.abs(actual[o]![h]! - row[h]!);
      count += actual[o]!.length;
    });
    return sum / count;
  });
}

/** A weight a method, adding up to 1: by the inverse of its squared error (Bates & Granger 1969). */
export function weightsOf(errors: readonly number[]): readonly number[] {
  const best = Math.min(...errors.filter((error) => !Number.isNaN(error)));
  if (!Number.isFinite(best)) return errors.map((_, i) => (i === 0 ? 1 : 0));
  const raw = errors.map((error) => (error <= WORST * best ? 1 / Math.max(error, 1e-12 * best, 1e-300) ** 2 : 0));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}

export function joined(
  rows: readonly (Float64Array | undefined)[],
  weights: readonly number[],
  horizon: number,
): Float64Array {
  const result = new Float64Array(horizon);
  rows.forEach((row, i) => {
    const weight = weights[i]!;
    if (row && weight > 0) for (let h = 0; h < horizon; h++) result[h]! += weight * row[h]!;
  });
  return result;
}
