import { expect, test } from 'vitest';
import { chanceOf } from './event-chance.ts';

const alone = { close: 6, most: 44, inBursts: false };
const inBursts = { ...alone, inBursts: true };

test("an event is the canary's with the probability of its share of the requests", () => {
  expect(chanceOf({ kind: 'first', gap: 7 }, 0.1, alone)).toBe(0.1);
  expect(chanceOf({ kind: 'further', gap: 1 }, 0.5, alone)).toBe(0.25);
});

test('where failures come in bursts it says less, the sooner it comes after another', () => {
  const chances = [7, 12, 24, 60, 600, Infinity].map((gap) => chanceOf({ kind: 'first', gap }, 0.1, inBursts));
  expect(chances.map((chance) => Number(chance.toFixed(2)))).toEqual([0.86, 0.5, 0.25, 0.1, 0.1, 0.1]);
  expect(chanceOf({ kind: 'further', gap: 1 }, 0.1, inBursts)).toBe(0.5);
  expect(chanceOf({ kind: 'first', gap: 6.1 }, 0.1, inBursts)).toBeLessThanOrEqual(0.9);
});
