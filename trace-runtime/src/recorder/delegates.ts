/**
 * `yield*` and `for await` ask another object for its values while the asking activation stands on the stack, where no
 * hook of instrumented text runs. Before the first question `DG` says whose code answers, so that a reader knows who
 * stands below it.
 */
import { blockDisposal } from './disposals.ts';
import { type Copy, errorOf, replaceText, wordsOf } from './named-errors.ts';
import { Answer, answerOf, ASYNC_ITERATOR, ITERATOR } from './iterables.ts';
import {
  apply,
  defineProperty,
  deleteProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  is,
  isExtensible,
} from './primordials.ts';

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

/** `leave` and `resume` are the hooks `S` and `U`. */
export function createDelegates(leave: Leave, resume: Resume): Delegates {
  /** Asks for the asking activation: its steps are on the stack meanwhile. */
  function step(method: Step, self: unknown, values: unknown[], environment: number, op: number, w: number): unknown {
    const c = resume(environment, op);
    try {
      return apply(method, self, values);
    } finally {
      leave(w, null, op, c);
    }
  }

  /**
   * Stands for an iterator whose methods are the program's; reads the same properties in the same order. `reads`: what
   * of the methods' results the engine reads before other code runs.
   */
  function watched(inner: object, environment: number, op: number, w: number, closing: number, reads: Reads): object {
    const method = (key: 'next' | 'return' | 'throw', word: number): unknown => {
      const found = (inner as Record<string, unknown>)[key];
      if (typeof found !== 'function') return found;
      return (...values: unknown[]) => {
        const result = step(found as Step, inner, values, environment, op, word);
        if (reads !== Reads.none)
          awaitReading(result, 'done', reads === Reads.both, (getter) =>
            step(getter, result, [], environment, op, word),
          );
        return result;
      };
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
      const found = (iterable as Record<symbol, unknown>)[key];
      if (typeof found !== 'function') return found;
      return () => {
        const inner = step(found as Step, iterable, [], environment, op, w);
        const isObject = (typeof inner === 'object' && inner !== null) || typeof inner === 'function';
        return isObject ? watched(inner, environment, op, w, closing, reads) : inner;
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

/**
 * A getter that the engine is about to read of what an iterator returned runs for the asking activation. The engine alone
 * meets what stands in the getter's place: it reads `done` before any code runs, and `value` behind it where that holds,
 * or in any case (`both`).
 */
function awaitReading(result: unknown, key: 'done' | 'value', both: boolean, read: (getter: Step) => unknown): void {
  if (typeof result !== 'object' || result === null) return;
  const found = propertyOf(result, key);
  const goOn = (value: unknown): void => {
    if (key === 'done' && (both || value)) awaitReading(result, 'value', both, read);
  };
  if (found === undefined || hasOwn(found.descriptor, 'value')) return goOn(found?.descriptor.value);
  const { descriptor, own } = found;
  const getter = descriptor.get as Step | undefined;
  if (getter === undefined || !(own ? descriptor.configurable : isExtensible(result))) return;
  const get = (): unknown => {
    if (own) defineProperty(result, key, descriptor);
    else deleteProperty(result, key);
    const value = read(getter);
    goOn(value);
    return value;
  };
  const standIn = { __proto__: null, get, enumerable: descriptor.enumerable === true, configurable: true };
  defineProperty(result, key, standIn as PropertyDescriptor);
}

interface Found {
  readonly descriptor: PropertyDescriptor;
  readonly own: boolean;
}

/** undefined where there is none, or a proxy on the way. */
function propertyOf(object: object, key: string): Found | undefined {
  for (let at: object | null = object; at !== null && !is.isProxy(at); at = getPrototypeOf(at)) {
    const descriptor = getOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return { descriptor, own: at === object };
  }
  return undefined;
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
