import { expect, test } from 'vitest';
import { Portions } from './portions.ts';
import { Random } from '../../../test/support/random.ts';

const texts = (parts: readonly Buffer[]): string => parts.map(String).join('|');

test('bytes come in the portions that were recorded, however they are cut now', () => {
  const portions = new Portions([3, 1, 4]);
  expect(texts(portions.add(Buffer.from('abcde')))).toBe('abc|d');
  expect(texts(portions.add(Buffer.from('fg')))).toBe('');
  expect(texts(portions.add(Buffer.from('hi')))).toBe('efgh|i');
  expect(portions.rest()).toBeUndefined();
});

test('what falls short of a portion is left for the end', () => {
  const portions = new Portions([10]);
  expect(portions.add(Buffer.from('short'))).toEqual([]);
  expect(String(portions.rest())).toBe('short');
});

test('any cutting gives the same portions', () => {
  const random = new Random(7);
  const bytes = Buffer.from(Array.from({ length: 2000 }, () => random.below(256)));
  const cut = (): number[] => {
    const sizes: number[] = [];
    for (let left = bytes.length; left > 0;) {
      const size = Math.min(left, random.between(1, 90));
      sizes.push(size);
      left -= size;
    }
    return sizes;
  };
  for (let round = 0; round < 50; round++) {
    const recorded = cut();
    const portions = new Portions(recorded);
    let at = 0;
    const got = cut().flatMap((size) => portions.add(bytes.subarray(at, (at += size))));
    expect(got.map(({ length }) => length)).toEqual(recorded);
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
  }
});
