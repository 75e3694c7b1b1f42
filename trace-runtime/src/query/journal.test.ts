import { expect, test } from 'vitest';
import { Journal, makeAgain, takeBack } from './journal.ts';
import { Paged } from './paged.ts';

test('what is numbered is taken back and made again, on either side of a gap that nobody walks through', () => {
  const journal = new Journal();
  const list = new Paged<string>();
  const set = (index: number, value: string): void => {
    journal.numbered(list, index);
    list.set(index, value);
  };
  const held = () => [...list.entries()];
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
