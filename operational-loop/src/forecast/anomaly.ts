/** How unusual values are, measured by what was expected of them. */
import type { Forecast } from '../model/forecast.ts';
import { normalQuantile } from '../statistics/distributions.ts';
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

/** Scores are no further from 0. */
const MOST = 5;

/**
 * Of a value that came after a forecast was made: the normal score that it has in what was forecast for its step, 0 being the
 * middle. So scores are standard normal as long as the forecast misses as it did when it was validated. NaN for a missing value
 * and beyond the horizon.
 */
export function forecastScore(
  { mean, distribution }: Pick<Forecast, 'mean' | 'distribution'>,
  step: number,
  value: number,
): number {
  const { scale, quantiles } = distribution;
  if (Number.isNaN(value) || step >= mean.length) return Number.NaN;
  const score = normalQuantile(shareUnder(quantiles, scale[step]!, value - mean[step]!));
  return Math.max(-MOST, Math.min(MOST, score));
}

/** What each value has beyond what the two before it lead to expect. */
function withoutMemory(rest: Float64Array): Float64Array {
  const lags = lagsFor([], rest.length).slice(0, 2);
  const fitted = fitAutoregression(rest, lags, 1e-3);
  return rest.map((value, t) => (t < 2 ? 0 : value - continueAutoregression(fitted, rest.subarray(t - 2, t), 1)[0]!));
}
