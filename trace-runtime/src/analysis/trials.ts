/**
 * Trials: what was recorded of a case is made again with a small change of the program, from the recorded state at its
 * beginning, in the evaluator's sandbox. Nothing real is touched, and nothing of the recording changes. A case that needs
 * what the sandbox has not (Node's API, code that was not recorded) cannot be tried; that is told.
 */
import type { Ended, Evaluator, Rerun } from '../evaluate/evaluator.ts';
import type { SourceEdit } from '../evaluate/program-code.ts';
import type { Sandbox } from '../evaluate/sandbox.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { finish } from '../query/timeline.ts';
import type { Alternative } from './alternatives.ts';
import type { Stretch } from './spectra.ts';
import type { Traced, Work } from './traced.ts';

export interface Change extends Alternative {
  readonly file: LoadedFile;
}

/** What a change did to the cases that were tried with it. */
export interface Tried {
  readonly change: Change;
  /** failing cases that ended without an error */
  fixed: number;
  /** passing cases that did not */
  broken: number;
}

export interface Trials {
  readonly tried: readonly Tried[];
  /** cases that could be made again */
  readonly failing: number;
  readonly passing: number;
  /** why a failing case could not; undefined where all could */
  readonly fault: string | undefined;
  /** changes for which the time did not suffice */
  readonly left: number;
}

export interface TrialCase extends Stretch {
  /** where it failed; undefined where it passed */
  readonly failedAt: Moment | undefined;
  /** type of the error; undefined where it did not end with one, or it is not known */
  readonly error?: string | undefined;
  /** it ran until it was ended from outside */
  readonly endless?: boolean;
  /** path of the file that has it; undefined where it is the whole run */
  readonly path: string | undefined;
}

export interface TrialOptions {
  readonly evaluator: Evaluator;
  readonly sandbox: Sandbox;
  /** of the processor, for all trials: so a machine that is busy finds the same */
  readonly milliseconds: number;
}

/** Time that each case may take of what is left, for the others' sake. */
const SHARE = 0.6;
const SHORTEST = 25;
/** So many times the processor's time may pass by the clock for the first case, and for all of them. */
const MOST = { first: 10, all: 25 };
const CASES = 20;
/** Changes that the sandbox is given together. */
const AT_ONCE = 16;
/** Milliseconds for a case without changes. */
const LONGEST = 1000;
/** After so many milliseconds a case that never ended is taken not to end again. */
const ENDLESS = 200;

/** The first failing case is the one asked about: only changes that mend it are tried on the others. */
export function* tryChanges(
  traced: Traced,
  changes: readonly Change[],
  cases: { readonly failing: readonly TrialCase[]; readonly passing: readonly TrialCase[] },
  { evaluator, sandbox, milliseconds }: TrialOptions,
): Work<Trials> {
  let left = milliseconds;
  let waited = 0;
  let tried: Tried[] = [];
  let untried = 0;
  let fault: string | undefined;
  const counts = { failing: 0, passing: 0 };
  const run = function* (each: TrialCase, isFirst: boolean): Work<void> {
    const prepared = prepare(traced, each, evaluator, sandbox);
    if (typeof prepared === 'string') {
      if (each.failedAt !== undefined) fault ??= prepared;
      return;
    }
    const { rerun, limit } = prepared;
    const enough = isFirst ? left * (1 - SHARE) : 0;
    const patience = (isFirst ? MOST.first : MOST.all) * milliseconds;
    const list = isFirst ? changes.map((change) => ({ change, fixed: 0, broken: 0 })) : tried;
    const passed: boolean[] = [];
    for (let from = 0; from < list.length && left > enough && waited < patience; from += AT_ONCE) {
      const before = { spent: rerun.spent, now: performance.now() };
      const some = list.slice(from, from + AT_ONCE);
      const ended = rerun.run(
        some.map(({ change }) => editsOf(change)),
        limit,
      );
      left -= rerun.spent - before.spent;
      const isSlow = ({ how }: Ended): boolean => how === 'stopped' && !isFirst && each.endless !== true;
      // few are tried on the others: what a busy machine kept from its end gets the time for it, beside the limit of all
      const sure = ended.map((one, index) =>
        isSlow(one) ? rerun.run([editsOf(some[index]!.change)], LONGEST)[0]! : one,
      );
      passed.push(...sure.map(({ how }) => how === 'returned'));
      waited += performance.now() - before.now;
      yield traced.timeline.position.moment;
    }
    if (isFirst) untried = list.length - passed.length;
    // half a case says nothing of the changes that it was not tried with
    else if (passed.length < list.length) return;
    counts[each.failedAt === undefined ? 'passing' : 'failing']++;
    passed.forEach((hasPassed, index) => {
      if (each.failedAt === undefined) list[index]!.broken += hasPassed ? 0 : 1;
      else list[index]!.fixed += hasPassed ? 1 : 0;
    });
    if (isFirst) tried = list.filter(({ fixed }) => fixed > 0);
  };
  const [first, ...others] = cases.failing;
  if (first) yield* run(first, true);
  if (counts.failing > 0)
    for (const each of [...others.slice(0, CASES), ...cases.passing.slice(0, CASES)])
      if (tried.length > 0) yield* run(each, false);
  return { tried, ...counts, fault, left: untried };
}

function editsOf(change: Change): readonly SourceEdit[] {
  const { file, text, also = [] } = change;
  return [change, ...also.map(({ from, to }) => ({ file, from, to, text }))];
}

/** Stands where the case begins, and makes sure that it ends there as it was recorded. */
function prepare(
  traced: Traced,
  each: TrialCase,
  evaluator: Evaluator,
  sandbox: Sandbox,
): { readonly rerun: Rerun; readonly limit: number } | string {
  const call = standAtRoot(traced, each);
  if (!call) return 'No call of recorded code made the case.';
  const rerun = evaluator.rerun(call, sandbox);
  if ('fault' in rerun) return rerun.fault;
  const most = each.endless === true ? ENDLESS : LONGEST;
  const [first] = rerun.run([[]], most) as [Ended];
  const before = performance.now();
  const again = first.how === 'threw' || first.how === 'returned' ? rerun.run([[]], most)[0]! : first;
  const wanted = each.failedAt === undefined ? 'returned' : each.endless === true ? 'stopped' : 'threw';
  if (again.how !== wanted || !isSameType(again, each.error)) return unequal(again);
  return { rerun, limit: Math.ceil(Math.max(SHORTEST, 5 * (performance.now() - before))) };
}

/** Assertions' errors have as many names as there are libraries. */
function isSameType(ended: Ended, type: string | undefined): boolean {
  if (ended.how !== 'threw' || type === undefined) return true;
  const [name] = /^[\w$.]*/.exec(ended.error)!;
  return name === type || (/Assert/.test(name) && /Assert/.test(type));
}

function unequal(ended: Ended): string {
  if (ended.how === 'refused') return ended.why;
  if (ended.how === 'stopped') return 'It runs too long to be tried again.';
  return ended.how === 'threw' ? `Made again, it ends with ${ended.error}.` : 'Made again, it ends without an error.';
}

/** The outermost call of the case, just after it was entered; of a file's body the statement that failed. */
function standAtRoot({ timeline }: Traced, { first, last, failedAt, path }: TrialCase): Activation | undefined {
  const { replay } = timeline;
  timeline.seekMoment(first);
  const before = replay.activations;
  if (failedAt !== undefined) {
    timeline.seekMoment(failedAt);
    const root = replay.stack.find(({ serial }) => serial > before);
    if (root?.functionIndex === 0) {
      const isThere = finish(
        timeline.backward(timeline.position, { statement: ({ serial }) => serial === root.serial }),
      );
      return isThere ? replay.stack.at(-1) : undefined;
    }
    const serial = root && callerOf(timeline, root.serial, first);
    if (serial !== undefined && isEntered(timeline, (each) => each.serial === serial, first, last))
      return replay.stack.at(-1);
    if (root || path === undefined) return undefined;
  }
  const isOwn = ({ serial, file }: Activation): boolean => serial > before && file.path === path;
  return isEntered(timeline, isOwn, first, last) ? replay.stack.at(-1) : undefined;
}

/**
 * The outermost call of the case that a call was made in: who awaits a call that has gone on by itself is not on the stack then.
 * The body of a file is none.
 */
function callerOf({ overview: { calls }, replay }: Traced['timeline'], serial: number, first: Moment): number {
  let at = serial;
  for (;;) {
    const parent = calls.parentOf(calls.firstSpan(at)!);
    const span = parent < 0 ? undefined : calls.firstSpan(calls.serial[parent]!);
    if (span === undefined || calls.enter[span]! < first) return at;
    const site = calls.site[span]!;
    const file = replay.fileOf(site);
    if (!file || file.base + file.table.functions[0]!.firstOp === site) return at;
    at = calls.serial[span]!;
  }
}

function isEntered(
  timeline: Traced['timeline'],
  wanted: (activation: Activation) => boolean,
  first: Moment,
  last: Moment,
): boolean {
  timeline.seekMoment(first);
  const search = timeline.forward({
    event: ({ code, activation, moment }) =>
      moment >= last || (code === EventCode.enter && activation !== undefined && wanted(activation)),
  });
  if (!finish(search) || timeline.position.moment >= last) return false;
  return timeline.replay.step();
}
