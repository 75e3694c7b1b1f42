/** Methods without parameters, which every other has to beat. */
import { median } from '../statistics/robust.ts';
import type { Method } from './method.ts';
import { seasonalNaive } from './seasonal-naive.ts';

export const lastValue: Method = {
  name: 'last-value',
  least: () => 1,
  costly: false,
  train: () => (values, horizon) => seasonalNaive(values, 1, horizon),
};

/** The last value, and the mean step of the whole history after it. */
export const drift: Method = {
  name: 'drift',
  least: () => 3,
  costly: false,
  train: () => (values, horizon) => {
    const last = values.at(-1)!;
    const step = (last - values[0]!) / (values.length - 1);
    return Float64Array.from({ length: horizon }, (_, h) => last + step * (h + 1));
  },
};

/**
 * A straight line: its slope the median of those between values half the history apart (an incomplete form of Theil 1950 and
 * Sen 1968), its height that of the latest tenth.
 */
export const trendLine: Method = {
  name: 'trend-line',
  least: (seasons) => (seasons.length === 0 ? 8 : Infinity),
  costly: false,
  train: () => (values, horizon) => {
    const half = values.length >> 1;
    const slope = median(values.subarray(half).map((value, i) => (value - values[i]!) / half));
    const latest = values.subarray(-Math.max(5, Math.ceil(values.length / 10)));
    const height = median(latest.map((value, i) => value + slope * (latest.length - 1 - i)));
    return Float64Array.from({ length: horizon }, (_, h) => height + slope * (h + 1));
  },
};

export const shortNaive: Method = {
  name: 'seasonal-naive',
  least: (seasons) => (seasons.length > 0 ? 2 * seasons[0]! : Infinity),
  costly: false,
  train: (_, seasons) => (values, horizon) => seasonalNaive(values, seasons[0] ?? 1, horizon),
};

export const longNaive: Method = {
  name: 'long-seasonal-naive',
  least: (seasons) => (seasons.length > 1 ? 2 * seasons.at(-1)! : Infinity),
  costly: false,
  train: (_, seasons) => (values, horizon) => seasonalNaive(values, seasons.at(-1) ?? 1, horizon),
};

/** The values of the longest season ago, moved by what the latest short season is above that of then. */
export const movedNaive: Method = {
  name: 'moved-seasonal-naive',
  least: longNaive.least,
  costly: false,
  train: (_, seasons) => (values, horizon) => {
    const [short, long] = [seasons[0] ?? 1, seasons.at(-1) ?? 1];
    let move = 0;
    for (let t = values.length - short; t < values.length; t++) move += (values[t]! - values[t - long]!) / short;
    return seasonalNaive(values, long, horizon).map((value) => value + move);
  },
};
