/** When a series will pass its limit: of a disk, a pool, a quota. */
import type { Saturation } from '../model/forecast.ts';
import type { Milliseconds } from '../model/time.ts';
import { forecast } from './forecast.ts';
import { firstPassings, type Direction } from './passing.ts';

export interface SaturationOptions {
  readonly step: Milliseconds;
  readonly limit: number;
  readonly direction?: Direction;
  /** in steps */
  readonly seasons: readonly number[];
  /** steps to look ahead */
  readonly horizon: number;
  /** of the interval; 0.8 unless given */
  readonly level?: number;
}

/** Turns of the shortest season that a series has to have, to be looked at by its turns. */
const LEAST_TURNS = 10;

/**
 * `values`: one a step, the latest last; NaN where one is missing. A series with many turns of a season is forecast by the
 * extremes of its turns, as the limit is passed at one of them; times are whole turns then.
 */
export function saturation(values: Float64Array, options: SaturationOptions): Saturation {
  const { limit, direction = 'above', level = 0.8 } = options;
  const coarse = byTurns(values, options);
  const { mean, distribution } = forecast(coarse.values, {
    seasons: coarse.seasons,
    horizon: coarse.horizon,
    levels: [level],
  });
  const sign = direction === 'above' ? 1 : -1;
  const passes = (value: number): boolean => sign * (value - limit) >= 0;
  const last = values.findLast((value) => Number.isFinite(value));
  const horizon = options.horizon * options.step;
  if (last !== undefined && passes(last)) {
    return { state: 'passed', after: 0, earliest: 0, latest: 0, level, probability: 1, horizon };
  }
  /** when so many of the drawn paths have passed */
  const paths = firstPassings({ mean, distribution }, limit, direction);
  const after = (share: number): Milliseconds | undefined => {
    const at = quantileOfPassings(paths, share);
    return at === undefined ? undefined : Math.min(horizon, Math.round(at * coarse.step));
  };
  return {
    state: after(0.5) === undefined ? 'not-expected' : 'expected',
    after: after(0.5),
    earliest: after((1 - level) / 2),
    latest: after((1 + level) / 2),
    level,
    probability: paths.filter(Number.isFinite).length / paths.length,
    horizon,
  };
}

interface Coarse {
  readonly values: Float64Array;
  readonly seasons: readonly number[];
  readonly step: Milliseconds;
  readonly horizon: number;
}

function byTurns(values: Float64Array, { seasons, step, horizon, direction = 'above' }: SaturationOptions): Coarse {
  const turn = Math.min(...seasons.filter((season) => season > 1));
  const turns = Math.floor(values.length / turn);
  if (!(turns >= LEAST_TURNS) || horizon < turn) return { values, seasons, step, horizon };
  const from = values.length - turns * turn;
  const extremes = Float64Array.from({ length: turns }, (_, i) => {
    const known = values.subarray(from + i * turn, from + (i + 1) * turn).filter(Number.isFinite);
    if (known.length === 0) return Number.NaN;
    return direction === 'above' ? Math.max(...known) : Math.min(...known);
  });
  return {
    values: extremes,
    seasons: seasons.map((season) => Math.round(season / turn)).filter((season) => season > 1),
    step: step * turn,
    horizon: Math.ceil(horizon / turn),
  };
}

/**
 * Ascending places with those that never pass, as infinite, at the end. Of those that pass at the same place it is taken that they
 * do so evenly between the place before and this one: places are whole turns, and an interval of them would hold too much.
 */
function quantileOfPassings(paths: Float64Array, share: number): number | undefined {
  const rank = Math.min(paths.length - 1, share * paths.length);
  const place = paths[Math.floor(rank)]!;
  if (!Number.isFinite(place)) return undefined;
  const first = paths.indexOf(place);
  const last = paths.lastIndexOf(place);
  return place + (rank - first) / (last + 1 - first);
}
