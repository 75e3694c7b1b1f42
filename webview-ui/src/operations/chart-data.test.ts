import { expect, test } from 'vitest';
import type { ForecastState } from '../../../operational-loop/src/api/messages.ts';
import { fanColumns, lineColumns, spreadLabels, spreadRows } from './chart-data.ts';

const forecast: ForecastState = {
  service: 'checkout',
  signal: 'latencyP95',
  unit: 's',
  method: 'Theta',
  past: { times: [1000, 2000, 3000], values: [0.01, 0.02, null], scores: [0, 0, 0], unusual: [] },
  future: {
    times: [4000, 5000],
    mean: [0.03, 0.04],
    intervals: [
      { level: 0.8, lower: [0.02, 0.02], upper: [0.04, 0.05] },
      { level: 0.95, lower: [0.01, 0.01], upper: [0.05, 0.06] },
    ],
  },
  limit: undefined,
  saturation: undefined,
  risk: undefined,
};

test('a fan opens at the last value that was measured', () => {
  const fan = fanColumns(forecast);
  expect(fan.times).toEqual([1, 2, 3, 4, 5]);
  expect(fan.values[fan.past]).toEqual([10, 20, null, null, null]);
  expect(fan.values[fan.mean]).toEqual([null, null, 20, 30, 40]);
  expect(fan.now).toBe(3);
});

test('the widest band comes first, and all bands before the lines', () => {
  const { bands, values, past, mean } = fanColumns(forecast);
  expect(bands.map(({ level }) => level)).toEqual([0.95, 0.8]);
  expect(values[bands[0]!.upper]).toEqual([null, null, 20, 50, 60]);
  expect(values[bands[1]!.lower]).toEqual([null, null, 20, 20, 20]);
  expect(Math.max(...bands.flatMap(({ lower, upper }) => [lower, upper]))).toBeLessThan(Math.min(past, mean));
});

test('a forecast without a past begins with its first step', () => {
  const fan = fanColumns({ ...forecast, past: { times: [], values: [], scores: [], unusual: [] } });
  expect(fan.times).toEqual([4, 5]);
  expect(fan.values.every(({ length }) => length === 2)).toBe(true);
});

test('drifted instances are drawn last, in front', () => {
  const history = {
    service: 'checkout',
    signal: 'memoryBytes' as const,
    times: [1000, 2000],
    instances: [
      { id: 'a', values: [2 ** 20, null] },
      { id: 'b', values: [2 ** 21, NaN] },
      { id: 'c', values: [0, 2 ** 20] },
    ],
  };
  const { names, values } = lineColumns(history, new Set(['a']));
  expect(names).toEqual(['b', 'c', 'a']);
  expect(values).toEqual([
    [2, null],
    [0, 1],
    [1, null],
  ]);
});

test('lines begin where anything was measured', () => {
  const history = {
    service: 'checkout',
    signal: 'traffic' as const,
    times: [1000, 2000, 3000],
    instances: [
      { id: 'a', values: [null, null, 3] },
      { id: 'b', values: [null, 2, null] },
    ],
  };
  expect(lineColumns(history, new Set())).toEqual({
    times: [2, 3],
    names: ['a', 'b'],
    values: [
      [null, 3],
      [2, null],
    ],
  });
});

test('a table has few rows, the last of them with it', () => {
  expect(spreadRows(5, 10)).toEqual([0, 1, 2, 3, 4]);
  expect(spreadRows(10, 4)).toEqual([0, 3, 6, 9]);
  expect(spreadRows(0, 4)).toEqual([]);
});

test('labels that would cover each other move apart, and stay in the chart', () => {
  expect(spreadLabels([50, 10], 12, 100)).toEqual([50, 10]);
  expect(spreadLabels([50, 52], 12, 100)).toEqual([50, 62]);
  expect(spreadLabels([98, 99, 100], 12, 100)).toEqual([76, 88, 100]);
});
