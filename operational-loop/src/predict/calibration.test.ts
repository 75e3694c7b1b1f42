import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import { calibrationOf, wilson } from './calibration.ts';

test('the Brier score is the mean squared difference', () => {
  const { brier, brierOfBaseRate, count } = calibrationOf([0.9, 0.1, 0.8, 0.3], [1, 0, 0, 1]);
  expect(count).toBe(4);
  expect(brier).toBeCloseTo((0.01 + 0.01 + 0.64 + 0.49) / 4, 12);
  expect(brierOfBaseRate).toBe(0.25);
});

// Newcombe 1998, table I: 81 of 263 give 0.2553 to 0.3662, 0 of 20 give 0 to 0.1611
test('the interval of a share is the published one', () => {
  expect(wilson(81, 263).map((end) => Number(end.toFixed(4)))).toEqual([0.2553, 0.3662]);
  expect(wilson(0, 20).map((end) => Number(end.toFixed(4)))).toEqual([0, 0.1611]);
});

test('true probabilities lie within their bins’ intervals, and wrong ones do not', () => {
  const random = new Random(2);
  const given = Array.from({ length: 20_000 }, () => random.below(1001) / 1000);
  const happened = given.map((probability) => Number(random.below(1e6) / 1e6 < probability));
  const { bins: honest, z } = calibrationOf(given, happened);
  expect(Math.abs(z)).toBeLessThan(3);
  expect(honest.length).toBe(10);
  expect(honest.filter((bin) => bin.given < bin.lower || bin.given > bin.upper).length).toBeLessThanOrEqual(2);
  const { bins: bold, z: far } = calibrationOf(
    given.map((probability) => (probability > 0.5 ? 0.95 : 0.05)),
    happened,
  );
  expect(Math.abs(far)).toBeGreaterThan(10);
  expect(bold.every((bin) => bin.given < bin.lower || bin.given > bin.upper)).toBe(true);
});
