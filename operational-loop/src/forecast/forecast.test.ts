import { expect, test } from 'vitest';
import { coverage, mase, seasonalScale } from './accuracy.ts';
import { Draws } from './draws.ts';
import { forecast } from './forecast.ts';
import { seasonalNaive } from './seasonal-naive.ts';

const options = { seasons: [24, 168], horizon: 48, levels: [0.8, 0.95] };

/** Hours with a day, a weekend and noise that remembers. */
function hours(length: number, seed: number): Float64Array {
  const draws = new Draws(seed);
  let noise = 0;
  return Float64Array.from({ length }, (_, t) => {
    noise = 0.7 * noise + 4 * draws.normal();
    const weekend = Math.floor(t / 24) % 7 >= 5 ? 0.6 : 1;
    return 200 + weekend * 80 * Math.sin((2 * Math.PI * t) / 24) + noise;
  });
}

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
    [1e300, -1e300, 1e300],
    Array.from({ length: 60 }, (_, t) => (t === 59 ? 1 : 0)),
  ];
  for (const values of odd) {
    const { mean, intervals } = forecast(Float64Array.from(values), options);
    expect(mean.length).toBe(48);
    expect(mean.every(Number.isFinite)).toBe(true);
    for (const { lower, upper } of intervals) expect(lower.every((value, h) => value <= upper[h]!)).toBe(true);
  }
});

test('every length up to three weeks is forecast', () => {
  const series = hours(504, 3);
  for (let length = 1; length <= 504; length += length < 60 ? 1 : 37) {
    const { mean, intervals } = forecast(series.subarray(0, length), options);
    expect(mean.every(Number.isFinite)).toBe(true);
    expect(intervals.every(({ lower, upper }) => [...lower, ...upper].every(Number.isFinite))).toBe(true);
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

test('a series that repeats itself is forecast exactly', () => {
  const day = Array.from({ length: 24 }, (_, h) => (h * 7) % 24);
  const series = Float64Array.from({ length: 480 }, (_, t) => day[t % 24]!);
  const { mean } = forecast(series, { ...options, seasons: [24] });
  for (let h = 0; h < 48; h++) expect(mean[h]).toBeCloseTo(day[h % 24]!, 6);
});

test('a day and a week together are forecast much better than by the day alone, and intervals hold what they say', () => {
  let ours = 0;
  let naive = 0;
  let within80 = 0;
  let within95 = 0;
  const times = 20;
  for (let seed = 1; seed <= times; seed++) {
    const all = hours(792 + 48, seed);
    // the weekend comes next
    const [known, actual] = [all.subarray(0, 792), all.subarray(792)];
    const { mean, intervals } = forecast(known, options);
    const scale = seasonalScale(known, 24);
    ours += mase(actual, mean, scale) / times;
    naive += mase(actual, seasonalNaive(known, 24, 48), scale) / times;
    within80 += coverage(actual, intervals[0]!.lower, intervals[0]!.upper) / times;
    within95 += coverage(actual, intervals[1]!.lower, intervals[1]!.upper) / times;
  }
  expect(ours).toBeLessThan(0.6 * naive);
  expect(Math.abs(within80 - 0.8)).toBeLessThan(0.07);
  expect(Math.abs(within95 - 0.95)).toBeLessThan(0.04);
});

test('missing values cost little', () => {
  const all = hours(748, 5);
  const actual = all.subarray(700);
  const known = all.slice(0, 700);
  const scale = seasonalScale(known, 24);
  const whole = mase(actual, forecast(known, options).mean, scale);
  for (let t = 0; t < 700; t += 9) known[t] = Number.NaN;
  known.fill(Number.NaN, 300, 330);
  expect(mase(actual, forecast(known, options).mean, scale)).toBeLessThan(whole + 0.3);
});

test('what a forecast says does not depend on the unit', () => {
  const series = hours(500, 8);
  const plain = forecast(series, options);
  const scaled = forecast(
    series.map((value) => 1e-6 * value),
    options,
  );
  for (let h = 0; h < 48; h++) expect(scaled.mean[h]! / 1e-6).toBeCloseTo(plain.mean[h]!, 3);
});

test('the candidates are ranked by their error on the past', () => {
  const { candidates } = forecast(hours(700, 2), options);
  const errors = candidates.map(({ error }) => error);
  expect(errors).toEqual(errors.toSorted((a, b) => a - b));
  expect(candidates.map(({ method }) => method)).toContain('mstl+ets');
});
