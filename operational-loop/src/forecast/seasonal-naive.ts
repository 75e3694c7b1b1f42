/** The value of a season ago: what every other way of forecasting has to beat. */

/** `season` 1 or longer than the series: its last value. The series must hold no NaN and at least one value. */
export function seasonalNaive(values: Float64Array, season: number, horizon: number): Float64Array {
  const length = season <= values.length ? season : 1;
  const from = values.length - length;
  return Float64Array.from({ length: horizon }, (_, h) => values[from + (h % length)]!);
}
