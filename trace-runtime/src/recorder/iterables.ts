/** What can be told of an iterable without running any of its code. */
import { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is } from './primordials.ts';

/** Who runs when the next value is asked for. */
export const enum Answer {
  /** only the engine */
  builtin,
  /** a generator's body, with nothing before it */
  generator,
  /** functions of the program, or what cannot be told */
  code,
  /** an error is certain */
  none,
}

export const { iterator: ITERATOR, asyncIterator: ASYNC_ITERATOR } = Symbol;

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

export function answerOf(value: unknown, async: boolean): Answer {
  if (typeof value === 'string') return Answer.builtin;
  if (value === undefined || value === null) return Answer.none;
  const iterable: object = typeof value === 'object' || typeof value === 'function' ? value : toObject(value);
  const own = async ? dataOf(iterable, ASYNC_ITERATOR) : undefined;
  if (own === hidden) return Answer.code;
  const maker = own ?? dataOf(iterable, ITERATOR);
  if (maker === undefined || maker === null) return Answer.none;
  if (maker === hidden) return Answer.code;
  if (typeof maker !== 'function') return Answer.none;
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
export const hidden = Symbol('hidden');

/** The value that reading the property gives, where reading it runs no code; else `hidden`. */
export function dataOf(object: object, key: PropertyKey): unknown {
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
