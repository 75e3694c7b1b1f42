/** A way to forecast. */

export interface Method {
  readonly name: string;
  /** the least number of values that it needs */
  least(seasons: readonly number[]): number;
  /**
   * The coming `horizon` values. `values` has no NaN and at least `least` values; `seasons` ascend, and each is at most half
   * as long as the values.
   */
  forecast(values: Float64Array, seasons: readonly number[], horizon: number): Float64Array;
}
