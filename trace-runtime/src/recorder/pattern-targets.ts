/** Stand-ins for targets of assignment patterns, which record what is assigned at its time (instrument/patterns.ts). */
import { objectCreate } from './primordials.ts';

export interface PatternTargets {
  /** Stands for `object` where one property of it is assigned; that is done, and fails, as the program's code would. */
  readonly PT: (w: number, strict: boolean, object: unknown) => unknown;
  /** As PT, in a dependency: nothing stands in for an object that the recording does not know. */
  readonly PM: (strict: boolean, object: unknown) => unknown;
  /** An object whose `v` is assigned by `assign.__hcw`. */
  readonly PA: (assign: Assign) => object;
}

const StandIn = Proxy;
const { set: setWith } = Reflect;
const toObject = Object;

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
  };
}
