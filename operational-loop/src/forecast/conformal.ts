/** Intervals from the errors that a forecast made on the series' own past. */
import type { ForecastDistribution, ForecastInterval } from '../model/forecast.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { quantileOfSorted, sorted } from '../statistics/robust.ts';

/** Points at which the quantile function is kept. */
const POINTS = 200;

/** `errors`: what came less what was forecast, a row an origin and a value a step. */
export function distributionOf(errors: readonly Float64Array[], horizon: number): ForecastDistribution {
  const scale = scaleByStep(errors, horizon);
  const standard = errors.map((row) => row.map((error, h) => (scale[h]! > 0 ? error / scale[h]! : 0)));
  return {
    scale,
    quantiles: quantileFunction(sorted(standard.flatMap((row) => [...row]))),
    persistence: persistenceOf(standard),
  };
}

/** Where nothing could be tried: a random walk whose steps are as great as those of the series. */
export function randomWalk(values: Float64Array, horizon: number): ForecastDistribution {
  let squares = 0;
  for (let i = 1; i < values.length; i++) squares += (values[i]! - values[i - 1]!) ** 2;
  const step = Math.sqrt(squares / Math.max(1, values.length - 1));
  return {
    scale: Float64Array.from({ length: horizon }, (_, h) => step * Math.sqrt(h + 1)),
    quantiles: Float64Array.from({ length: POINTS }, (_, i) => normalQuantile((i + 0.5) / POINTS)),
    persistence: 1,
  };
}

export function intervalsOf(
  mean: Float64Array,
  { scale, quantiles }: ForecastDistribution,
  levels: readonly number[],
): readonly ForecastInterval[] {
  return levels.map((level) => {
    const low = quantileAt(quantiles, (1 - level) / 2);
    const high = quantileAt(quantiles, (1 + level) / 2);
    return {
      level,
      lower: mean.map((value, h) => value + scale[h]! * low),
      upper: mean.map((value, h) => value + scale[h]! * high),
    };
  });
}

/** The quantile function of a distribution at u, between its points by straight lines. */
export function quantileAt(quantiles: Float64Array, u: number): number {
  const last = quantiles.length - 1;
  return quantileOfSorted(quantiles, Math.min(last, Math.max(0, u * quantiles.length - 0.5)) / last);
}

function quantileFunction(ascending: Float64Array): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, i) => quantileOfSorted(ascending, (i + 0.5) / POINTS));
}

/** The root mean square error at each step, drawn together with its neighbours'. */
function scaleByStep(errors: readonly Float64Array[], horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, h) => {
    let squares = 0;
    let count = 0;
    for (const row of errors) {
      for (let at = Math.max(0, h - 1); at <= Math.min(row.length - 1, h + 1); at++) {
        squares += row[at]! ** 2;
        count++;
      }
    }
    return count > 0 ? Math.sqrt(squares / count) : 0;
  });
}

function persistenceOf(rows: readonly Float64Array[]): number {
  let products = 0;
  let squares = 0;
  for (const row of rows) {
    for (let h = 1; h < row.length; h++) {
      products += row[h]! * row[h - 1]!;
      squares += (row[h]! ** 2 + row[h - 1]! ** 2) / 2;
    }
  }
  return squares > 0 ? Math.min(0.999, Math.max(0, products / squares)) : 0;
}
