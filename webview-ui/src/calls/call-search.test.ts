import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallAnswer, FunctionAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { CallSearch } from './call-search.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Calls 10, 20 and 30 match. */
function make(here: number) {
  const all = [10, 20, 30];
  const shown: number[] = [];
  const search = new CallSearch(
    (_, { after, before }) => {
      const found =
        before === undefined ? all.find((call) => call > (after ?? 0)) : all.findLast((call) => call < before);
      const calls = found === undefined ? [] : [{ call: found } as CallAnswer];
      return Promise.resolve({ total: all.length, skipped: found === undefined ? 0 : all.indexOf(found), calls });
    },
    ({ call }) => shown.push(call),
    () => shown.at(-1) ?? here,
  );
  const settle = () => vi.advanceTimersByTimeAsync(300);
  return { search, shown, settle };
}

test('typing shows the first from where one stands, and how many there are', async () => {
  const { search, shown, settle } = make(20);
  search.type('fo');
  search.type('foo');
  await settle();
  expect(shown).toEqual([20]);
  expect([search.index.value, search.total.value]).toEqual([2, 3]);
});

test('behind the last comes the first, and before the first the last', async () => {
  const { search, shown, settle } = make(0);
  search.type('foo');
  await settle();
  for (const step of ['next', 'next', 'next', 'previous', 'previous'] as const) {
    search[step]();
    await settle();
  }
  expect(shown).toEqual([10, 20, 30, 10, 30, 20]);
});

test('nothing is searched for without a text', async () => {
  const { search, shown, settle } = make(0);
  search.type('  ');
  search.next();
  await settle();
  expect([shown, search.total.value]).toEqual([[], undefined]);
});

test('functions match by their name and their file’s, in any case', () => {
  const { search } = make(0);
  const known = new Map<number, FunctionAnswer>([
    [1, { id: 1, name: 'readFile', path: '/src/io.js', line: 1 }],
    [2, { id: 2, name: 'write', path: '/read/io.js', line: 1 }],
    [3, { id: 3, name: 'write', path: '/src/reader.js', line: 1 }],
  ]);
  expect(search.matching(known)).toBeUndefined();
  search.type('Read');
  expect([...search.matching(known)!]).toEqual([1, 3]);
});
