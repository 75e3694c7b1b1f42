import { expect, test } from 'vitest';
import { residualScores, forecastScore } from './anomaly.ts';
import { Draws } from './draws.ts';
import { forecast } from './forecast.ts';

/** Hours with a daily swing of 40 and noise of 1 that remembers. */
function hours(length: number, seed: number): Float64Array {
  const draws = new Draws(seed);
  let noise = 0;
  return Float64Array.from({ length }, (_, t) => {
    noise = 0.6 * noise + draws.normal();
    return 100 + 20 * Math.sin((2 * Math.PI * t) / 24) + noise;
  });
}

test('a value that would be usual at another hour stands out at its own', () => {
  const values = hours(480, 1);
  // in the evening 80 is usual
  const place = 16 * 24 + 18;
  values[place] = 110;
  const scores = residualScores(values, [24]);
  expect(Math.abs(scores[place]!)).toBeGreaterThan(10);
  const others = scores.filter((_, t) => Math.abs(t - place) > 3);
  expect(others.every((score) => Math.abs(score) < 6)).toBe(true);
});

test('scores of a healthy series are about normal', () => {
  const scores = residualScores(hours(2000, 2), [24]);
  const beyond = scores.filter((score) => Math.abs(score) > 1.96).length / 2000;
  expect(beyond).toBeGreaterThan(0.03);
  expect(beyond).toBeLessThan(0.08);
});

test('series that are short, flat or full of gaps have scores of 0', () => {
  expect([...residualScores(Float64Array.of(1, 2, 9), [24])]).toEqual([0, 0, 0]);
  expect(residualScores(new Float64Array(100).fill(3), [24]).every((score) => score === 0)).toBe(true);
  expect(residualScores(new Float64Array(100).fill(Number.NaN), [24]).every((score) => score === 0)).toBe(true);
});

test('scores of what was to be expected are spread as normal ones, and those of a jump are far', () => {
  let far = 0;
  let count = 0;
  for (let seed = 10; seed < 30; seed++) {
    const all = hours(524, seed);
    const made = forecast(all.subarray(0, 500), { seasons: [24], horizon: 24, levels: [] });
    const scoresOf = (values: Float64Array): Float64Array =>
      values.map((value, step) => forecastScore(made, step, value));
    const scores = scoresOf(all.subarray(500));
    far += scores.filter((score) => Math.abs(score) > 1.2816).length;
    count += scores.length;
    expect(scoresOf(all.slice(500).map((value) => value + 15)).every((score) => score > 2.3)).toBe(true);
  }
  expect(Math.abs(far / count - 0.2)).toBeLessThan(0.08);
  const made = forecast(hours(500, 1), { seasons: [24], horizon: 24, levels: [] });
  expect([forecastScore(made, 0, Number.NaN), forecastScore(made, 24, 1)]).toEqual([Number.NaN, Number.NaN]);
});
