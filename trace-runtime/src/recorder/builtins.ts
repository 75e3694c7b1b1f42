/**
 * Replacements of a realm's mutating builtins: after the original has run, the change is recorded if the recording knows
 * the object. They cannot be told from the originals: method syntax has no `prototype`, name, length and text are theirs.
 */
import { replaceArrayMethods } from './builtin-arrays.ts';
import { replaceAsyncHooks } from './builtin-async-hooks.ts';
import { replaceByteMethods } from './builtin-bytes.ts';
import { replaceEmitterMethods } from './builtin-emitters.ts';
import { replaceErrorFunctions } from './builtin-errors.ts';
import { replaceCollectionMethods } from './builtin-collections.ts';
import { replaceJson } from './builtin-json.ts';
import { replaceObjectFunctions } from './builtin-objects.ts';
import { replaceStringMethods } from './builtin-strings.ts';
import { replaceTransfers } from './builtin-transfers.ts';
import type { Core } from './core.ts';
import { createMutations, type Mutations } from './mutations.ts';
import { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } from './primordials.ts';

export type Callable = (this: unknown, ...values: unknown[]) => unknown;

export interface BuiltinParts extends Core {
  readonly globalObject: object;
  readonly main: boolean;
  /** Runs what calls the program back below frames of ours; see StackTraces. */
  below<T>(work: () => T): T;
  disguise(replacement: object, original: object): void;
}

export interface Realm extends Mutations {
  readonly parts: BuiltinParts;
  /** a global or `Global.prototype` of the realm; undefined where it has none */
  find(path: string): object | undefined;
  /** `make` returns an object whose method `key` replaces the holder's */
  replace(holder: object | undefined, key: PropertyKey, make: (original: Callable) => object): void;
}

export function installBuiltins(parts: BuiltinParts): void {
  const { globalObject, disguise } = parts;
  const setPrototypeOf = Object.setPrototypeOf;
  const realm: Realm = {
    ...createMutations(parts),
    parts,
    find(path) {
      let at: unknown = globalObject;
      for (const name of path.split('.')) {
        at = getOwnPropertyDescriptor(at as object, name)?.value;
        if ((typeof at !== 'object' || at === null) && typeof at !== 'function') return undefined;
      }
      return at as object;
    },
    replace(holder, key, make) {
      const descriptor = holder && getOwnPropertyDescriptor(holder, key);
      const original: unknown = descriptor?.value;
      if (!holder || typeof original !== 'function' || !(descriptor?.configurable || descriptor?.writable)) return;
      const replacement = getOwnPropertyDescriptor(make(original as Callable), key)?.value as object;
      const prototype = getPrototypeOf(original);
      if (getPrototypeOf(replacement) !== prototype) setPrototypeOf(replacement, prototype);
      disguise(replacement, original);
      defineProperty(holder, key, { ...descriptor, value: replacement });
    },
  };
  replaceArrayMethods(realm);
  replaceCollectionMethods(realm);
  replaceObjectFunctions(realm);
  replaceByteMethods(realm);
  replaceStringMethods(realm);
  replaceJson(realm);
  realm.replace(globalObject, 'gc', (original) => ({
    gc(this: unknown): unknown {
      parts.retained.letGo();
      return apply(original, this, arguments);
    },
  }));
  replaceErrorFunctions(realm);
  if (!parts.main) return;
  replaceAsyncHooks(realm);
  replaceEmitterMethods(realm);
  replaceTransfers(realm);
}
