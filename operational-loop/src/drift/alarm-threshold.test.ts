import { expect, test } from 'vitest';
import { Noise } from '../../../test/support/simulated-fleet.ts';
import { AlarmThreshold } from './alarm-threshold.ts';

/** Alarms in the second half of `steps` of scores that remember themselves, of heavy or light tails, of five instances. */
function alarmsOf(seed: number, perStep: number, steps: number, heavy: boolean): number {
  const noise = new Noise(seed);
  const threshold = new AlarmThreshold(20, steps);
  const values = new Float64Array(5);
  const last = new Float64Array(5).fill(-Infinity);
  let alarms = 0;
  for (let step = 0; step < steps; step++) {
    for (let at = 0; at < 5; at++) {
      values[at] = 0.8 * values[at]! + 0.6 * noise.normal();
      const score = heavy ? Math.exp(Math.abs(values[at]!)) : Math.abs(values[at]!);
      if (step > steps / 2 && score > threshold.limit) {
        if (step - last[at]! > 20) alarms++;
        last[at] = step;
      }
      threshold.add(at, step, score);
    }
    if (step % 100 === 0) threshold.refresh(perStep, step);
  }
  return alarms;
}

test.each([
  ['where many were seen', 1 / 100, 8000],
  ['where the tail has to be guessed', 1 / 1000, 8000],
])('alarms come as often as wanted, %s, be the tail light or heavy', (_, perStep, steps) => {
  const fleets = perStep < 1 / 500 ? 20 : 4;
  for (const heavy of [false, true]) {
    let alarms = 0;
    for (let seed = 0; seed < fleets; seed++) alarms += alarmsOf(100 + seed, perStep, steps, heavy);
    const wanted = (fleets * perStep * steps) / 2;
    expect(alarms / wanted).toBeGreaterThan(0.7);
    expect(alarms / wanted).toBeLessThan(1.3);
  }
});

test('nothing is an alarm before anything was seen, and one stretch of high scores is one alarm', () => {
  const threshold = new AlarmThreshold(10, 1000);
  expect(threshold.limit).toBe(Infinity);
  expect(threshold.rate(5)).toBeNaN();
  for (let step = 0; step < 1000; step++) threshold.add(0, step, step % 50 < 5 ? 10 + (step % 7) : 1 + (step % 3) / 10);
  threshold.refresh(1 / 50, 999);
  // twenty stretches were seen in 1000 steps, and as many are wanted: their level, not that of their 100 scores
  expect(threshold.limit).toBeLessThan(15);
  expect(threshold.rate(30)).toBeLessThan(threshold.rate(12));
});

test('scores that are made again are those that count', () => {
  const noise = new Noise(4);
  const limits = [undefined, (detail: Float32Array) => 2 * detail[0]!].map((rescore) => {
    const threshold = new AlarmThreshold(2, 10_000);
    for (let step = 0; step < 2000; step++) {
      const value = Math.abs(noise.normal());
      threshold.add(0, step, value, Float32Array.of(value));
    }
    threshold.refresh(1 / 100, 1999, rescore);
    return threshold.limit;
  });
  expect(limits[1]! / limits[0]!).toBeGreaterThan(1.7);
});
