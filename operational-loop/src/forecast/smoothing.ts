/**
 * Exponential smoothing with additive errors: a level, a damped trend, and a profile for each season (Hyndman, Koehler, Ord &
 * Snyder 2008; several seasons and an autoregressive error as in Taylor 2003 and 2010, "Triple seasonal methods for short-term
 * electricity demand forecasting").
 */
import { leastOf } from './nelder-mead.ts';

/** All between 0 and 1; a part that is not used has 0 throughout. */
export interface SmoothingParameters {
  /** how fast the level, the trend and each season follow */
  readonly level: number;
  readonly trend: number;
  readonly seasonal: readonly number[];
  /** what is left of the trend after a step */
  readonly damping: number;
  /** what is left of an error after a step */
  readonly error: number;
}

export interface SmoothingShape {
  readonly trend: boolean;
  readonly error: boolean;
}

/** What the smoothing knows at the end of a series. */
export interface SmoothingState {
  level: number;
  trend: number;
  error: number;
  /** a profile a season: the value at i belongs to the steps t with t mod length = i, counted from the series' begin */
  readonly profiles: readonly Float64Array[];
  /** steps that it has seen */
  steps: number;
}

/** Parameters that bring the sum of squared one-step errors to its least, from `start` where it is given. */
export function fitSmoothing(
  values: Float64Array,
  seasons: readonly number[],
  shape: SmoothingShape,
  start?: SmoothingParameters,
): SmoothingParameters {
  const begin = beginOf(values, seasons);
  const first = start ?? { level: 0.1, trend: 0.02, seasonal: seasons.map(() => 0.15), damping: 0.9, error: 0.3 };
  const skip = Math.min(seasons.at(-1) ?? 0, values.length >> 1);
  const objective = (at: Float64Array): number =>
    smooth(values, copyOf(begin), unpacked(at, seasons.length, shape), skip);
  const best = leastOf(objective, packed(first, shape), {
    step: start ? 0.5 : 1,
    evaluations: start ? 60 : 60 * (2 + seasons.length),
    tolerance: 1e-5,
  });
  return unpacked(best, seasons.length, shape);
}

/** Runs through a series. */
export function smoothed(
  values: Float64Array,
  seasons: readonly number[],
  parameters: SmoothingParameters,
): SmoothingState {
  const state = beginOf(values, seasons);
  smooth(values, state, parameters, 0);
  return state;
}

export function continued(
  { level, trend, error, profiles, steps }: SmoothingState,
  { damping, error: kept }: SmoothingParameters,
  horizon: number,
): Float64Array {
  let rise = 0;
  let share = 1;
  let left = error;
  return Float64Array.from({ length: horizon }, (_, h) => {
    share *= damping;
    rise += share * trend;
    left *= kept;
    let value = level + rise + left;
    for (const profile of profiles) value += profile[(steps + h) % profile.length]!;
    return value;
  });
}

/** Moves the state through the values; the sum of squared errors after the first `skip`. */
function smooth(values: Float64Array, state: SmoothingState, parameters: SmoothingParameters, skip: number): number {
  const { level: alpha, trend: beta, seasonal, damping, error: kept } = parameters;
  const { profiles } = state;
  const places = profiles.map(() => 0);
  let { level, trend, error } = state;
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    const before = level + damping * trend;
    let expected = before;
    for (let k = 0; k < profiles.length; k++) expected += profiles[k]![places[k]!]!;
    // what the state does not explain, and what the last such error does not
    const missed = values[t]! - expected;
    const fresh = missed - kept * error;
    level = before + alpha * fresh;
    trend = damping * trend + beta * fresh;
    for (let k = 0; k < profiles.length; k++) {
      const place = places[k]!;
      profiles[k]![place]! += seasonal[k]! * fresh;
      places[k] = place + 1 === profiles[k]!.length ? 0 : place + 1;
    }
    error = missed;
    if (t >= skip) squares += fresh * fresh;
  }
  state.level = level;
  state.trend = trend;
  state.error = error;
  state.steps += values.length;
  return squares;
}

/** From the first seasons: the shortest season's profile first, then what each longer one adds. */
function beginOf(values: Float64Array, seasons: readonly number[]): SmoothingState {
  const span = Math.min(values.length, 2 * (seasons.at(-1) ?? 5));
  const rest = values.slice(0, span);
  const level = rest.reduce((sum, value) => sum + value, 0) / Math.max(1, span);
  for (let t = 0; t < span; t++) rest[t]! -= level;
  const profiles = seasons.map((season) => takeProfile(rest, season));
  return { level, trend: 0, error: 0, profiles, steps: 0 };
}

function takeProfile(rest: Float64Array, season: number): Float64Array {
  const profile = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = 0; t < rest.length; t++) {
    profile[t % season]! += rest[t]!;
    counts[t % season]!++;
  }
  for (let i = 0; i < season; i++) profile[i]! /= Math.max(1, counts[i]!);
  for (let t = 0; t < rest.length; t++) rest[t]! -= profile[t % season]!;
  return profile;
}

function copyOf(state: SmoothingState): SmoothingState {
  return { ...state, profiles: state.profiles.map((profile) => profile.slice()) };
}

function packed({ level, trend, seasonal, damping, error }: SmoothingParameters, shape: SmoothingShape): Float64Array {
  const list = [level, ...seasonal, ...(shape.trend ? [trend, damping] : []), ...(shape.error ? [error] : [])];
  return Float64Array.from(list, (value) => {
    const inside = Math.min(0.999, Math.max(0.001, value));
    return Math.log(inside / (1 - inside));
  });
}

function unpacked(at: Float64Array, seasons: number, shape: SmoothingShape): SmoothingParameters {
  const inside = at.map((value) => 1 / (1 + Math.exp(-value)));
  const from = 1 + seasons;
  return {
    level: inside[0]!,
    seasonal: [...inside.subarray(1, from)],
    trend: shape.trend ? inside[from]! : 0,
    damping: shape.trend ? inside[from + 1]! : 0,
    error: shape.error ? inside.at(-1)! : 0,
  };
}
