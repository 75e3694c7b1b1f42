import { expect, test } from 'vitest';
import type { ClusterScale } from './failure-clusters.ts';
import { FailureClusters } from './failure-clusters.ts';
import { FailureGaps } from './failure-gaps.ts';

const scale: ClusterScale = { close: 4, most: 20, inBursts: false };

/** Upper case: the request failed. `b`: baseline, `c`: canary. Gives the text with a dot for what is no event. */
function check(requests: string): string {
  const clusters = new FailureClusters(scale);
  return failures(requests)
    .map(({ request, failure }) => (failure && clusters.add(failure) ? request : '.'))
    .join('');
}

function failures(requests: string) {
  const at = { baseline: 0, canary: 0 };
  return [...requests].map((request) => {
    const arm = request.toLowerCase() === 'c' ? ('canary' as const) : ('baseline' as const);
    at[arm]++;
    return request === request.toLowerCase() ? { request } : { request, failure: { arm, at: { ...at } } };
  });
}

function learned(requests: string): ClusterScale {
  const gaps = new FailureGaps();
  for (const { failure } of failures(requests)) if (failure) gaps.add(failure);
  return gaps.scale;
}

test('failures that are far from each other are an event each', () => {
  expect(check('CcccccC')).toBe('C.....C');
  expect(check('BbbbbB')).toBe('B....B');
});

test('a failure close after another is no further event', () => {
  expect(check('CcccC')).toBe('C....');
  expect(check('CCCcC')).toBe('C....');
});

test('what hits both arms at once is one event, of the arm that it hit first', () => {
  expect(check('bBCBCBCBbbbbbccccc')).toBe('.B................');
});

test('requests of the other arm do not make two failures of one arm far from each other', () => {
  expect(check('CbbbbbbbbbcC')).toBe('C...........');
});

test('a cluster that does not end is a further event after as many requests as no cluster lasts', () => {
  expect(check('C'.repeat(45))).toBe(`${'C'.padEnd(21, '.')}${'C'.padEnd(21, '.')}C..`);
});

test('…of each arm by its own requests', () => {
  const events = check('BBBBC'.repeat(30)).replaceAll('.', '');
  expect(events).toBe('BBBBCBB');
});

test('what counts as close is learned from failures that follow each other at a distance', () => {
  const spread = 'bbbbbbbbbbB'.repeat(4).concat('b'.repeat(400)).repeat(4);
  expect(learned('B'.concat('b'.repeat(100)).repeat(10))).toEqual({ close: 6, most: 44, inBursts: false });
  expect(learned(spread).close).toBe(12);
});

test('how long a cluster lasts is learned from those that have ended', () => {
  const burst = 'B'.repeat(40).concat('b'.repeat(2_000));
  expect(learned(burst.repeat(3)).most).toBe(176);
  expect(learned('B'.repeat(500)).most).toBe(44);
});

test('that failures come in bursts is learned from the baseline: a canary that becomes bad looks like a burst', () => {
  const burst = 'bBbbBBb'.concat('b'.repeat(500)).repeat(4);
  const few = 'bbbbbbbbbbbbbbbbbbbB'.repeat(30);
  expect(learned(burst).inBursts).toBe(true);
  expect(learned(burst.replaceAll('b', 'c').replaceAll('B', 'C')).inBursts).toBe(false);
  expect(learned(few).inBursts).toBe(false);
});
