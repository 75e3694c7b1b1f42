/**
 * Stand-ins for targets of assignment patterns, which record what is assigned at its time (instrument/patterns.ts), and
 * for sources of declared ones (instrument/declared-patterns.ts).
 */
import { types } from 'node:util';
import { getPrototypeOf, objectCreate } from './primordials.ts';

export interface PatternTargets {
  /** Stands for `object` where one property of it is assigned; that is done, and fails, as the program's code would. */
  readonly PT: (w: number, strict: boolean, object: unknown) => unknown;
  /** As PT, in a dependency: nothing stands in for an object that the recording does not know. */
  readonly PM: (strict: boolean, object: unknown) => unknown;
  /** An object whose `v` is assigned by `assign.__hcw`. */
  readonly PA: (assign: Assign) => object;
  /** A key that nobody has. */
  readonly PK: symbol;
  /** A source that may be asked for PK: the same, or, where a proxy would notice, what answers in its place. */
  readonly PS: (source: unknown) => unknown;
}

const StandIn = Proxy;
const { set: setWith, get: getWith, ownKeys, getOwnPropertyDescriptor: describe } = Reflect;
const toObject = Object;
const { isProxy } = types;
const nobodys = Symbol('nobodys');

interface Assign {
  readonly __hcw: (value: unknown) => void;
}

/** An accessor of a class: one in an object literal costs a microsecond each time. */
class Assigner {
  readonly #assign: Assign;

  constructor(assign: Assign) {
    this.#assign = assign;
  }

  set v(value: unknown) {
    this.#assign.__hcw(value);
  }
}

/** `record`: of a site. `mutated`: of a known object. */
export function createPatternTargets(
  record: (w: number, object: unknown, key: unknown, value: unknown) => unknown,
  mutated: (object: unknown, key: unknown, value: unknown) => unknown,
  isKnown: (object: unknown) => boolean,
): PatternTargets {
  function standIn(strict: boolean, object: unknown, then: (key: unknown, value: unknown) => void): object {
    return new StandIn(objectCreate(null) as object, {
      set(_, key, value) {
        // this code is strict: on nothing, both modes throw
        if (strict || object === null || object === undefined) (object as Record<PropertyKey, unknown>)[key] = value;
        else setWith(toObject(object), key, value, object);
        then(key, value);
        return true;
      },
    });
  }

  return {
    PT: (w, strict, object) => standIn(strict, object, (key, value) => void record(w, object, key, value)),
    PM: (strict, object) =>
      isKnown(object) ? standIn(strict, object, (key, value) => void mutated(object, key, value)) : object,
    PA: (assign) => new Assigner(assign),
    PK: nobodys,
    PS: sourceFor,
  };
}

function sourceFor(source: unknown): unknown {
  if (typeof source !== 'object' && typeof source !== 'function') return source;
  for (let at = source as object | null; at !== null; at = getPrototypeOf(at) as object | null)
    if (isProxy(at)) return answering(source as object);
  return source;
}

/** Asks `source` all that a pattern may ask, in its order, but for PK. */
function answering(source: object): object {
  return new StandIn(objectCreate(null) as object, {
    get: (_, key) => (key === nobodys ? undefined : (getWith(source, key, source) as unknown)),
    ownKeys: () => ownKeys(source),
    getOwnPropertyDescriptor(_, key) {
      const found = describe(source, key);
      // one that an empty target may have
      return found && { value: undefined, writable: true, enumerable: found.enumerable === true, configurable: true };
    },
  });
}
