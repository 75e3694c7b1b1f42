/**
 * How long what was begun took in the recording, by who began it: timers, and calls that answer later. Times are those of
 * the thread's own clock, so a callback that code kept from running came as late as it did.
 */
import { beginningOf } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import { turnsOf } from './recorded-turns.ts';

/** As `Round` of boundary/serve/time. */
interface Round {
  readonly lead: number;
  readonly took: number;
  readonly ends: 'comes' | 'refreshed' | 'open';
}

/** One series' next value: see `Took` of boundary/serve/time. */
export interface Duration {
  readonly entry: BoundaryEntry;
  /** place among all entries */
  readonly order: number;
  readonly kind: string;
  readonly args: string;
  readonly value: { readonly rounds: Round[] };
}

/** Of what was begun, in its order. Empty where the recording says no times. */
export function durationsOf(stream: Pick<ReadStream, 'entries' | 'ticks'>): readonly Duration[] {
  const { entries } = stream;
  const turns = turnsOf(stream);
  const all: Duration[] = [];
  const open = new Map<unknown, Begun>();
  let end = 0;
  entries.forEach((entry, order) => {
    const { kind, detail } = entry;
    const time = turns.times[order]!;
    if (Number.isNaN(time)) return;
    end = time;
    const { id } = detail;
    if (typeof id !== 'number') return;
    if (isBeginning(kind)) {
      const duration: Duration = { entry, order, kind: nameOf(kind), args: beginningOf(detail), value: { rounds: [] } };
      all.push(duration);
      open.set(id, { duration, since: time, lead: turns.lasted(order) });
      return;
    }
    const begun = open.get(id);
    const ends = endOf(kind, detail);
    if (!begun || !ends) return;
    begun.duration.value.rounds.push({ lead: begun.lead, took: time - begun.since, ends });
    begun.since = time;
    begun.lead = turns.lasted(order);
    if (kind !== 'timer' && ends !== 'refreshed') open.delete(id);
  });
  for (const { duration, since, lead } of open.values())
    duration.value.rounds.push({ lead, took: end - since, ends: 'open' });
  // what did not come, or not again, is known for timers and immediates alone
  return all.filter(({ kind, value: { rounds } }) => TIMERS.has(kind) || rounds[0]?.ends === 'comes');
}

interface Begun {
  readonly duration: Duration;
  /** when its present round began, and how long the turn had lasted then */
  since: number;
  lead: number;
}

const TIMERS: ReadonlySet<string> = new Set(['timer', 'immediate']);

function endOf(kind: string, { error }: BoundaryEntry['detail']): Round['ends'] | undefined {
  // one that is aborted
  if (kind === 'timer.cleared' || (kind === 'timer.promise.done' && error !== undefined)) return 'open';
  if (kind === 'timer.refreshed') return 'refreshed';
  return kind === 'timer' || kind === 'immediate' || kind.endsWith('.done') ? 'comes' : undefined;
}

const CALLS = /^(?:fs|dns|crypto)\./;

function isBeginning(kind: string): boolean {
  return kind === 'timer.set' || kind === 'immediate.set' || (CALLS.test(kind) && !kind.endsWith('.done'));
}

function nameOf(kind: string): string {
  return kind.endsWith('.set') ? kind.slice(0, -'.set'.length) : kind;
}
