import { expect, test } from 'vitest';
import { Random } from '../../../../test/support/random.ts';
import { SpendingBoundary } from './spending-boundary.ts';

/** `c`: an event of the canary, `b`: of the baseline. After how many events it is crossed; undefined: never. */
function check(events: string, { alpha = 0.0065, share = 0.1 } = {}): number | undefined {
  const boundary = new SpendingBoundary(alpha);
  for (const [index, event] of [...events].entries()) {
    boundary.add(event === 'c', share);
    if (boundary.crossed) return index + 1;
  }
  return undefined;
}

test('three failures of a canary with a tenth of the requests are enough, also with one of the baseline among them', () => {
  expect(check('ccc')).toBe(3);
  expect(check('bccc')).toBe(4);
  expect(check('cbcc')).toBe(4);
});

test('two are not, and the more of the baseline there are the more it takes', () => {
  expect(check('cc')).toBeUndefined();
  expect(check('bbccc')).toBeUndefined();
  expect(check('bbcccc')).toBe(6);
  expect(check('bbbbbcccc')).toBeUndefined();
});

test('once crossed, it stays so', () => {
  expect(check('cccbbbbbbbbbbbbbbbb')).toBe(3);
});

test('with half of the requests it takes eight in a row', () => {
  expect(check('cccccccccc', { share: 0.5 })).toBe(8);
});

test('arms that fail alike cross it as seldom as they may, and no more seldom than need be', () => {
  const random = new Random(1);
  const alpha = 0.05;
  const runs = 4_000;
  let crossed = 0;
  for (let run = 0; run < runs; run++) {
    const boundary = new SpendingBoundary(alpha);
    // Its share grows as in a rollout.
    for (let event = 0; event < 120; event++) {
      const percent = event < 40 ? 5 : event < 80 ? 25 : 50;
      boundary.add(random.percent(percent), percent / 100);
    }
    if (boundary.crossed) crossed++;
  }
  const noise = Math.sqrt((alpha * (1 - alpha)) / runs);
  expect(crossed / runs).toBeLessThan(alpha + 3 * noise);
  expect(crossed / runs).toBeGreaterThan(0.8 * alpha);
});
