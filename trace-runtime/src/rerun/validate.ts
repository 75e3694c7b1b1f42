/** A recorded failure put to the proof: rerun, and judged. */
import { diffRecordings, type RecordingDiff } from '../analysis/diff.ts';
import type { ChangedSource, UnmatchedCall } from '../model/recorded-world.ts';
import type { Failure } from '../query/failures.ts';
import { Places } from '../query/source-places.ts';
import { openRecording, type Recording } from '../store/recording.ts';
import { linesOf } from './line-map.ts';
import { failsOutside } from './hook-cases.ts';
import { drained, drainedUnless } from './rests.ts';
import { observe, observing, type CaseName, type Observed } from './observe.ts';
import { prepareRerun, type PreparedRerun, type PrepareOptions } from './prepare.ts';
import { rerun, runPrepared, type RerunOptions } from './rerun.ts';
import { Correspondence } from './sameness.ts';
import { isHang, judge, type Reason, type Verdict, type VerdictName } from './verdict.ts';

export interface Target {
  readonly recording: Recording;
  /** what failed, each in its case where it has one; not empty */
  readonly failures: readonly Failure[];
}

/** The verdict on one failure. */
export interface Judged extends Verdict {
  readonly failure: Failure;
}

export interface Validation {
  /** the worst of all */
  readonly verdict: VerdictName;
  readonly judged: readonly Judged[];
  readonly rerun: Recording | undefined;
  readonly unmatched: readonly UnmatchedCall[];
  readonly editedFiles: readonly string[];
  /** whether a line of the rerun's sources was edited */
  isEditedAt(path: string, line: number): boolean;
  /** of the failing run and the rerun; undefined where they were not compared */
  readonly diff: RecordingDiff | undefined;
  /** of the rerun */
  readonly milliseconds: number;
}

export interface ValidateOptions extends RerunOptions {
  /** finishes what a stopped rerun left in its spool */
  finish(folder: string): Promise<void>;
  /** whether to look for where the runs first differ, unless it is fixed */
  readonly compares: boolean;
  /** what was read of the target's recording, for several reruns of it */
  readonly ready?: ReadyTarget;
}

/** What is found out of a recording once. */
export interface ReadyTarget {
  readonly prepared: PreparedRerun;
  observe(wanted: readonly (CaseName | undefined)[]): readonly Observed[];
  dispose(): void;
}

/** To be disposed of by the caller. */
export function readyTarget(recording: Recording, options: PrepareOptions): ReadyTarget {
  const prepared = prepareRerun(recording, options);
  const observed = new Map<string, readonly Observed[]>();
  return {
    prepared,
    observe(wanted) {
      const key = JSON.stringify(wanted.map((each) => each ?? null));
      const known = observed.get(key) ?? observe(recording, wanted);
      observed.set(key, known);
      return known;
    },
    dispose: () => prepared.dispose(),
  };
}

/** What both runs did; the failing one is read when it is asked for. */
interface Sides {
  readonly before: Observed;
  readonly after: Observed;
}

/** Of several verdicts the first of these is that of all. */
const WORST: readonly VerdictName[] = ['different-failure', 'still-failing', 'inconclusive', 'fixed'];
/** Failures that are looked at. */
const MOST = 50;

/** Tells how far it is: what it does now. */
export async function validate(
  target: Target,
  options: ValidateOptions,
  tell: (doing: string) => void = () => undefined,
): Promise<Validation> {
  const { recording, failures } = target;
  const { ready } = options;
  const looked = failures.slice(0, MOST);
  const wanted = looked.map(caseNameOf);
  tell('rerunning');
  // of what never ended, nothing is asked that it ran in the end
  const isEndless = looked.every(isHang);
  const before = new Beside(() => observing(recording, wanted, { isShort: isEndless }));
  const begun = (): void => (ready ? undefined : before.begin());
  const running = ready
    ? runPrepared(ready.prepared, ready.prepared.inputs, options)
    : rerun(recording, { ...options, begun });
  const ran = await running.finally(() => before.pause());
  const { unmatched, milliseconds } = ran;
  options.signal.throwIfAborted();
  if (ran.folder !== undefined && ran.stoppedAfter !== undefined) await options.finish(ran.folder);
  const opened = ran.folder === undefined ? undefined : openRecording(ran.folder);
  if (opened === undefined || !opened.ok) {
    const reasons = [{ code: 'no-recording' as const, text: 'the command could not be run and recorded again' }];
    const verdict = 'inconclusive';
    return {
      verdict,
      judged: failures.map((failure) => ({ failure, verdict, reasons })),
      rerun: undefined,
      unmatched,
      editedFiles: [],
      isEditedAt: () => false,
      diff: undefined,
      milliseconds,
    };
  }
  const isStopped = ran.stoppedAfter !== undefined;
  // not by who waited for the rerun: by memory that is used up, in most cases
  const killedBy = ran.isToldToEnd ? undefined : opened.value.manifest.signal;
  if (isEndless && (isStopped || killedBy)) {
    const how = isStopped ? 'it does not come to an end' : `${killedBy} ends it before its end`;
    const reasons = [{ code: 'same-failure' as const, text: `${how}, as before` }];
    const verdict = 'still-failing';
    const judged = failures.map((failure) => ({ failure, verdict, reasons }) as const);
    const none = { editedFiles: [], isEditedAt: () => false, diff: undefined };
    return { verdict, judged, rerun: opened.value, unmatched, ...none, milliseconds };
  }
  tell('reading');
  const inPlace = new Set(options.changes?.filter(keepsLines).map((change) => change.path));
  const whole = {
    ...ran,
    exitCode: opened.value.manifest.exitCode ?? null,
    signal: opened.value.manifest.signal ?? null,
  };
  const all: (Judged & { readonly sides: Sides })[] = [];
  // what was stopped is in doubt, whatever it ran in the end
  const after = await drainedUnless(options.signal, observing(opened.value, wanted, { isShort: isStopped }));
  // a long recording is not read once more where the rerun alone tells
  const then = (): readonly Observed[] => (ready ? ready.observe(wanted) : before.end());
  const read = ready?.prepared.streams ?? options.read ?? then()[0]!.ends.map((end) => ({ end }));
  options.signal.throwIfAborted();
  let edits: Correspondence | undefined;
  for (const [index, failure] of looked.entries()) {
    const now = after[index]!;
    const filesThen = read.flatMap(({ end }) => end.files.slice());
    const filesNow = now.ends.flatMap((end) => end.files.slice());
    edits ??= new Correspondence(recording, opened.value, filesThen, filesNow, inPlace);
    const sides: Sides = {
      get before() {
        return then()[index]!;
      },
      after: now,
    };
    const correspondence = edits;
    const verdict = judge({
      ...whole,
      failure,
      correspondence,
      after: now,
      get before() {
        return sides.before;
      },
    });
    all.push({ ...verdict, failure, sides });
  }
  const worst = WORST.find((name) => all.some(({ verdict }) => verdict === name)) ?? 'inconclusive';
  const first = all.find(({ verdict }) => verdict === worst);
  const correspondence = edits;
  tell('comparing');
  // the same code that fails the same way went no other way that matters
  const isSame = worst === 'still-failing' && correspondence?.edited.length === 0;
  const compares = options.compares && first !== undefined && worst !== 'fixed' && !isSame && !isStopped;
  const diff = compares ? compare(target, first.sides, opened.value) : undefined;
  return {
    verdict: worst,
    judged: all.map(({ failure, verdict, reasons, sides }) => ({
      failure,
      verdict,
      reasons: reasons.map((reason) => asWritten(reason, sides)),
    })),
    rerun: opened.value,
    unmatched,
    editedFiles: correspondence?.edited ?? [],
    isEditedAt: (path, line) => correspondence?.isEditedAt(path, line) ?? false,
    diff,
    milliseconds,
  };
}

function caseNameOf(failure: Failure): CaseName | undefined {
  const { case: facts } = failure;
  if (!facts) return undefined;
  const { name, file } = facts;
  return { name, file, ...(failsOutside(failure) && { isAround: true }) };
}

/** Work in small steps while a process is waited for, that has peers to hear meanwhile. */
class Beside<T> {
  #work: Generator<void, T> | undefined;
  #done: { readonly value: T } | undefined;
  #next: NodeJS.Immediate | undefined;

  constructor(private readonly start: () => Generator<void, T>) {}

  begin(): void {
    this.#next = setImmediate(() => {
      if (!this.#step()) this.begin();
    });
  }

  pause(): void {
    clearImmediate(this.#next);
  }

  /** What is left of it is done now. */
  end(): T {
    while (!this.#step());
    return this.#done!.value;
  }

  #step(): boolean {
    if (this.#done) return true;
    const { done, value } = (this.#work ??= this.start()).next();
    if (done === true) this.#done = { value };
    return done === true;
  }
}

function keepsLines({ before, after }: ChangedSource): boolean {
  return linesOf(before).length === linesOf(after).length;
}

/** With its place in the source that the developer wrote, where code was loaded that was made from it. */
function asWritten(reason: Reason, sides: Sides): Reason {
  const { place, code } = reason;
  const { ends, recording } = code === 'test-edited' ? sides.before : sides.after;
  const file = place && ends.flatMap((end) => end.files).find((each) => each.path === place.path);
  if (!place || !file) return reason;
  const { path, line = place.line } = new Places(recording).ofLine(file, place.line, place.column);
  return { ...reason, place: { path, line } };
}

/** Where the rerun first went another way. */
function compare({ recording }: Target, { before, after }: Sides, other: Recording): RecordingDiff | undefined {
  const [a, b] = [before.case, after.case];
  const sideOf = (of: Recording, own: typeof a) => ({
    recording: of,
    ...(a && b && own ? { case: { stream: own.stream, id: own.facts.id, last: own.facts.last } } : {}),
  });
  try {
    return drained(diffRecordings(sideOf(recording, a), sideOf(other, b)));
  } catch {
    return undefined;
  }
}
