/** What is expected of a series, and how sure that is. */
import type { Milliseconds } from './time.ts';

/** A band that holds the coming values with the probability `level`. */
export interface ForecastInterval {
  /** such as 0.95 */
  readonly level: number;
  /** a value a step of the horizon */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * How a coming value is distributed: at step h it is `mean[h] + scale[h] × quantile(u)` for a uniform u, where `quantiles`
 * are the quantile function at (i + ½) / length. The intervals are cut from it. A whole path of values has the normal scores
 * `√common[h] × c + √(1 − common[h]) × a[h]`: c is drawn once a path, and a is an autoregression with the correlation
 * `persistence` of neighbours.
 */
export interface ForecastDistribution {
  readonly scale: Float64Array;
  readonly quantiles: Float64Array;
  /** how far one step's error goes on in the next, 0 to 1 */
  readonly persistence: number;
  /** the share of the error's variance that all steps of a path have in common, 0 to 1, a value a step */
  readonly common: Float64Array;
  /** errors add up from step to step: a path is a random walk's, and `persistence` and `common` do not count */
  readonly walk: boolean;
}

/** One way to forecast that was tried, and its mean absolute scaled error over rolling origins of the history. */
export interface ForecastCandidate {
  readonly method: string;
  /** NaN where the history is too short to try it */
  readonly error: number;
}

export interface Forecast {
  /** the way taken: the candidates that were joined, the weightiest first */
  readonly method: string;
  readonly mean: Float64Array;
  readonly intervals: readonly ForecastInterval[];
  readonly distribution: ForecastDistribution;
  /** the best first */
  readonly candidates: readonly ForecastCandidate[];
}

export interface ForecastOptions {
  /** lengths of the seasons in steps, such as [24, 168] for hourly values; [] for none */
  readonly seasons: readonly number[];
  /** steps to look ahead, at least 1 */
  readonly horizon: number;
  /** probabilities of the intervals, such as [0.8, 0.95] */
  readonly levels: readonly number[];
}

/** The chance that a forecast series passes a limit. */
export interface PassingChance {
  /** at each step */
  readonly byStep: Float64Array;
  /** at any step of the horizon */
  readonly anywhere: number;
}

/** When a series is expected to pass its limit. Times count from the series' last value. */
export interface Saturation {
  readonly state: 'passed' | 'expected' | 'not-expected';
  /** the median; undefined where the limit is not expected to be passed within the horizon */
  readonly after: Milliseconds | undefined;
  /** at `level`, it is passed no earlier and no later than this; undefined: not within the horizon */
  readonly earliest: Milliseconds | undefined;
  readonly latest: Milliseconds | undefined;
  readonly level: number;
  /** the chance that it is passed within the horizon */
  readonly probability: number;
  readonly horizon: Milliseconds;
}
