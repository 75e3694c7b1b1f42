/** How unusual values are, measured by what was expected of them. */
import type { Forecast } from '../model/forecast.ts';
import { mad } from '../statistics/robust.ts';
import { continueAutoregression, fitAutoregression, lagsFor } from './autoregression.ts';
import { decompose } from './decomposition.ts';
import { filled } from './gaps.ts';
import { shareUnder } from './passing.ts';

/** Values that a series needs to be scored. */
const LEAST = 12;

/**
 * Of each value of a series: how many robust standard deviations it is from what its trend, its seasons and the values before it
 * lead to expect. 0 for the first two values, for missing ones, and throughout a series that is short or does not move.
 */
export function residualScores(values: Float64Array, seasons: readonly number[]): Float64Array {
  const scores = new Float64Array(values.length);
  const usable = seasons.filter((season) => season > 1 && 2 * season <= values.length).sort((a, b) => a - b);
  if (values.length < LEAST) return scores;
  const { rest } = decompose(filled(values, usable[0] ?? 1), usable);
  const fresh = withoutMemory(rest);
  const spread = mad(fresh.filter((_, t) => Number.isFinite(values[t]!)));
  // less than this is what rounding leaves of a series that does not move
  const greatest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  if (!(spread > 1e-9 * greatest)) return scores;
  return scores.map((_, t) => (Number.isFinite(values[t]!) ? fresh[t]! / spread : 0));
}

/**
 * Of values that came after a forecast was made: the chance, before they came, of a value at least so far from the middle
 * (two-sided), 0 to 1. NaN for a missing value and beyond the horizon.
 */
export function surprise(
  { mean, distribution }: Pick<Forecast, 'mean' | 'distribution'>,
  actual: Float64Array,
): Float64Array {
  const { scale, quantiles } = distribution;
  return actual.map((value, h) => {
    if (Number.isNaN(value) || h >= mean.length) return Number.NaN;
    const under = shareUnder(quantiles, scale[h]!, value - mean[h]!);
    return Math.min(1, 2 * Math.min(under, 1 - under));
  });
}

/** What each value has beyond what the two before it lead to expect. */
function withoutMemory(rest: Float64Array): Float64Array {
  const lags = lagsFor([], rest.length).slice(0, 2);
  const fitted = fitAutoregression(rest, lags, 1e-3);
  return rest.map((value, t) => (t < 2 ? 0 : value - continueAutoregression(fitted, rest.subarray(t - 2, t), 1)[0]!));
}
