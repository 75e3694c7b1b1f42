/**
 * `yield*` and `for await` ask another object for its values while the asking activation stands on the stack, where no
 * hook of instrumented text runs. Before the first question `DG` says whose code answers, so that a reader knows who
 * stands below it.
 */
import { blockDisposal } from './disposals.ts';
import { type Copy, errorOf, replaceText, wordsOf } from './named-errors.ts';
import { Answer, answerOf, ASYNC_ITERATOR, dataOf, hidden, ITERATOR } from './iterables.ts';
import { apply } from './primordials.ts';

type Leave = (w: number, value: unknown, op: number, c: number) => unknown;
type Resume = (environment: number, op: number) => number;
type Step = (this: unknown, ...values: unknown[]) => unknown;

export interface Delegates {
  /** What a `using` holds behind another, and disposes of before that: the activation goes on, where it was suspended. */
  readonly UD: (goOn: () => void) => object;
  /** What a block with an `await using` holds. */
  readonly UB: typeof blockDisposal;
  /**
   * An activation is about to ask `iterable` for values: it suspends here (word `w`, caller's progress `c`). Returns what
   * to ask instead. `closing`: the word of the suspension while the iterator is closed. `events`, `copy`: how to word the
   * error where it is no iterable (named-errors.ts); instead of a copy its text, or 0 to leave it to the engine.
   */
  readonly DG: (
    w: number,
    iterable: unknown,
    environment: number,
    op: number,
    async: boolean,
    closing: number,
    c: number,
    events: number,
    copy: Copy | string | 0,
  ) => unknown;
}

const enum Reads {
  none,
  /** `done`, and `value` where it holds */
  whenDone,
  both,
}

/** `leave` and `resume` are the hooks `S` and `U`; `tell` puts a value behind the record of `leave`. */
export function createDelegates(leave: Leave, resume: Resume, tell: (value: unknown) => void): Delegates {
  /** Asks for the asking activation: its steps are on the stack meanwhile. */
  function step(
    method: Step,
    self: unknown,
    values: unknown[],
    environment: number,
    op: number,
    w: number,
    reads = Reads.none,
  ): unknown {
    const c = resume(environment, op);
    let result: unknown;
    try {
      return (result = apply(method, self, values));
    } finally {
      const runs = reads !== Reads.none && readingRuns(result, reads === Reads.both);
      leave(w, runs ? false : null, op, c);
      if (runs) tell(result);
    }
  }

  /** A property that the engine reads of what the program gave: a getter or a proxy may run for it. */
  function read(of: unknown, key: PropertyKey, environment: number, op: number, w: number): unknown {
    const value = isObject(of) ? dataOf(of, key) : hidden;
    return value === hidden ? step(get, undefined, [of, key], environment, op, w) : value;
  }

  /**
   * Stands for an iterator whose methods are the program's; reads the same properties in the same order. `reads`: what
   * of the methods' results the engine reads before other code runs.
   */
  function watched(inner: object, environment: number, op: number, w: number, closing: number, reads: Reads): object {
    const method = (key: 'next' | 'return' | 'throw', word: number): unknown => {
      const found = read(inner, key, environment, op, word);
      if (typeof found !== 'function') return found;
      return (...values: unknown[]) => step(found as Step, inner, values, environment, op, word, reads);
    };
    return {
      get next() {
        return method('next', w);
      },
      get return() {
        return method('return', closing);
      },
      get throw() {
        return method('throw', w);
      },
    };
  }

  function wrapped(
    iterable: unknown,
    environment: number,
    op: number,
    w: number,
    closing: number,
    async: boolean,
  ): object {
    const maker = (key: symbol, reads: Reads): unknown => {
      const found = read(iterable, key, environment, op, w);
      if (typeof found !== 'function') return found;
      return () => {
        const inner = step(found as Step, iterable, [], environment, op, w);
        return isObject(inner) ? watched(inner, environment, op, w, closing, reads) : inner;
      };
    };
    return {
      get [ASYNC_ITERATOR]() {
        return maker(ASYNC_ITERATOR, Reads.none);
      },
      get [ITERATOR]() {
        return maker(ITERATOR, async ? Reads.both : Reads.whenDone);
      },
    };
  }

  function DG(
    w: number,
    iterable: unknown,
    environment: number,
    op: number,
    async: boolean,
    closing: number,
    c: number,
    events: number,
    copy: Copy | string | 0,
  ): unknown {
    const answer = answerOf(iterable, async);
    if (answer === Answer.none && copy !== 0 && !(async && (iterable === null || iterable === undefined))) {
      if (typeof copy === 'string') throw new TypeError(async ? asyncWords(copy) : copy);
      const words = wordsOf(copy, events, iterable);
      if (words) throw errorOf(words, DG, async ? asyncWords(words.message) : words.message);
    }
    leave(w, answer === Answer.generator ? iterable : answer === Answer.code ? true : undefined, op, c);
    return answer === Answer.code ? wrapped(iterable, environment, op, w, closing, async) : iterable;
  }

  return { DG, UB: blockDisposal, UD: (goOn) => ({ [DISPOSE]: goOn }) };
}

const get: Step = (of, key) => (of as Record<PropertyKey, unknown>)[key as PropertyKey];

function isObject(value: unknown): value is object {
  return typeof value === 'object' ? value !== null : typeof value === 'function';
}

/** Whether code runs where the engine reads what an iterator returned: `done`, and `value` where it holds, or both. */
function readingRuns(result: unknown, both: boolean): boolean {
  if (!isObject(result)) return false;
  const done = dataOf(result, 'done');
  return done === hidden || ((both || Boolean(done)) && dataOf(result, 'value') === hidden);
}

/** Undefined in a Node that knows no `using`. */
const DISPOSE = (Symbol as { readonly dispose?: symbol }).dispose!;

const DELEGATED = 'yield* (intermediate value) is not iterable';
/** Before V8 13 an async `yield*` shows its own workings. */
const SHOWN = '(intermediate value)'.repeat(Number.parseInt(process.versions.v8, 10) < 13 ? 4 : 1);

/** What the engine says of what is no async iterable, by what it says of what is no iterable. */
function asyncWords(text: string): string {
  if (text === DELEGATED) return `yield* ${SHOWN} is not async iterable`;
  const value = /^(.*) is not iterable \(cannot read property .*\)$/.exec(text)?.[1];
  if (value === undefined)
    return replaceText(
      text,
      /( is not a function or its return value)? is not iterable$/,
      (_, called) => `${called === undefined ? '' : `(...)${called}`} is not async iterable`,
    );
  return `${/^(?:undefined|object|function|(?:number|string|boolean|bigint|symbol) .*)$/.test(value) ? 'undefined' : value} is not a function`;
}
