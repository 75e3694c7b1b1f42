import { expect, test } from 'vitest';
import { mase, msis, smape } from './accuracy.ts';
import { fitAutoregression } from './autoregression.ts';
import { decompose } from './decomposition.ts';
import { Draws } from './draws.ts';
import { filled } from './gaps.ts';
import { loess } from './loess.ts';
import { methodsForOneSeries } from './methods.ts';
import { leastOf } from './nelder-mead.ts';
import { rollingOrigin } from './rolling-origin.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { continued, fitSmoothing, smoothed } from './smoothing.ts';

test('seasonal naive repeats the last season', () => {
  expect([...seasonalNaive(Float64Array.of(1, 2, 3, 4, 5), 2, 5)]).toEqual([4, 5, 4, 5, 4]);
  expect([...seasonalNaive(Float64Array.of(1, 2), 24, 2)]).toEqual([2, 2]);
});

test('the measures are those of M4, worked out by hand', () => {
  const actual = Float64Array.of(10, 20);
  const made = Float64Array.of(12, 20);
  expect(smape(actual, made)).toBeCloseTo((200 * (2 / 22)) / 2, 12);
  expect(mase(actual, made, 4)).toBe(0.25);
  // widths 4 and 4; the second value is 1 below its interval, which costs 2 / 0.05 · 1
  const interval = { level: 0.95, lower: Float64Array.of(9, 21), upper: Float64Array.of(13, 25) };
  expect(msis(actual, interval, 2)).toBeCloseTo((4 + 4 + 40) / 2 / 2, 12);
});

test('the simplex finds the valley of Rosenbrock', () => {
  const rosenbrock = ([x = 0, y = 0]: Float64Array): number => 100 * (y - x * x) ** 2 + (1 - x) ** 2;
  const [x, y] = leastOf(rosenbrock, Float64Array.of(-1.2, 1), { step: 0.5, evaluations: 1000, tolerance: 1e-14 });
  expect(x).toBeCloseTo(1, 4);
  expect(y).toBeCloseTo(1, 4);
});

// Hyndman & Athanasopoulos, "Forecasting: principles and practice" (3rd edition), section 8.1: Algerian exports, whose smoothing
// there has α = 0.84, level 39.5 at the start and 22.4 at the end.
test('simple smoothing follows the published example', () => {
  const exports = [
    39.04, 46.24, 19.79, 24.68, 25.08, 22.6, 26, 23.43, 23.13, 23.79, 22.07, 18.44, 20.44, 25.5, 38.75, 33.69, 29.3,
    30.91, 25.51, 31.14, 34.34, 34.59, 27.82, 21.93, 25.71, 23.58, 12.86, 14.27, 15.5, 18.59, 23.44, 29.12, 25.32,
    21.78, 22.53, 26.19, 29.76, 30.91, 22.58, 28.15, 42.07, 36.69, 35.5, 38.25, 40.05, 47.2, 48.81, 47.07, 47.97, 35.37,
    38.44, 38.79, 36.89, 33.21, 30.22, 23.17, 20.86, 22.64,
  ];
  const values = Float64Array.from(exports);
  const parameters = fitSmoothing(values, [], { trend: false, error: false });
  expect(parameters.level).toBeGreaterThan(0.75);
  expect(parameters.level).toBeLessThan(0.95);
  expect(continued(smoothed(values, [], parameters), parameters, 3)[2]).toBeCloseTo(22.4, 0);
});

test('smoothing finds the seasons of a series that has them', () => {
  const values = Float64Array.from({ length: 240 }, (_, t) => 50 + (t % 4) * 3 + (t % 12 === 0 ? 5 : 0));
  const parameters = fitSmoothing(values, [4, 12], { trend: true, error: true });
  const ahead = continued(smoothed(values, [4, 12], parameters), parameters, 12);
  for (let h = 0; h < 12; h++) expect(ahead[h]).toBeCloseTo(50 + (h % 4) * 3 + (h === 0 ? 5 : 0), 1);
});

test('local regression keeps a straight line, also beyond its ends', () => {
  const line = Float64Array.from({ length: 30 }, (_, t) => 2 + 0.5 * t);
  const smooth = loess(line, { window: 9, degree: 1, jump: 3 }, 1, 1);
  smooth.forEach((value, i) => expect(value).toBeCloseTo(2 + 0.5 * (i - 1), 8));
});

test('a decomposition adds up to the series, and finds both seasons', () => {
  const draws = new Draws(4);
  const day = (t: number): number => 10 * Math.sin((2 * Math.PI * t) / 24);
  const week = (t: number): number => (Math.floor(t / 24) % 7 >= 5 ? -8 : 3.2);
  const values = Float64Array.from({ length: 840 }, (_, t) => 100 + 0.01 * t + day(t) + week(t) + draws.normal());
  const { trend, seasonal, rest } = decompose(values, [24, 168]);
  let wrong = 0;
  values.forEach((value, t) => {
    expect(trend[t]! + seasonal[0]![t]! + seasonal[1]![t]! + rest[t]!).toBeCloseTo(value, 8);
    wrong += Math.abs(seasonal[0]![t]! + seasonal[1]![t]! - day(t) - week(t)) / 840;
  });
  expect(wrong).toBeLessThan(1);
});

test('regression on the past finds the coefficients of a second-order process', () => {
  const draws = new Draws(11);
  const values = new Float64Array(4000);
  for (let t = 2; t < values.length; t++) values[t] = 0.6 * values[t - 1]! + 0.3 * values[t - 2]! + draws.normal();
  const { coefficients } = fitAutoregression(values, [1, 2], 1e-6);
  expect(coefficients[0]).toBeCloseTo(0.6, 1);
  expect(coefficients[1]).toBeCloseTo(0.3, 1);
});

test('no trial sees what comes after its origin', () => {
  const draws = new Draws(2);
  const values = Float64Array.from(
    { length: 400 },
    (_, t) => 50 + 9 * Math.sin((2 * Math.PI * t) / 24) + draws.normal(),
  );
  const plan = { horizon: 24, spacing: 24, most: 5, least: 200 };
  const run = (of: Float64Array) => rollingOrigin(of, methodsForOneSeries().slice(0, 17), [24], plan);
  const before = run(values);
  const changed = values.slice();
  const origin = before.origins[2]!;
  for (let t = origin; t < 400; t++) changed[t]! += 1000 * draws.normal();
  const after = run(changed);
  before.forecasts.forEach((rows, method) => {
    for (let o = 0; o <= 2; o++) expect([...after.forecasts[method]![o]!]).toEqual([...rows[o]!]);
  });
});

test('gaps are filled from the season, or by a line', () => {
  const none = Number.NaN;
  expect([...filled(Float64Array.of(1, 2, 1, none, 1, 4), 2)]).toEqual([1, 2, 1, 3, 1, 4]);
  expect([...filled(Float64Array.of(none, 1, none, none, 4, none), 1)]).toEqual([1, 1, 2, 3, 4, 4]);
  expect([...filled(Float64Array.of(none, none), 1)]).toEqual([0, 0]);
});
