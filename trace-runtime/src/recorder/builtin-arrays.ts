/** Array.prototype's mutating methods. */
import type { Callable, Realm } from './builtins.ts';
import { apply, is, isArray, uncurry } from './primordials.ts';

export function replaceArrayMethods(realm: Realm): void {
  const { replace, known, anew } = realm;
  const prototype = realm.find('Array.prototype');

  replace(prototype, 'push', (original) => {
    const pushOne = uncurry(original as (this: unknown, item: unknown) => unknown);
    return {
      push(this: unknown, item: unknown): unknown {
        if (arguments.length === 1) {
          const length = pushOne(this, item);
          if (known(this)) realm.pushedOne(this as object, item);
          return length;
        }
        const result = guarded(original, this, arguments);
        if (known(this)) realm.pushed(this as object, arguments);
        return result;
      },
    };
  });
  replace(prototype, 'pop', (original) => ({
    pop(this: unknown): unknown {
      if (!known(this)) return apply(original, this, []);
      const length = lengthOf(this);
      const result = guarded(original, this, []);
      if (length !== 0) realm.spliced(this as object, length - 1, 1, [], 0);
      return result;
    },
  }));
  replace(prototype, 'shift', (original) => ({
    shift(this: unknown): unknown {
      if (!known(this)) return apply(original, this, []);
      const length = lengthOf(this);
      const result = guarded(original, this, []);
      if (length !== 0) realm.spliced(this as object, 0, 1, [], 0);
      return result;
    },
  }));
  replace(prototype, 'unshift', (original) => ({
    unshift(this: unknown): unknown {
      const result = guarded(original, this, arguments);
      if (known(this)) realm.spliced(this as object, 0, 0, arguments, 0);
      return result;
    },
  }));
  replace(prototype, 'splice', (original) => ({
    splice(this: unknown, start: unknown): unknown {
      if (!known(this)) return filled(apply(original, this, arguments));
      const length = lengthOf(this);
      const result = filled(guarded(original, this, arguments));
      const from = startOf(start, arguments.length, length);
      if (from < 0 || is.isProxy(result) || !isArray(result)) realm.elements(this as object);
      else if (result.length > 0 || arguments.length > 2) {
        const first = arguments.length < 2 ? arguments.length : 2;
        realm.spliced(this as object, from, result.length, arguments, first);
      }
      return result;
    },
  }));
  for (const key of ['sort', 'reverse', 'fill', 'copyWithin'] as const) {
    replace(prototype, key, (original) => ({
      [key](this: unknown): unknown {
        const values = arguments;
        const result = realm.parts.below(() => guarded(original, this, values));
        if (known(this)) realm.elements(this as object);
        return result;
      },
    }));
  }

  realm.parts.subclassedArrays.when(() => {
    for (const key of ['map', 'filter', 'slice', 'concat', 'flat', 'flatMap'] as const) watch(prototype, key);
    for (const key of ['from', 'of'] as const) watch(realm.find('Array'), key);
  });

  function watch(holder: object | undefined, key: string): void {
    replace(holder, key, (original) => ({
      [key](this: unknown): unknown {
        const values = arguments;
        return filled(realm.parts.below(() => apply(original, this, values)));
      },
    }));
  }

  /** An array of the program's own class was filled behind its constructor. */
  function filled(result: unknown): unknown {
    if (known(result)) anew(result as object);
    return result;
  }

  /** A method that throws may have changed some elements. */
  function guarded(original: Callable, self: unknown, values: ArrayLike<unknown>): unknown {
    try {
      return apply(original, self, values);
    } catch (error) {
      if (known(self)) anew(self as object);
      throw error;
    }
  }
}

/** -1 for what is no array, and for a proxy of one, which would notice: then its contents are recorded anew. */
function lengthOf(value: unknown): number {
  return !is.isProxy(value) && isArray(value) ? value.length : -1;
}

/** Where a splice began; -1 where only the program's own conversions could tell. */
function startOf(start: unknown, given: number, length: number): number {
  if (length < 0) return -1;
  if (given === 0) return 0;
  if (typeof start !== 'number') return -1;
  const whole = start === start ? (start < -length ? -length : start > length ? length : start | 0) : 0;
  return whole < 0 ? length + whole : whole;
}
