import { expect, test } from 'vitest';
import { forecast } from './forecast.ts';

const options = { seasons: [24, 168], horizon: 48, levels: [0.8, 0.95] };

test('odd series are forecast without a throw', () => {
  const odd = [
    [],
    [5],
    [1, 2],
    [Number.NaN],
    [Number.NaN, 3, Number.NaN],
    [Infinity, 1, 2],
    [0, 0, 0, 0],
    [1, 2, 3, 4, 5],
  ];
  for (const values of odd) {
    const { mean, intervals } = forecast(Float64Array.from(values), options);
    expect(mean.length).toBe(48);
    expect(mean.every(Number.isFinite)).toBe(true);
    for (const { lower, upper } of intervals) {
      expect(lower.every((value, h) => Number.isFinite(value) && value <= upper[h]!)).toBe(true);
    }
  }
});

test('a constant series stays, with no doubt', () => {
  const { mean, intervals } = forecast(new Float64Array(100).fill(7), options);
  expect([...new Set(mean)]).toEqual([7]);
  expect(intervals.map(({ lower, upper }) => [lower[0], upper[47]])).toEqual([
    [7, 7],
    [7, 7],
  ]);
});
