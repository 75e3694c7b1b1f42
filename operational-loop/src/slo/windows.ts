/** The interval that a budget is counted over. */
import type { BudgetWindow } from '../model/objective.ts';
import type { UnixMs } from '../model/time.ts';
import { DAY } from './durations.ts';

export interface Interval {
  /** not itself within */
  readonly from: UnixMs;
  readonly to: UnixMs;
}

type Calendar = Extract<BudgetWindow, { readonly kind: 'calendar' }>;

/** A rolling window ends at `at`; a calendar's began at its last turn and has come to `at`. */
export function intervalOf(window: BudgetWindow, at: UnixMs): Interval {
  if (window.kind === 'rolling') return { from: at - window.length, to: at };
  return { from: lastTurn(window, at), to: at };
}

/** Turns are whole numbers of units after the window's start, at its wall-clock time in its time zone. */
function lastTurn(window: Calendar, at: UnixMs): UnixMs {
  const guess = Math.floor((at - window.start) / (lengthOf(window) * window.count));
  // days, months and years vary in length: look around the guess
  let turn = Math.max(0, guess - 2);
  while (turnAt(window, turn + 1) <= at) turn++;
  return turnAt(window, turn);
}

function turnAt({ unit, count, start, timeZone }: Calendar, turn: number): UnixMs {
  const wall = new Date(start + offsetOf(start, timeZone));
  const steps = turn * count;
  const year = wall.getUTCFullYear() + (unit === 'year' ? steps : 0);
  const month = wall.getUTCMonth() + (unit === 'month' ? steps : unit === 'quarter' ? 3 * steps : 0);
  const days = unit === 'day' ? steps : unit === 'week' ? 7 * steps : 0;
  const date = Math.min(wall.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate());
  const moved = Date.UTC(year, month, date + days, wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds());
  const first = moved - offsetOf(moved, timeZone);
  return moved - offsetOf(first, timeZone);
}

/** What a zone's clock is ahead of UTC at a moment. */
function offsetOf(time: UnixMs, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - Math.floor(time / 1000) * 1000;
}

function lengthOf({ unit }: Calendar): number {
  const days = { day: 1, week: 7, month: 30.44, quarter: 91.3, year: 365.25 };
  return days[unit] * DAY;
}
