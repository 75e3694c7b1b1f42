/** Which statements ran in which cases, and what that says of them. */
import type { Activation, LoadedFile } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import type { Traced, Work } from './traced.ts';

/** A part of a stream that passed or failed: a case, or the whole stream. */
export interface Stretch {
  readonly first: Moment;
  /** one past its last event */
  readonly last: Moment;
}

export interface Statement {
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
}

/** A statement's key is its file's content and its place in it, however often the file was loaded. */
export interface Ran extends Statement {
  /** before it ran last; undefined where only the stretch of the recording is known */
  readonly moment: Moment | undefined;
}

/** Events beyond which it is not told when a statement ran last. */
const LONG = 1_000_000;

export function keyOf({ file, start }: Pick<Statement, 'file' | 'start'>): string {
  return `${file.hash}:${start}`;
}

/** The statements that ran in the stretch, by their keys. `look` sees each, before it ran. */
export function* ranIn(
  traced: Traced,
  { first, last }: Stretch,
  look?: (activation: Activation, op: number) => void,
): Work<ReadonlyMap<string, Ran>> {
  const { timeline } = traced;
  const ran = new Map<string, Ran>();
  const note = (file: LoadedFile, op: number, moment: Moment | undefined): void => {
    const { start, end } = file.code;
    const statement = { file, start: start[op]!, end: end[op]!, moment };
    ran.set(keyOf(statement), statement);
  };
  if (last - first > LONG) {
    for (const site of timeline.sitesBetween(first, last)) {
      const file = traced.files.find(({ base, code }) => site >= base && site < base + code.count);
      if (file && file.code.start[site - file.base]! >= 0) note(file, site - file.base, undefined);
    }
    return ran;
  }
  timeline.seekMoment(first);
  const { replay } = timeline;
  yield* timeline.forward({
    statement: (activation, op) => {
      if (replay.moment >= last) return true;
      note(activation.file, op, replay.moment);
      look?.(activation, op);
      return false;
    },
  });
  return ran;
}

/**
 * What may have run after the last event of a program that never ended: a loop in which nothing happens that has to be
 * recorded leaves no trace. The rest of the calls that were running.
 */
export function mayHaveRun({ timeline }: Traced, end: Moment): ReadonlyMap<string, Ran> {
  timeline.seekMoment(end);
  const ran = new Map<string, Ran>();
  for (const { file, functionIndex, position } of timeline.replay.stack) {
    const { code, table } = file;
    table.ops.forEach(({ k }, op) => {
      const start = code.start[op]!;
      if (k !== 'statement' || code.owner[op] !== functionIndex || start < code.start[position]!) return;
      const statement = { file, start, end: code.end[op]!, moment: undefined };
      ran.set(keyOf(statement), statement);
    });
  }
  return ran;
}

/** How much a statement's runs speak against it: Ochiai's coefficient (Abreu et al. 2007), from 0 to 1. */
export function ochiai(failed: number, passed: number, allFailed: number): number {
  return failed === 0 ? 0 : failed / Math.sqrt(allFailed * (failed + passed));
}

/** Tarantula's (Jones and Harrold 2005), from 0 to 1. */
export function tarantula(failed: number, passed: number, allFailed: number, allPassed: number): number {
  if (failed === 0) return 0;
  const share = failed / allFailed;
  return share / (share + (allPassed === 0 ? 0 : passed / allPassed));
}
