/** What the parts of the serving side share: the recorded world, who calls, and a note of what nothing recorded answers. */
import path from 'node:path';
import { appendWhole } from '../../base/whole-files.ts';
import {
  ARRIVED_FILE,
  NOTES_FILE,
  ORDER_FILE,
  SAID_FILE,
  type LiveKind,
  type OutOfOrder,
  type RecordedError,
  type RecordedWorld,
  type SaidAfterAll,
  type SaidOtherwise,
  type UnmatchedCall,
} from '../../model/recorded-world.ts';
import { Slot } from '../../wire/words.ts';
import type { Answers } from './answers.ts';
import { callerOf, type Caller } from './callers.ts';

export interface ServeOptions {
  readonly words: Int32Array;
  /** number of the tick that runs, from 1 */
  currentTick(): number;
  /** What was recorded so far is out of the process's hands. */
  flush(): void;
  /** the stack, innermost first, of at most so many frames, as V8 has them; those of Hindcast, which count, are not in it */
  frames(most?: number): readonly NodeJS.CallSite[];
  /** one of them, as it is in the text as it was written */
  correct(frame: NodeJS.CallSite): NodeJS.CallSite;
  /** whether an error's stack is given its text: there are no frames then */
  isFormatting(): boolean;
  hide(wrapper: object, original: object): unknown;
  /** where the native helper lies; undefined: there is none */
  readonly helper: string | undefined;
  /** the recorded run's, where the process is in another one */
  readonly folder: string | undefined;
  quietly(work: () => void): void;
  /** Runs `install` once the program can get at that module of Node. */
  late(id: string, install: () => void): void;
}

/** So many frames are taken at first, then so many: Node's loader is told by the nearest, a tool or the program soon after. */
const NEAR_FRAMES = [6, 24];

export class Serving {
  readonly hide: ServeOptions['hide'];
  readonly #noted = new Set<string>();

  constructor(
    readonly world: RecordedWorld,
    readonly answers: Answers,
    readonly options: ServeOptions,
  ) {
    this.hide = options.hide;
  }

  /** whether recorded code is on the stack */
  get fromRecordedCode(): boolean {
    return this.options.words[Slot.progress] !== 0;
  }

  /** What is read to write an error's stack, maps of sources, is a tool's, whoever asked for the stack. */
  caller(): Caller {
    if (this.options.isFormatting()) return { by: 'tool', place: undefined };
    const { options } = this;
    // to take a stack takes the longer, the more of it is taken: a test runner reads much, and calls from deep inside
    for (const most of NEAR_FRAMES) {
      const near = callerOf(options.frames(most), options.correct);
      if (near.place !== undefined || near.by === 'tool' || near.by === 'loader') return near;
    }
    return callerOf(options.frames(), options.correct);
  }

  /** the same program on the same inputs: see `ExactRun` */
  get isExact(): boolean {
    return this.world.exact !== undefined;
  }

  isLive(kind: LiveKind): boolean {
    return this.world.live.includes(kind);
  }

  /** What was to come next did not come. */
  outOfOrder(what: OutOfOrder): void {
    this.#note(ORDER_FILE, JSON.stringify(what));
  }

  arrived(): void {
    this.#note(ARRIVED_FILE, '');
  }

  /** The program says what it did not say then. */
  saidOtherwise(what: SaidOtherwise | SaidAfterAll): void {
    this.#note(SAID_FILE, JSON.stringify(what));
  }

  /** Nothing recorded answers the call. */
  unmatched(kind: LiveKind, what: string, { place }: Pick<Caller, 'place'>): void {
    if (!this.isLive(kind)) this.#unanswered({ kind, what, file: place?.file, line: place?.line });
  }

  /** Nor can anybody real go on for the recorded peer that was asked. */
  unmatchedOfPeer(what: string): void {
    this.#unanswered({ kind: 'network', what, file: undefined, line: undefined, isOfPeer: true });
  }

  #unanswered(call: UnmatchedCall): void {
    const text = JSON.stringify(call);
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#note(NOTES_FILE, text);
  }

  #note(file: string, text: string): void {
    try {
      appendWhole(path.join(this.world.scratch, file), `${text}\n`, { mode: 0o600 });
    } catch {
      // The scratch folder is gone: the rerun is over.
    }
  }
}

/** The error that the recorded call brought; `path` as the program gave it. */
export function errorFrom({ message = '', code, errno, syscall }: RecordedError, more: object = {}): Error {
  const error = new Error(message);
  const fields = { errno, code, syscall, ...more };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) Object.assign(error, { [name]: value });
  return error;
}
