/** JSON.parse with a reviver: what the reviver returns goes into objects that it, and so the recording, has met already. */
import type { Realm } from './builtins.ts';
import { apply, uncurry } from './primordials.ts';

type Reviver = (this: unknown, key: string) => unknown;

export function replaceJson(realm: Realm): void {
  const json = realm.find('JSON');
  realm.replace(json, 'parse', (original) => {
    const parse = uncurry(original as (this: unknown, text: unknown) => unknown);
    return {
      parse(this: unknown, text: unknown, reviver: unknown): unknown {
        if (typeof reviver !== 'function') return parse(this, text);
        const watched = watch(realm, reviver as Reviver);
        const result = realm.parts.below(() => apply(original, this, [text, watched.reviver]));
        watched.done();
        return result;
      },
    };
  });
  const objectPrototype = realm.find('Object.prototype');
  const arrayPrototype = realm.find('Array.prototype');
  if (json && objectPrototype && arrayPrototype) realm.parts.parsedJson.trust(json, objectPrototype, arrayPrototype);
}

/** After each call its result is stored, or the key deleted: that is seen when the next call begins. */
function watch(realm: Realm, reviver: Reviver): { readonly reviver: Reviver; done(): void } {
  const at: { holder: unknown } = { holder: undefined };
  let last = '';
  let deleted = false;

  function done(): void {
    if (!realm.known(at.holder)) return;
    if (deleted) realm.deleted(at.holder as object, last);
    else realm.property(at.holder as object, last, true);
  }

  return {
    done,
    reviver: function (this: unknown, key: string): unknown {
      done();
      at.holder = undefined;
      const result = apply(reviver, this, arguments);
      at.holder = this;
      last = key;
      deleted = result === undefined;
      return result;
    },
  };
}
