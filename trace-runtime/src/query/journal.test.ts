import { expect, test } from 'vitest';
import { Journal, makeAgain, takeBack } from './journal.ts';

test('a list that grows is taken back and made again, on either side of a gap that nobody walks through', () => {
  const journal = new Journal();
  const list: (string | undefined)[] = [];
  const set = (index: number, value: string): void => {
    journal.element(list, index);
    list[index] = value;
  };
  const held = () => Object.entries(list).filter(([, value]) => value !== undefined);
  journal.begin();
  set(0, 'a');
  set(1, 'b');
  const far = 2 ** 29;
  set(far, 'c');
  set(far + 1, 'd');
  set(2, 'e');
  const all = held();
  const changes = journal.take();
  const began = performance.now();
  takeBack(changes);
  expect(held()).toEqual([]);
  makeAgain(changes);
  expect(held()).toEqual(all);
  expect(performance.now() - began).toBeLessThan(1000);
});
