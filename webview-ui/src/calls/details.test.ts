import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallDetailsAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { Details, argumentText, resultText } from './details.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const detail = (call: number) => ({ call, arguments: [{ name: 'n', value: String(call) }], result: `${call * 2}` });

function make() {
  const asked: (readonly number[])[] = [];
  const open: ((answer: CallDetailsAnswer) => void)[] = [];
  const details = new Details((calls) => {
    asked.push(calls);
    return new Promise((resolve) => open.push(resolve));
  });
  const want = async (...calls: readonly number[]): Promise<void> => {
    details.want(calls);
    await vi.advanceTimersByTimeAsync(100);
  };
  const answer = async (...calls: readonly number[]): Promise<void> => {
    open.shift()!({ calls: calls.map(detail) });
    await vi.advanceTimersByTimeAsync(100);
  };
  return { details, asked, want, answer };
}

test('what is known is not asked for again', async () => {
  const { details, asked, want, answer } = make();
  await want(1, 2);
  await answer(1, 2);
  await want(2, 3);
  expect(asked).toEqual([[1, 2], [3]]);
  expect(details.of(2)).toEqual(detail(2));
});

test('while a question is open only the last wish is kept', async () => {
  const { asked, want, answer } = make();
  await want(1);
  await want(2);
  await want(3);
  expect(asked).toEqual([[1]]);
  await answer(1);
  expect(asked).toEqual([[1], [3]]);
});

test('what is not to be had is not asked for without end', async () => {
  const { asked, want, answer } = make();
  await want(1, 9);
  await answer(1);
  expect(asked).toHaveLength(1);
});

test('a late answer about another recording is thrown away', async () => {
  const { details, want, answer } = make();
  await want(1);
  details.clear();
  await answer(1);
  expect(details.of(1)).toBeUndefined();
});

test('arguments and results are short text; undefined says nothing', () => {
  expect(argumentText(detail(4))).toBe('n: 4');
  expect(resultText(detail(4))).toBe('8');
  expect(resultText({ ...detail(4), result: 'undefined' })).toBeUndefined();
  expect(resultText(undefined)).toBeUndefined();
});
