import { expect, test } from 'vitest';
import { normalQuantile } from '../statistics/distributions.ts';
import { Draws } from './draws.ts';
import { firstPassings, passingChance } from './passing.ts';
import { saturation } from './saturation.ts';

const quantiles = Float64Array.from({ length: 400 }, (_, i) => normalQuantile((i + 0.5) / 400));
const normal = (scale: number, persistence: number, steps: number) => ({
  mean: new Float64Array(steps),
  distribution: {
    scale: new Float64Array(steps).fill(scale),
    quantiles,
    persistence,
    common: new Float64Array(steps),
    walk: false,
  },
});

test('at a step the chance is the distribution’s', () => {
  const { byStep } = passingChance(normal(2, 0, 1), 2);
  expect(byStep[0]).toBeCloseTo(0.15866, 3);
  expect(passingChance(normal(2, 0, 1), -2, 'below').byStep[0]).toBeCloseTo(0.15866, 3);
  // three and a half deviations, beyond the outermost point that is kept
  expect(passingChance(normal(1, 0, 1), 3.5).byStep[0]! / 2.326e-4).toBeCloseTo(1, 0);
});

test('over a horizon independent steps pass more often than steps that hang together', () => {
  const apart = passingChance(normal(1, 0, 20), 2).anywhere;
  expect(apart).toBeCloseTo(1 - (1 - 0.02275) ** 20, 1);
  expect(passingChance(normal(1, 0.99, 20), 2).anywhere).toBeLessThan(apart / 3);
});

test('a walk passes a limit as often as the reflection principle says', () => {
  const steps = 400;
  const { mean, distribution } = normal(1, 0, steps);
  const walk = { ...distribution, walk: true, scale: distribution.scale.map((_, h) => Math.sqrt(h + 1)) };
  const passed = firstPassings({ mean, distribution: walk }, 20, 'above').filter(Number.isFinite).length / 1000;
  // 2 · P(Z > 20 / √400), less what a walk in steps misses
  expect(passed).toBeGreaterThan(0.26);
  expect(passed).toBeLessThan(0.34);
});

test('a series that grows is said to pass its limit about when it does', () => {
  const draws = new Draws(6);
  const values = Float64Array.from({ length: 300 }, (_, t) => 10 + 0.2 * t + draws.normal());
  const found = saturation(values, { step: 1000, limit: 100, seasons: [], horizon: 400 });
  expect(found.state).toBe('expected');
  // 10 + 0.2 · t = 100 at t = 450
  expect(found.after! / 1000).toBeGreaterThan(120);
  expect(found.after! / 1000).toBeLessThan(165);
  expect(found.earliest!).toBeLessThan(found.after!);
  expect(found.latest ?? Infinity).toBeGreaterThan(found.after!);
});

test('a series that stays is not expected to pass, one that fell below is past, one above has passed', () => {
  const draws = new Draws(7);
  const values = Float64Array.from({ length: 300 }, () => 50 + draws.normal());
  const options = { step: 1, seasons: [], horizon: 100 };
  expect(saturation(values, { ...options, limit: 80 })).toMatchObject({ state: 'not-expected', probability: 0 });
  expect(saturation(values, { ...options, limit: 40 })).toMatchObject({ state: 'passed', after: 0 });
  expect(saturation(values, { ...options, limit: 60, direction: 'below' }).state).toBe('passed');
  expect(saturation(Float64Array.of(Number.NaN), { ...options, limit: 60 }).state).toBe('not-expected');
});

test('a daily swing below the limit does not hide that its peaks grow towards it', () => {
  const draws = new Draws(8);
  const values = Float64Array.from(
    { length: 24 * 40 },
    (_, t) => 50 + 0.02 * t + 10 * Math.sin((2 * Math.PI * t) / 24) + draws.normal(),
  );
  const hour = 3_600_000;
  const found = saturation(values, { step: hour, limit: 90, seasons: [24], horizon: 24 * 60 });
  // 50 + 0.02 · t + 10 + about 1.5 = 90 at t = 1425: 19 days after the end
  expect(found.after! / hour / 24).toBeGreaterThan(13);
  expect(found.after! / hour / 24).toBeLessThan(26);
});

test('equal seeds draw alike', () => {
  expect([...new Draws(3).path(5, { persistence: 0.5 })]).toEqual([...new Draws(3).path(5, { persistence: 0.5 })]);
});
