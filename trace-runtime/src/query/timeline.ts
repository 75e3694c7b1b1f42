/**
 * A stream that can be moved through in both directions. The stream is read once from its beginning to its end; on the
 * way, marks are set, and what changes between two marks is kept. From then on every place is reached by taking changes
 * back or making them again up to the nearest mark before it, and replaying from there. Between marks lie so many events
 * that this takes milliseconds.
 */
import type { Activation } from './activation.ts';
import { joined, makeAgain, takeBack, type Change } from './journal.ts';
import type { Moment } from './moments.ts';
import { Overview } from './overview.ts';
import type { ReplayMark, StreamReplay } from './replay.ts';
import type { LastEvent } from './stream-state.ts';
import type { ObjectValue } from './values.ts';

/** A place to stand at: before an event, or before a statement that begins there. */
export interface Position {
  readonly moment: Moment;
  /** statements begun before it */
  readonly statements: number;
}

/** Of two marks next to each other: the first, and what changes until the second. */
interface Interval {
  readonly from: ReplayMark;
  readonly changes: readonly Change[];
  /** about the bytes that the changes and the mark take */
  readonly weight: number;
  /** sites of the statements that begin in it and of its events, each once, ascending */
  readonly sites: Int32Array;
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
  /** nothing is found before that moment */
  readonly after?: Moment;
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

export interface TimelineOptions {
  /** steps (events and statements) between two marks, at first */
  readonly steps?: number;
  /** about the bytes that changes and marks may take; beyond, every second mark is given up */
  readonly bytes?: number;
}

const STEPS = 1_000;
const BYTES = 250_000_000;
/** Sites below have an entry each in a table. */
const HIGH_SITE = 2 ** 25;

export class Timeline {
  private intervals: Interval[] = [];
  /** the interval that the replay is in */
  private at = 0;
  private steps: number;
  private weight = 0;
  private readonly most: number;
  private readonly seen = new SiteSet();
  /** what happens in the stream: complete once it was read */
  readonly overview = new Overview();
  /** site of the statement that reading stands before; -1: of none */
  private next = -1;
  /** the end of the stream; undefined until it was read */
  private last: ReplayMark | undefined;

  constructor(
    readonly replay: StreamReplay,
    options: TimelineOptions = {},
  ) {
    this.steps = options.steps ?? STEPS;
    this.most = options.bytes ?? BYTES;
  }

  /** undefined while the stream has not been read */
  get end(): Position | undefined {
    return this.last;
  }

  get position(): Position {
    const { moment, statements } = this.replay;
    return { moment, statements };
  }

  /** Reads the stream to its end, a stretch at a time; gives the words read so far. */
  *read(): Generator<number, void> {
    const { replay } = this;
    replay.sites = this.seen;
    replay.overview = this.overview;
    const { journal } = replay.heap;
    for (let isEnd = this.last !== undefined; !isEnd;) {
      const from = replay.mark();
      journal.begin();
      this.advance(from);
      isEnd = replay.moment === from.moment && replay.statements === from.statements;
      const weight = journal.weight + weightOf(from);
      this.intervals.push({ from, changes: journal.take(), weight, sites: this.seen.take() });
      this.weight += weight;
      if (this.weight > this.most && !isEnd) this.thin();
      yield replay.cursor.offset;
    }
    // the last interval is empty: it begins at the stream's end
    this.at = this.intervals.length - 1;
    this.last = this.intervals[this.at]!.from;
    this.overview.recorder?.end(replay.moment);
    replay.settled = true;
    replay.sites = undefined;
    replay.overview = undefined;
  }

  /** Reads the whole stream at once. */
  readAll(): this {
    for (const _ of this.read());
    return this;
  }

  /** Stands before the event of that number; at the stream's end if it has fewer. */
  seekMoment(moment: Moment): void {
    const interval = this.intervalOf((mark) => mark.moment <= moment);
    // a place further on in the stretch that it is in is come to from here
    if (interval !== this.at || this.replay.moment > moment) this.enter(interval);
    this.replay.runTo(moment);
  }

  /** A moment before which no object of that id is known. */
  unknownBefore(id: number): Moment {
    return this.intervals[this.intervalOf((mark) => mark.newest < id)]?.from.moment ?? 0;
  }

  /**
   * The first place at which the object of that id is known: its definition stands before the event there, or is part
   * of the one before. Stands there; false where the stream does not define it.
   */
  *toDefinition(id: number): Search {
    const { replay, intervals } = this;
    const isDefined = (): boolean => replay.heap.isDefined(id);
    let at = this.intervalOf((mark) => mark.newest < id);
    for (; at < intervals.length; at++) {
      this.enter(at);
      const end = intervals[at + 1]?.from.moment ?? Infinity;
      while (!isDefined() && replay.moment < end && replay.step());
      if (isDefined()) return true;
      yield replay.moment;
    }
    return false;
  }

  /** Stands before the statement that begins as that number; at the stream's end if it has fewer. */
  seekStatement(statement: number): void {
    this.enter(this.intervalOf((mark) => mark.statements <= statement));
    finish(this.forward({ statement: () => this.replay.statements >= statement }));
  }

  /** Stands there again. */
  seek({ moment, statements }: Position): void {
    this.enter(this.intervalOf((mark) => !isBefore({ moment, statements }, mark)));
    const { replay } = this;
    replay.onStatement(() => replay.statements >= statements);
    replay.runTo(moment);
    replay.onStatement(undefined);
  }

  /** Goes forward until something is found, and stands before it; at the end of the stream where nothing is. */
  *forward(find: Finder): Search {
    const { replay, intervals } = this;
    for (;;) {
      const mark = intervals[this.at + 1]?.from;
      if (this.run(mark, find)) return true;
      if (mark === undefined || replay.moment < mark.moment) return false;
      let at = this.at + 1;
      while (at < intervals.length - 1 && !this.mayFind(at, find)) at++;
      this.enter(at);
      yield replay.moment;
    }
  }

  /** Goes back to the last place before `before` that is found; false where there is none, then it stands at the beginning. */
  *backward(before: Position, find: Finder): Search {
    let to = before;
    const changes = this.changesOf(find.object);
    for (let at = this.intervalOf((mark) => isBefore(mark, before)), first = at; at >= 0; at--) {
      const { from } = this.intervals[at]!;
      if (!this.mayFind(at, find) || (at < first && !changes(at))) {
        to = from;
        continue;
      }
      this.enter(at);
      let found: Position | Moment | undefined;
      const { statement, event } = find;
      this.run(to, {
        statement: (activation, op) => {
          if (statement?.(activation, op) === true) found = this.position;
          return false;
        },
        ...(event && {
          event: (executed: LastEvent) => {
            if (event(executed)) found = executed.moment;
            return false;
          },
        }),
      });
      if (found !== undefined) {
        if (typeof found === 'number') this.seekMoment(found);
        else this.seek(found);
        return true;
      }
      to = from;
      this.enter(at);
      yield from.moment;
    }
    this.enter(0);
    return false;
  }

  /** Replays up to the mark, or the end. True where something was found; then it stands before it. */
  private run(to: Position | undefined, { statement, event }: Finder): boolean {
    const { replay } = this;
    let found = false;
    replay.onStatement((activation, op) => {
      if (to !== undefined && !isBefore(replay, to)) return true;
      return statement !== undefined && (found = statement(activation, op));
    });
    const limit = to?.moment ?? Infinity;
    if (event === undefined) replay.runTo(limit);
    else {
      while (replay.moment < limit && replay.step()) {
        if (event(replay.event)) {
          replay.onStatement(undefined);
          this.seekMoment(replay.event.moment);
          return true;
        }
        if (replay.paused) break;
      }
    }
    // statements that stand before the event at the limit
    if (!replay.paused && to !== undefined) replay.runTo(limit);
    replay.onStatement(undefined);
    return found;
  }

  /** Stretches in which a statement or event of the sites occurs, of those that lie between the moments at least in part. */
  stretches(
    sites: ReadonlySet<number>,
    from: Moment,
    to: Moment,
  ): { readonly from: Position; readonly to: Position }[] {
    const { intervals } = this;
    const found: { from: Position; to: Position }[] = [];
    for (let at = this.intervalOf((mark) => mark.moment < from); at < intervals.length - 1; at++) {
      const first = intervals[at]!.from;
      if (first.moment >= to) break;
      if (this.mayFind(at, { sites })) found.push({ from: first, to: intervals[at + 1]!.from });
    }
    return found;
  }

  /** Sites of the statements and events between the moments, and of some around them. */
  sitesBetween(from: Moment, to: Moment): Set<number> {
    const found = new Set<number>();
    for (let at = this.intervalOf((mark) => mark.moment <= from); at < this.intervals.length - 1; at++) {
      if (this.intervals[at]!.from.moment >= to) break;
      for (const site of this.intervals[at]!.sites) found.add(site);
    }
    return found;
  }

  /** Tells whether an object changed or was defined in a stretch; to be asked from the latest stretch on backward. */
  private changesOf(object: ObjectValue | undefined): (index: number) => boolean {
    const { heap } = this.replay;
    let contents = object && heap.get(object);
    return (index) => {
      const own = contents;
      if (!object || !own) return true;
      const { from, changes } = this.intervals[index]!;
      if (from.newest < object.id) return true;
      const about = changes.find((change) => heap.changeOf(object, own, change) !== undefined);
      // changes before it are of other contents, which are not known here
      if (about && changes.some((change) => heap.changeOf(object, own, change) === 'replaced')) contents = undefined;
      return about !== undefined;
    };
  }

  private mayFind(index: number, { sites, moments = [], since, after = 0, passesOver }: Finder): boolean {
    const next = this.intervals[index + 1]?.from;
    if (next !== undefined && next.moment < after) return false;
    const calls = next?.fields.activations;
    if (since !== undefined && calls !== undefined && calls < since) return false;
    const { from, sites: own } = this.intervals[index]!;
    if (next !== undefined && passesOver?.(from.moment, next.moment) === true) return false;
    if (sites === undefined) return true;
    const end = next?.moment ?? Infinity;
    if (moments.some((moment) => moment >= from.moment && moment <= end)) return true;
    if (sites.size > own.length) return own.some((site) => sites.has(site));
    for (const site of sites) if (includes(own, site)) return true;
    return false;
  }

  private advance(from: ReplayMark): void {
    const { replay, steps, overview } = this;
    // it is asked once for a statement, though it stood before it until now
    if (this.next >= 0) {
      this.seen.add(this.next);
      overview.hit(this.next);
    }
    this.next = -1;
    replay.onStatement(({ file }, op) => {
      const site = file.base + op;
      const isFull = replay.statements - from.statements >= steps;
      if (isFull) this.next = site;
      else {
        this.seen.add(site);
        overview.hit(site);
      }
      return isFull;
    });
    replay.runTo(from.moment + steps);
    replay.onStatement(undefined);
  }

  /** Every second mark goes; the stretches are twice as long from here on. */
  private thin(): void {
    const { intervals } = this;
    const kept: Interval[] = [];
    this.weight = 0;
    for (let i = 0; i < intervals.length; i += 2) {
      const [older, newer] = [intervals[i]!, intervals[i + 1]];
      const changes = newer === undefined ? older.changes : joined(older.changes, newer.changes);
      const weight = changes.reduce((sum, change) => sum + change.weight, weightOf(older.from));
      for (const sites of [older.sites, newer?.sites ?? []]) for (const site of sites) this.seen.add(site);
      kept.push({ from: older.from, changes, weight, sites: this.seen.take() });
      this.weight += weight;
    }
    this.intervals = kept;
    this.steps *= 2;
  }

  /** The last interval whose mark holds the predicate, which holds for none behind one that it does not hold for. */
  private intervalOf(holds: (mark: ReplayMark) => boolean): number {
    let low = 0;
    let high = this.intervals.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.intervals[middle]!.from)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Stands at the interval's mark, its changes being kept from there on. */
  private enter(index: number): void {
    const { replay, intervals } = this;
    const { journal } = replay.heap;
    // what was replayed since the mark of the interval that it is in
    takeBack(journal.take());
    for (; this.at > index; this.at--) takeBack(intervals[this.at - 1]!.changes);
    for (; this.at < index; this.at++) makeAgain(intervals[this.at]!.changes);
    journal.begin();
    replay.goTo(intervals[index]!.from);
  }
}

/** Of an ascending list. */
function includes(list: Int32Array, wanted: number): boolean {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const each = list[middle]!;
    if (each === wanted) return true;
    if (each < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Site ids, each once. */
class SiteSet {
  /** by site: of the set that it was put into last */
  private marks = new Uint32Array(1024);
  private set = 1;
  private list: number[] = [];
  /** what only a damaged stream numbers so high */
  private readonly high = new Set<number>();

  add(site: number): void {
    if (site >= HIGH_SITE) {
      this.high.add(site);
      return;
    }
    if (site >= this.marks.length) {
      const grown = new Uint32Array(Math.max(site + 1, this.marks.length * 2));
      grown.set(this.marks);
      this.marks = grown;
    }
    if (this.marks[site] === this.set) return;
    this.marks[site] = this.set;
    this.list.push(site);
  }

  /** All since it was asked last. */
  take(): Int32Array {
    const sites = Int32Array.from([...this.list, ...this.high]).sort();
    this.list = [];
    this.high.clear();
    this.set++;
    return sites;
  }
}

/** About the bytes of a mark. */
function weightOf({ stack, files }: ReplayMark): number {
  return 4000 + 8 * (stack.length + files.length);
}

function isBefore(a: Position, b: Position): boolean {
  return a.moment < b.moment || (a.moment === b.moment && a.statements < b.statements);
}
