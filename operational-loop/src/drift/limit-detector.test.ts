import { expect, test } from 'vitest';
import { Noise } from '../../../test/support/simulated-fleet.ts';
import { LimitDetector } from './limit-detector.ts';

const DAY = 1440;
const NAMES = ['a', 'b', 'c', 'd'];

/** Four instances with a day of memory and its noise; those that grow do so in the last hours, up to the limit of 200 in time. */
function watched(growing: readonly string[], perHour: number): LimitDetector {
  const noise = new Noise(5);
  const detector = new LimitDetector({ alarmsPerStep: 1 / (7 * DAY), learning: DAY, memory: 7 * DAY }, 1);
  for (let step = 0; step < 2 * DAY; step++) {
    const grown = (perHour * Math.max(0, step - 1.75 * DAY)) / 60;
    const values = NAMES.map((name) => 100 + noise.normal() + (growing.includes(name) ? grown : 0));
    detector.observe(NAMES, Float64Array.from(values), new Float64Array(4).fill(200));
  }
  return detector;
}

test('an instance that alone grows towards its limit is told of, with when it gets there', () => {
  const [alarm, ...others] = watched(['b'], 8).alarms();
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({ instance: 'b', heading: { limit: 200, state: 'expected' } });
  expect(alarm?.expected).toBeCloseTo(100, -1);
  // it is at 148, with 52 to go at 8 an hour
  const hours = (alarm?.heading.after ?? 0) / 3_600_000;
  expect(hours).toBeGreaterThan(4);
  expect(hours).toBeLessThan(10);
});

test('where all grow, and where one grows too slowly to get there, nothing is told', () => {
  expect(watched(NAMES, 8).alarms()).toEqual([]);
  expect(watched(['b'], 0.5).alarms()).toEqual([]);
  expect(watched([], 0).alarms()).toEqual([]);
});
