/**
 * Forecasts a series: several ways are tried on its own past (rolling origins), joined by how well they did, and the errors
 * that the joined forecast made there give its intervals.
 */
import type { Forecast, ForecastCandidate, ForecastOptions } from '../model/forecast.ts';
import { seasonalScale } from './accuracy.ts';
import { errorsByOrigin, joined, joinedErrors, likeness, meanErrors, weightsOf } from './combination.ts';
import { distributionOf, intervalsOf, randomWalk } from './conformal.ts';
import { filled, withoutLeadingGap } from './gaps.ts';
import type { Method } from './method.ts';
import { methodsForOneSeries } from './methods.ts';
import { independentOrigins, rollingOrigin, type OriginPlan, type Trials } from './rolling-origin.ts';

/** Rolling origins that are tried at most. */
const MOST_ORIGINS = 18;
/** Older values than these are left out: so many turns of the longest season, and no fewer than so many values. */
const MOST_TURNS = 6;
const LEAST_KEPT = 1000;

/**
 * `values`: one a step, the latest last; NaN where one is missing. Never throws for odd values: of an empty series all is 0,
 * of a constant one that value, with intervals of no width.
 */
export function forecast(values: Float64Array, options: ForecastOptions): Forecast {
  const longest = Math.max(1, ...options.seasons);
  const known = withoutLeadingGap(values.subarray(-Math.max(LEAST_KEPT, MOST_TURNS * longest)));
  const seasons = seasonsThatFit(options.seasons, known.length);
  // in a unit of its own, so that neither great nor small numbers lose anything
  const unit = unitOf(known);
  const history = filled(known, seasons[0] ?? 1).map((value) => value / unit);
  const horizon = Math.max(1, Math.floor(options.horizon));
  if (history.every((value) => value === history[0])) {
    return flat((history[0] ?? 0) * unit, horizon, options.levels);
  }
  const usable = methodsForOneSeries().filter((method) => method.least(seasons) <= history.length);
  const trials = rollingOrigin(history, usable, seasons, planOf(history.length, seasons, horizon));
  return inUnit(joinedForecast(history, usable, trials, { ...options, seasons, horizon }), unit);
}

/** The greatest amount among the values; 1 of nothing but 0. */
function unitOf(values: Float64Array): number {
  const greatest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  return greatest > 0 ? greatest : 1;
}

function inUnit({ method, mean, intervals, distribution, candidates }: Forecast, unit: number): Forecast {
  const scaled = (values: Float64Array): Float64Array => values.map((value) => value * unit);
  return {
    method,
    mean: scaled(mean),
    intervals: intervals.map(({ level, lower, upper }) => ({ level, lower: scaled(lower), upper: scaled(upper) })),
    distribution: { ...distribution, scale: scaled(distribution.scale) },
    candidates,
  };
}

function joinedForecast(
  history: Float64Array,
  usable: readonly Method[],
  trials: Trials,
  { seasons, horizon, levels }: ForecastOptions,
): Forecast {
  const byOrigin = errorsByOrigin(trials);
  const longest = seasons.at(-1) ?? 1;
  const errors = meanErrors(byOrigin, likeness(trials.origins, history.length, longest));
  const wanted =
    trials.origins.length > 0 ? weightsOf(errors) : usable.map(({ name }) => Number(name === fallback(seasons)));
  const rows = usable.map((method, i) =>
    wanted[i]! > 0 ? method.train(history, seasons)(history, horizon) : undefined,
  );
  const weights = sane(rows, wanted, history);
  const mean = joined(rows, weights, horizon);
  const distribution =
    trials.origins.length > 0
      ? distributionOf(joinedErrors(trials, byOrigin, longest), horizon, {
          likeness: (origin) =>
            likeness(trials.origins, origin < 0 ? history.length : trials.origins[origin]!, longest),
          independent: independentOrigins(trials),
          known: history.length,
        })
      : randomWalk(history, horizon);
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

/**
 * Origins stand a season apart where the history has room for that, so that each step of the horizon keeps its place in the
 * season. A third of the history, and two turns of each season, come before the first one. A long horizon is cut so that the
 * past shows several of it.
 */
function planOf(length: number, seasons: readonly number[], horizon: number): OriginPlan {
  const tried = Math.max(1, Math.min(horizon, Math.floor(length / 8)));
  const turns = 2 * (seasons.at(-1) ?? 1);
  const least = Math.max(2, Math.floor(length / 3), turns <= length - tried ? turns : 0);
  const room = Math.max(0, length - tried - least);
  const season = seasons[0] ?? 1;
  const spacing = season > 1 && room >= 4 * season ? season : Math.max(1, Math.floor(room / (MOST_ORIGINS - 1)));
  return { horizon: tried, spacing, most: MOST_ORIGINS, least };
}

/** What is taken where nothing could be tried. */
function fallback(seasons: readonly number[]): string {
  return seasons.length > 0 ? 'seasonal-naive' : 'last-value';
}

/**
 * A forecast that leaves the history's range by more than its threefold, and as much again for each length of the history that
 * it looks ahead, has gone astray: the others are taken.
 */
function sane(
  rows: readonly (Float64Array | undefined)[],
  weights: readonly number[],
  history: Float64Array,
): readonly number[] {
  const [low, high] = history.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  const ahead = (rows.find((row) => row !== undefined)?.length ?? 0) / history.length;
  const room = 3 * (1 + ahead) * (high - low);
  const within = (value: number): boolean => value >= low - room && value <= high + room;
  const kept = weights.map((weight, i) => (rows[i]?.every(within) ? weight : 0));
  const total = kept.reduce((sum, weight) => sum + weight, 0);
  return total > 0 ? kept.map((weight) => weight / total) : weights;
}

function flat(value: number, horizon: number, levels: readonly number[]): Forecast {
  const mean = new Float64Array(horizon).fill(value);
  const none = new Float64Array(horizon);
  const distribution = { scale: none, quantiles: new Float64Array(2), persistence: 0, common: none, walk: false };
  return { method: 'constant', mean, intervals: intervalsOf(mean, distribution, levels), distribution, candidates: [] };
}

/** The names of the methods that count, the greatest weight first. */
function nameOf(usable: readonly Method[], weights: readonly number[]): string {
  return usable
    .map(({ name }, i) => ({ name, weight: weights[i]! }))
    .filter(({ weight }) => weight >= 0.01)
    .sort((a, b) => b.weight - a.weight)
    .map(({ name }) => name)
    .join(', ');
}

function candidatesOf(
  usable: readonly Method[],
  errors: readonly number[],
  scale: number,
): readonly ForecastCandidate[] {
  const last = (error: number): number => (Number.isNaN(error) ? Infinity : error);
  return usable
    .map(({ name }, i) => ({ method: name, error: errors[i]! / scale }))
    .sort((a, b) => last(a.error) - last(b.error));
}
