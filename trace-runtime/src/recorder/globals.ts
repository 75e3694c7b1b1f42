/** What the program has put into the global object, which code that nothing could be put into may have changed. */
import { getOwnPropertyDescriptor, hasOwn, objectIs, OwnMap, ownKeys } from './primordials.ts';
import { Runtime } from '../wire/words.ts';

export interface GlobalsParts {
  readonly emitters: { mutate(id: number, object: object, ...values: readonly unknown[]): void };
  readonly touchFrom: (object: object) => boolean;
}

/** To be made before the program begins. What it gives looks at them, and says whether that was all. */
export function createTouchingGlobals(globalObject: object, { emitters, touchFrom }: GlobalsParts): () => boolean {
  const own = new OwnMap<PropertyKey, true>();
  for (const key of ownKeys(globalObject)) own.set(key, true);
  const primitives = new OwnMap<PropertyKey, unknown>();
  return () => {
    let isAll = true;
    const keys = ownKeys(globalObject);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (own.has(key)) continue;
      const found = getOwnPropertyDescriptor(globalObject, key);
      if (found === undefined || !hasOwn(found, 'value')) continue;
      const value: unknown = found.value;
      const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
      if (!isObject && primitives.has(key) && objectIs(primitives.get(key), value)) continue;
      if (isObject) primitives.delete(key);
      else primitives.set(key, value);
      emitters.mutate(Runtime.set, globalObject, key, value);
      if (isObject && !touchFrom(value)) isAll = false;
    }
    return isAll;
  };
}
