import { expect, test } from 'vitest';
import { TickLog } from '../query/overview.ts';
import type { BoundaryEntry } from './boundary-entries.ts';
import { asRecorded } from './light-times.ts';

/** `ticks`: of each its moment, and when it began in the exact run and in the recorded one. */
function check(ticks: readonly (readonly [moment: number, exact: number, recorded: number])[], text: string): string {
  const [own, light] = [new TickLog(), new TickLog()];
  ticks.forEach(([moment, exact, recorded], row) => {
    const tick = { moment, cause: 0, number: row + 1, causeTick: 0 };
    own.add({ ...tick, milliseconds: exact });
    light.add({ ...tick, moment: row, milliseconds: recorded });
  });
  const entries = text
    .trim()
    .split('\n')
    .map((line): BoundaryEntry => {
      const [moment, time, by] = line.trim().split(' ');
      const at = by === 'code' ? ({} as NonNullable<BoundaryEntry['at']>) : undefined;
      return { stream: 0, moment: Number(moment), kind: 'timer', numbers: [], detail: { time: Number(time) }, at };
    });
  return asRecorded({ entries, ticks: own }, light)
    .entries.map(({ detail: { time } }) => Math.round(Number(time) * 10) / 10)
    .join(' ');
}

test('what recorded code does, and what comes to it, has its place in the recorded ticks', () => {
  const ticks = [
    [0, 0, 0],
    [10, 3, 500],
    [20, 4, 900],
  ] as const;
  // 100 ms apart are the clocks
  expect(check(ticks, '1 100 code\n5 102 code\n9 102.9 node\n11 103.5 code\n19 103.9 node\n21 106 code')).toBe(
    '0 2 499.9 500.5 899.9 902',
  );
});

test('a tick that took longer the second time does not reach into the next one', () => {
  const ticks = [
    [0, 0, 0],
    [10, 30, 20],
  ] as const;
  expect(check(ticks, '0 0 code\n5 25 code\n9 29 node\n11 31 code')).toBe('0 20 20 21');
});

test('what comes behind the last tick comes as long after it', () => {
  expect(check([[0, 0, 50]], '0 0 code\n5 7 node')).toBe('50 57');
});
