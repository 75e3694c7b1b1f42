/** Where a client wants to stop, as statements of the site tables. */
import type { Activation, LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import { K } from '../../trace-runtime/src/query/code.ts';
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { StateReader } from '../../trace-runtime/src/query/state.ts';
import type { LastEvent } from '../../trace-runtime/src/query/stream-state.ts';
import type { Finder } from '../../trace-runtime/src/query/timeline.ts';
import { findWrites, writes, type Watched } from '../../trace-runtime/src/query/watched.ts';
import { HitCounter, isMeant, parseHits, type Meant } from './hit-conditions.ts';
import type { RecordedThread } from './recorded-thread.ts';

/** A statement in the source that the developer wrote. */
export interface StatementPlace {
  readonly hash: string;
  readonly op: number;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface WantedLine {
  readonly line: number;
  readonly column?: number | undefined;
  /** an expression: stops only where it holds */
  readonly condition?: string | undefined;
  /** which of the hits, counted from the recording's beginning: `5`, `>5`, `>=5`, `<5`, `<=5`, `%5` */
  readonly hitCondition?: string | undefined;
  /** prints instead of stopping */
  readonly logMessage?: string | undefined;
}

/** Where a client wants to stop, or to print. */
export interface Breakpoint extends WantedLine {
  /** undefined where no statement of the recording is left in the source */
  readonly place: StatementPlace | undefined;
  /** the same statement in each version of the source */
  readonly statements: readonly StatementPlace[];
  /** why it cannot be set as it was asked for */
  readonly fault?: string | undefined;
}

/** Data whose writes a client wants to stop at. */
export interface DataBreakpoint {
  readonly watched: Watched;
  /** an expression, asked behind the write where it is made */
  readonly condition?: string | undefined;
  /** as of a line */
  readonly hitCondition?: string | undefined;
}

/** Whether a condition holds at the moment, in the scopes of the call; says what is wrong with it, once. */
export type Holds = (thread: RecordedThread, call: Activation, condition: string) => boolean;

export type ExceptionFilter = 'all' | 'uncaught';

export class Breakpoints {
  private readonly byHash = new Map<string, readonly StatementPlace[]>();
  private readonly lines = new Map<string, readonly Breakpoint[]>();
  private functions: readonly Breakpoint[] = [];
  /** moments and statements of the hits that a hit condition is about, by stream: known once they were counted */
  private readonly counted = new Map<Breakpoint, ReadonlyMap<number, Meant>>();
  /** moments of the writes that a hit condition is about, by stream */
  private readonly countedWrites = new Map<DataBreakpoint, ReadonlyMap<number, Meant>>();
  private exceptions: ReadonlySet<ExceptionFilter> = new Set();
  private watched: readonly DataBreakpoint[] = [];
  /** the breakpoint on data that was met last */
  met: DataBreakpoint | undefined;

  constructor(
    private readonly places: Places,
    private readonly threads: readonly RecordedThread[],
    private readonly holds: Holds,
  ) {}

  /** Statements of a source, in its order. */
  statements(path: string): StatementPlace[] {
    const files = new Map(this.threads.flatMap(({ files }) => files).map((file) => [file.hash, file]));
    const found = [...files.values()].flatMap((file) => this.statementsOf(file)).filter((each) => each.path === path);
    return found.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Sets a source's breakpoints; gives where each came to stand. */
  setLines(path: string, wanted: readonly WantedLine[]): Breakpoint[] {
    const statements = this.statements(path);
    const same = (a: StatementPlace, b: StatementPlace): boolean => a.line === b.line && a.column === b.column;
    const set = wanted.map((each): Breakpoint => {
      const { line, column = 0 } = each;
      const place = statements.find((at) => at.line > line || (at.line === line && at.column >= column));
      // a source can have been loaded in several versions
      return { ...each, place, statements: place ? statements.filter((at) => same(at, place)) : [], ...faultOf(each) };
    });
    this.lines.set(path, set);
    return set;
  }

  /** Breaks at the first statement of functions of these names; those without statements name none. */
  setFunctions(wanted: readonly (Omit<WantedLine, 'line'> & { readonly name: string })[]): readonly Breakpoint[] {
    this.functions = wanted.map(({ name, ...rest }) => {
      const statements = this.firstStatements(name);
      const line = statements[0]?.line ?? 0;
      return { line, ...rest, place: statements[0], statements, ...faultOf(rest) };
    });
    return this.functions;
  }

  /** Those that print. */
  get logpoints(): Breakpoint[] {
    return [...this.lines.values()].flat().filter(({ logMessage }) => Boolean(logMessage));
  }

  /** Sites of the statements at which breakpoints on lines and functions stand. */
  sites(thread: RecordedThread): ReadonlySet<number> {
    return findStatements(
      thread,
      this.stopping().flatMap(({ statements }) => statements),
    ).sites;
  }

  /** Counts the hits that a hit condition speaks of, where that was not done yet; gives the moments it has come to. */
  *count(): Generator<number, void, void> {
    for (const each of this.stopping()) {
      const hits = each.hitCondition ? parseHits(each.hitCondition) : undefined;
      if (!hits || this.counted.has(each)) continue;
      const counter = new HitCounter(hits);
      this.counted.set(each, yield* this.meant(counter, (thread) => this.countHits(thread, each, counter)));
    }
    for (const each of this.watched) {
      const hits = each.hitCondition ? parseHits(each.hitCondition) : undefined;
      if (!hits || this.countedWrites.has(each)) continue;
      const counter = new HitCounter(hits);
      this.countedWrites.set(each, yield* this.meant(counter, (thread) => this.countWrites(thread, each, counter)));
    }
  }

  /** By stream: which hits are meant. No further than it takes to tell. */
  private *meant(
    counter: HitCounter,
    count: (thread: RecordedThread) => Generator<number, void, void>,
  ): Generator<number, ReadonlyMap<number, Meant>, void> {
    const all = new Map<number, Meant>();
    for (const thread of this.threads) {
      if (!counter.isDecided) yield* count(thread);
      all.set(thread.id, counter.take(!counter.isDecided));
    }
    return all;
  }

  private *countHits(thread: RecordedThread, each: Breakpoint, counter: HitCounter): Generator<number, void, void> {
    yield* this.eachHit(thread, each, () => {
      counter.hit(thread.timeline.position.statements);
      return counter.isDecided;
    });
  }

  private *countWrites(
    thread: RecordedThread,
    each: DataBreakpoint,
    counter: HitCounter,
  ): Generator<number, void, void> {
    const { timeline, files } = thread;
    const from = timeline.position;
    timeline.seekMoment(0);
    yield* timeline.forward({
      ...findWrites(each.watched, files),
      event: (event) => {
        if (this.isWritten(thread, each, event)) counter.hit(event.moment);
        return counter.isDecided;
      },
    });
    timeline.seek(from);
  }

  /** Whether the event writes it, and its condition holds then. */
  private isWritten(thread: RecordedThread, { watched, condition }: DataBreakpoint, event: LastEvent): boolean {
    if (!writes(watched, event)) return false;
    const call = event.activation ?? thread.timeline.replay.stack.at(-1);
    return !condition || (call !== undefined && this.holds(thread, call, condition));
  }

  private stopsAt(thread: RecordedThread, each: DataBreakpoint, event: LastEvent): boolean {
    const meant = each.hitCondition ? this.countedWrites.get(each)?.get(thread.id) : undefined;
    return (!meant || isMeant(meant, event.moment)) && this.isWritten(thread, each, event);
  }

  /** Visits every hit at which the condition holds, until one visit says true; stands where it stood afterwards. */
  *eachHit(
    thread: RecordedThread,
    breakpoint: Breakpoint,
    visit: (call: Activation) => boolean | void,
  ): Generator<number, void, void> {
    const { timeline } = thread;
    const from = timeline.position;
    const { sites, statement } = findStatements(thread, breakpoint.statements);
    if (sites.size === 0) return;
    timeline.seekMoment(0);
    yield* timeline.forward({
      sites,
      statement: (call, op) => {
        return statement(call, op) && this.isMet(thread, call, breakpoint) && visit(call) === true;
      },
    });
    timeline.seek(from);
  }

  private isMet(thread: RecordedThread, call: Activation, { condition }: Breakpoint): boolean {
    return !condition || this.holds(thread, call, condition);
  }

  private stopping(): Breakpoint[] {
    return [...[...this.lines.values()].flat(), ...this.functions].filter(({ logMessage }) => !logMessage);
  }

  setExceptions(filters: readonly ExceptionFilter[]): void {
    this.exceptions = new Set(filters);
  }

  /** Gives of each why it cannot be set as it was asked for; undefined where it can. */
  setWatched(watched: readonly DataBreakpoint[]): (string | undefined)[] {
    this.watched = watched.filter((each) => faultOf(each).fault === undefined);
    this.countedWrites.clear();
    return watched.map((each) => faultOf(each).fault);
  }

  /** What ends `continue` and `reverseContinue` on a thread. */
  finder(thread: RecordedThread): Finder {
    const { exceptions, watched } = this;
    this.met = undefined;
    const stopping = this.stopping();
    const plain = findStatements(
      thread,
      stopping.filter((each) => !each.condition && !each.hitCondition).flatMap(({ statements }) => statements),
    );
    const careful = stopping
      .filter((each) => each.condition || each.hitCondition)
      .map((each) => ({ each, found: findStatements(thread, each.statements) }));
    const sites = new Set([...plain.sites, ...careful.flatMap(({ found }) => [...found.sites])]);
    const statement = (call: Activation, op: number): boolean =>
      plain.statement(call, op) ||
      careful.some(({ each, found }) => found.statement(call, op) && this.isChosen(thread, call, each));
    if (exceptions.size === 0 && watched.length === 0) return { sites, statement };
    const either: Finder[] = watched.map((each) => findWrites(each.watched, thread.files));
    either.push({ sites: new Set(sites) });
    const failures = exceptions.size === 0 ? [] : thread.timeline.replay.failures.list;
    const uncaught = new Set(failures.map(({ moment }) => moment));
    const all = exceptions.has('all');
    const throwing = new Set(all ? thread.files.flatMap(throwsOf) : []);
    const moments = [...uncaught].sort((a, b) => a - b);
    if (exceptions.size > 0) either.push({ sites: throwing, moments });
    for (const each of either) for (const site of each.sites ?? []) sites.add(site);
    return {
      sites,
      moments,
      either,
      // going backward, the last one found is where it stops
      statement: (activation, op) => statement(activation, op) && ((this.met = undefined), true),
      event: (event) => {
        const met = watched.find((each) => this.stopsAt(thread, each, event));
        if (met === undefined && !uncaught.has(event.moment) && !(all && event.code === EventCode.throw)) return false;
        this.met = met;
        return true;
      },
    };
  }

  private isChosen(thread: RecordedThread, call: Activation, breakpoint: Breakpoint): boolean {
    const meant = breakpoint.hitCondition ? this.counted.get(breakpoint)?.get(thread.id) : undefined;
    if (meant ? !isMeant(meant, thread.timeline.position.statements) : breakpoint.hitCondition) return false;
    return this.isMet(thread, call, breakpoint);
  }

  private firstStatements(name: string): StatementPlace[] {
    const files = new Map(this.threads.flatMap(({ files }) => files).map((file) => [file.hash, file]));
    return [...files.values()].flatMap((file) => {
      const own = this.statementsOf(file);
      return file.table.functions.flatMap((site) => {
        if (site.name !== name) return [];
        const first = own.find(({ op }) => op > site.firstOp && op < site.endOp);
        return first === undefined ? [] : [first];
      });
    });
  }

  private statementsOf(file: LoadedFile): readonly StatementPlace[] {
    let statements = this.byHash.get(file.hash);
    if (statements !== undefined) return statements;
    const reader = this.threads[0]?.reader;
    const found = reader ? statementsIn(this.places, reader, file) : [];
    this.byHash.set(file.hash, (statements = found));
    return statements;
  }
}

/** The statements of a loaded file, in the order of its site table. */
export function statementsIn(places: Places, reader: StateReader, file: LoadedFile): StatementPlace[] {
  const found: StatementPlace[] = [];
  const { kind, start, count } = file.code;
  for (let op = 0; op < count; op++) {
    if (kind[op] !== K.statement || !places.isWritten(reader, file, start[op]!)) continue;
    const { path, line, column } = places.of(reader, file, start[op]!);
    if (line !== undefined && column !== undefined) found.push({ hash: file.hash, op, path, line, column });
  }
  return found;
}

function faultOf({ hitCondition }: Pick<WantedLine, 'hitCondition'>): { readonly fault?: string } {
  if (!hitCondition || parseHits(hitCondition)) return {};
  return { fault: `${hitCondition} is no hit condition: give a number, or one behind >, >=, <, <= or %.` };
}

/** Finds these statements on a thread. */
export function findStatements(thread: RecordedThread, places: readonly StatementPlace[]) {
  const sites = new Set<number>();
  for (const { hash, base } of thread.files)
    for (const place of places) if (place.hash === hash) sites.add(base + place.op);
  return { sites, statement: ({ file }: Activation, op: number): boolean => sites.has(file.base + op) };
}

/** Sites of a file's statements that throw. */
function throwsOf({ base, code }: LoadedFile): number[] {
  const sites: number[] = [];
  for (let op = 0; op < code.count; op++) if (code.kind[op] === K.throw) sites.push(base + op);
  return sites;
}
