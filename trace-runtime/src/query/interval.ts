import { joined, type Change } from './journal.ts';
import type { ReplayMark } from './replay.ts';
import { SiteSet } from './site-set.ts';
import type { Facts } from './stored/windows.ts';

/** Of two marks next to each other: the first, and what changes until the second. */
export interface Interval {
  readonly from: ReplayMark;
  readonly changes: readonly Change[];
  /** about the bytes that the changes and the mark take */
  readonly weight: number;
  /** sites of the statements that begin in it and of its events, each once, ascending */
  readonly sites: Int32Array;
}

/** With half as many marks. */
export function thinned(intervals: readonly Interval[]): Interval[] {
  const kept: Interval[] = [];
  for (let i = 0; i < intervals.length; i += 2) {
    const [older, newer] = [intervals[i]!, intervals[i + 1]];
    const changes = newer === undefined ? older.changes : joined(older.changes, newer.changes);
    const weight = changes.reduce((sum, change) => sum + change.weight, weightOf(older.from));
    kept.push({ from: older.from, changes, weight, sites: sitesOf(newer ? [older, newer] : [older]) });
  }
  return kept;
}

/** Sites of all of them, each once, ascending. */
export function sitesOf(intervals: readonly Interval[]): Int32Array {
  const found = new SiteSet();
  for (const { sites } of intervals) for (const site of sites) found.add(site);
  return found.take();
}

export function factsOf({ moment, statements, newest, fields }: ReplayMark): Facts {
  return { moment, statements, newest, activations: fields.activations ?? 0 };
}

/** About the bytes of a mark. */
export function weightOf({ stack, files }: ReplayMark): number {
  return 4000 + 8 * (stack.length + files.length);
}
