import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RangeData } from './range-data.ts';
import type { Range } from './range.ts';

interface Answer extends Range {
  readonly threadId: number;
  readonly pixels: number;
}

const whole = { from: 0, to: 1000 };
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function make() {
  const asked: Answer[] = [];
  const open: ((answer: Answer) => void)[] = [];
  const data = new RangeData<Answer>((threadId, { from, to }, pixels) => {
    asked.push({ threadId, from, to, pixels });
    return new Promise((resolve) => open.push(resolve));
  });
  const answer = async (): Promise<void> => {
    open.shift()!(asked.at(-1)!);
    await vi.advanceTimersByTimeAsync(100);
  };
  const want = async (range: Range): Promise<void> => {
    data.want(1, [{ range, pixels: 100 }], whole);
    await vi.advanceTimersByTimeAsync(100);
  };
  return { data, asked, answer, want };
}

const shown = (data: RangeData<Answer>, range: Range) =>
  data.parts(1, range, 100).map(({ from, to, answer }) => [from, to, answer.to - answer.from]);

test('what is around a range is asked for with it, and not again', async () => {
  const { data, asked, answer, want } = make();
  await want({ from: 200, to: 300 });
  expect(asked).toEqual([{ threadId: 1, from: 170, to: 330, pixels: 160 }]);
  await answer();
  await want({ from: 225, to: 325 });
  expect(asked).toHaveLength(1);
  expect(shown(data, { from: 225, to: 325 })).toEqual([[225, 325, 160]]);
});

test('one question is open at a time, and the last wish comes next', async () => {
  const { asked, answer, want } = make();
  await want(whole);
  await want({ from: 0, to: 500 });
  await want({ from: 100, to: 200 });
  expect(asked).toHaveLength(1);
  await answer();
  expect(asked.map(({ from, to }) => [from, to])).toEqual([
    [0, 1000],
    [70, 230],
  ]);
});

test('the finest known part is shown, coarser ones around it', async () => {
  const { data, answer, want } = make();
  await want(whole);
  await answer();
  await want({ from: 400, to: 500 });
  await answer();
  expect(shown(data, { from: 300, to: 600 })).toEqual([
    [300, 370, 1000],
    [370, 530, 160],
    [530, 600, 1000],
  ]);
});

test('nothing is known of another thread, nor after it was cleared; a late answer is thrown away', async () => {
  const { data, answer, want } = make();
  await want(whole);
  expect(shown(data, whole)).toEqual([]);
  data.clear();
  await answer();
  expect(shown(data, whole)).toEqual([]);
  await want(whole);
  await answer();
  expect(shown(data, whole)).toEqual([[0, 1000, 1000]]);
  expect(data.parts(2, whole, 100)).toEqual([]);
});

test('what is outdated is shown until it is known anew', async () => {
  const { data, asked, answer, want } = make();
  await want(whole);
  await answer();
  data.outdate();
  expect(shown(data, whole)).toEqual([[0, 1000, 1000]]);
  await want(whole);
  expect(asked).toHaveLength(2);
});
