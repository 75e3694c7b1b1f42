/**
 * A stream that can be moved through in both directions. The stream is read once from its beginning to its end; on the
 * way, marks are set, and what changes between two marks is kept. From then on every place is reached by taking changes
 * back or making them again up to the nearest mark before it, and replaying from there. Between marks lie so many events
 * that this takes milliseconds.
 *
 * With an index, that is true of one window of the stream, some marks long, at a time. The state at its beginning is
 * loaded from the index, and the window is read as the stream would be. A stream whose index is there is not read at all.
 */
import { factsOf, sitesOf, thinned, weightOf, type Interval } from './interval.ts';
import { makeAgain, takeBack } from './journal.ts';
import type { Moment } from './moments.ts';
import { Overview } from './overview.ts';
import type { ReplayMark, StreamReplay } from './replay.ts';
import { finish, isBefore, latestFirst, mayFindBetween, type Finder, type Position, type Search } from './search.ts';
import { SiteSet, hasAny } from './site-set.ts';
import type { LastEvent } from './stream-state.ts';
import type { TimelineOptions } from './timeline-options.ts';
import { IndexMaker, openIndex, type IndexPlace, type StreamIndex } from './stored/stream-index.ts';
import type { Facts } from './stored/windows.ts';
import type { ObjectValue } from './values.ts';

export { finish };
export type { Finder, Position, Search, TimelineOptions };

const STEPS = 1_000;
const BYTES = 250_000_000;
const STRETCHES = 16;
/** A window with more changes ends before. */
const WINDOW_BYTES = 32_000_000;

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
  private index: StreamIndex | undefined;
  /** what makes the index, or why nothing does */
  private maker: IndexMaker | Error | undefined;
  /** of the index: the window that the stretches are of */
  private window = 0;
  private readonly place: IndexPlace | undefined;
  private readonly stretchesOfWindow: number;

  constructor(
    readonly replay: StreamReplay,
    options: TimelineOptions = {},
  ) {
    this.steps = options.steps ?? STEPS;
    this.most = options.bytes ?? BYTES;
    this.place = options.index;
    this.stretchesOfWindow = options.stretches ?? STRETCHES;
  }

  /** undefined while the stream has not been read */
  get end(): Position | undefined {
    return this.last;
  }

  get position(): Position {
    const { moment, statements } = this.replay;
    return { moment, statements };
  }

  /** Why no index is kept, where one should be: whoever reads the stream next reads all of it. */
  get indexFault(): string | undefined {
    return (this.maker instanceof IndexMaker ? this.maker.fault : this.maker)?.message;
  }

  /** Reads the stream to its end, a stretch at a time; gives the words read so far. */
  *read(): Generator<number, void> {
    if (this.last !== undefined) return;
    const { replay, place } = this;
    this.index = place && openIndex(place, replay, this.overview);
    if (this.index) this.steps = this.index.steps;
    else {
      replay.sites = this.seen;
      replay.overview = this.overview;
      const maker = (this.maker = place && IndexMaker.begin(place, replay, this.overview, this.steps));
      if (maker instanceof IndexMaker) yield* this.indexing(maker);
      else yield* this.readAlone();
      replay.sites = undefined;
      replay.overview = undefined;
    }
    replay.settled = true;
    if (this.index) this.load(this.index.windows.count - 1);
    this.last = this.intervals.at(-1)!.from;
    yield replay.cursor.offset;
  }

  private *readAlone(): Generator<number, void> {
    const { replay } = this;
    for (let isEnd = false; !isEnd;) {
      const interval = this.readStretch();
      const { from } = interval;
      isEnd = replay.moment === from.moment && replay.statements === from.statements;
      this.intervals.push(interval);
      this.weight += interval.weight;
      if (this.weight > this.most && !isEnd) this.thin();
      yield replay.cursor.offset;
    }
    // the last interval is empty: it begins at the stream's end
    this.at = this.intervals.length - 1;
    this.overview.recorder?.end(replay.moment);
  }

  private *indexing(maker: IndexMaker): Generator<number, void> {
    try {
      yield* this.readIndexing(maker);
      this.index = maker.finish();
    } finally {
      if (!this.index) maker.discard();
    }
  }

  private *readIndexing(maker: IndexMaker): Generator<number, void> {
    const { replay } = this;
    const window: Interval[] = [];
    let weight = 0;
    const close = (): void => {
      maker.next(
        window.length,
        sitesOf(window),
        window.flatMap(({ changes }) => changes),
      );
      window.length = 0;
      weight = 0;
    };
    for (;;) {
      const interval = this.readStretch();
      const { from } = interval;
      if (replay.moment === from.moment && replay.statements === from.statements) break;
      window.push(interval);
      weight += interval.weight;
      if (window.length >= this.stretchesOfWindow || weight > WINDOW_BYTES) close();
      yield replay.cursor.offset;
    }
    if (window.length > 0) close();
    this.overview.recorder?.end(replay.moment);
  }

  /** Reads on to the next mark, or the end. */
  private readStretch(): Interval {
    const from = this.replay.mark();
    const { journal } = this.replay.heap;
    journal.begin();
    this.advance(from);
    const weight = journal.weight + weightOf(from);
    return { from, changes: journal.take(), weight, sites: this.seen.take() };
  }

  /** Of the index: loads the window, and reads it. Stands at its last stretch. */
  private load(window: number): void {
    const { replay } = this;
    const { windows, restore } = this.index!;
    replay.goTo(restore(window));
    replay.heap.journal.begin();
    this.window = window;
    this.next = -1;
    this.seen.take();
    replay.sites = this.seen;
    this.intervals = [];
    const count = windows.columns.stretches[window]!;
    while (this.intervals.length < count) this.intervals.push(this.readStretch());
    if (count === 0) this.intervals.push({ from: replay.mark(), changes: [], weight: 0, sites: this.seen.take() });
    replay.sites = undefined;
    this.at = this.intervals.length - 1;
    const { from, changes } = this.intervals[this.at]!;
    takeBack(changes);
    replay.heap.journal.begin();
    replay.goTo(from);
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
    const { index } = this;
    if (index) return index.windows.at(index.windows.last(({ newest }) => newest < id)).moment;
    return this.intervals[this.intervalOf((mark) => mark.newest < id)]?.from.moment ?? 0;
  }

  /**
   * The first place at which the object of that id is known: its definition stands before the event there, or is part
   * of the one before. Stands there; false where the stream does not define it.
   */
  *toDefinition(id: number): Search {
    const { replay } = this;
    const isDefined = (): boolean => replay.heap.isDefined(id);
    let at = this.intervalOf((mark) => mark.newest < id);
    for (let { window } = this; ;) {
      if (this.window !== window) this.load(window);
      this.enter(at);
      const end = this.endOf(at)?.moment ?? Infinity;
      while (!isDefined() && replay.moment < end && replay.step());
      if (isDefined()) return true;
      yield replay.moment;
      if (++at < this.intervals.length) continue;
      if (++window >= this.windowCount) return false;
      at = 0;
    }
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
    const { replay } = this;
    for (;;) {
      const end = this.endOf(this.at);
      if (this.run(end, find)) return true;
      if (end === undefined || replay.moment < end.moment) return false;
      this.enterNext(find);
      yield replay.moment;
    }
  }

  /** Stands at the next stretch in which something may be found; at the last one where there is none. */
  private enterNext(find: Finder): void {
    let at = this.at + 1;
    for (;;) {
      const isLast = this.window === this.windowCount - 1;
      const most = this.intervals.length - (isLast ? 1 : 0);
      while (at < most && !this.mayFind(at, find)) at++;
      if (at < this.intervals.length) return this.enter(at);
      let window = (find.calls && this.index!.runsNext(find.calls, this.window)) ?? this.window + 1;
      while (window < this.windowCount - 1 && !this.mayFindInWindow(window, find)) window++;
      this.load(window);
      at = 0;
    }
  }

  /** Goes back to the last place before `before` that is found; false where there is none, then it stands at the beginning. */
  *backward(before: Position, find: Finder): Search {
    const here = this.window;
    const first = this.intervalOf((mark) => isBefore(mark, before));
    const { window } = this;
    // the object is known where the search begins
    const changes = window === here ? this.changesOf(find.object) : () => true;
    if (yield* this.backwardIn(window, first, before, find, (at) => at === first || changes(at))) return true;
    for (const earlier of this.windowsBefore(window, find)) {
      if (this.window !== earlier) this.load(earlier);
      const at = this.intervals.length - 1;
      const to = this.index!.windows.at(earlier + 1);
      if (yield* this.backwardIn(earlier, at, to, find, this.changesOf(find.object))) return true;
    }
    if (this.window !== 0) this.load(0);
    this.enter(0);
    return false;
  }

  private *backwardIn(
    window: number,
    first: number,
    before: Position,
    find: Finder,
    changes: (at: number) => boolean,
  ): Search {
    let to = before;
    let isAnew = false;
    for (let at = first; at >= 0; at--) {
      const { from } = this.intervals[at]!;
      // what was loaded anew is no more the object that the changes are asked about
      if (!this.mayFind(at, find) || (!isAnew && !changes(at))) {
        to = from;
        continue;
      }
      this.enter(at);
      if (this.findLast(to, find)) return true;
      to = from;
      this.enter(at);
      yield from.moment;
      if (this.window === window) continue;
      this.load(window);
      isAnew = true;
    }
    return false;
  }

  /** Goes to the last place before `to` that is found in the stretch that it stands at. */
  private findLast(to: Position, { statement, event }: Finder): boolean {
    let found: Position | Moment | undefined;
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
    if (found === undefined) return false;
    if (typeof found === 'number') this.seekMoment(found);
    else this.seek(found);
    return true;
  }

  /** Of the index: windows before that one in which something may be found, the latest first. */
  private *windowsBefore(window: number, find: Finder): Generator<number, void> {
    if (find.either) yield* latestFirst(find.either.map((each) => this.windowsBefore(window, each)));
    else for (const at of this.index?.changed(find, window - 1) ?? []) if (this.mayFindInWindow(at, find)) yield at;
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
    const found: { from: Position; to: Position }[] = [];
    for (const { begin, end, sites: own } of this.parts((mark) => mark.moment < from)) {
      if (begin.moment >= to) break;
      if (hasAny(own, sites)) found.push({ from: begin, to: end });
    }
    return found;
  }

  /** Sites of the statements and events between the moments, and of some around them. */
  sitesBetween(from: Moment, to: Moment): Set<number> {
    const found = new Set<number>();
    for (const { begin, sites } of this.parts((mark) => mark.moment <= from)) {
      if (begin.moment >= to) break;
      for (const site of sites) found.add(site);
    }
    return found;
  }

  /** All parts of the stream from the last one on whose beginning holds the predicate. */
  private *parts(holds: (mark: Facts) => boolean) {
    const { index, intervals } = this;
    if (!index) {
      for (let at = this.intervalOf(holds); at < intervals.length - 1; at++)
        yield { begin: intervals[at]!.from, end: intervals[at + 1]!.from, sites: intervals[at]!.sites };
      return;
    }
    const { windows } = index;
    for (let at = windows.last(holds); at < windows.count - 1; at++)
      yield { begin: windows.at(at), end: windows.at(at + 1), sites: windows.sitesOf(at) };
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

  private mayFind(index: number, find: Finder): boolean {
    const { from, sites } = this.intervals[index]!;
    return mayFindBetween(from.moment, this.endOf(index), sites, find);
  }

  private mayFindInWindow(window: number, find: Finder): boolean {
    const { windows } = this.index!;
    const occurring = find.sites && windows.occurring(find.sites);
    return mayFindBetween(windows.at(window).moment, windows.endOf(window), windows.sitesOf(window), find, occurring);
  }

  private get windowCount(): number {
    return this.index?.windows.count ?? 1;
  }

  /** Where the stretch ends; undefined of the last one of the stream. */
  private endOf(index: number): Facts | undefined {
    const next = this.intervals[index + 1]?.from;
    if (next) return factsOf(next);
    return this.window + 1 < this.windowCount ? this.index!.windows.at(this.window + 1) : undefined;
  }

  private advance(from: ReplayMark): void {
    const { replay, steps } = this;
    const { overview } = replay;
    // it is asked once for a statement, though it stood before it until now
    if (this.next >= 0) {
      this.seen.add(this.next);
      overview?.hit(this.next);
    }
    this.next = -1;
    replay.onStatement(({ file }, op) => {
      const site = file.base + op;
      const isFull = replay.statements - from.statements >= steps;
      if (isFull) this.next = site;
      else {
        this.seen.add(site);
        overview?.hit(site);
      }
      return isFull;
    });
    replay.runTo(from.moment + steps);
    replay.onStatement(undefined);
  }

  /** Every second mark goes; the stretches are twice as long from here on. */
  private thin(): void {
    this.intervals = thinned(this.intervals);
    this.weight = this.intervals.reduce((sum, { weight }) => sum + weight, 0);
    this.steps *= 2;
  }

  /**
   * The last stretch whose mark holds the predicate, which holds for none behind one that it does not hold for. With an
   * index, its window is loaded.
   */
  private intervalOf(holds: (mark: Facts) => boolean): number {
    const window = this.index?.windows.last(holds) ?? 0;
    if (this.window !== window) this.load(window);
    let low = 0;
    let high = this.intervals.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(factsOf(this.intervals[middle]!.from))) low = middle;
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
