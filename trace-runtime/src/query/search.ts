/** What is looked for in a stream, and where one stands in it. */
import type { Activation } from './activation.ts';
import type { Moment } from './moments.ts';
import { hasAny } from './site-set.ts';
import type { Facts } from './stored/windows.ts';
import type { LastEvent } from './stream-state.ts';
import type { ObjectValue } from './values.ts';

/** A place to stand at: before an event, or before a statement that begins there. */
export interface Position {
  readonly moment: Moment;
  /** statements begun before it */
  readonly statements: number;
}

/** What to look for: a statement is seen before it begins, an event once it was executed. Either way one stands before it. */
export interface Finder {
  /**
   * All sites (a file's base plus an op) whose statements and events can be found, MUTATIONS among them; stretches that
   * have none of them are passed over.
   */
  readonly sites?: ReadonlySet<number> | undefined;
  /** moments of events that can be found beside these, ascending */
  readonly moments?: readonly Moment[];
  /** number of a call: nothing is found before it was made */
  readonly since?: number;
  /** numbers of calls: nothing is found where none of them runs, unless, forward, all of them are over */
  readonly calls?: ReadonlySet<number>;
  /** id of an environment: nothing is found where none of its variables is written */
  readonly environment?: number;
  /** whose variables: nothing is found where no variable of that scope is written, which is the call's or the file's outermost */
  readonly scope?: { readonly of: 'call' | 'file'; readonly id: number; readonly scope: number };
  /** nothing is found before that moment */
  readonly after?: Moment;
  /** id of an object: nothing is found where it was neither written to nor defined */
  readonly written?: number;
  /** nothing is found where none of these finds anything; the sites are those of all of them */
  readonly either?: readonly Finder[];
  /** backward: an object that is known where the search begins; nothing is found where it neither changed nor was defined */
  readonly object?: ObjectValue;
  /** whether a stretch that begins and ends at those moments has nothing, whatever sites it has */
  readonly passesOver?: (from: Moment, to: Moment) => boolean;
  readonly statement?: (activation: Activation, op: number) => boolean;
  readonly event?: (event: LastEvent) => boolean;
}

/** A search under way: gives the moment that it has come to, from time to time; in the end whether something was found. */
export type Search = Generator<Moment, boolean, void>;

/** Searches to the end at once. */
export function finish(search: Search): boolean {
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
  }
}

/** Whether something may be found in a part of the stream. `occurring`: those of the sites that occur in the stream. */
export function mayFindBetween(
  begin: Moment,
  end: Facts | undefined,
  own: Int32Array,
  { sites, moments = [], since, after = 0, passesOver }: Finder,
  occurring = sites,
): boolean {
  if (end !== undefined && end.moment < after) return false;
  if (since !== undefined && end !== undefined && end.activations < since) return false;
  if (end !== undefined && passesOver?.(begin, end.moment) === true) return false;
  if (occurring === undefined) return true;
  const next = moments[firstFrom(moments, begin)];
  if (next !== undefined && next <= (end?.moment ?? Infinity)) return true;
  return hasAny(own, occurring);
}

/** Index of the first that is not before the moment. */
function firstFrom(moments: readonly Moment[], moment: Moment): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle]! < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isBefore(a: Position, b: Position): boolean {
  return a.moment < b.moment || (a.moment === b.moment && a.statements < b.statements);
}

/** The numbers of lists that descend, each once, descending. */
export function* latestFirst(lists: readonly Generator<number, void>[]): Generator<number, void> {
  const heads = lists.map((list) => list.next());
  for (;;) {
    const latest = Math.max(...heads.map(({ done, value }) => (done === true ? -1 : (value ?? -1))));
    if (latest < 0) return;
    yield latest;
    heads.forEach(({ value }, i) => value === latest && (heads[i] = lists[i]!.next()));
  }
}
