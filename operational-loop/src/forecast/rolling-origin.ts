/**
 * Forecasts made from earlier moments of the same series, beside what then came (Tashman 2000, "Out-of-sample tests of
 * forecasting accuracy"). Nothing later than its origin is seen by a forecast.
 */
import type { Method } from './method.ts';

export interface Trials {
  /** how many values were known, ascending */
  readonly origins: readonly number[];
  /** what came, a row an origin; rows of the last origins may be shorter than the horizon */
  readonly actual: readonly Float64Array[];
  /** by method, in the order given: a row an origin, as long as that of `actual` */
  readonly forecasts: readonly (readonly Float64Array[])[];
}

/** How the history is cut. */
export interface OriginPlan {
  readonly horizon: number;
  /** steps from one origin to the next */
  readonly spacing: number;
  /** the most origins, counted from the end */
  readonly most: number;
  /** values that the first origin must have before it */
  readonly least: number;
}

export function originsOf(length: number, { horizon, spacing, most, least }: OriginPlan): readonly number[] {
  const origins: number[] = [];
  for (let origin = length - horizon; origin >= least && origins.length < most; origin -= spacing) {
    origins.unshift(origin);
  }
  return origins;
}

export function rollingOrigin(
  values: Float64Array,
  methods: readonly Method[],
  seasons: readonly number[],
  plan: OriginPlan,
): Trials {
  const origins = originsOf(values.length, plan);
  return {
    origins,
    actual: origins.map((origin) => values.subarray(origin, origin + plan.horizon)),
    forecasts: methods.map((method) =>
      origins.map((origin) => {
        const usable = seasons.filter((season) => 2 * season <= origin);
        return method.forecast(values.subarray(0, origin), usable, plan.horizon);
      }),
    ),
  };
}
