import { signalOf } from '../../../operational-loop/src/model/signals.ts';
import { expect, test } from 'vitest';
import {
  formatChange,
  formatMoney,
  formatNumber,
  formatProbability,
  inUnit,
  measureOf,
  measureOfMetric,
  withUnit,
} from './units.ts';

test('numbers have as many digits as count', () => {
  expect([1204.4, 120, 38.14, 4.217, 0.4231, 0.01234, 0, -0.0002].map(formatNumber)).toEqual([
    '1,204',
    '120',
    '38.1',
    '4.22',
    '0.42',
    '0.012',
    '0',
    '0.000',
  ]);
});

test('what was not measured is a dash', () => {
  expect([undefined, null, NaN].map(formatNumber)).toEqual(['–', '–', '–']);
  expect(withUnit(measureOf('latencyP95'), undefined)).toBe('–');
});

test('seconds are shown in milliseconds, shares in percent, bytes in MiB', () => {
  expect(withUnit(measureOf('latencyP95'), 0.0483)).toBe('48.3 ms');
  expect(withUnit(measureOf('errorRatio'), 0.012)).toBe('1.20 %');
  expect(withUnit(measureOf('memoryBytes'), 412 * 2 ** 20)).toBe('412 MiB');
  expect(inUnit(measureOf('cpuCores'), 0.62)).toBe('0.62');
});

test('a metric that is no signal keeps its name and its number', () => {
  expect(withUnit(measureOfMetric('queue.length'), 12)).toBe('12.0');
  expect(measureOfMetric('queue.length').label).toBe('queue.length');
});

test('a signal is found in its place', () => {
  const signals = {
    service: 'checkout',
    from: 0,
    to: 1,
    traffic: 12,
    latency: { p50: 1, p95: 2, p99: 3, mean: 4 },
    saturation: { openFiles: 7 },
  };
  expect(signalOf(signals, 'traffic')).toBe(12);
  expect(signalOf(signals, 'latencyP99')).toBe(3);
  expect(signalOf(signals, 'openFiles')).toBe(7);
  expect(signalOf(signals, 'errorRatio')).toBeUndefined();
});

test('probabilities near 0 and 1 are not rounded away', () => {
  expect([0, 0.0004, 0.041, 0.5, 0.62, 0.975, 0.99995, 1].map(formatProbability)).toEqual([
    '0 %',
    '< 0.1 %',
    '4.1 %',
    '50 %',
    '62 %',
    '97.5 %',
    '> 99.9 %',
    '100 %',
  ]);
});

test('changes have a sign', () => {
  expect([-0.38, 0.27, 0.012, 0].map(formatChange)).toEqual(['−38 %', '+27 %', '+1.2 %', '±0 %']);
});

test('money has its currency where that is known', () => {
  expect(formatMoney(8.4, 'EUR')).toBe('8.40 EUR');
  expect(formatMoney(1234.5, undefined)).toBe('1,235');
});
