import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import { stabilityOfCounts, populationStability, wasserstein } from './distances.ts';
import { benjaminiHochberg } from './false-discovery.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { mad, quantile } from './robust.ts';

const A = [1.2, 0.3, 2.2, 1.1, 0.7, 3.1, 2.0];
const B = [2.1, 1.9, 3.3, 4.0, 2.8, 1.0, 3.9, 2.6];
const counting = (n: number, slope: number, from: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => from + slope * i);

// The expected numbers of this file are those of SciPy 1.17.
test('the Kolmogorov-Smirnov test is exact for small samples', () => {
  const { statistic, p } = kolmogorovSmirnov(A, B);
  expect(statistic).toBeCloseTo(0.48214286, 8);
  expect(p).toBeCloseTo(0.25221445, 8);
});

test('for great samples it is near the exact one', () => {
  const { statistic, p } = kolmogorovSmirnov(counting(200, 1, 0), counting(200, 0.9, 25));
  expect(statistic).toBe(0.125);
  expect(Math.abs(p - 0.0878383)).toBeLessThan(0.01);
});

test('of samples from one distribution the Kolmogorov-Smirnov test rejects about the level', () => {
  const random = new Random(5);
  const draw = (): Float64Array => Float64Array.from({ length: 40 }, () => random.below(1e9));
  let rejected = 0;
  for (let i = 0; i < 1000; i++) if (kolmogorovSmirnov(draw(), draw()).p <= 0.05) rejected++;
  expect(rejected).toBeGreaterThan(15);
  expect(rejected).toBeLessThan(70);
});

test('the Wasserstein distance is the work of moving one sample to the other', () => {
  expect(wasserstein([0, 1, 3], [5, 6, 8])).toBeCloseTo(5, 12);
  expect(wasserstein([3.4, 3.9, 7.5, 7.8], [4.5, 1.4])).toBeCloseTo(2.7, 12);
  expect(wasserstein(A, B)).toBeCloseTo(1.18571429, 8);
});

test('the population stability index is 0 of equal shares, and as computed by hand of others', () => {
  expect(stabilityOfCounts([10, 20, 30], [20, 40, 60])).toBeCloseTo(0, 12);
  // (0.6 − 0.5)·ln(0.6 / 0.5) + (0.4 − 0.5)·ln(0.4 / 0.5)
  expect(stabilityOfCounts([50, 50], [60, 40])).toBeCloseTo(0.0405465, 6);
  expect(populationStability(counting(1000, 1, 0), counting(1000, 1, 500))).toBeGreaterThan(0.25);
});

test('what is missing is left out, and nothing gives NaN', () => {
  expect(wasserstein([Number.NaN, 1, 2], [1, 2, Number.NaN])).toBe(0);
  expect(kolmogorovSmirnov([], [1]).p).toBeNaN();
  expect(populationStability([], [1])).toBeNaN();
  expect(quantile([Number.NaN, 3, 1, 2], 0.5)).toBe(2);
});

test('p values are adjusted for their number', () => {
  expect([...benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.5])].map((q) => Number(q.toFixed(12)))).toEqual([
    0.025, 0.05, 0.05, 0.025, 0.5,
  ]);
  expect([...benjaminiHochberg([Number.NaN, 0.02])]).toEqual([Number.NaN, 0.02]);
});

test('one wild value does not move the robust spread', () => {
  expect(mad([1, 2, 3, 4, 5, 6, 1e9])).toBeCloseTo(1.4826022 * 2, 6);
});
