import { expect, test } from 'vitest';
import { TickLog } from '../query/overview.ts';
import type { BoundaryEntry } from './boundary-entries.ts';
import { asRecorded } from './light-times.ts';

/** `ticks`: of each its moment, and when it began in the exact run and in the recorded one. */
function check(
  ticks: readonly (readonly [moment: number, exact: number, recorded: number])[],
  text: string,
  known: readonly (readonly [kind: string, time?: number])[] = [],
): string {
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
      const [moment, time, by, kind = 'timer'] = line.trim().split(' ');
      const at = by === 'code' ? ({} as NonNullable<BoundaryEntry['at']>) : undefined;
      return { stream: 0, moment: Number(moment), kind, numbers: [], detail: { time: Number(time) }, at };
    });
  const told = known.map(([kind, time]): BoundaryEntry => {
    const detail = { ...(time !== undefined && { time }), ...(kind === 'environment' && { ticksStarted: 7 }) };
    return { stream: 0, moment: 0, kind, numbers: [], detail, at: undefined };
  });
  return asRecorded({ entries, ticks: own }, { entries: told, ticks: light })
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

test('what the recording has times of has those, and what happens near it is as far from it', () => {
  const ticks = [
    [0, 0, 0],
    [10, 30, 100],
  ] as const;
  const known = [['environment'], ['http.send', 17], ['http.response', 67]] as const;
  const text = `
    0 0 node environment
    0 0 code
    1 25 code http.send
    2 26 code
    3 28 node
    4 29 node http.response
    5 29.5 node
  `;
  expect(check(ticks, text, known)).toBe('0 0 10 11 59 60 99.5');
});
