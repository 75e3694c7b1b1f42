import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import { bestLag, effectiveSize, pearson, ranks, spearman, spearmanOfSeries } from './correlation.ts';
import { cloudOf, mahalanobis } from './mahalanobis.ts';
import { leastSquares } from './matrix.ts';

// SciPy 1.17's documentation has the numbers of these two.
test('correlations have their published values', () => {
  const rank = spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]);
  expect(rank.r).toBeCloseTo(0.8207826816681233, 12);
  expect(rank.p).toBeCloseTo(0.08858700531354384, 8);
  const linear = pearson([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]);
  expect(linear.r).toBeCloseTo(0.8320502943378436, 12);
  expect(linear.p).toBeCloseTo(0.0805095732984986, 8);
});

test('equal values share a rank, and missing pairs are left out', () => {
  expect([...ranks([10, 20, 20, 5])]).toEqual([2, 3.5, 3.5, 1]);
  expect(spearman([1, Number.NaN, 3, 4], [1, 5, 3, Number.NaN]).pairs).toBe(2);
  expect(pearson([1, 1, 1], [1, 2, 3]).p).toBeNaN();
});

test('series that each remember their past are not taken for correlated', () => {
  const random = new Random(3);
  const walk = (): Float64Array => {
    let value = 0;
    return Float64Array.from({ length: 300 }, () => (value = 0.9 * value + random.below(1000) / 1000 - 0.5));
  };
  let naive = 0;
  let aware = 0;
  for (let i = 0; i < 400; i++) {
    const [a, b] = [walk(), walk()];
    if (spearman(a, b).p <= 0.05) naive++;
    if (spearmanOfSeries(a, b).p <= 0.05) aware++;
  }
  expect(naive).toBeGreaterThan(120);
  expect(aware).toBeLessThan(45);
});

// (1 − φ) / (1 + φ) of the values count for the mean of an autoregression
test('a series that remembers its past is worth as many independent values as theory says', () => {
  const random = new Random(7);
  const sizes = [0, 0.5, 0.8].map((memory) => {
    let sum = 0;
    for (let trial = 0; trial < 40; trial++) {
      let value = 0;
      const series = Float64Array.from(
        { length: 2000 },
        () => (value = memory * value + random.below(1000) / 1000 - 0.5),
      );
      sum += effectiveSize(series) / 2000 / 40;
    }
    return sum;
  });
  expect(sizes[0]).toBeGreaterThan(0.85);
  expect(sizes[1]).toBeCloseTo(1 / 3, 1);
  expect(Math.abs(sizes[2]! - 1 / 9)).toBeLessThan(0.03);
});

test('the lag of a follower is found', () => {
  const random = new Random(9);
  const leader = Float64Array.from({ length: 200 }, () => random.below(100));
  const follower = leader.map((_, i) => leader[i - 4] ?? 50);
  expect(bestLag(leader, follower, 10)?.lag).toBe(4);
  expect(bestLag(follower, leader, 10)?.lag).toBe(-4);
});

test('the Mahalanobis distance is the published one', () => {
  // SciPy's documentation: inverse covariance [[1, .5, .5], [.5, 1, .5], [.5, .5, 1]], of [1, 0, 0] and [0, 1, 0]: 1
  // covariance of it: [[1.5, −.5, −.5], …], whose Cholesky triangle is given here
  const lower = [Math.sqrt(1.5), 0, 0, -0.5 / Math.sqrt(1.5), 0, 0, -0.5 / Math.sqrt(1.5), 0, 0];
  lower[4] = Math.sqrt(1.5 - lower[3]! ** 2);
  lower[7] = (-0.5 - lower[6]! * lower[3]!) / lower[4];
  lower[8] = Math.sqrt(1.5 - lower[6]! ** 2 - lower[7] ** 2);
  const cloud = { centre: Float64Array.of(0, 1, 0), cholesky: Float64Array.from(lower) };
  expect(mahalanobis(cloud, Float64Array.of(1, 0, 0))).toBeCloseTo(1, 12);
});

test('a point against the grain of its cloud is far, though each value is usual', () => {
  const random = new Random(1);
  const x = Float64Array.from({ length: 200 }, () => random.below(1000) / 100);
  const y = x.map((value) => value + random.below(100) / 100);
  const cloud = cloudOf([x, y]);
  expect(mahalanobis(cloud, Float64Array.of(5, 5.5))).toBeLessThan(1);
  expect(mahalanobis(cloud, Float64Array.of(3, 7))).toBeGreaterThan(5);
});

test('least squares finds a line, past a missing value', () => {
  const one = Float64Array.of(1, 1, 1, 1);
  const x = Float64Array.of(0, 1, 2, 3);
  const [intercept, slope] = leastSquares([one, x], Float64Array.of(1, 3, Number.NaN, 7));
  expect(intercept).toBeCloseTo(1, 10);
  expect(slope).toBeCloseTo(2, 10);
});
