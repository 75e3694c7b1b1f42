import { expect, test } from 'vitest';
import { TickLog } from '../query/overview.ts';
import type { BoundaryEntry } from './boundary-entries.ts';
import { durationsOf } from './durations.ts';

/** Each line: milliseconds, kind, id, and further members as JSON. */
function check(text: string): readonly string[] {
  const entries = text
    .trim()
    .split('\n')
    .map((line, moment): BoundaryEntry => {
      const [time, kind = '', id, more = '{}'] = line.trim().split(' ');
      const detail = { id: Number(id), time: Number(time), ...(JSON.parse(more) as object) };
      return { stream: 0, moment, kind, numbers: [], detail, at: undefined };
    });
  const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;
  return durationsOf({ entries, ticks: new TickLog() }).map(
    ({ kind, args, value: { rounds } }) =>
      `${kind} ${args}: ${rounds.map(({ took, ends }) => `${ends} ${rounded(took)}`).join(', ')}`,
  );
}

test('a timer took as long as it took to run, an interval from one time to the next', () => {
  const text = `
    0 timer.set 1 {"delay":10}
    0 timer.set 2 {"delay":4.5}
    5 timer 2
    30 timer 1
    30.2 timer 2
    31 timer.cleared 2
  `;
  expect(check(text)).toEqual(['timer 10: comes 30, open 1', 'timer 4: comes 5, comes 25.2, open 0.8']);
});

test('of a timer that did not run it is known how long it did not', () => {
  const text = `
    0 timer.set 1 {"delay":10}
    1 timer.set 2
    12 timer.cleared 1
    40 fs.readFile 3 {"path":"/a"}
  `;
  expect(check(text)).toEqual(['timer 10: open 12', 'timer : open 39']);
});

test('a timer that is refreshed begins again', () => {
  const text = `
    0 timer.set 1 {"delay":10}
    9 timer.refreshed 1
    16 timer.refreshed 1
    27 timer 1
    30 timer.refreshed 1
    31 timer.cleared 1
  `;
  expect(check(text)).toEqual(['timer 10: refreshed 9, refreshed 7, comes 11, refreshed 3, open 1']);
});

test('an immediate took until it ran, and is known where it did not', () => {
  const text = `
    0 immediate.set 1
    1 immediate.set 2
    1.5 timer.set 3 {"delay":1}
    2.5 timer 3
    3 immediate 1
  `;
  expect(check(text)).toEqual(['immediate : comes 3', 'immediate : open 2', 'timer 1: comes 1, open 0.5']);
});

test('a call that answers later took until its answer, and is left out where it got none', () => {
  const text = `
    0 fs.readFile 1 {"path":"/a"}
    1 fs.readFile 2 {"path":"/b"}
    3 fs.readFile.done 2
    8 fs.stat 3 {"path":"/c"}
    9 fs.readFile.done 1
  `;
  expect(check(text)).toEqual(['fs.readFile /a: comes 9', 'fs.readFile /b: comes 2']);
});

test('a recording without times says nothing', () => {
  expect(check('x timer.set 1 {"delay":10}\nx timer 1')).toEqual([]);
});
