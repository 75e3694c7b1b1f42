/**
 * How long what was begun took in the recording, by who began it: timers, and calls that answer later. Times are those of
 * the thread's own clock, so a callback that code kept from running came as late as it did.
 */
import { beginningOf } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import { turnsOf } from './recorded-turns.ts';

/** One series' next value: see `Took` of boundary/serve/time. */
export interface Duration {
  readonly entry: BoundaryEntry;
  /** place among all entries */
  readonly order: number;
  readonly kind: string;
  readonly args: string;
  readonly value: { readonly lead: number; readonly took: number[]; least?: number };
}

/** Of what was begun, in its order. Empty where the recording says no times. */
export function durationsOf(stream: Pick<ReadStream, 'entries' | 'ticks'>): readonly Duration[] {
  const { entries } = stream;
  const turns = turnsOf(stream);
  const all: Duration[] = [];
  const open = new Map<unknown, { readonly duration: Duration; last: number }>();
  let end = 0;
  entries.forEach((entry, order) => {
    const { kind, detail } = entry;
    const time = turns.times[order]!;
    if (Number.isNaN(time)) return;
    end = time;
    const { id } = detail;
    if (typeof id !== 'number') return;
    if (isBeginning(kind)) {
      const value = { lead: turns.lasted(order), took: [] };
      const duration: Duration = { entry, order, kind: nameOf(kind), args: beginningOf(detail), value };
      all.push(duration);
      open.set(id, { duration, last: time });
      return;
    }
    const begun = open.get(id);
    if (!begun) return;
    if (kind === 'timer.cleared') {
      begun.duration.value.least = time - begun.last;
      open.delete(id);
    } else if (kind === 'timer' || kind === 'immediate' || kind.endsWith('.done')) {
      begun.duration.value.took.push(time - begun.last);
      begun.last = time;
      if (kind !== 'timer') open.delete(id);
    }
  });
  for (const { duration, last } of open.values()) duration.value.least = end - last;
  // what did not come, or not again, is known for timers and immediates alone
  return all.filter(({ kind, value: { took } }) => kind === 'timer' || kind === 'immediate' || took.length > 0);
}

const CALLS = /^(?:fs|dns|crypto)\./;

function isBeginning(kind: string): boolean {
  return kind === 'timer.set' || kind === 'immediate.set' || (CALLS.test(kind) && !kind.endsWith('.done'));
}

function nameOf(kind: string): string {
  return kind.endsWith('.set') ? kind.slice(0, -'.set'.length) : kind;
}
