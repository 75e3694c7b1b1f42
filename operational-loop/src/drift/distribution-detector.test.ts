import { expect, test } from 'vitest';
import { Noise } from '../../../test/support/simulated-fleet.ts';
import { DistributionDetector } from './distribution-detector.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const STEPS = 6000;

/** The last 300 steps of those that widen scatter three times as widely, around the same mean. */
function watched(widening: readonly string[]): DistributionDetector {
  const noise = new Noise(6);
  const detector = new DistributionDetector({
    measures: 1,
    recent: 120,
    thinning: 10,
    kept: 300,
    learning: 4000,
    memory: 20_000,
    alarmsPerStep: 1 / 10_000,
    isLone: false,
  });
  for (let step = 0; step < STEPS; step++) {
    const spread = (name: string): number => (step >= STEPS - 300 && widening.includes(name) ? 3 : 1);
    detector.observe(
      NAMES,
      Float64Array.from(NAMES, (name) => spread(name) * noise.normal()),
    );
  }
  return detector;
}

test('a spread that grew around the same mean is told of', () => {
  const [alarm, ...others] = watched(['c']).alarms();
  expect(others).toEqual([]);
  expect(alarm?.name).toBe('c');
  const shift = alarm?.shifts[0]?.shift;
  expect(shift?.spread).toBeGreaterThan(2);
  expect(shift?.stability).toBeGreaterThan(0.25);
  expect(shift?.p).toBeLessThan(0.001);
});

test('what has become of all instances is told of none', () => {
  expect(watched(NAMES).alarms()).toEqual([]);
  expect(watched([]).alarms()).toEqual([]);
});

test('once accepted it is as usual', () => {
  const detector = watched(['c']);
  detector.accept('c');
  expect(detector.alarms()).toEqual([]);
});
