/**
 * When things happened in the run that a light recording is of. Its exact run says the times of itself, in which nothing waits;
 * but both have the same ticks, and the light recording says when each of them began.
 */
import { TickLog } from '../query/overview.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import { rowAt } from './recorded-turns.ts';

/** `light`: the ticks as they were recorded. Times are then milliseconds by the clock of ticks. */
export function asRecorded<Read extends Pick<ReadStream, 'entries' | 'ticks'>>(read: Read, light: TickLog): Read {
  const { ticks, entries } = read;
  const own = ticks.milliseconds;
  const recorded = timesOf(ticks, light);
  const offset = offsetOf(read);
  let last = -Infinity;
  const timed = entries.map((entry): BoundaryEntry => {
    const { at, moment, detail } = entry;
    if (typeof detail['time'] !== 'number') return entry;
    const row = rowAt(ticks, moment);
    const time = detail['time'] - offset;
    const after = row < 0 ? -Infinity : recorded[row]! + time - own[row]!;
    const isLast = row + 1 >= ticks.count;
    const next = isLast ? Infinity : recorded[row + 1]!;
    // what comes while no recorded code runs begins the next tick
    const before = at === undefined && !isLast ? next - Math.max(0, own[row + 1]! - time) : after;
    last = Math.max(last, Math.min(before, next));
    return { ...entry, detail: { ...detail, time: last } };
  });
  return { ...read, entries: timed, ticks: Object.assign(new TickLog(), ticks, { milliseconds: recorded }) };
}

/** By row of the exact run's ticks; what the recording does not have goes on as in the exact run. */
function timesOf(ticks: TickLog, light: TickLog): Float64Array {
  const began = new Map<number, number>();
  for (let row = 0; row < light.count; row++) began.set(light.number[row]!, light.milliseconds[row]!);
  const times = new Float64Array(ticks.milliseconds.length);
  let ahead = 0;
  for (let row = 0; row < ticks.count; row++) {
    const own = ticks.milliseconds[row]!;
    ahead = (began.get(ticks.number[row]!) ?? own + ahead) - own;
    times[row] = own + ahead;
  }
  return times;
}

/** The exact run's clock when its ticks began to be counted. */
function offsetOf({ entries, ticks }: Pick<ReadStream, 'entries' | 'ticks'>): number {
  let offset = Infinity;
  for (const { at, moment, detail } of entries) {
    const row = at && typeof detail['time'] === 'number' ? rowAt(ticks, moment) : -1;
    if (row >= 0) offset = Math.min(offset, Number(detail['time']) - ticks.milliseconds[row]!);
  }
  return offset === Infinity ? 0 : offset;
}
