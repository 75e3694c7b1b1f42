import { expect, test } from 'vitest';
import { Random } from '../../../../test/support/random.ts';
import { WeightedChoice } from './weighted-choice.ts';

test('each has had its share after any number of requests, to within one', () => {
  const random = new Random(7);
  const choice = new WeightedChoice(() => random.below(2 ** 30) / 2 ** 30);
  choice.set({ baseline: 83, canary: 17 });
  let canary = 0;
  for (let count = 1; count <= 2000; count++) {
    if (choice.next() === 'canary') canary++;
    expect(Math.abs(canary - count * 0.17)).toBeLessThanOrEqual(1);
  }
});

test('requests that come in a pattern reach both', () => {
  const random = new Random(7);
  const choice = new WeightedChoice(() => random.below(2 ** 30) / 2 ** 30);
  choice.set({ baseline: 80, canary: 20 });
  const kinds = new Set<number>();
  for (let count = 0; count < 2000; count++) if (choice.next() === 'canary') kinds.add(count % 20);
  expect(kinds.size).toBe(20);
});

test('what may not be used is not chosen, and a weight of 0 never', () => {
  const choice = new WeightedChoice();
  choice.set({ baseline: 100, canary: 0 });
  expect(new Set(Array.from({ length: 100 }, () => choice.next()))).toEqual(new Set(['baseline']));
  expect(choice.next((name) => name !== 'baseline')).toBeUndefined();
  choice.set({ baseline: 99, canary: 1 });
  expect(choice.next((name) => name === 'canary')).toBe('canary');
});
