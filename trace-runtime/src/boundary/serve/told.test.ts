import { expect, test } from 'vitest';
import { outgoingMark } from '../../model/outgoing.ts';
import type { ToldStream } from '../../model/recorded-world.ts';
import { createTold, type Teller } from './told.ts';

type Line = readonly [tick: number, text: string];

/** The recorded run printed `was` and was given `checks`; now it prints `is` and is given `given`. What is noted. */
function noted(
  was: readonly Line[],
  is: readonly Line[],
  more: Partial<ToldStream> & {
    given?: Readonly<Record<number, number>>;
    byNode?: boolean;
    later?: readonly Line[];
  } = {},
): readonly string[] {
  const notes: string[] = [];
  let now = 0;
  const { given = {}, byNode = false, later = [], ...recorded } = more;
  const marks = was.map(([, text]) => outgoingMark('output', text)!);
  const told = createTold(
    {
      printed: { marks, ticks: was.map(([tick]) => tick) },
      said: { marks: [], ticks: [] },
      checks: {},
      activations: {},
      overflowed: false,
      isWhole: true,
      ...recorded,
    },
    { currentTick: () => now, fromRecordedCode: () => !byNode, ...noting(notes) },
  );
  for (now = 1; now <= 5; now++) {
    for (const [tick, text] of is) if (tick === now) told.says('output', text);
    told.tickEnds(given[now] ?? 0);
  }
  told.ends();
  now = 5;
  for (const [, text] of later) told.says('output', text);
  return notes;
}

function noting(notes: string[]): Omit<Teller, 'currentTick' | 'fromRecordedCode'> {
  const note = (tick: number, what: string): void => void notes.push(`${tick}: ${what}`);
  return {
    note,
    given: note,
    missing: note,
    made: () => void notes.pop(),
    beyond: () => undefined,
    allSaid: () => undefined,
  };
}

const lines: readonly Line[] = [
  [1, '1:a'],
  [3, '1:b'],
];

test('a run that says and is told the same is not noted', () => {
  expect(noted(lines, lines, { checks: { 2: 7 }, given: { 2: 7 } })).toEqual([]);
});

test('what is said otherwise, earlier, later, not at all or besides is noted once, in the first tick that shows it', () => {
  expect(noted(lines, [lines[0]!, [3, '1:c']])).toEqual(['3: something else was printed']);
  expect(noted(lines, [lines[0]!, [2, '1:b']])).toEqual(['2: something was printed that comes in another tick now']);
  expect(noted(lines, [lines[0]!, [4, '1:b']])).toEqual(['3: something was printed that comes in another tick now']);
  expect(noted(lines, [lines[0]!])).toEqual(['3: something was said that is not said now']);
  expect(noted(lines, [...lines, [4, '1:d']])).toEqual(['4: something else was printed']);
});

test('what is said behind the end of the last tick is said', () => {
  const was: readonly Line[] = [...lines, [5, '1:c'], [5, '1:d']];
  expect(noted(was, lines, { later: was.slice(2) })).toEqual([]);
  expect(noted(was, lines, { later: was.slice(2, 3) })).toEqual(['5: something was said that is not said now']);
  expect(noted(was, lines, { later: [[5, '1:d']] })).toContain('5: something else was printed');
});

test('of what Node does by itself the order counts and not the tick', () => {
  expect(noted(lines, [lines[0]!, [4, '1:b']], { byNode: true })).toEqual([]);
  expect(
    noted(
      lines,
      [
        [1, '1:b'],
        [3, '1:a'],
      ],
      { byNode: true },
    ),
  ).toEqual(['1: something else was printed']);
});

test('a thread that was killed may have said more than its recording has', () => {
  expect(noted(lines, [...lines, [4, '1:d']], { isWhole: false })).toEqual([]);
});

test('other data, more data and data that does not come are noted in their tick', () => {
  expect(noted([], [], { checks: { 2: 7 }, given: { 2: 8 } })).toEqual([
    '2: other data came in, or other values were computed',
  ]);
  expect(noted([], [], { given: { 4: 8 } })).toEqual(['4: other data came in, or other values were computed']);
  expect(noted([], [], { checks: { 2: 7, 3: 9 } })).toEqual(['2: other data came in, or other values were computed']);
});

test('what is printed has no fixed place among what else is said', () => {
  const said = outgoingMark('fs.stat', '{"path":"a"}')!;
  const recorded = { said: { marks: [said], ticks: [3] } };
  const notes: string[] = [];
  const told = createTold(
    {
      printed: { marks: [outgoingMark('output', '1:ok')!], ticks: [2] },
      ...recorded,
      checks: {},
      activations: {},
      overflowed: false,
      isWhole: true,
    },
    { currentTick: () => 3, fromRecordedCode: () => false, ...noting(notes) },
  );
  told.says('fs.stat', '{"path":"a"}');
  told.says('output', '1:ok');
  told.ends();
  expect(notes).toEqual([]);
  expect(noted([], [], recorded)).toEqual(['3: something was said that is not said now']);
});
