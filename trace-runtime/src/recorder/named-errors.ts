/** Errors that V8 words by the program's text, where a hook stands in that text: see instrument/named-errors.ts. */
import { Answer, answerOf, dataOf, hidden } from './iterables.ts';
import { apply, defineProperty, getPrototypeOf, objectCreate, uncurry } from './primordials.ts';

/** As the instrumenter numbers what is done with the value. */
const enum Kind {
  call,
  construct,
  iterate,
  destructure,
  /** by a pattern that runs nothing before it looks at the value */
  empty,
}

export type Copy = (this: unknown, ...names: unknown[]) => Generator;

const Wrapped = Proxy;
const OwnTypeError = TypeError;
const { setPrototypeOf } = Reflect;
const { captureStackTrace } = Error;
const toObject = Object;
/** A value that nothing certain can be said of. */
const unknown = Symbol('unknown');

/**
 * Gives `value` back, unless doing what follows with what `keys` lead to from it must fail. Then it gives what throws
 * what V8 would when that is done. `optional`: nothing fails at a nullish value. `events`: how many of
 * the copy's reads, calls and yields there are; the last one gives the value.
 */
function NM(
  value: unknown,
  kind: Kind,
  optional: number,
  keys: readonly PropertyKey[],
  events: number,
  copy: Copy,
): unknown {
  if (keys.length === 0 && kind === Kind.call && typeof value === 'function') return value;
  const found = follow(value, keys);
  if (found === unknown || !fails(found, kind, optional !== 0)) return value;
  const words = wordsOf(copy, events, found);
  if (words === undefined) return value;
  if (kind === Kind.empty) throw errorOf(words, NM);
  return standIn(words, kind, keys);
}

export const namedErrors = { NM } as const;

/** What the keys lead to, read without running code. Nothing is certain where the engine fails on the way there. */
function follow(value: unknown, keys: readonly PropertyKey[]): unknown {
  let at = value;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (at === null || at === undefined) return unknown;
    if (typeof key !== 'string' && typeof key !== 'number') return unknown;
    at = dataOf(typeof at === 'object' || typeof at === 'function' ? at : toObject(at), key);
    if (at === hidden) return unknown;
  }
  return at;
}

function fails(value: unknown, kind: Kind, optional: boolean): boolean {
  const nullish = value === null || value === undefined;
  if (nullish && optional) return false;
  if (kind === Kind.destructure || kind === Kind.empty) return nullish;
  return kind === Kind.iterate ? answerOf(value, false) === Answer.none : typeof value !== 'function';
}

/** Stands before names that a copy cannot have, and in place of # before private ones. */
const STRANGE = /__hcu(_?)/g;

/** Runs the copy, whose names are things that can be read, called and constructed; the last event gives `value`, or all names do. */
export function wordsOf(copy: Copy, events: number, value: unknown): TypeError | undefined {
  let left = events;
  const next = (): unknown => ((left -= 1) === 0 ? value : anything);
  const anything: object = new Wrapped(function () {}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => (typeof value === 'number' ? value : 0) : next()),
    apply: next,
    construct: () => objectOr(next(), anything),
    set: () => true,
    deleteProperty: () => true,
  });
  const names: unknown[] = [];
  for (let i = 0; i < copy.length; i++) defineProperty(names, i, { value: events === 0 ? value : anything });
  try {
    const run = apply(copy, anything, names) as Generator;
    for (let step = run.next(); step.done !== true;) step = run.next(next());
  } catch (error) {
    return error as TypeError;
  }
  return undefined;
}

function objectOr(value: unknown, otherwise: object): object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : otherwise;
}

export const replaceText = uncurry(String.prototype.replace as (this: string, by: RegExp, to: Replacer) => string);
type Replacer = (all: string, part?: string) => string;

/** The same error, of the program's realm, as if it came from below `above`. */
export function errorOf(words: TypeError, above: (...values: never[]) => unknown, message = words.message): TypeError {
  const error = new OwnTypeError(replaceText(message, STRANGE, (_, hash) => (hash ? '#' : '')));
  setPrototypeOf(error, getPrototypeOf(words));
  captureStackTrace(error, above);
  return error;
}

/** An object from which the keys lead to one that throws at whatever `kind` does with it. */
function standIn(words: TypeError, kind: Kind, keys: readonly PropertyKey[]): unknown {
  const thrower = function (): never {
    throw errorOf(words, thrower);
  };
  const isCalled = kind === Kind.call || kind === Kind.construct;
  let made: unknown = isCalled ? thrower : new Wrapped({}, { get: thrower, ownKeys: thrower });
  for (let i = keys.length - 1; i >= 0; i--) {
    const holder = objectCreate(null) as object;
    defineProperty(holder, keys[i]!, { value: made });
    made = holder;
  }
  return made;
}
