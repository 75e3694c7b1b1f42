/** When a series will pass its limit: of a disk, a pool, a quota. */
import type { Saturation } from '../model/forecast.ts';
import type { Milliseconds } from '../model/time.ts';
import { quantileAt } from './conformal.ts';
import { forecast } from './forecast.ts';
import { passingChance, type Direction } from './passing.ts';

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

/** `values`: one a step, the latest last; NaN where one is missing. */
export function saturation(values: Float64Array, options: SaturationOptions): Saturation {
  const { step, limit, direction = 'above', seasons, horizon, level = 0.8 } = options;
  const { mean, distribution } = forecast(values, { seasons, horizon, levels: [level] });
  const sign = direction === 'above' ? 1 : -1;
  const passes = (value: number): boolean => sign * (value - limit) >= 0;
  const last = values.findLast((value) => Number.isFinite(value));
  const passed = last !== undefined && passes(last);
  /** the first step at which the distribution's quantile u has passed */
  const firstAt = (u: number): Milliseconds | undefined => {
    const q = quantileAt(distribution.quantiles, direction === 'above' ? u : 1 - u);
    const at = mean.findIndex((value, h) => passes(value + distribution.scale[h]! * q));
    return at < 0 ? undefined : (at + 1) * step;
  };
  const after = passed ? 0 : firstAt(0.5);
  return {
    state: passed ? 'passed' : after === undefined ? 'not-expected' : 'expected',
    after,
    earliest: passed ? 0 : firstAt((1 + level) / 2),
    latest: passed ? 0 : firstAt((1 - level) / 2),
    level,
    probability: passed ? 1 : passingChance({ mean, distribution }, limit, direction).anywhere,
    horizon: horizon * step,
  };
}
