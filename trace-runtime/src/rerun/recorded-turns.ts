/** When boundary records were made, by the thread's own clock, and how long the turn of the event loop had lasted then. */
import { Cause } from '../wire/words.ts';
import type { TickLog } from '../query/overview.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';

export interface Turns {
  /** by entry: milliseconds, never the same twice; NaN where it has none */
  readonly times: Float64Array;
  /** milliseconds, until that entry; 0 where it is not known */
  lasted(order: number): number;
}

export function turnsOf({ entries, ticks }: Pick<ReadStream, 'entries' | 'ticks'>): Turns {
  return new RecordedTurns(entries, timesOf(entries), ticks);
}

/** So much apart are two that have the same time, in milliseconds. */
const APART = 1e-4;

function timesOf(entries: readonly BoundaryEntry[]): Float64Array {
  const times = new Float64Array(entries.length);
  let last = -Infinity;
  entries.forEach(({ detail: { time } }, order) => {
    times[order] = typeof time === 'number' ? (last = Math.max(time, last + APART)) : Number.NaN;
  });
  return times;
}

class RecordedTurns implements Turns {
  /** the clock when ticks began to be counted, in milliseconds */
  readonly #offset: number;
  /** by entry: when what is not recorded code last told something */
  readonly #told: Float64Array;

  constructor(
    private readonly entries: readonly BoundaryEntry[],
    readonly times: Float64Array,
    private readonly ticks: TickLog,
  ) {
    const started = startOf(entries);
    let offset = started ?? Infinity;
    let told = Number.NaN;
    this.#told = new Float64Array(entries.length);
    entries.forEach(({ at, moment }, order) => {
      const time = times[order]!;
      if (at === undefined && !Number.isNaN(time)) told = time;
      this.#told[order] = told;
      const row = started === undefined && at && !Number.isNaN(time) ? rowAt(ticks, moment) : -1;
      if (row >= 0) offset = Math.min(offset, time - ticks.milliseconds[row]!);
    });
    this.#offset = offset;
  }

  /** milliseconds, until that entry */
  lasted(order: number): number {
    const { cause, milliseconds } = this.ticks;
    let row = rowAt(this.ticks, this.entries[order]!.moment);
    while (row > 0 && (cause[row] === Cause.microtask || cause[row] === Cause.nextTick)) row--;
    const begun = row < 0 || this.#offset === Infinity ? -Infinity : milliseconds[row]! + this.#offset;
    const told = this.#told[order]!;
    const from = Number.isNaN(told) ? begun : Math.max(begun, told);
    const lasted = this.times[order]! - from;
    return Number.isFinite(lasted) ? Math.max(0, lasted) : 0;
  }
}

/** The thread's clock when ticks began to be counted; undefined: the recording does not say it. */
export function startOf(entries: readonly BoundaryEntry[]): number | undefined {
  const { ticksStarted } = entries.find(({ kind }) => kind === 'environment')?.detail ?? {};
  return typeof ticksStarted === 'number' ? ticksStarted : undefined;
}

/** The last tick that begins at the moment or before it; -1: none */
export function rowAt({ moment, count }: TickLog, at: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moment[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
