/**
 * When things happened in the run that a light recording is of. Its exact run says the times of itself, in which nothing waits;
 * but both have the same ticks and the same boundary log, and of these the light recording says when each tick began, and when
 * what came over connections came. What lies between two such times is as far from one of them as it was in the exact run.
 */
import { TickLog } from '../query/overview.ts';
import type { ReadStream } from './boundary-entries.ts';
import { rowAt, startOf } from './recorded-turns.ts';

export type Timed = Pick<ReadStream, 'entries' | 'ticks'>;

/** A tick that begins, or an entry. Milliseconds since ticks were counted. */
interface Step {
  readonly exact: number;
  readonly recorded: number | undefined;
  /** recorded code was on the stack, or begins to run */
  readonly isCode: boolean;
  /** place among the entries; -1: a tick */
  readonly order: number;
}

/** The exact run, with the times of the recorded one, in milliseconds since ticks were counted. */
export function asRecorded<Read extends Timed>(read: Read, light: Timed): Read {
  const { ticks, entries } = read;
  const milliseconds = tickTimes(ticks, light.ticks);
  const steps = stepsOf(read, knownTimes(read, light), milliseconds);
  const times = timesOf(steps);
  const timed = entries.map((entry) =>
    entry.kind === 'environment' ? { ...entry, detail: { ...entry.detail, ticksStarted: 0 } } : entry,
  );
  steps.forEach(({ order }, at) => {
    if (order >= 0) timed[order] = { ...timed[order]!, detail: { ...timed[order]!.detail, time: times[at]! } };
  });
  return { ...read, entries: timed, ticks: Object.assign(new TickLog(), ticks, { milliseconds }) };
}

/** By row of the exact run's ticks; what the recording does not have goes on as in the exact run. */
function tickTimes(ticks: TickLog, light: TickLog): Float64Array {
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

/** Of entries of the exact run, by their order: the exact run notes more than the recorded one. */
function knownTimes({ entries }: Timed, light: Timed): ReadonlyMap<number, number> {
  const known = new Map<number, number>();
  const started = startOf(light.entries);
  let next = 0;
  entries.forEach(({ kind }, order) => {
    const same = light.entries[next];
    if (same?.kind !== kind) return;
    next++;
    const { time } = same.detail;
    if (started !== undefined && typeof time === 'number') known.set(order, time - started);
  });
  return known;
}

/** In their order. Entries without a time are left out. */
function stepsOf({ entries, ticks }: Timed, known: ReadonlyMap<number, number>, recorded: Float64Array): Step[] {
  const steps: Step[] = [];
  const started = startOf(entries) ?? leastStart({ entries, ticks });
  let row = 0;
  const begin = (to: number): void => {
    for (; row < to; row++)
      steps.push({ exact: ticks.milliseconds[row]!, recorded: recorded[row]!, isCode: true, order: -1 });
  };
  entries.forEach(({ at, moment, detail: { time } }, order) => {
    begin(rowAt(ticks, moment) + 1);
    if (typeof time === 'number')
      steps.push({ exact: time - started, recorded: known.get(order), isCode: at !== undefined, order });
  });
  begin(ticks.count);
  return steps;
}

/** What recorded code does is as long after what is known before; what comes to it, as long before what is known behind. */
function timesOf(steps: readonly Step[]): Float64Array {
  const times = new Float64Array(steps.length);
  let behind: Step | undefined;
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!;
    if (step.recorded !== undefined) behind = step;
    times[at] = behind ? behind.recorded! - Math.max(0, behind.exact - step.exact) : Infinity;
    if (step.isCode && behind) times[at] = behind.recorded!;
  }
  let before: Step | undefined;
  let last = -Infinity;
  steps.forEach((step, at) => {
    if (step.recorded !== undefined) before = step;
    const after = before ? before.recorded! + step.exact - before.exact : step.exact;
    const isAfter = step.isCode || times[at] === Infinity;
    last = Math.max(last, isAfter ? Math.min(after, times[at]!) : times[at]!);
    times[at] = last;
  });
  return times;
}

/** Where the recording does not say it: not later than this. */
function leastStart({ entries, ticks }: Timed): number {
  let least = Infinity;
  for (const { at, moment, detail } of entries) {
    const row = at && typeof detail['time'] === 'number' ? rowAt(ticks, moment) : -1;
    if (row >= 0) least = Math.min(least, Number(detail['time']) - ticks.milliseconds[row]!);
  }
  return least === Infinity ? 0 : least;
}
