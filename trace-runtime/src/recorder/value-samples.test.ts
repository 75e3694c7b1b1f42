import { expect, test } from 'vitest';
import { FIRST_WORD, Slot } from '../wire/words.ts';
import { createValueSamples } from './value-samples.ts';

/** Runs as the text does: `--__hcA[9]||__hcval(value)`. */
function sampled(values: Iterable<unknown>, isOn = true): { readonly check: number; readonly calls: number } {
  const words = new Int32Array(FIRST_WORD);
  const samples = createValueSamples(words);
  if (isOn) samples.start();
  let calls = 0;
  for (const value of values)
    if (--words[Slot.sample]! === 0) {
      calls++;
      samples.take(value);
    }
  return { check: words[Slot.check]!, calls };
}

const check = (...values: readonly unknown[]): number => sampled(values).check;

test('other values, of every kind, make another number', () => {
  const values = [0, -0, 1, 0.5, NaN, '', 'a', 'b', 'ab', 1n, null, undefined, true, false, {}, check, Symbol.iterator];
  const numbers = values.map((value) => check(value));
  expect(new Set(numbers).size).toBe(values.length);
  expect(values.map((value) => check(value))).toEqual(numbers);
  expect(check(1, 2)).not.toBe(check(2, 1));
});

test('of long strings the length counts', () => {
  expect(check('x'.repeat(50))).toBe(check('y'.repeat(50)));
  expect(check('x'.repeat(50))).not.toBe(check('x'.repeat(51)));
});

test('nothing of the program runs', () => {
  const trap = new Proxy(
    {},
    { get: () => expect.unreachable(), getPrototypeOf: () => expect.unreachable(), has: () => expect.unreachable() },
  );
  expect(check(trap)).toBe(check({}));
});

test('few of many values are looked at, up to the last ones', () => {
  const many = Array.from({ length: 100_000 }, () => 7);
  const { calls, check: number } = sampled(many);
  expect(calls).toBeGreaterThan(400);
  expect(calls).toBeLessThan(500);
  expect(sampled([...many.slice(0, -2000), ...many.slice(-2000).map(() => 8)]).check).not.toBe(number);
});

test('where nothing is compared, nothing is looked at', () => {
  expect(sampled([1, 2, 3], false)).toEqual({ check: 0, calls: 0 });
});
