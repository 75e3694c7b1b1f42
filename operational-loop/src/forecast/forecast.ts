/**
 * Forecasts a series: several ways are tried on its own past (rolling origins), joined by how well they did, and the errors
 * that the joined forecast made there give its intervals.
 */
import type { Forecast, ForecastCandidate, ForecastOptions } from '../model/forecast.ts';
import { seasonalScale } from './accuracy.ts';
import { errorsOf, joined, weightsOf } from './combination.ts';
import { distributionOf, intervalsOf, randomWalk } from './conformal.ts';
import { filled, withoutLeadingGap } from './gaps.ts';
import type { Method } from './method.ts';
import { methods } from './methods.ts';
import { rollingOrigin, type OriginPlan, type Trials } from './rolling-origin.ts';

/** Rolling origins that are tried at most. */
const MOST_ORIGINS = 14;

/**
 * `values`: one a step, the latest last; NaN where one is missing. Never throws for odd values: of an empty series all is 0,
 * of a constant one that value, with intervals of no width.
 */
export function forecast(values: Float64Array, options: ForecastOptions): Forecast {
  const known = withoutLeadingGap(values);
  const seasons = seasonsThatFit(options.seasons, known.length);
  const history = filled(known, seasons[0] ?? 1);
  const horizon = Math.max(1, Math.floor(options.horizon));
  if (history.every((value) => value === history[0])) return flat(history[0] ?? 0, horizon, options.levels);
  const usable = methods.filter((method) => method.least(seasons) <= history.length);
  const trials = rollingOrigin(history, usable, seasons, planOf(history.length, seasons, horizon));
  return joinedForecast(history, usable, trials, { ...options, seasons, horizon });
}

function joinedForecast(
  history: Float64Array,
  usable: readonly Method[],
  trials: Trials,
  { seasons, horizon, levels }: ForecastOptions,
): Forecast {
  const errors = errorsOf(trials);
  const weights = weightsOf(errors);
  const rows = usable.map((method, i) => (weights[i]! > 0 ? method.forecast(history, seasons, horizon) : undefined));
  const mean = joined(rows, weights, horizon);
  const past = trials.actual.map((actual, o) => {
    const expected = joined(
      trials.forecasts.map((of) => of[o]),
      weights,
      horizon,
    );
    return actual.map((value, h) => value - expected[h]!);
  });
  const distribution = past.length > 0 ? distributionOf(past, horizon) : randomWalk(history, horizon);
  return {
    method: nameOf(usable, weights),
    mean,
    intervals: intervalsOf(mean, distribution, levels),
    distribution,
    candidates: candidatesOf(usable, errors, seasonalScale(history, seasons[0] ?? 1)),
  };
}

/** Seasons that the series shows at least twice, the shortest first. */
function seasonsThatFit(seasons: readonly number[], length: number): readonly number[] {
  const whole = seasons.map((season) => Math.round(season)).filter((season) => season > 1 && 2 * season <= length);
  return [...new Set(whole)].sort((a, b) => a - b);
}

/** Origins stand a season apart, so that each step of the horizon keeps its place in the season. */
function planOf(length: number, seasons: readonly number[], horizon: number): OriginPlan {
  const spacing = seasons[0] ?? Math.max(1, Math.floor(horizon / 4));
  return { horizon, spacing, most: MOST_ORIGINS, least: Math.max(2, Math.floor(length / 2)) };
}

function flat(value: number, horizon: number, levels: readonly number[]): Forecast {
  const mean = new Float64Array(horizon).fill(value);
  const distribution = { scale: new Float64Array(horizon), quantiles: new Float64Array(2), persistence: 0 };
  return { method: 'constant', mean, intervals: intervalsOf(mean, distribution, levels), distribution, candidates: [] };
}

/** The names of the methods that count, the greatest weight first. */
function nameOf(usable: readonly Method[], weights: readonly number[]): string {
  return usable
    .map(({ name }, i) => ({ name, weight: weights[i]! }))
    .filter(({ weight }) => weight >= 0.01)
    .sort((a, b) => b.weight - a.weight)
    .map(({ name }) => name)
    .join('+');
}

function candidatesOf(
  usable: readonly Method[],
  errors: readonly number[],
  scale: number,
): readonly ForecastCandidate[] {
  return usable
    .map(({ name }, i) => ({ method: name, error: errors[i]! / scale }))
    .sort((a, b) => (Number.isNaN(a.error) ? 1 : Number.isNaN(b.error) ? -1 : a.error - b.error));
}
