/** Map.prototype, Set.prototype and Date.prototype: the mutating methods. */
import type { Realm } from './builtins.ts';
import { apply, dateTime, getOwnPropertyNames, is, startsWith, uncurry } from './primordials.ts';
import { Runtime } from '../wire/words.ts';

export function replaceCollectionMethods(realm: Realm): void {
  const { replace, known, mutate } = realm;
  const map = realm.find('Map.prototype');
  const set = realm.find('Set.prototype');

  replace(map, 'set', (original) => {
    const put = uncurry(original as (this: unknown, key: unknown, value: unknown) => unknown);
    return {
      set(this: unknown, key: unknown, value: unknown): unknown {
        const result = put(this, key, value);
        if (known(this)) mutate(Runtime.mapSet, this as object, key === 0 ? 0 : key, value);
        return result;
      },
    };
  });
  replace(set, 'add', (original) => {
    const add = uncurry(original as (this: unknown, key: unknown) => unknown);
    return {
      add(this: unknown, key: unknown): unknown {
        const result = add(this, key);
        if (known(this)) mutate(Runtime.mapSet, this as object, key === 0 ? 0 : key, undefined);
        return result;
      },
    };
  });
  for (const holder of [map, set]) {
    replace(holder, 'delete', (original) => {
      const remove = uncurry(original as (this: unknown, key: unknown) => unknown);
      return {
        delete(this: unknown, key: unknown): unknown {
          const result = remove(this, key);
          if (result === true && known(this)) mutate(Runtime.mapDelete, this as object, key === 0 ? 0 : key);
          return result;
        },
      };
    });
    replace(holder, 'clear', (original) => ({
      clear(this: unknown): unknown {
        const result = apply(original, this, []);
        if (known(this)) mutate(Runtime.mapClear, this as object);
        return result;
      },
    }));
  }

  const date = realm.find('Date.prototype');
  for (const key of date ? getOwnPropertyNames(date) : []) {
    if (!startsWith(key, 'set')) continue;
    replace(date, key, (original) => ({
      [key](this: unknown): unknown {
        const result = apply(original, this, arguments);
        if (known(this) && is.isDate(this)) mutate(Runtime.dateSet, this, dateTime(this));
        return result;
      },
    }));
  }
}
