/**
 * The smallest input that still fails as the recorded one did: first what can be left out of each in large parts, the largest
 * input first, then letters and digits, until a whole round leaves nothing out.
 */
import type { Failure } from '../../query/failures.ts';
import type { UnmatchedCall } from '../../model/recorded-world.ts';
import { prepareRerun, type RunInputs } from '../prepare.ts';
import type { RerunOptions } from '../rerun.ts';
import type { Target } from '../validate.ts';
import { reduceCoarsely, reduceFinely, textOf } from './content.ts';
import { inputsOf, type BytesPart, type Input, type InputKind, type ListPart } from './inputs.ts';
import { reduceList, type First } from './search.ts';
import { Stopped, Trials, type Outcome } from './trials.ts';

export interface MinimizedInput {
  readonly kind: InputKind;
  readonly name: string;
  /** bytes */
  readonly before: number;
  readonly after: number;
  /** without secrets; undefined where these bytes are no text */
  readonly textBefore: string | undefined;
  readonly textAfter: string | undefined;
}

export interface Minimization {
  readonly failure: Failure;
  /**
   * `minimal`: nothing more can be left out; `timeout`, `interrupted`: perhaps more; `not-reproduced`: the recorded input
   * does not fail that way any more; `no-input`: there is nothing to make smaller
   */
  readonly ended: 'minimal' | 'timeout' | 'interrupted' | 'not-reproduced' | 'no-input';
  readonly inputs: readonly MinimizedInput[];
  readonly before: number;
  readonly after: number;
  readonly trials: number;
  readonly milliseconds: number;
  /** of the run on the smallest input; undefined where nothing could be left out */
  readonly rerun: string | undefined;
  readonly unmatched: readonly UnmatchedCall[];
  readonly missingSecrets: readonly string[];
}

export interface MinimizeOptions extends Omit<RerunOptions, 'timeout'> {
  /** milliseconds in all */
  readonly timeout: number;
}

export interface Progress {
  readonly before: number;
  readonly after: number;
  readonly trials: number;
}

/** An aborted `signal` ends the search; what was found until then is the result. */
export async function minimize(
  { recording, failures }: Target,
  options: MinimizeOptions,
  tell: (progress: Progress) => void = () => undefined,
): Promise<Minimization> {
  const [failure] = failures;
  if (!failure) throw new Error('There is no failure to keep.');
  const begun = performance.now();
  const prepared = prepareRerun(recording, options);
  const over = new AbortController();
  const end = (): void => over.abort();
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  let timer: NodeJS.Timeout | undefined;
  try {
    const inputs = inputsOf(prepared, failure.case !== undefined);
    const trials = new Trials(prepared, failure, inputs, {
      ...options,
      timeout: undefined,
      out: prepared.scratch,
      signal: over.signal,
    });
    const facts = (best: RunInputs, ended: Minimization['ended'], last?: Outcome): Minimization => ({
      failure,
      ended,
      inputs: inputs.map((input) => minimized(input, prepared.inputs, best, (text) => prepared.contents.blanked(text))),
      before: sizeOf(inputs, prepared.inputs),
      after: sizeOf(inputs, best),
      trials: trials.count,
      milliseconds: performance.now() - begun,
      rerun: last?.rerun.folder,
      unmatched: last?.unmatched ?? [],
      missingSecrets: [...prepared.missing],
    });
    if (inputs.length === 0) return facts(prepared.inputs, 'no-input');
    const baseline = await trials.baseline();
    if (!baseline.isSame) {
      const ended = options.signal.aborted ? 'interrupted' : 'not-reproduced';
      return { ...facts(prepared.inputs, ended, baseline), rerun: undefined };
    }
    // the last run has to end in time, too
    const left = options.timeout - (performance.now() - begun) - baseline.rerun.milliseconds;
    timer = setTimeout(end, Math.max(0, left));
    const search = new Search(trials, inputs, prepared.inputs, tell);
    const ended = await search.run(() => options.signal.aborted);
    if (search.best === prepared.inputs) return facts(search.best, ended);
    const last = await trials.run(search.best, {
      ...options,
      timeout: undefined,
      signal: new AbortController().signal,
    });
    return last.isSame ? facts(search.best, ended, last) : { ...facts(search.best, 'not-reproduced', last) };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', end);
    prepared.dispose();
  }
}

/** Rounds; each goes on where the one before left something out. */
const ROUNDS = 5;

class Search {
  /** the smallest that fails */
  best: RunInputs;
  readonly #before: number;

  constructor(
    private readonly trials: Trials,
    private readonly inputs: readonly Input[],
    private readonly recorded: RunInputs,
    private readonly tell: (progress: Progress) => void,
  ) {
    this.best = recorded;
    this.#before = this.#size();
  }

  async run(isInterrupted: () => boolean): Promise<'minimal' | 'timeout' | 'interrupted'> {
    try {
      await this.#emptied();
      for (let round = 0; round < ROUNDS; round++) {
        const before = this.#size();
        for (const input of this.inputs) await this.#lists(input);
        for (const input of this.inputs) await this.#parts(input, reduceCoarsely);
        for (const input of this.inputs) await this.#parts(input, reduceFinely);
        if (this.#size() === before) return 'minimal';
      }
      return 'minimal';
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return isInterrupted() ? 'interrupted' : 'timeout';
    }
  }

  /** What does not matter at all goes at once. */
  async #emptied(): Promise<void> {
    const all = this.inputs.filter(({ kind }) => kind !== 'requests');
    await reduceList(all, (candidates) =>
      this.#first(
        candidates.map((kept) => all.filter((input) => !kept.includes(input)).reduce(emptied, this.recorded)),
      ),
    );
  }

  async #lists(input: Input): Promise<void> {
    for (let at = 0; at < input.lists(this.best).length; at++) {
      const list: ListPart = input.lists(this.best)[at]!;
      const base = this.best;
      await reduceList(
        list.read(base),
        (candidates) => this.#first(candidates.map((each) => list.write(base, each))),
        list.least,
      );
    }
  }

  async #parts(input: Input, reduce: (bytes: Buffer, first: First<Buffer>) => Promise<Buffer>): Promise<void> {
    for (let at = 0; at < input.parts(this.best).length; at++) {
      const part: BytesPart = input.parts(this.best)[at]!;
      const base = this.best;
      const bytes = part.read(base);
      if (bytes && bytes.length > 0)
        await reduce(bytes, (candidates) => this.#first(candidates.map((each) => part.write(base, each))));
    }
  }

  async #first(candidates: readonly RunInputs[]): Promise<number> {
    const found = await this.trials.first(candidates);
    if (found >= 0 && this.#size(candidates[found]) <= this.#size()) this.best = candidates[found]!;
    this.tell({ before: this.#before, after: this.#size(), trials: this.trials.count });
    return found;
  }

  #size(of: RunInputs = this.best): number {
    return sizeOf(this.inputs, of);
  }
}

function emptied(inputs: RunInputs, input: Input): RunInputs {
  let empty = input
    .parts(inputs)
    .reduce((each, part) => (part.read(each) ? part.write(each, Buffer.alloc(0)) : each), inputs);
  for (const list of input.lists(empty)) empty = list.write(empty, []);
  return empty;
}

function sizeOf(inputs: readonly Input[], of: RunInputs): number {
  return inputs.reduce((sum, input) => sum + input.bytes(of).length, 0);
}

function minimized(input: Input, was: RunInputs, is: RunInputs, blanked: (text: string) => string): MinimizedInput {
  const [before, after] = [input.bytes(was), input.bytes(is)];
  const shown = (bytes: Buffer): string | undefined => {
    const text = textOf(bytes);
    return text === undefined ? undefined : blanked(text);
  };
  const { kind, name } = input;
  return {
    kind,
    name: blanked(name),
    before: before.length,
    after: after.length,
    textBefore: shown(before),
    textAfter: shown(after),
  };
}
