import { expect, test } from 'vitest';
import { Noise } from '../../../test/support/simulated-fleet.ts';
import { MixDetector } from './mix-detector.ts';

const DAY = 1440;
const settings = { alarmsPerStep: 1 / (7 * DAY), learning: 2 * DAY, memory: 14 * DAY };

/** Two days and a half of three kinds, of which the last has `share` of the requests in the end. */
function watched(share: number): MixDetector {
  const noise = new Noise(3);
  const detector = new MixDetector(settings);
  for (let step = 0; step < 2.5 * DAY; step++) {
    const last = step < 2.4 * DAY ? 0.1 : share;
    const shares = [0.6 * (1 - last), 0.4 * (1 - last), last];
    detector.observe(new Map(shares.map((each, at) => [`route=${at}`, noise.poisson(600 * each) / 60])));
  }
  return detector;
}

test('a mix that stays is none to tell of', () => {
  expect(watched(0.1).alarm()).toBeUndefined();
});

test('a kind of request that grows is told with its shares, the one that changed most first', () => {
  const alarm = watched(0.6).alarm();
  expect(alarm?.score).toBeGreaterThan(1);
  expect(alarm?.evidence[0]).toMatchObject({
    metric: 'route=2',
    value: expect.closeTo(0.55, 1),
    expected: expect.closeTo(0.1, 1),
  });
  expect(alarm?.evidence[0]?.deviation).toBeGreaterThan(5);
});

test('what a person accepts is what is usual', () => {
  const detector = watched(0.6);
  detector.accept();
  expect(detector.alarm()).toBeUndefined();
});

test('minutes without requests change nothing', () => {
  const detector = watched(0.1);
  for (let step = 0; step < DAY; step++) detector.observe(new Map([['route=0', 0]]));
  expect(detector.alarm()).toBeUndefined();
});
