/** JSON.parse with a reviver: it fills objects that the reviver, and so the recording, has met already. */
import type { Realm } from './builtins.ts';
import { apply, getOwnPropertyDescriptor, getOwnPropertyNames, is, OwnMap, uncurry } from './primordials.ts';

export function replaceJson(realm: Realm): void {
  realm.replace(realm.find('JSON'), 'parse', (original) => {
    const parse = uncurry(original as (this: unknown, text: unknown) => unknown);
    return {
      parse(this: unknown, text: unknown, reviver: unknown): unknown {
        if (typeof reviver !== 'function') return parse(this, text);
        const result = apply(original, this, [text, reviver]);
        refresh(realm, result);
        return result;
      },
    };
  });
}

/** What the recording knows of a tree, anew. Goes on below known objects only: the others are not in the recording. */
function refresh(realm: Realm, root: unknown): void {
  const list: unknown[] = [root];
  const seen = new OwnMap<unknown, boolean>();
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== 'object' || value === null || is.isProxy(value) || seen.has(value)) continue;
    if (!realm.known(value)) continue;
    seen.set(value, true);
    realm.anew(value);
    const names = getOwnPropertyNames(value);
    for (let k = 0; k < names.length; k++) {
      const descriptor = getOwnPropertyDescriptor(value, names[k]!);
      if (descriptor !== undefined && descriptor.get === undefined) list[list.length] = descriptor.value;
    }
  }
}
