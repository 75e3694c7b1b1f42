import { expect, test } from 'vitest';
import type { CaseAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { layLanes, placeCases, type LaneWishes } from './lanes.ts';

const wishes: LaneWishes = {
  width: 1400,
  height: 220,
  caseRows: 1,
  hasHits: false,
  hasTicks: true,
  hasOutputs: true,
  hasThrows: true,
  others: [],
};

/** `name first-last parent` */
const cases = (...texts: readonly string[]): CaseAnswer[] =>
  texts.map((text, i) => {
    const [, name = '', first, last, parent] = /^(\w+) (\d+)-(\d+) ?(\d+)?$/.exec(text) ?? [];
    const [from, to, above] = [first, last, parent].map((each) => Number(each ?? 0));
    return {
      threadId: 1,
      id: i + 1,
      parent: above!,
      name,
      file: '',
      line: 0,
      outcome: 'passed',
      first: from!,
      last: to!,
    };
  });

const rows = (...texts: readonly string[]) =>
  placeCases(cases(...texts)).placed.map(({ facts, row }) => `${facts.name} ${row}`);

test('lanes stand below each other and fill the panel', () => {
  const { list, height } = layLanes(wishes);
  expect(list.map(({ kind }) => kind)).toEqual(['cases', 'calls', 'throws', 'outputs', 'ticks']);
  for (const [i, lane] of list.entries())
    if (i > 0) expect(lane.y).toBeGreaterThan(list[i - 1]!.y + list[i - 1]!.height - 1);
  expect(height).toBe(220);
});

test('a panel that is too low gets as high as its lanes', () => {
  const { list, height } = layLanes({ ...wishes, height: 60, caseRows: 3 });
  expect(height).toBe(list.at(-1)!.y + list.at(-1)!.height + 1);
  expect(list.find(({ kind }) => kind === 'calls')!.height).toBeGreaterThan(30);
});

test('a narrow panel has no room for names', () => {
  expect(layLanes({ ...wishes, width: 400 })).toMatchObject({ gutter: 0, plot: 400 });
});

test('cases one after the other share a row, groups stand above, and what runs at one time below', () => {
  expect(rows('a 0-10', 'b 10-20', 'c 20-30')).toEqual(['a 0', 'b 0', 'c 0']);
  expect(rows('suite 0-30', 'a 5-10 1', 'b 10-20 1')).toEqual(['suite 0', 'a 1', 'b 1']);
  expect(rows('a 0-20', 'b 10-30', 'c 12-40', 'd 13-50')).toEqual(['a 0', 'b 1', 'c 2', 'd 2']);
  expect(placeCases([]).rows).toBe(0);
});
