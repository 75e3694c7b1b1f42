/**
 * Joins forecasts by how well each did on the past: the mean of several ways is more often right than the best one (Bates &
 * Granger 1969; the M4 competition's second finding).
 */
import type { Trials } from './rolling-origin.ts';

/** A method whose error is more than so many times the best one's has no say. */
const WORST = 2;
/** A weight is the inverse of the error, to this power. */
const POWER = 4;

/** The mean absolute error of each method at each origin: a row a method. NaN or infinite where it gave no forecast. */
export function errorsByOrigin({ actual, forecasts }: Trials): readonly Float64Array[] {
  return forecasts.map((rows) =>
    Float64Array.from(rows, (row, o) => {
      let sum = 0;
      for (let h = 0; h < row.length; h++) sum += Math.abs(actual[o]![h]! - row[h]!);
      return sum / row.length;
    }),
  );
}

/**
 * Of each method, the mean over the origins, each with its weight (see `likeness`); NaN without any, or where it gave no forecast
 * at one of them all.
 */
export function meanErrors(errors: readonly Float64Array[], weights: Float64Array): readonly number[] {
  return errors.map((row) => {
    let sum = 0;
    let total = 0;
    for (let o = 0; o < row.length; o++) {
      const weight = weights[o]!;
      if (weight === 0 && Number.isFinite(row[o]!)) continue;
      sum += weight === 0 ? row[o]! : weight * row[o]!;
      total += weight;
    }
    return sum / total;
  });
}

/** A weight a method, adding up to 1. Where nothing was tried, the last of the methods is taken. */
export function weightsOf(errors: readonly number[]): readonly number[] {
  const finite = errors.filter(Number.isFinite);
  if (finite.length === 0) return errors.map((_, i) => (i === errors.length - 1 ? 1 : 0));
  const best = Math.min(...finite);
  const raw = errors.map((error) => {
    if (!(error <= WORST * best)) return 0;
    return best > 0 ? (best / error) ** POWER : 1;
  });
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight / total);
}

/** Rows without a weight may be undefined. */
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

/**
 * What the joined forecast missed by, a row an origin. Each origin's weights come from the others, so that an error is as great
 * as that of a forecast whose outcome nobody knew.
 */
export function joinedErrors(trials: Trials, errors: readonly Float64Array[], season: number): readonly Float64Array[] {
  return trials.actual.map((actual, o) => {
    const without = trials.origins.length > 2 ? o : -1;
    const weights = weightsOf(meanErrors(errors, likeness(trials.origins, trials.origins[o]!, season, without)));
    const rows = trials.forecasts.map((of) => of[o]);
    const expected = joined(rows, weights, actual.length);
    return actual.map((value, h) => value - expected[h]!);
  });
}

/** How much more an origin counts that stands where it is asked for in the season. */
const ALIKE = 4;

/**
 * How much each origin tells of a forecast from `at`: those at the same place of the longest season, such as on the same day of
 * the week, more than others, for what a method misses by on Mondays it misses by again. `without` tells nothing.
 */
export function likeness(origins: readonly number[], at: number, season: number, without = -1): Float64Array {
  return Float64Array.from(origins, (origin, o) => {
    if (o === without) return 0;
    return season > 1 && (at - origin) % season === 0 ? ALIKE : 1;
  });
}
