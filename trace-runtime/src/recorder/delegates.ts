/**
 * `yield*` and `for await` ask another object for its values while the asking activation stands on the stack, where no
 * hook of instrumented text runs. Before the first question `DG` says whose code answers, so that a reader knows who
 * stands below it.
 */
import { apply, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is } from './primordials.ts';

type Leave = (w: number, value: unknown, op: number, c: number) => unknown;
type Resume = (environment: number, op: number) => number;
type Step = (this: unknown, ...values: unknown[]) => unknown;

/** Who runs when the next value is asked for. */
const enum Answer {
  /** only the engine */
  builtin,
  /** a generator's body, with nothing before it */
  generator,
  /** functions of the program, or what cannot be told */
  code,
  /** an error is certain */
  none,
}

const { iterator: ITERATOR, asyncIterator: ASYNC_ITERATOR } = Symbol;

/** What the engine's own iteration is made of: methods that make iterators, and methods `next`. */
const builtins = (() => {
  const known: unknown[] = [];
  const add = (iterable: object, key: symbol): void => {
    known.push((iterable as Record<symbol, unknown>)[key]);
    const made = (iterable as Record<symbol, () => { next: unknown }>)[key]?.();
    known.push(made?.next);
  };
  add([], ITERATOR);
  add(new Map(), ITERATOR);
  add(new Map().keys(), ITERATOR);
  add(new Set(), ITERATOR);
  add(new Set().keys(), ITERATOR);
  add(Object(''), ITERATOR);
  add(''.matchAll(/./g), ITERATOR);
  add(new Uint8Array(), ITERATOR);
  return known;
})();
const generators = (() => {
  const sync = (function* () {})();
  const async = (async function* () {})();
  return {
    self: [sync[Symbol.iterator], async[Symbol.asyncIterator]] as unknown[],
    next: [sync.next, async.next] as unknown[],
  };
})();

export interface Delegates {
  /**
   * An activation is about to ask `iterable` for values: it suspends here (word `w`, caller's progress `c`). Returns what
   * to ask instead. `text`: of the error where it is no iterable, '' to leave it to the engine, '*' for that of `yield*`
   * over a name. `closing`: the word of the suspension while the iterator is closed.
   */
  readonly DG: (
    w: number,
    iterable: unknown,
    environment: number,
    op: number,
    async: boolean,
    text: string,
    closing: number,
    c: number,
  ) => unknown;
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

  /** Stands for an iterator whose methods are the program's; reads the same properties in the same order. */
  function watched(inner: object, environment: number, op: number, w: number, closing: number): object {
    const method = (key: 'next' | 'return' | 'throw', word: number): unknown => {
      const found = (inner as Record<string, unknown>)[key];
      if (typeof found !== 'function') return found;
      return (...values: unknown[]) => step(found as Step, inner, values, environment, op, word);
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

  function wrapped(iterable: unknown, environment: number, op: number, w: number, closing: number): object {
    const maker = (key: symbol): unknown => {
      const found = (iterable as Record<symbol, unknown>)[key];
      if (typeof found !== 'function') return found;
      return () => {
        const inner = step(found as Step, iterable, [], environment, op, w);
        const isObject = (typeof inner === 'object' && inner !== null) || typeof inner === 'function';
        return isObject ? watched(inner, environment, op, w, closing) : inner;
      };
    };
    return {
      get [ASYNC_ITERATOR]() {
        return maker(ASYNC_ITERATOR);
      },
      get [ITERATOR]() {
        return maker(ITERATOR);
      },
    };
  }

  function DG(
    w: number,
    iterable: unknown,
    environment: number,
    op: number,
    async: boolean,
    text: string,
    closing: number,
    c: number,
  ): unknown {
    const answer = answerOf(iterable, async);
    if (answer === Answer.none) {
      if (text === '*') probe(iterable).next();
      if (text !== '' && !(async && (iterable === null || iterable === undefined))) throw new TypeError(text);
    }
    leave(w, answer === Answer.generator ? iterable : answer === Answer.code ? true : undefined, op, c);
    return answer === Answer.code ? wrapped(iterable, environment, op, w, closing) : iterable;
  }

  return { DG };
}

/** The engine's own error for what is no iterable. */
function* probe(value: unknown): Generator {
  yield* value as Iterable<unknown>;
}

function answerOf(value: unknown, async: boolean): Answer {
  if (typeof value === 'string') return Answer.builtin;
  if (value === undefined || value === null) return Answer.none;
  const iterable: object = typeof value === 'object' || typeof value === 'function' ? value : toObject(value);
  const own = async ? dataOf(iterable, ASYNC_ITERATOR) : undefined;
  if (own === hidden) return Answer.code;
  const maker = own ?? dataOf(iterable, ITERATOR);
  if (maker === undefined || maker === null) return Answer.none;
  if (typeof maker !== 'function') return Answer.code;
  if (is.isGeneratorObject(iterable) && includes(generators.self, maker))
    return includes(generators.next, dataOf(iterable, 'next')) ? Answer.generator : Answer.code;
  if (includes(builtins, maker)) return isBuiltinIterator(iterable) ? Answer.builtin : Answer.code;
  return is.isGeneratorFunction(maker) && !is.isProxy(maker) ? Answer.generator : Answer.code;
}

/** `values` of arrays, maps and sets make iterators of their own; an iterator that gives itself has a `next`. */
function isBuiltinIterator(iterable: object): boolean {
  const next = dataOf(iterable, 'next');
  return next === undefined || includes(builtins, next);
}

const toObject = Object;
const hidden = Symbol('hidden');

/** The value that reading the property gives, where reading it runs no code; else `hidden`. */
function dataOf(object: object, key: PropertyKey): unknown {
  for (let at: object | null = object; at !== null; at = getPrototypeOf(at)) {
    if (is.isProxy(at)) return hidden;
    const found = getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return hasOwn(found, 'value') ? (found.value as unknown) : hidden;
  }
  return undefined;
}

function includes(list: readonly unknown[], value: unknown): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === value) return true;
  return false;
}
