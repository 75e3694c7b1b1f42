/** A way to forecast. */

export interface Method {
  readonly name: string;
  /** the least number of values that it needs */
  least(seasons: readonly number[]): number;
  /** finding its parameters takes so long that those of an earlier origin are used for a while */
  readonly costly: boolean;
  /**
   * Finds parameters. `values` has no NaN and at least `least` values; `seasons` ascend, and the values are at least twice as
   * long as each.
   */
  train(values: Float64Array, seasons: readonly number[]): Forecaster;
}

/** The coming `horizon` values, after the values that it was trained with or longer ones of the same series. */
export type Forecaster = (values: Float64Array, horizon: number) => Float64Array;
