import { describe, expect, test } from 'vitest';
import { reduceList, type First } from './search.ts';

/** Asks in order; counts what it was asked. */
function asking<E>(fails: (items: readonly E[]) => boolean): { readonly first: First<readonly E[]>; count: number } {
  const asked = {
    count: 0,
    first: async (candidates: readonly (readonly E[])[]) => {
      asked.count += candidates.length;
      return candidates.findIndex(fails);
    },
  };
  return asked;
}

const all = Array.from({ length: 500 }, (_, i) => i);

describe('what is needed of a list', () => {
  test.each([[[0]], [[499]], [[250]], [[3, 300]], [[1, 2, 3, 4]], [[0, 100, 200, 300, 499]]])('%j', async (needed) => {
    const asked = asking<number>((items) => needed.every((each) => items.includes(each)));
    expect(await reduceList(all, asked.first)).toEqual(needed);
    expect(asked.count).toBeLessThan(30 * needed.length + 20);
  });

  test('nothing', async () => {
    const asked = asking<number>(() => true);
    expect(await reduceList(all, asked.first)).toEqual([]);
    expect(asked.count).toBe(1);
  });

  test('as many as have to stay', async () => {
    expect(await reduceList(all, asking<number>(() => true).first, 1)).toHaveLength(1);
  });

  test('many, without asking for each of them by bisection', async () => {
    const asked = asking<number>((items) => all.filter((each) => each % 2 === 0).every((each) => items.includes(each)));
    expect(await reduceList(all, asked.first)).toHaveLength(250);
    expect(asked.count).toBeLessThan(2500);
  });

  test('what is left fails, and no single element of it can be left out, whatever fails', async () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let round = 0; round < 200; round++) {
      const items = Array.from({ length: 1 + random(40) }, (_, i) => i);
      const groups = Array.from({ length: 1 + random(3) }, () => items.filter(() => random(5) === 0));
      const size = random(3);
      // any of several groups, or any so many elements but for one: not monotone
      const fails = (list: readonly number[]): boolean =>
        list.length === items.length ||
        groups.some((group) => group.every((each) => list.includes(each))) ||
        (list.length > items.length - size && !list.includes(1));
      const left = await reduceList(items, asking(fails).first);
      expect(fails(left)).toBe(true);
      const again = await reduceList(left, asking(fails).first);
      expect(again.length).toBeLessThanOrEqual(left.length);
    }
  });
});
