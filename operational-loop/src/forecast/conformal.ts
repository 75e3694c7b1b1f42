/**
 * Intervals from the errors that a forecast made on the series' own past: conformal prediction (Vovk, Gammerman & Shafer 2005)
 * with errors scaled by step, each origin's by what the others say, as in the jackknife+ (Barber, Candès, Ramdas & Tibshirani
 * 2021).
 */
import type { ForecastDistribution, ForecastInterval } from '../model/forecast.ts';
import { normalQuantile, tQuantile } from '../statistics/distributions.ts';
import { quantileOfSorted, sorted } from '../statistics/robust.ts';

/** Correlations of a path's errors are no greater. */
const MOST_PERSISTENT = 0.99;
/** Points at which the quantile function is kept. */
const POINTS = 400;
/** Fewer independent origins, or errors, than these say nothing of a distribution's shape: it is taken for Student's t. */
const LEAST_ORIGINS = 4;
const LEAST_ERRORS = 60;
/** With fewer origins than these a step's scale takes more of its neighbours. */
const FEW_ORIGINS = 6;

export interface ErrorKnowledge {
  /** how many of the origins look at different futures, as those of neighbouring origins overlap; all unless given */
  readonly independent?: number;
  /** how many values the series has */
  readonly known?: number;
  /** what each origin counts for one of them, or for the forecast itself (-1); all alike unless given */
  readonly likeness?: (origin: number) => Float64Array;
}

/** `errors`: what came less what was forecast, a row an origin (at least one) and a value a step, all of one length. */
export function distributionOf(
  errors: readonly Float64Array[],
  horizon: number,
  { independent = errors.length, known = Infinity, likeness = alike(errors.length) }: ErrorKnowledge = {},
): ForecastDistribution {
  const scale = scaleByStep(errors, horizon, likeness(-1), known);
  const standard = errors.map((row, o) => {
    const weights = likeness(o).map((weight, i) => (i === o ? 0 : weight));
    const others = errors.length > 1 ? scaleByStep(errors, row.length, weights) : scale;
    return row.map((error, h) => (others[h]! > 0 ? error / others[h]! : 0));
  });
  const count = errors.length * errors[0]!.length;
  const enough = independent >= LEAST_ORIGINS && count >= LEAST_ERRORS;
  return {
    scale,
    quantiles: enough ? symmetric(standard) : student(independent),
    ...pathOf(standard, scale),
    walk: isWalk(errors),
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
    persistence: MOST_PERSISTENT,
    common: new Float64Array(horizon),
    walk: true,
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

/** As wide as the few origins make it. */
function student(independent: number): Float64Array {
  return quantileFunction((u) => tQuantile(u, Math.max(2, independent)));
}

/**
 * The root mean square error at each step, with its neighbours'. Beyond the steps that were tried it grows on as it did over
 * them, but no slower than a random walk's whose drift is known from so many values only.
 */
function scaleByStep(
  errors: readonly Float64Array[],
  horizon: number,
  weights: Float64Array,
  known = Infinity,
): Float64Array {
  const tried = errors[0]!.length;
  const reach = errors.length < FEW_ORIGINS ? 3 : 1;
  const growth = horizon > tried ? Math.min(1, Math.max(0.5, growthOf(errors))) : 0.5;
  return Float64Array.from({ length: horizon }, (_, h) => {
    const centre = Math.min(h, tried - 1);
    const near = rootMeanSquare(errors, Math.max(0, centre - reach), Math.min(tried - 1, centre + reach), weights);
    const beyond = Math.max(h + 1, tried);
    return near * (beyond / tried) ** growth * Math.sqrt((1 + beyond / known) / (1 + tried / known));
  });
}

/** The power of the step that errors grow with, from the second and the last quarter of the steps; 0 where they do not. */
function growthOf(errors: readonly Float64Array[]): number {
  const tried = errors[0]!.length;
  const early = rootMeanSquare(errors, tried >> 2, Math.max(tried >> 2, (tried >> 1) - 1));
  const late = rootMeanSquare(errors, Math.floor(tried * 0.75), tried - 1);
  const power = Math.log(late / early) / Math.log(0.875 / 0.375);
  return Number.isFinite(power) ? Math.max(0, power) : 0;
}

/** Errors of a walk grow with the root of the step, those of a slope that is not quite right with the step itself. */
function isWalk(errors: readonly Float64Array[]): boolean {
  const growth = growthOf(errors);
  return errors[0]!.length >= 8 && growth > 0.3 && growth < 0.75;
}

function rootMeanSquare(
  rows: readonly Float64Array[],
  from: number,
  to: number,
  weights: Float64Array = alike(rows.length)(),
): number {
  let squares = 0;
  let total = 0;
  for (let o = 0; o < rows.length; o++) {
    for (let at = from; at <= to; at++) squares += weights[o]! * rows[o]![at]! ** 2;
    total += weights[o]! * (to - from + 1);
  }
  return Math.sqrt(squares / total);
}

function alike(origins: number): () => Float64Array {
  return () => new Float64Array(origins).fill(1);
}

/**
 * How a path's errors hang together. Those that lie half a horizon apart are alike by what they have in common only; beyond the
 * steps that were tried all that is added to the scale is common, such as a slope that is not quite right.
 */
function pathOf(
  rows: readonly Float64Array[],
  scale: Float64Array,
): Pick<ForecastDistribution, 'persistence' | 'common'> {
  const tried = rows[0]!.length;
  const base = tried < 8 ? 0 : clamped(correlationAtLags(rows, tried >> 1, Math.floor(tried * 0.75)));
  const next = correlationAtLags(rows, 1, 1);
  return {
    persistence: clamped((next - base) / (1 - base)),
    common: scale.map((value, h) => {
      if (h < tried || !(value > 0)) return base;
      return 1 - (1 - base) * (scale[tried - 1]! / value) ** 2;
    }),
  };
}

function correlationAtLags(rows: readonly Float64Array[], from: number, to: number): number {
  let products = 0;
  let squares = 0;
  for (const row of rows) {
    for (let lag = from; lag <= to; lag++) {
      for (let h = lag; h < row.length; h++) {
        products += row[h]! * row[h - lag]!;
        squares += (row[h]! ** 2 + row[h - lag]! ** 2) / 2;
      }
    }
  }
  return squares > 0 ? products / squares : 0;
}

function clamped(correlation: number): number {
  return Math.min(MOST_PERSISTENT, Math.max(0, correlation));
}
