/** The ways to forecast that are tried. */
import type { Method } from './method.ts';
import { seasonalNaive } from './seasonal-naive.ts';

const lastValue: Method = {
  name: 'last-value',
  least: () => 1,
  forecast: (values, _, horizon) => seasonalNaive(values, 1, horizon),
};

const shortNaive: Method = {
  name: 'seasonal-naive',
  least: (seasons) => (seasons.length > 0 ? 2 * seasons[0]! : Infinity),
  forecast: (values, seasons, horizon) => seasonalNaive(values, seasons[0] ?? 1, horizon),
};

const longNaive: Method = {
  name: 'long-seasonal-naive',
  least: (seasons) => (seasons.length > 1 ? 2 * seasons.at(-1)! : Infinity),
  forecast: (values, seasons, horizon) => seasonalNaive(values, seasons.at(-1) ?? 1, horizon),
};

export const methods: readonly Method[] = [lastValue, shortNaive, longNaive];
