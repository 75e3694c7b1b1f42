/**
 * Forecasts made from earlier moments of the same series, beside what then came (Tashman 2000, "Out-of-sample tests of
 * forecasting accuracy"). Nothing later than its origin is seen by a forecast.
 */
import type { Forecaster, Method } from './method.ts';

export interface Trials {
  /** how many values were known, ascending */
  readonly origins: readonly number[];
  /** what came, a row an origin */
  readonly actual: readonly Float64Array[];
  /** by method, in the order given: a row an origin */
  readonly forecasts: readonly (readonly Float64Array[])[];
}

/** How the history is cut. */
export interface OriginPlan {
  /** steps that are forecast from each origin */
  readonly horizon: number;
  /** steps from one origin to the next */
  readonly spacing: number;
  /** the most origins, counted from the end */
  readonly most: number;
  /** values that the first origin must have before it */
  readonly least: number;
}

/** A costly method finds its parameters anew at every so many-th origin. */
const RETRAIN_EVERY = 7;

export function originsOf(length: number, { horizon, spacing, most, least }: OriginPlan): readonly number[] {
  const origins: number[] = [];
  for (let origin = length - horizon; origin >= least && origins.length < most; origin -= spacing) {
    origins.unshift(origin);
  }
  return origins;
}

/** How many of the origins look at different futures: as many as there are futures one after another in what they span. */
export function independentOrigins({ origins, actual }: Trials): number {
  const spanned = (origins.at(-1) ?? 0) - (origins[0] ?? 0);
  return Math.min(origins.length, 1 + spanned / Math.max(1, actual[0]?.length ?? 1));
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
    forecasts: methods.map((method) => forecastsOf(method, values, seasons, origins, plan.horizon)),
  };
}

function forecastsOf(
  method: Method,
  values: Float64Array,
  seasons: readonly number[],
  origins: readonly number[],
  horizon: number,
): readonly Float64Array[] {
  let trained: { readonly forecaster: Forecaster; readonly seasons: number } | undefined;
  return origins.map((origin, i) => {
    const known = values.subarray(0, origin);
    const usable = seasons.filter((season) => 2 * season <= origin);
    // an early origin may be too short for a method that the whole series is long enough for
    if (method.least(usable) > origin) return new Float64Array(horizon).fill(Number.NaN);
    if (!trained || !method.costly || i % RETRAIN_EVERY === 0 || trained.seasons !== usable.length) {
      trained = { forecaster: method.train(known, usable), seasons: usable.length };
    }
    return trained.forecaster(known, horizon);
  });
}
