import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bijection, compare, type Difference } from './compare.ts';
import { sameString } from './equivalence.ts';
import type { Ended } from './inspector.ts';
import { HEAP_DEPTH, observe, type Choice } from './observe.ts';
import { PRELUDE, PRELUDE_NAME } from './prelude.ts';
import type { OracleProgram } from './programs.ts';
import { RecordedProgram, recordRun } from './record.ts';
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
  /** keeps the recording */
  readonly keep: boolean;
}

const KEPT = 100;
/** A conditional breakpoint costs some microseconds: statements that run more often are not counted to their end. */
const MOST_HITS = 50_000;

/** Runs a program both ways and compares its state at sampled executions of its statements. */
export async function check(program: OracleProgram, options: CheckOptions): Promise<Outcome> {
  const tally = new Tally(program.name);
  const source = readFileSync(program.file, 'utf8');
  const map = findStatements(source, program.file);
  const folder = path.join(options.scratch, program.name.replace(/\W+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const prelude = path.join(options.scratch, PRELUDE_NAME);
  writeFileSync(prelude, PRELUDE);
  const argv = ['--require', prelude, ...program.argv];
  const { cwd } = program;
  const env = { ...process.env, ...program.env };

  const out = path.join(folder, 'recordings');
  const { repository, timeoutMs } = options;
  const recorded = await recordRun([options.node, ...argv], { cwd, env, out, repository, timeoutMs });
  const opened = tally.attempt('recording', () => open(recorded.folder, program.file));
  const {
    starts = [],
    problems = [],
    degraded = [],
  } = tally.attempt('reading', () => opened?.executions(new Set(map.stops.map(({ start }) => start)))) ?? {};
  const isDeclared = (start: number): boolean => degraded.some(({ at, end }) => at <= start && start < end);
  const choices = choose(map, starts, options.pauses);
  const wanted = new Map(choices.map(({ stop, hits }) => [stop.start, hits]));
  const moments = opened?.moments(wanted);
  const ids = new Bijection();
  let lost = false;
  const run = await observe(
    { node: options.node, argv, program: program.file, cwd, env, timeoutMs },
    map,
    choices,
    (observed) => {
      if (lost || !moments) return;
      const place = placeOf(map, source, observed.start, observed.hit);
      const moment = tally.attempt(place, () => moments.next().value ?? undefined);
      lost = moment?.start !== observed.start || moment.hit !== observed.hit;
      if (lost || !moment) {
        const next = moment ? placeOf(map, source, moment.start, moment.hit) : 'its end';
        return tally.mismatch(place, 'order of statements', place, `the recording comes to ${next}`);
      }
      tally.pause(place, compare(observed.snapshot, moment.snapshot, ids, HEAP_DEPTH, map.arrowsWithThis));
    },
    (unaligned) => unaligned.forEach((start) => wanted.delete(start)),
  );
  if (!lost) compareCounts(tally, map, source, choices, starts, run.counts, new Set(run.unaligned), isDeclared);
  compareEnds(tally, run.ended, recorded.ended);
  if (!options.keep) rmSync(folder, { recursive: true, force: true });
  return tally.outcome(starts.length, problems);
}

function open(folder: string | undefined, file: string): RecordedProgram {
  if (folder === undefined) throw new Error('There is no recording.');
  return RecordedProgram.open(folder, file);
}

/** Executions spread evenly over the run; where no pause is spent, a statement is still counted. */
function choose(map: SourceMap, starts: readonly number[], pauses: number): Choice[] {
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
  const busy = ({ start }: { readonly start: number }) =>
    (counts.get(start) ?? 0) > MOST_HITS && hits.get(start)?.size === 0;
  return map.stops.filter((stop) => !busy(stop)).map((stop) => ({ stop, hits: hits.get(stop.start) ?? new Set() }));
}

function compareCounts(
  tally: Tally,
  map: SourceMap,
  source: string,
  choices: readonly Choice[],
  starts: readonly number[],
  counts: ReadonlyMap<number, number>,
  unaligned: ReadonlySet<number>,
  isDeclared: (start: number) => boolean,
): void {
  const recorded = new Map<number, number>();
  for (const start of starts) recorded.set(start, (recorded.get(start) ?? 0) + 1);
  for (const { stop } of choices) {
    if (unaligned.has(stop.start)) continue;
    const [a, b] = [counts.get(stop.start) ?? 0, recorded.get(stop.start) ?? 0];
    if (isDeclared(stop.start) && b === 0) tally.excuse(placeOf(map, source, stop.start, 1), a);
    else if (a !== b) tally.mismatch(placeOf(map, source, stop.start, 1), 'executions', `${a}`, `${b}`);
  }
}

function compareEnds(tally: Tally, plain: Ended, recorded: Ended): void {
  for (const key of ['exitCode', 'signal', 'stdout', 'stderr'] as const) {
    const [a, b] = [String(plain[key]), String(recorded[key])];
    if (sameString(a, b)) continue;
    let at = 0;
    while (a[at] === b[at]) at++;
    const part = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 160));
    tally.mismatch('end', key, part(a), part(b));
  }
}

function placeOf(map: SourceMap, source: string, start: number, hit: number): string {
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
