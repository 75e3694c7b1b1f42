import { expect, test } from 'vitest';
import { Noise } from '../../../test/support/simulated-fleet.ts';
import { PastDetector } from './past-detector.ts';
import { watchedSignals } from './watched-signals.ts';

const DAY = 1440;
const LATENCY = watchedSignals.findIndex(({ name }) => name === 'latencyP95');

/** Days of a latency with a daily shape; `factor` is what it is multiplied by in the last hours. */
function watched(days: number, factor: number): PastDetector {
  const noise = new Noise(8);
  const detector = new PastDetector('shop', { alarmsPerStep: 1 / (7 * DAY), learning: 4 * DAY, memory: 14 * DAY });
  for (let step = 0; step < days * DAY; step++) {
    const values = new Float64Array(watchedSignals.length).fill(Number.NaN);
    const shape = 1 + 0.5 * Math.sin((2 * Math.PI * step) / DAY);
    const drifted = step >= (days - 0.1) * DAY ? factor : 1;
    values[LATENCY] = 0.1 * shape * drifted * Math.exp(0.05 * noise.normal());
    detector.observe(step * 60_000, values);
  }
  return detector;
}

test('what a day does each day is expected', () => {
  expect(watched(6, 1).alarms()).toEqual([]);
});

test('a service that gets slower than its past lets expect is told of, with what was expected', () => {
  const detector = watched(6, 2);
  const [alarm] = detector.alarms();
  expect(alarm).toMatchObject({ instance: 'shop' });
  expect(alarm?.deviations[LATENCY]).toBeGreaterThan(4);
  const expected = detector.expected(alarm!, LATENCY);
  expect(detector.actual(alarm!, LATENCY) / expected).toBeGreaterThan(1.5);
  // the end of a day is where its shape begins: at 1
  expect(expected).toBeGreaterThan(0.07);
  expect(expected).toBeLessThan(0.14);
});

test('once accepted it is as usual', () => {
  const detector = watched(6, 2);
  detector.accept();
  expect(detector.alarms()).toEqual([]);
});

test('the first day has nothing to be compared with', () => {
  expect(watched(0.9, 3).distances.every(Number.isNaN)).toBe(true);
});
