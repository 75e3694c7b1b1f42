/** Samples of one series as columns of equal length, oldest first. */

/** What can be read: single samples, or one row for each second, ten seconds or minute that has any. */
export type Resolution = 'raw' | '1s' | '10s' | '1m';

/** milliseconds of a row; a single sample is a moment */
export const resolutionMs: Readonly<Record<Resolution, number>> = { raw: 0, '1s': 1000, '10s': 10_000, '1m': 60_000 };

export interface Columns {
  /** unix milliseconds, ascending: of the sample, or of the beginning of the row's stretch of time */
  readonly times: Float64Array;
  /** the last sample's value */
  readonly values: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  /** samples in the row: 1 for single samples */
  readonly count: Float64Array;
}

/** Single samples: all values of a row are the sample's, and share its array. */
export function sampleColumns(times: Float64Array, values: Float64Array): Columns {
  return { times, values, min: values, max: values, sum: values, count: new Float64Array(times.length).fill(1) };
}

export const noColumns: Columns = sampleColumns(new Float64Array(0), new Float64Array(0));

/** The rows whose time is at least `from` and less than `to`. */
export function cutColumns(columns: Columns, from: number, to: number): Columns {
  const start = firstAtLeast(columns.times, from);
  const end = firstAtLeast(columns.times, to);
  return start === 0 && end === columns.times.length
    ? columns
    : mapColumns((name) => columns[name].subarray(start, end));
}

/** One after another; `parts` must be in the order of their times. */
export function concatColumns(parts: readonly Columns[]): Columns {
  if (parts.length === 1) return parts[0] as Columns;
  const length = parts.reduce((sum, part) => sum + part.times.length, 0);
  return mapColumns((name) => {
    const whole = new Float64Array(length);
    let at = 0;
    for (const part of parts) {
      whole.set(part[name], at);
      at += part[name].length;
    }
    return whole;
  });
}

/**
 * Rows in the order in which they were measured, by their times. They go back where the clock was set back; then what was
 * measured later stands for the stretch that it covers.
 */
export function inOrder(columns: Columns): Columns {
  const { times } = columns;
  let turn = 1;
  while (turn < times.length && (times[turn] as number) >= (times[turn - 1] as number)) turn++;
  if (turn >= times.length) return columns;
  const before = mapColumns((name) => columns[name].subarray(0, turn));
  const later = inOrder(mapColumns((name) => columns[name].subarray(turn)));
  const [first, last] = [later.times[0] as number, later.times.at(-1) as number];
  return concatColumns([cutColumns(before, -Infinity, first), later, cutColumns(before, last + 1, Infinity)]);
}

/**
 * Rows of `ms` milliseconds from rows that are as long or shorter, or from samples. Rows of the same stretch become one, so
 * that a row written in two parts is whole again.
 */
export function rollUp(columns: Columns, ms: number): Columns {
  const rows = mapColumns(() => new Float64Array(columns.times.length));
  let row = -1;
  for (let at = 0; at < columns.times.length; at++) {
    const time = Math.floor((columns.times[at] as number) / ms) * ms;
    if (row < 0 || rows.times[row] !== time) begin(rows, ++row, time);
    rows.values[row] = columns.values[at] as number;
    rows.min[row] = Math.min(rows.min[row] as number, columns.min[at] as number);
    rows.max[row] = Math.max(rows.max[row] as number, columns.max[at] as number);
    rows.sum[row] = (rows.sum[row] as number) + (columns.sum[at] as number);
    rows.count[row] = (rows.count[row] as number) + (columns.count[at] as number);
  }
  return mapColumns((name) => rows[name].subarray(0, row + 1));
}

function begin(rows: Columns, row: number, time: number): void {
  rows.times[row] = time;
  rows.min[row] = Infinity;
  rows.max[row] = -Infinity;
}

export function mapColumns(column: (name: keyof Columns) => Float64Array): Columns {
  return {
    times: column('times'),
    values: column('values'),
    min: column('min'),
    max: column('max'),
    sum: column('sum'),
    count: column('count'),
  };
}

/** The index of the first time that is not before `time`; the length where all are. */
export function firstAtLeast(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
