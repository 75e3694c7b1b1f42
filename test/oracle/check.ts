import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bijection, compare, type Difference } from './compare.ts';
import { sameString } from './equivalence.ts';
import type { Ended } from './inspector.ts';
import { HEAP_DEPTH, observe, type Choice, type ObservedRun } from './observe.ts';
import { PRELUDE, PRELUDE_NAME } from './prelude.ts';
import type { OracleProgram } from './programs.ts';
import { RecordedProgram, materialise, recordRun, type Execution, type RecordedRun } from './record.ts';
import { findStatements, type SourceMap } from './statements.ts';

export interface Outcome {
  readonly program: string;
  readonly pauses: number;
  readonly values: number;
  readonly mismatches: number;
  readonly opaque: number;
  /** statements executed, and those that V8 can stop at */
  readonly executions: number;
  /** each kind of difference once, with the first place where it was met */
  readonly differences: readonly Found[];
  /** what the recording does not tell, most frequent first */
  readonly opaquePaths: readonly string[];
  /** what the reader found wrong in the stream */
  readonly problems: readonly string[];
  /** of a light recording that is not the same run when it is executed again: why not. Nothing was compared */
  readonly unproven?: string | undefined;
}

export interface Found extends Difference {
  readonly at: string;
  readonly times: number;
}

export interface CheckOptions {
  readonly repository: string;
  readonly scratch: string;
  readonly node: string;
  /** pauses at most */
  readonly pauses: number;
  readonly timeoutMs: number;
  /** light: the values are those that were made of the recording by executing it again */
  readonly level: 'full' | 'light';
  /** keeps the recording */
  readonly keep: boolean;
}

const KEPT = 100;
/** A conditional breakpoint costs some microseconds: statements that run more often are not counted to their end. */
export const MOST_HITS = 50_000;
/** How much longer a run may take recorded: a program that does not end recorded must not end plain in this part of its limit. */
const SLOWDOWN = 20;

/** Runs a program both ways and compares its state at sampled executions of its statements. */
export async function check(program: OracleProgram, options: CheckOptions): Promise<Outcome> {
  const tally = new Tally(program.name);
  const folder = path.join(options.scratch, program.name.replace(/\W+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const prelude = path.join(options.scratch, PRELUDE_NAME);
  writeFileSync(prelude, PRELUDE);
  const argv = ['--require', prelude, ...program.argv];
  const { cwd } = program;
  const env = { ...process.env, ...program.env };

  const out = path.join(folder, 'recordings');
  const { repository, timeoutMs, level } = options;
  const recorded = await recordRun([options.node, ...argv], { cwd, env, out, repository, timeoutMs, level });
  const isLight = level === 'light' && recorded.folder !== undefined;
  const unproven = isLight ? materialise(recorded.folder, repository) : undefined;
  if (unproven !== undefined) return { ...tally.outcome(0, []), unproven };
  const opened = tally.attempt('recording', () => open(recorded.folder, program.file));
  const written = readFileSync(program.file, 'utf8');
  const source = opened?.text() ?? written;
  const map = findStatements(source, program.file);
  const { executions } =
    tally.attempt('reading', () => {
      const wanted = new Set(map.stops.map(({ start }) => start));
      return { executions: opened?.executions(wanted, MOST_HITS, recorded.stopped) };
    }) ?? {};
  const { starts, cut, problems, degraded } = executions ?? { starts: [], cut: false, problems: [], degraded: [] };
  const isDeclared = (start: number): boolean => degraded.some(({ at, end: until }) => at <= start && start < until);
  const choices = choose(map, starts, options.pauses);
  const wanted = new Map(choices.map(({ stop, hits }) => [stop.start, hits]));
  const moments = opened?.moments(wanted);
  const ids = new Bijection();
  let lost = false;
  let released = false;
  // Where a run that was cut is let go; a statement that V8 cannot stop at is no such place.
  let end = cut ? lastChosen(starts, wanted) : undefined;
  const run = await observe(
    {
      node: options.node,
      argv,
      program: program.file,
      cwd,
      env,
      timeoutMs,
      lenienceMs: recorded.stopped ? timeoutMs / SLOWDOWN : timeoutMs,
    },
    map,
    choices,
    (observed) => {
      if (lost || !moments) return 'go on';
      const place = placeOf(map, source, observed.start, observed.hit);
      const moment = tally.attempt(place, () => moments.next().value ?? undefined);
      lost = moment?.start !== observed.start || moment.hit !== observed.hit;
      if (lost || !moment) {
        const next = moment ? placeOf(map, source, moment.start, moment.hit) : 'its end';
        tally.mismatch(place, 'order of statements', place, `the recording comes to ${next}`);
      } else {
        tally.pause(place, compare(observed.snapshot, moment.snapshot, ids, HEAP_DEPTH, map));
      }
      released = cut && (lost || (observed.start === end?.start && observed.hit === end.hit));
      return released ? 'let go' : 'go on';
    },
    (unaligned) => {
      unaligned.forEach((start) => wanted.delete(start));
      if (cut) end = lastChosen(starts, wanted);
    },
  );
  const aligned = choices.filter(({ stop }) => !run.unaligned.includes(stop.start));
  const untold = compareEnds(tally, run, recorded, { early: end !== undefined && !released, timeoutMs });
  if (!lost && !untold)
    compareCounts(tally, map, source, aligned, cut ? starts.slice(0, end?.count) : starts, run.counts, isDeclared);
  if (!options.keep) rmSync(folder, { recursive: true, force: true });
  return tally.outcome(starts.length, problems);
}

export function open(folder: string | undefined, file: string): RecordedProgram {
  if (folder === undefined) throw new Error('There is no recording.');
  return RecordedProgram.open(folder, file);
}

/** Executions spread evenly over the run; where no pause is spent, a statement is still counted if it is not too busy. */
export function choose(map: SourceMap, starts: readonly number[], pauses: number): Choice[] {
  const hits = new Map<number, Set<number>>(map.stops.map(({ start }) => [start, new Set()]));
  const counts = new Map<number, number>();
  const take = Math.min(pauses, starts.length);
  let taken = 0;
  starts.forEach((start, i) => {
    const hit = (counts.get(start) ?? 0) + 1;
    counts.set(start, hit);
    if (Math.floor(((i + 1) * take) / starts.length) <= taken || hit > MOST_HITS) return;
    taken++;
    hits.get(start)?.add(hit);
  });
  return map.stops
    .map((stop) => ({
      stop,
      hits: hits.get(stop.start) ?? new Set<number>(),
      counted: (counts.get(stop.start) ?? 0) <= MOST_HITS,
    }))
    .filter((choice) => choice.counted || choice.hits.size > 0);
}

/** The last execution that is stopped at, and how many there are up to it. */
function lastChosen(
  starts: readonly number[],
  wanted: ReadonlyMap<number, ReadonlySet<number>>,
): (Execution & { readonly count: number }) | undefined {
  const counts = new Map<number, number>();
  let last: (Execution & { readonly count: number }) | undefined;
  starts.forEach((start, i) => {
    const hit = (counts.get(start) ?? 0) + 1;
    counts.set(start, hit);
    if (wanted.get(start)?.has(hit)) last = { start, hit, count: i + 1 };
  });
  return last;
}

function compareCounts(
  tally: Tally,
  map: SourceMap,
  source: string,
  choices: readonly Choice[],
  starts: readonly number[],
  counts: ReadonlyMap<number, number>,
  isDeclared: (start: number) => boolean,
): void {
  const recorded = new Map<number, number>();
  for (const start of starts) recorded.set(start, (recorded.get(start) ?? 0) + 1);
  for (const { stop, counted } of choices) {
    if (!counted) continue;
    const [a, b] = [counts.get(stop.start) ?? 0, recorded.get(stop.start) ?? 0];
    if (isDeclared(stop.start) && b === 0) tally.excuse(placeOf(map, source, stop.start, 1), a);
    else if (a !== b) tally.mismatch(placeOf(map, source, stop.start, 1), 'executions', `${a}`, `${b}`);
  }
}

/** True where a run's limit came before what was to be compared. */
function compareEnds(
  tally: Tally,
  plain: ObservedRun,
  recorded: RecordedRun,
  { early, timeoutMs }: { readonly early: boolean; readonly timeoutMs: number },
): boolean {
  const limit = `stopped at its limit of ${timeoutMs / 1000} s; --timeout SECONDS gives it more`;
  if (plain.stopped && early) tally.mismatch('end', 'run', `${limit}, before its last pause`, 'goes on');
  else if (plain.stopped !== recorded.stopped) {
    tally.mismatch(
      'end',
      'run',
      plain.stopped ? limit : endingOf(plain.ended),
      recorded.stopped ? limit : endingOf(recorded.ended),
    );
  }
  if (plain.stopped !== recorded.stopped) return plain.stopped;
  const [a, b] = [plain.ended, recorded.ended];
  if (!plain.stopped && gaveUp(a) && b.exitCode !== 0) {
    const length = Math.min(a.stdout.length, b.stdout.length);
    compareText(tally, 'stdout', a.stdout.slice(0, length), b.stdout.slice(0, length));
    return false;
  }
  if (!plain.stopped)
    for (const key of ['exitCode', 'signal'] as const) compareText(tally, key, `${a[key]}`, `${b[key]}`);
  for (const key of ['stdout', 'stderr'] as const) {
    const length = plain.stopped ? Math.min(a[key].length, b[key].length) : undefined;
    compareText(tally, key, a[key].slice(0, length), b[key].slice(0, length));
  }
  return plain.stopped && early;
}

/**
 * V8 ended the process by a fatal error of its own, at one of its limits. Whether it does, or throws a RangeError, depends
 * on the compiler that the code had come to: `node --no-opt` shows the other end for the same program.
 */
function gaveUp({ signal, stderr }: Ended): boolean {
  return signal !== null && /^# Fatal |^FATAL ERROR: /m.test(stderr);
}

function endingOf({ exitCode, signal }: Ended): string {
  return signal === null ? `ended with code ${exitCode}` : `ended by ${signal}`;
}

function compareText(tally: Tally, key: string, plain: string, recorded: string): void {
  if (sameString(plain, recorded)) return;
  let at = 0;
  while (plain[at] === recorded[at]) at++;
  const part = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 160));
  tally.mismatch('end', key, part(plain), part(recorded));
}

export function placeOf(map: SourceMap, source: string, start: number, hit: number): string {
  const line = source.slice(0, start).split('\n').length;
  const text = source.slice(start).split('\n', 1)[0]?.trim().slice(0, 60);
  void map;
  return `${line}: ${text}${hit > 1 ? ` (time ${hit})` : ''}`;
}

class Tally {
  readonly #program: string;
  #pauses = 0;
  #values = 0;
  #mismatches = 0;
  #opaque = 0;
  readonly #differences = new Map<string, Found>();
  readonly #opaquePaths = new Map<string, number>();

  constructor(program: string) {
    this.#program = program;
  }

  pause(at: string, found: ReturnType<typeof compare>): void {
    this.#pauses++;
    this.#values += found.values;
    this.#mismatches += found.mismatches;
    this.#opaque += found.opaque;
    for (const difference of found.differences) this.#keep({ at, ...difference });
    for (const path of found.opaquePaths) {
      const general = path.replace(/#\d+/, '').replace(/\[\d+\]/g, '[]');
      this.#opaquePaths.set(general, (this.#opaquePaths.get(general) ?? 0) + 1);
    }
  }

  mismatch(at: string, path: string, inspector: string, recording: string): void {
    this.#values++;
    this.#mismatches++;
    this.#keep({ at, path, inspector, recording });
  }

  /** Executions that the ledger says are not recorded. */
  excuse(at: string, times: number): void {
    this.#values += times;
    this.#opaque += times;
    this.#opaquePaths.set(at, times);
  }

  attempt<T>(at: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.mismatch(at, 'reading', 'no error', error instanceof Error ? (error.stack ?? error.message) : String(error));
      return undefined;
    }
  }

  outcome(executions: number, problems: readonly string[]): Outcome {
    return {
      program: this.#program,
      pauses: this.#pauses,
      values: this.#values,
      mismatches: this.#mismatches,
      opaque: this.#opaque,
      executions,
      differences: [...this.#differences.values()].sort((a, b) => b.times - a.times),
      opaquePaths: [...this.#opaquePaths].sort(([, a], [, b]) => b - a).map(([path, times]) => `${path} (${times})`),
      problems,
    };
  }

  #keep(difference: Difference & { readonly at: string }): void {
    const path = difference.path.replace(/#\d+/, '').replace(/\[\d+\]/g, '[]');
    const kind = `${path}: ${generalised(difference.inspector)} ${generalised(difference.recording)}`;
    const known = this.#differences.get(kind);
    if (known) this.#differences.set(kind, { ...known, times: known.times + 1 });
    else if (this.#differences.size < KEPT) this.#differences.set(kind, { ...difference, times: 1 });
  }
}

function generalised(value: string): string {
  return value.replace(/\d+/g, 'N');
}
