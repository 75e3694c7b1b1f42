import { expect, test } from 'vitest';
import { placeInterval } from './interval-layout.ts';

test('what is equal stands in the middle, and worse to the right', () => {
  const { estimate, neutral, low, high } = placeInterval({ low: 0.9, high: 1.2, estimate: 1.1, neutral: 1 }, 100, 0.2);
  expect(neutral).toBe(50);
  expect(low).toBeCloseTo(25);
  expect(estimate).toBeCloseTo(75);
  expect(high).toBeCloseTo(100);
});

test('the scale grows with the interval up to a limit, and what is beyond is cut', () => {
  const wide = placeInterval({ low: 0.4, high: 1.3, estimate: 0.8, neutral: 1 }, 100, 0.2);
  expect(wide.low).toBeCloseTo(0);
  expect(wide.isCutLow).toBe(false);
  const open = placeInterval({ low: -Infinity, high: 9, estimate: NaN, neutral: 1 }, 100, 0.2);
  expect(open).toEqual({ low: 0, high: 100, estimate: 50, neutral: 50, isCutLow: true, isCutHigh: true });
});
