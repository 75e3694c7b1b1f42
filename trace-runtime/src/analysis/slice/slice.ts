/**
 * The dynamic backward slice of a place: the runs of statements that what happens there depends on, through data and
 * through control. It is a relevant slice (Gyimóthy, Beszédes and Forgács 1999): conditions belong to it that, had they
 * come out otherwise, might have changed what was read. What a statement outside of it computes makes no difference.
 */
import type { LoadedFile } from '../../query/activation.ts';
import type { Moment } from '../../query/moments.ts';
import type { Position } from '../../query/timeline.ts';
import type { ObjectValue } from '../../query/values.ts';
import type { Traced, Work } from '../traced.ts';
import { Earlier } from './earlier.ts';
import { countWhile, ExecutionLog, type RunNumber } from './execution-log.ts';
import { ANY_PROPERTY, ANYTHING, HELD_BY } from './possible-changes.ts';
import { readsOf, type Read } from './reads.ts';

export interface SlicedRun extends Position {
  readonly file: LoadedFile;
  readonly op: number;
  readonly call: number;
}

export interface SlicedStatement {
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
  /** how often it ran as a part of the slice, and at all */
  readonly count: number;
  readonly of: number;
  /** it ran before the stretch, and its text names what the slice has: runs of it are not counted */
  readonly isEarlier: boolean;
}

export interface Slice {
  /** in the order in which they ran */
  readonly runs: readonly SlicedRun[];
  readonly statements: readonly SlicedStatement[];
  /** runs of statements in all of the stream, and different statements in the stretch */
  readonly ran: number;
  readonly different: number;
  /** something that it depends on was set before the stretch: statements there are those that may have set it by their text */
  readonly isOpen: boolean;
  /** where the stretch begins */
  readonly from: Moment;
}

/** Of a run only that it came to its call matters, not what it handed over or got. */
const CONTROL = -1;
/** Of a run nothing matters. */
const NOT = -2;
/** Runs between two answers. */
const AT_ONCE = 500;

/** Events before the place that are looked at first, and how much longer the next stretch is where that does not suffice. */
const FIRST = 20_000;
const LONGER = 4;
/** Events that are looked at, and runs of which it is asked what they read, each of them worth some events. */
const MOST = 500_000;
const RUN_WORTH = 2;

/**
 * Of what the innermost recorded call does at the place, run by run as far back as can be looked at in a moment. A
 * stretch is made longer while something was set before it.
 */
export function* sliceAt(traced: Traced, at: Position, most = MOST): Work<Slice> {
  // a statement before which the replay stands is the one that is asked about
  const { moment, statements } = at;
  const to = { moment, statements: statements + 1 };
  for (let events = FIRST; ; events *= LONGER) {
    const from = Math.max(0, moment - events);
    const slice = yield* sliceOf(traced, from, to);
    const cost = moment - from + RUN_WORTH * slice.runs.length;
    if (from === 0 || !slice.isOpen || cost * LONGER > most) return slice;
  }
}

/** The same, of the stretch from `from` on. */
export function* sliceOf(traced: Traced, from: Moment, at: Position): Work<Slice> {
  const log = yield* ExecutionLog.of(traced, from, at);
  const slicer = new Slicer(traced, log, from);
  const { stack } = traced.timeline.replay;
  const top = stack.at(-1)?.serial;
  const start = log.calls.findLast(({ serial }) => serial === top)?.current ?? log.length - 1;
  if (start >= 0) slicer.add(start, Infinity);
  for (let done = 0; slicer.step(); done++) if (done % AT_ONCE === 0) yield at.moment;
  return slicer.result(from);
}

/** Sites of conditions whose other arms might make a change. */
interface PossibleSites {
  readonly any: readonly number[];
  /** only of objects that may be found by one of the holders */
  readonly held: readonly { readonly site: number; readonly holders: readonly string[] }[];
}

/** Where conditions are looked for that might make a change. */
interface Look {
  readonly sites: readonly number[];
  /** the longest stretch that was looked through */
  from: Moment;
  to: Moment;
}

const NOTHING: ReadonlySet<string> = new Set();

class Slicer {
  /** by run: up to when what it did matters */
  private readonly until: Float64Array;
  private readonly queue: RunNumber[] = [];
  private readonly sitesByChange = new Map<string, PossibleSites>();
  /** by site: where its runs that conditions were not looked for in go on */
  private readonly rest = new Map<number, Int32Array>();
  /** by change, and the object's id or 0 */
  private readonly looks = new Map<string, Map<number, Look>>();
  private readonly earlier: Earlier;

  constructor(
    private readonly traced: Traced,
    private readonly log: ExecutionLog,
    from: Moment,
  ) {
    this.until = new Float64Array(log.length).fill(NOT);
    this.earlier = new Earlier(traced, from, (file) => log.factsOf(file));
  }

  add(run: RunNumber, until: Moment): void {
    if (run < 0 || this.until[run]! >= until) return;
    this.until[run] = until;
    this.queue.push(run);
  }

  /** False when nothing is left. */
  step(): boolean {
    const run = this.queue.pop();
    if (run === undefined) return false;
    const until = this.until[run]!;
    this.control(run, until);
    this.data(run, until);
    return true;
  }

  private control(run: RunNumber, until: Moment): void {
    const { log } = this;
    const call = log.calls[run]!;
    const moment = log.moments[run]!;
    if (log.isEnter(run)) {
      if (call.caller >= 0) this.add(call.caller, until === CONTROL ? CONTROL : moment);
      else this.uncalled(run, until);
      return;
    }
    this.add(call.enter, CONTROL);
    if (log.isBegun(run)) this.earlier.statement(call.file, log.opOf(run));
    const controllers = call.facts?.controllersOf(log.opOf(run));
    for (const op of controllers?.ops ?? []) {
      const before = lastBelow(call.runs.get(op), run);
      if (before !== undefined) this.add(before, Infinity);
      else if (call.isEarlier) this.earlier.statement(call.file, op);
    }
    if (controllers?.afterThrow !== false) {
      const thrown = call.catches.findLast((each) => each.moment <= moment);
      if (thrown) this.add(thrown.source, Infinity);
    }
  }

  /** No recorded code called it: whoever made the function arranged that, and whatever ran before may have given values. */
  private uncalled(run: RunNumber, until: Moment): void {
    const { log } = this;
    const call = log.calls[run]!;
    const step = call.facts?.stepAroundFunction(log.opOf(run)) ?? -1;
    const made = step < 0 ? undefined : lastBelow(log.bySite.get(call.file.base + step), run);
    if (made !== undefined) this.add(made, CONTROL);
    else if (step >= 0) this.earlier.statement(call.file, step);
    if (run > 0 && (step < 0 || until !== CONTROL)) this.add(run - 1, Infinity);
  }

  private data(run: RunNumber, until: Moment): void {
    const { log, traced } = this;
    const isControl = until === CONTROL;
    if (isControl && log.calls[run]!.facts?.hasChoice(log.opOf(run))) {
      // which calls it makes may depend on what others gave
      this.add(run, Infinity);
      return;
    }
    const end = isControl ? log.ends[run]! : Math.min(until, log.ends[run]!);
    for (const each of log.results.get(run) ?? []) if (!isControl && each.moment <= end) this.add(each.run, Infinity);
    for (const read of readsOf(traced, log, { run, until: end, isControl })) {
      if (read.run < 0) this.earlier.change(read.change);
      else this.add(read.run, Infinity);
      this.potential(read, end);
    }
  }

  /** Conditions between a definition and where it was read whose other arms might have defined it. */
  private potential({ run, moment, change, object }: Read, to: Moment): void {
    const look = this.lookFor(change, object);
    if (look.sites.length === 0) return;
    const from = run < 0 ? 0 : moment;
    if (look.from <= from && look.to >= to) return;
    if (to - from > look.to - look.from) {
      look.from = from;
      look.to = to;
    }
    for (const site of look.sites) {
      const runs = this.log.bySite.get(site)!;
      const rest = this.restOf(site, runs.length);
      const first = countWhile(runs.length, (index) => this.log.ends[runs[index]!]! < from);
      for (let i = goOn(rest, first); i < runs.length && this.log.moments[runs[i]!]! <= to; i = goOn(rest, i)) {
        this.add(runs[i]!, Infinity);
        rest[i] = i + 1;
      }
    }
  }

  private lookFor(change: string, object: ObjectValue | undefined): Look {
    let looks = this.looks.get(change);
    if (!looks) this.looks.set(change, (looks = new Map()));
    // where no holder is known, the same conditions count for every object
    const id = this.possibleSites(change).held.length === 0 ? 0 : (object?.id ?? 0);
    let look = looks.get(id);
    if (!look) looks.set(id, (look = { sites: this.sitesOf(change, object), from: 0, to: 0 }));
    return look;
  }

  private restOf(site: number, length: number): Int32Array {
    let rest = this.rest.get(site);
    if (!rest) this.rest.set(site, (rest = Int32Array.from({ length: length + 1 }, (_, i) => i)));
    return rest;
  }

  private sitesOf(change: string, object: ObjectValue | undefined): readonly number[] {
    const { any, held } = this.possibleSites(change);
    const some = held.filter(({ holders }) => !object || holders.some((each) => this.log.mayHold(each, object)));
    return some.length === 0 ? any : [...any, ...some.map(({ site }) => site)];
  }

  private possibleSites(change: string): PossibleSites {
    const known = this.sitesByChange.get(change);
    if (known) return known;
    const { log } = this;
    const isVariable = change.startsWith('variable ');
    const prefixes = isVariable ? [] : [change + HELD_BY, ANY_PROPERTY + HELD_BY];
    const any: number[] = [];
    const held: { readonly site: number; readonly holders: readonly string[] }[] = [];
    for (const [site, [first]] of log.bySite) {
      if (log.isEnter(first!)) continue;
      const possible = log.calls[first!]!.facts?.possibleChanges(log.opOf(first!)) ?? NOTHING;
      if (possible.has(change) || possible.has(ANYTHING) || (!isVariable && possible.has(ANY_PROPERTY))) any.push(site);
      else {
        const holders = [...possible].flatMap((each) =>
          prefixes.flatMap((prefix) => (each.startsWith(prefix) ? [each.slice(prefix.length)] : [])),
        );
        if (holders.length > 0) held.push({ site, holders });
      }
    }
    const found = { any, held };
    this.sitesByChange.set(change, found);
    return found;
  }

  result(from: Moment): Slice {
    const { log } = this;
    const statements = new Map<number, { count: number; readonly run: RunNumber }>();
    const runs: SlicedRun[] = [];
    for (let run = 0; run < log.length; run++) {
      if (this.until[run] === NOT || log.isEnter(run) || log.isBegun(run)) continue;
      const site = log.sites[run]!;
      const known = statements.get(site);
      if (known) known.count++;
      else statements.set(site, { count: 1, run });
      runs.push({
        moment: log.moments[run]!,
        statements: log.statements[run]!,
        file: log.files[run]!,
        op: log.opOf(run),
        call: log.calls[run]!.serial,
      });
    }
    const { earlier } = this;
    const before = [...earlier.all()].filter(({ file, op }) => !statements.has(file.base + op));
    const different = [...log.bySite.values()].filter(([first]) => !log.isEnter(first!)).length;
    return {
      runs,
      statements: [
        ...[...statements].map(([site, { count, run }]) => {
          const file = log.files[run]!;
          const { start, end } = file.code;
          const op = log.opOf(run);
          return { file, start: start[op]!, end: end[op]!, count, of: log.bySite.get(site)!.length, isEarlier: false };
        }),
        ...before.map(({ file, op }) => {
          const { start, end } = file.code;
          const of = this.traced.timeline.overview.hitsOf(file.base + op);
          return { file, start: start[op]!, end: end[op]!, count: 0, of, isEarlier: true };
        }),
      ],
      ran: ranIn(this.traced),
      different,
      isOpen: !earlier.isEmpty,
      from,
    };
  }
}

/** How many statements ran in the stream. */
function ranIn({ files, timeline: { overview } }: Traced): number {
  let ran = 0;
  for (const { base, table } of files)
    table.ops.forEach(({ k }, op) => {
      if (k === 'statement') ran += overview.hitsOf(base + op);
    });
  return ran;
}

/** The first place from `at` on that leads nowhere else; the ways there are shortened (Tarjan 1975). */
function goOn(rest: Int32Array, at: number): number {
  let end = at;
  while (rest[end] !== end) end = rest[end]!;
  for (let next = at; next !== end;) {
    const after = rest[next]!;
    rest[next] = end;
    next = after;
  }
  return end;
}

/** The last number of an ascending list that is below another. */
function lastBelow(list: readonly number[] = [], limit: number): number | undefined {
  return list[countWhile(list.length, (index) => list[index]! < limit) - 1];
}
