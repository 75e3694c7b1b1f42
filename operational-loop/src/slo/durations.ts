/** OpenSLO's lengths of time: `5m`, `1h`, `28d`, `1w`, `1M`, `1Q`, `1Y`. */
import type { Milliseconds } from '../model/time.ts';

export const MINUTE: Milliseconds = 60_000;
export const HOUR: Milliseconds = 60 * MINUTE;
export const DAY: Milliseconds = 24 * HOUR;

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Duration {
  readonly length: Milliseconds;
  readonly count: number;
  /** undefined for minutes and hours */
  readonly unit: CalendarUnit | undefined;
}

const UNITS: Readonly<Record<string, { readonly length: Milliseconds; readonly unit: CalendarUnit | undefined }>> = {
  s: { length: 1000, unit: undefined },
  m: { length: MINUTE, unit: undefined },
  h: { length: HOUR, unit: undefined },
  d: { length: DAY, unit: 'day' },
  w: { length: 7 * DAY, unit: 'week' },
  M: { length: 30 * DAY, unit: 'month' },
  Q: { length: 90 * DAY, unit: 'quarter' },
  Y: { length: 365 * DAY, unit: 'year' },
};

/** Undefined for what is no duration. A bare number counts minutes. */
export function parseDuration(text: unknown): Duration | undefined {
  if (typeof text === 'number') return text > 0 ? { length: text * MINUTE, count: text, unit: undefined } : undefined;
  if (typeof text !== 'string') return undefined;
  const [, digits, letter] = /^\s*(\d+(?:\.\d+)?)\s*([smhdwMQY])\s*$/.exec(text) ?? [];
  const unit = UNITS[letter ?? ''];
  const count = Number(digits);
  return unit && count > 0 ? { length: count * unit.length, count, unit: unit.unit } : undefined;
}

/** Such as `3 d`, `6 h` or `30 min`. */
export function durationText(length: Milliseconds): string {
  if (length >= DAY) return `${round(length / DAY)} d`;
  if (length >= HOUR) return `${round(length / HOUR)} h`;
  return length >= MINUTE ? `${round(length / MINUTE)} min` : `${round(length / 1000)} s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
