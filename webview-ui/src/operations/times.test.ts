import { expect, test } from 'vitest';
import { formatDuration, formatSpan, formatTick, formatTime } from './times.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const noon = new Date(2026, 10, 27, 12, 3, 9).getTime();

test('a duration has two units at most', () => {
  const durations = [0, 12_400, 4 * MINUTE, 2 * HOUR + 10 * MINUTE, 3 * HOUR, 3 * DAY + 4 * HOUR];
  expect(durations.map(formatDuration)).toEqual(['0 s', '12 s', '4 min', '2 h 10 min', '3 h', '3 d 4 h']);
});

test('what lies ahead is rounded to what it is worth', () => {
  expect([MINUTE, 40 * MINUTE, 5 * HOUR, 3.22 * DAY].map(formatSpan)).toEqual([
    '1 minute',
    '40 minutes',
    '5 hours',
    '3.2 days',
  ]);
});

test('a moment of another day has its date', () => {
  expect(formatTime(noon, noon + MINUTE)).toBe('12:03:09');
  expect(formatTime(noon, noon + DAY)).toBe('27 Nov 12:03:09');
});

test('ticks of a chart say as much as tells them apart', () => {
  expect(formatTick(noon, 1000)).toBe('12:03:09');
  expect(formatTick(noon, 5 * MINUTE)).toBe('12:03');
  expect(formatTick(noon, DAY)).toBe('27 Nov');
  expect(formatTick(new Date(2026, 10, 27).getTime(), HOUR)).toBe('27 Nov');
});
