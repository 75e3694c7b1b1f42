/** What is there already and comes when it is due, in the async context in which it came. */
import { AsyncResource } from 'node:async_hooks';
import { later } from './real-time.ts';
import type { Due, Timeline } from './timeline.ts';

/** To be called where it would have come. */
export function inItsContext(deliver: () => void): () => void {
  const resource = new AsyncResource('HINDCAST');
  return () => resource.runInAsyncScope(deliver);
}

/** Delivers when it is due, in a turn of the event loop of its own. */
export function deliverAt(timeline: Timeline, at: number, deliver: () => void): Due {
  const run = inItsContext(deliver);
  const due: Due = timeline.add(at, () => later(() => timeline.begins(due, run)), undefined, true);
  return due;
}

/** As `deliverAt`, as long as the program wants it. `holds`: the process must not end before. */
export function deliverWhile(
  timeline: Timeline,
  at: number,
  deliver: () => void,
  { isGone, holds }: { readonly isGone: () => boolean; readonly holds: boolean },
): void {
  const run = inItsContext(deliver);
  const due: Due = timeline.add(at, () => later(() => timeline.begins(due, run)), isGone, holds);
}
