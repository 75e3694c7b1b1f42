/**
 * Measures of a forecast's error as the M4 competition defines them (Makridakis, Spiliotis & Assimakopoulos 2020, "The M4
 * Competition: 100,000 time series and 61 forecasting methods"). NaN among the actual values is left out.
 */
import { mean } from '../statistics/robust.ts';

/** The symmetric mean absolute percentage error, 0 to 200. */
export function smape(actual: Float64Array, forecast: Float64Array): number {
  const terms = actual.map((value, h) => {
    const size = Math.abs(value) + Math.abs(forecast[h]!);
    return size > 0 ? (200 * Math.abs(value - forecast[h]!)) / size : 0;
  });
  return mean(terms);
}

/** The scale of MASE and MSIS: the mean absolute error of the seasonal naive forecast within the history. */
export function seasonalScale(history: Float64Array, season: number): number {
  const length = season < history.length ? season : 1;
  return mean(history.subarray(length).map((value, i) => Math.abs(value - history[i]!)));
}

/** The mean absolute scaled error. */
export function mase(actual: Float64Array, forecast: Float64Array, scale: number): number {
  return mean(actual.map((value, h) => Math.abs(value - forecast[h]!))) / scale;
}

/** The mean scaled interval score of the intervals of `level` (Gneiting & Raftery 2007, scaled as in M4). */
export function msis(
  actual: Float64Array,
  { level, lower, upper }: { readonly level: number; readonly lower: Float64Array; readonly upper: Float64Array },
  scale: number,
): number {
  const penalty = 2 / (1 - level);
  const terms = actual.map((value, h) => {
    const outside = Math.max(0, lower[h]! - value) + Math.max(0, value - upper[h]!);
    return upper[h]! - lower[h]! + (Number.isNaN(value) ? value : penalty * outside);
  });
  return mean(terms) / scale;
}

/** The share of the actual values within the interval. */
export function coverage(actual: Float64Array, lower: Float64Array, upper: Float64Array): number {
  return mean(
    actual.map((value, h) => (Number.isNaN(value) ? value : Number(value >= lower[h]! && value <= upper[h]!))),
  );
}
