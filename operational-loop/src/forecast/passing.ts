/** The chance that a forecast series passes a limit. */
import type { Forecast, PassingChance } from '../model/forecast.ts';
import { normalCdf } from '../statistics/distributions.ts';
import { Draws, ScoreTable } from './draws.ts';

export type Direction = 'above' | 'below';

/** Paths that are drawn for the chance over the whole horizon. */
const PATHS = 1000;

/**
 * At each step the chance is the forecast distribution's; over the horizon it is the share of drawn paths that pass anywhere,
 * whose errors go on from step to step as the forecast's did on the past. Equal arguments give equal chances.
 */
export function passingChance(
  { mean, distribution }: Pick<Forecast, 'mean' | 'distribution'>,
  limit: number,
  direction: Direction = 'above',
): PassingChance {
  const { scale, quantiles } = distribution;
  const byStep = mean.map((value, h) => {
    const under = shareUnder(quantiles, scale[h]!, limit - value);
    return direction === 'above' ? 1 - under : under;
  });
  const passed = firstPassings({ mean, distribution }, limit, direction).filter(Number.isFinite).length;
  // a step's own chance is exact, and the horizon's cannot be less
  return { byStep, anywhere: Math.max(passed / PATHS, ...byStep) };
}

/** The first step at which each drawn path has passed, ascending; infinite for those that never do. */
export function firstPassings(
  { mean, distribution }: Pick<Forecast, 'mean' | 'distribution'>,
  limit: number,
  direction: Direction,
): Float64Array {
  const { scale, quantiles } = distribution;
  const sign = direction === 'above' ? 1 : -1;
  const draws = new Draws(1);
  const table = new ScoreTable(quantiles);
  const first = Float64Array.from({ length: PATHS }, () => {
    const scores = draws.path(mean.length, distribution);
    const at = mean.findIndex((value, h) => sign * (value + scale[h]! * table.at(scores[h]!) - limit) > 0);
    return at < 0 ? Infinity : at;
  });
  return first.sort();
}

/** The share of a distribution that is at most `distance` above its centre. */
export function shareUnder(quantiles: Float64Array, scale: number, distance: number): number {
  if (!(scale > 0)) return distance >= 0 ? 1 : 0;
  const value = distance / scale;
  const { length } = quantiles;
  if (value < quantiles[0]!) return tail(quantiles[0]!, quantiles[length >> 1]!, value, 0.5 / length);
  if (value >= quantiles[length - 1]!) {
    return 1 - tail(-quantiles[length - 1]!, -quantiles[length >> 1]!, -value, 0.5 / length);
  }
  let low = 0;
  let high = length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (quantiles[middle]! <= value) low = middle;
    else high = middle;
  }
  const width = quantiles[high]! - quantiles[low]!;
  return (low + 0.5 + (width > 0 ? (value - quantiles[low]!) / width : 1)) / length;
}

/** Beyond the outermost point the tail falls as a normal one of the same width would. */
function tail(outermost: number, centre: number, value: number, mass: number): number {
  const width = centre - outermost;
  if (!(width > 0)) return 0;
  const z = 2.807; // the normal quantile of one half in 200
  return (mass * normalCdf((-z * (centre - value)) / width)) / normalCdf(-z);
}
