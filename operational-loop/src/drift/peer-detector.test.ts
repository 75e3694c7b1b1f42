import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { PeerDetector } from './peer-detector.ts';
import { watchedSignals } from './watched-signals.ts';

const INSTANCES = ['a', 'b', 'c'];
const WIDTH = watchedSignals.length;
const FAULT = 180;
const MOVING = ['latencyP50', 'latencyP95', 'latencyMean', 'cpuCores'];

/** The step of the first alarm of a fleet that is watched by the second, b slower by a factor that grows to `factor` in 40 steps. */
function firstAlarm(seed: number, steps: number, factor: number): { instance: string; step: number } | undefined {
  const random = new Random(seed);
  const detector = new PeerDetector({
    alarmsPerStep: 1e-5,
    learning: 480,
    memory: 86_400,
    heldAfter: 20,
    provisional: 1.5,
  });
  const noise = new Float64Array(INSTANCES.length * WIDTH);
  for (let step = 0; step < steps; step++) {
    const grown = Math.log(factor) * Math.min(1, Math.max(0, (step - FAULT) / 40));
    const values = noise.map((_, at) => {
      noise[at] = 0.6 * (noise[at] as number) + 0.2 * normalQuantile((random.below(1e6) + 0.5) / 1e6);
      const isMoving = Math.floor(at / WIDTH) === 1 && MOVING.includes(watchedSignals[at % WIDTH]!.name);
      return Math.exp((noise[at] as number) + (isMoving ? grown : 0));
    });
    detector.observe(INSTANCES, values);
    const [alarm] = detector.alarms();
    if (alarm) return { instance: alarm.instance, step };
  }
  return undefined;
}

test('what grows slowly is told before it has become usual, however new the fleet is', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const found = firstAlarm(seed, 1000, 3);
    expect(found?.instance).toBe('b');
    expect(found?.step).toBeLessThan(FAULT + 120);
  }
});

test('a fleet whose instances only vary is left alone', () => {
  expect([6, 7, 8].map((seed) => firstAlarm(seed, 4000, 1))).toEqual([undefined, undefined, undefined]);
});
