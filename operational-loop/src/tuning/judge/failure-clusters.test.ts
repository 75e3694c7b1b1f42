import { expect, test } from 'vitest';
import { FailureClusters } from './failure-clusters.ts';

/** Upper case: the request failed. `b`: baseline, `c`: canary. Gives the text with a dot for what is no event. */
function check(requests: string): string {
  const clusters = new FailureClusters();
  return [...requests]
    .map((request) => {
      const arm = request.toLowerCase() === 'c' ? 'canary' : 'baseline';
      return clusters.add(arm, request !== request.toLowerCase(), 0.5) ? request : '.';
    })
    .join('');
}

test('failures that are far from each other are an event each', () => {
  expect(check('CccccC')).toBe('C....C');
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

test('a cluster of the canary alone is a further event once it is large', () => {
  expect(check('C'.repeat(25))).toBe('C........C.........C.....');
});

test('…and the larger the clusters of the baseline are, the later', () => {
  const events = (requests: string): number => check(requests).replaceAll('.', '').length;
  const quiet = 'b'.repeat(10);
  expect(events(`${quiet}${'C'.repeat(40)}`)).toBe(5);
  expect(events(`${'B'.repeat(5)}${quiet}${'B'.repeat(5)}${quiet}${'C'.repeat(40)}`)).toBe(3);
});

test('a cluster in which the baseline fails as well is none of the canary', () => {
  expect(check(`${'CB'.repeat(40)}`).replaceAll('.', '')).toBe('C');
});

test('what counts as close is learned from failures that follow each other at a distance', () => {
  const spread = 'bbbbbbB'.repeat(3).concat('b'.repeat(60)).repeat(8);
  const last = check(spread).slice(-81);
  expect(last.replaceAll('.', '')).toBe('B');
});
