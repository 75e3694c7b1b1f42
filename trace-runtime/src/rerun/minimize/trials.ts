/** Reruns on other inputs than the recorded ones: which of them fail as the recording did. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { UnmatchedCall } from '../../model/recorded-world.ts';
import type { LoadedFile } from '../../query/activation.ts';
import type { Failure } from '../../query/failures.ts';
import { openStream, type StreamReplay } from '../../query/replay.ts';
import { openRecording, type Recording } from '../../store/recording.ts';
import { openWords } from '../../store/stream.ts';
import type { PreparedRerun, RunInputs } from '../prepare.ts';
import { runPrepared, type Rerun, type RerunOptions } from '../rerun.ts';
import { Correspondence, isAssertion, isSameFailure, ownFrames } from '../sameness.ts';
import type { Input } from './inputs.ts';

/** The search is over: its time is up, or it was told to end. */
export class Stopped extends Error {}

export interface Outcome {
  /** it failed as recorded, and asked for nothing that the recording does not answer */
  readonly isSame: boolean;
  readonly unmatched: readonly UnmatchedCall[];
  readonly rerun: Rerun;
}

/** So many run at a time. */
const AT_A_TIME = 2;
const LEAST_TIMEOUT = 2000;
/** What takes so many times longer than the recorded input does hangs. */
const TIMES = 5;

export class Trials {
  /** runs that were made */
  count = 0;
  #folders = 0;
  readonly #known = new Map<string, Promise<boolean>>();
  readonly #filesThen: readonly LoadedFile[];
  readonly #names: readonly string[];
  #baseline: { readonly milliseconds: number; readonly unmatched: ReadonlySet<string> } | undefined;

  constructor(
    private readonly prepared: PreparedRerun,
    private readonly failure: Failure,
    private readonly inputs: readonly Input[],
    /** `signal` ends it */
    private readonly options: RerunOptions,
  ) {
    this.#names = namesIn(failure, prepared.recording);
    this.#filesThen = prepared.streams.flatMap(({ end }) => end.files.slice());
  }

  /** The recorded input again: what all others are compared with. */
  async baseline(): Promise<Outcome> {
    const outcome = await this.run(this.prepared.inputs, this.options);
    const unmatched = new Set(outcome.unmatched.map(nameOf));
    this.#baseline = { milliseconds: outcome.rerun.milliseconds, unmatched };
    return outcome;
  }

  /** Index of the first candidate, in their order, that fails the same; -1: none. Throws `Stopped`. */
  async first(candidates: readonly RunInputs[]): Promise<number> {
    for (let from = 0; from < candidates.length; from += AT_A_TIME) {
      this.#checkGoesOn();
      const results = await Promise.all(candidates.slice(from, from + AT_A_TIME).map((each) => this.#fails(each)));
      this.#checkGoesOn();
      const found = results.indexOf(true);
      if (found >= 0) return from + found;
    }
    return -1;
  }

  /** One run; its recording stays. */
  async run(inputs: RunInputs, options: RerunOptions): Promise<Outcome> {
    this.count++;
    const rerun = await runPrepared(this.prepared, inputs, options);
    const { folder, unmatched, stoppedAfter } = rerun;
    if (folder === undefined || stoppedAfter !== undefined) return { isSame: false, unmatched, rerun };
    const opened = openRecording(folder);
    return { isSame: opened.ok && this.#isSame(opened.value), unmatched, rerun };
  }

  #checkGoesOn(): void {
    if (this.options.signal.aborted) throw new Stopped();
  }

  #fails(inputs: RunInputs): Promise<boolean> {
    const key = this.#keyOf(inputs);
    let known = this.#known.get(key);
    if (!known) this.#known.set(key, (known = this.#try(inputs)));
    return known;
  }

  async #try(inputs: RunInputs): Promise<boolean> {
    const { milliseconds = 0, unmatched: expected = new Set() } = this.#baseline ?? {};
    const out = path.join(this.prepared.scratch, `trial-${this.#folders++}`);
    mkdirSync(out, { mode: 0o700 });
    try {
      const timeout = Math.max(LEAST_TIMEOUT, TIMES * milliseconds);
      const { isSame, unmatched } = await this.run(inputs, { ...this.options, out, timeout, brief: true });
      return isSame && unmatched.every((call) => expected.has(nameOf(call)));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }

  #keyOf(inputs: RunInputs): string {
    const hash = createHash('sha1');
    for (const input of this.inputs) {
      const bytes = input.bytes(inputs);
      hash.update(`${bytes.length}:`).update(bytes);
    }
    return hash.digest('base64');
  }

  #isSame(recording: Recording): boolean {
    const ends = recording.streams.map((stream) => {
      const replay = openStream(openWords(stream.segments), recording.table, recording.source, recording.placed);
      replay.runToEnd();
      return replay;
    });
    const filesNow = ends.flatMap((end) => end.files.slice());
    const correspondence = new Correspondence(this.prepared.recording, recording, this.#filesThen, filesNow);
    return ends.some((end) => this.#failsThere(end, correspondence));
  }

  /**
   * At the same statement, too, and about the same words of it: a smaller input shall not lead to another mistake of the
   * same kind, such as another property of nothing.
   */
  #failsThere({ failures }: StreamReplay, correspondence: Correspondence): boolean {
    const [was] = ownFrames(this.failure);
    return failures.list.some((found) => {
      if (!isSameFailure(this.failure, found, correspondence)) return false;
      // another value that is not the expected one would be found in nearly every input
      if (isAssertion(this.failure) && found.message !== this.failure.message) return false;
      if (this.#names.some((name) => !found.message.includes(name))) return false;
      const [is] = ownFrames(found);
      if (!was || !is || was.file.path !== is.file.path) return was === is;
      const line = correspondence.recordedLine(is.file.path, correspondence.spotNow(is).failed);
      return line === 0 || line === correspondence.spot(was).failed;
    });
  }
}

/** What the message quotes of the line that failed. */
function namesIn({ message, frames }: Failure, recording: Recording): readonly string[] {
  const [frame] = frames;
  const source = frame && recording.source(frame.file.hash);
  if (!frame || source === undefined) return [];
  const end = source.indexOf('\n', frame.offset);
  const line = source.slice(source.lastIndexOf('\n', frame.offset) + 1, end < 0 ? undefined : end);
  return (message.match(/'[\w$]+'|"[\w$]+"/g) ?? []).filter((name) =>
    new RegExp(`(?<![\\w$])${name.slice(1, -1).replaceAll('$', '\\$')}(?![\\w$])`).test(line),
  );
}

function nameOf({ kind, what }: UnmatchedCall): string {
  return `${kind} ${what}`;
}
