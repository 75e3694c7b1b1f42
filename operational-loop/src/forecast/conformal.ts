/**
 * Intervals from the errors that a forecast made on the series' own past: conformal prediction (Vovk, Gammerman & Shafer 2005)
 * with errors scaled by step, each origin's by what the others say, as in the jackknife+ (Barber, Candès, Ramdas & Tibshirani
 * 2021).
 */
import type { ForecastDistribution, ForecastInterval } from '../model/forecast.ts';
import { normalQuantile, tQuantile } from '../statistics/distributions.ts';
import { quantileOfSorted, sorted } from '../statistics/robust.ts';

/** Points at which the quantile function is kept. */
const POINTS = 400;
/** Fewer origins or errors than these say nothing of a distribution's shape: it is taken for Student's t. */
const LEAST_ORIGINS = 6;
const LEAST_ERRORS = 60;

/** `errors`: what came less what was forecast, a row an origin (at least one) and a value a step, all of one length. */
export function distributionOf(errors: readonly Float64Array[], horizon: number): ForecastDistribution {
  const scale = scaleByStep(errors, horizon);
  const standard = errors.map((row, o) => {
    const others =
      errors.length > 1
        ? scaleByStep(
            errors.filter((_, i) => i !== o),
            row.length,
          )
        : scale;
    return row.map((error, h) => (others[h]! > 0 ? error / others[h]! : 0));
  });
  const known = errors.length * errors[0]!.length;
  const enough = errors.length >= LEAST_ORIGINS && known >= LEAST_ERRORS;
  return {
    scale,
    quantiles: enough ? symmetric(standard) : student(errors.length),
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
    quantiles: quantileFunction(normalQuantile),
    persistence: 0.99,
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

function quantileFunction(quantile: (u: number) => number): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, i) => quantile((i + 0.5) / POINTS));
}

/**
 * Errors of both signs count for both sides: a series' past has too few to tell the sides apart. An origin's errors are one
 * outcome rather than many, so each level is the one that held, mean over the origins, when only the others were known.
 */
function symmetric(rows: readonly Float64Array[]): Float64Array {
  const amounts = rows.map((row) => row.map(Math.abs));
  const pooled = sortedTogether(amounts);
  const held = sortedTogether(
    amounts.map((row, o) => {
      const others = sortedTogether(amounts.filter((_, i) => i !== o));
      return row.map((amount) => shareBelow(others, amount));
    }),
  );
  return quantileFunction(
    (u) => Math.sign(u - 0.5) * quantileOfSorted(pooled, quantileOfSorted(held, Math.abs(2 * u - 1))),
  );
}

function sortedTogether(rows: readonly Float64Array[]): Float64Array {
  return sorted(rows.flatMap((row) => [...row]));
}

function shareBelow(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low / ascending.length;
}

/** As wide as the few origins make it: errors within one origin are one outcome. */
function student(origins: number): Float64Array {
  return quantileFunction((u) => tQuantile(u, Math.max(2, origins)));
}

/**
 * The root mean square error at each step, with its neighbours'. Beyond the steps that were tried it grows as a random walk's
 * does.
 */
function scaleByStep(errors: readonly Float64Array[], horizon: number): Float64Array {
  const tried = errors[0]!.length;
  const reach = errors.length < LEAST_ORIGINS ? 3 : 1;
  return Float64Array.from({ length: horizon }, (_, h) => {
    const centre = Math.min(h, tried - 1);
    let squares = 0;
    let count = 0;
    for (const row of errors) {
      for (let at = Math.max(0, centre - reach); at <= Math.min(tried - 1, centre + reach); at++) {
        squares += row[at]! ** 2;
        count++;
      }
    }
    return Math.sqrt((squares / count) * Math.max(1, (h + 1) / tried));
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
  return squares > 0 ? Math.min(0.99, Math.max(0, products / squares)) : 0;
}
