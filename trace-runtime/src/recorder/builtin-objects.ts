/** Object's, Reflect's and Object.prototype's functions that change objects, and the Proxy constructor. */
import type { Realm } from './builtins.ts';
import {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  is,
} from './primordials.ts';

const LEVELS = { preventExtensions: 1, seal: 2, freeze: 3 } as const;

export function replaceObjectFunctions(realm: Realm): void {
  const { replace, known } = realm;
  const object = realm.find('Object');
  const reflect = realm.find('Reflect');

  replace(object, 'assign', (original) => ({
    assign(this: unknown, target: unknown): unknown {
      const result = apply(original, this, arguments);
      if (isObject(target)) realm.reveal(target);
      if (known(target)) for (let i = 1; i < arguments.length; i++) assigned(realm, target as object, arguments[i]);
      return result;
    },
  }));
  replace(object, 'defineProperty', (original) => ({
    defineProperty(this: unknown, target: unknown, key: unknown): unknown {
      const result = apply(original, this, arguments);
      defined(realm, target, key, false);
      return result;
    },
  }));
  replace(object, 'defineProperties', (original) => ({
    defineProperties(this: unknown, target: unknown, properties: unknown): unknown {
      const result = apply(original, this, arguments);
      if (isObject(properties) && !is.isProxy(properties)) {
        forKeys(properties, (key) => defined(realm, target, key, false));
      } else if (known(target)) realm.anew(target as object);
      return result;
    },
  }));
  replace(object, 'setPrototypeOf', (original) => ({
    setPrototypeOf(this: unknown, target: unknown, prototype: unknown): unknown {
      const result = apply(original, this, [target, prototype]);
      if (isObject(target)) {
        realm.reveal(target);
        realm.prototype(target);
      }
      return result;
    },
  }));
  for (const key of ['preventExtensions', 'seal', 'freeze'] as const) {
    replace(object, key, (original) => ({
      [key](this: unknown, target: unknown): unknown {
        const result = apply(original, this, [target]);
        if (known(target)) realm.frozen(target as object, LEVELS[key]);
        return result;
      },
    }));
  }

  replace(reflect, 'set', (original) => ({
    set(this: unknown, target: unknown, key: unknown): unknown {
      const result = apply(original, this, arguments);
      const receiver: unknown = arguments.length > 3 ? arguments[3] : target;
      // what another object's [[Set]] puts into the receiver is no [[Set]] of the receiver: that may have a trap above
      if (result === true) defined(realm, receiver, key, receiver === target);
      return result;
    },
  }));
  replace(reflect, 'defineProperty', (original) => ({
    defineProperty(this: unknown, target: unknown, key: unknown): unknown {
      const result = apply(original, this, arguments);
      if (result === true) defined(realm, target, key, false);
      return result;
    },
  }));
  replace(reflect, 'deleteProperty', (original) => ({
    deleteProperty(this: unknown, target: unknown, key: unknown): unknown {
      const result = apply(original, this, [target, key]);
      if (result === true && known(target)) {
        if (isKey(key)) realm.deleted(target as object, key);
        else realm.anew(target as object);
      }
      return result;
    },
  }));
  replace(reflect, 'setPrototypeOf', (original) => ({
    setPrototypeOf(this: unknown, target: unknown, prototype: unknown): unknown {
      const result = apply(original, this, [target, prototype]);
      if (result === true) realm.prototype(target as object);
      return result;
    },
  }));
  replace(reflect, 'preventExtensions', (original) => ({
    preventExtensions(this: unknown, target: unknown): unknown {
      const result = apply(original, this, [target]);
      if (result === true && known(target)) realm.frozen(target as object, 1);
      return result;
    },
  }));
  replaceOnPrototype(realm);
  replaceProxy(realm);
}

function replaceOnPrototype(realm: Realm): void {
  const prototype = realm.find('Object.prototype');
  for (const key of ['__defineGetter__', '__defineSetter__'] as const) {
    realm.replace(prototype, key, (original) => ({
      [key](this: unknown, name: unknown): unknown {
        const result = apply(original, this, arguments);
        defined(realm, this, name, false);
        return result;
      },
    }));
  }
  const descriptor = prototype && getOwnPropertyDescriptor(prototype, '__proto__');
  const original = descriptor?.set;
  if (!prototype || !descriptor?.configurable || !original) return;
  const holder = {
    set ['__proto__'](value: unknown) {
      apply(original, this, [value]);
      if (isObject(this)) realm.prototype(this);
    },
  };
  const replacement = getOwnPropertyDescriptor(holder, '__proto__')?.set as (value: unknown) => void;
  realm.parts.disguise(replacement, original);
  defineProperty(prototype, '__proto__', { ...descriptor, set: replacement });
}

/** A proxy tells nobody its target and handler: they are remembered when it is made. */
function replaceProxy(realm: Realm): void {
  const { globalObject, objects, disguise } = realm.parts;
  const descriptor = getOwnPropertyDescriptor(globalObject, 'Proxy');
  const original: unknown = descriptor?.value;
  if (!descriptor?.configurable || typeof original !== 'function') return;
  const note = (proxy: unknown, target: unknown, handler: unknown): void => {
    if (isObject(proxy) && isObject(target) && isObject(handler)) objects.noteProxy(proxy, target, handler);
  };
  realm.replace(original, 'revocable', (revocable) => ({
    revocable(this: unknown, target: unknown, handler: unknown): unknown {
      const result = apply(revocable, this, [target, handler]) as object;
      const proxy = getOwnPropertyDescriptor(result, 'proxy')?.value as object;
      note(proxy, target, handler);
      realm.replace(result, 'revoke', (revoke) => ({
        revoke(): unknown {
          const nothing = apply(revoke, undefined, []);
          realm.revoked(proxy);
          return nothing;
        },
      }));
      return result;
    },
  }));
  const Original = original as ProxyConstructor;
  const replacement = new Original(original, {
    construct(callee, values: unknown[], newTarget): object {
      const proxy = construct(callee, values, newTarget === replacement ? callee : newTarget) as object;
      note(proxy, values[0], values[1]);
      return proxy;
    },
  });
  disguise(replacement, original);
  defineProperty(globalObject, 'Proxy', { ...descriptor, value: replacement });
}

function assigned(realm: Realm, target: object, source: unknown): void {
  if (source === null || source === undefined) return;
  if (!isObject(source) || is.isProxy(source) || is.isProxy(target)) return realm.anew(target);
  forKeys(source, (key) => {
    if (getOwnPropertyDescriptor(source, key)?.enumerable) realm.property(target, key, true);
  });
}

/** Keys that are objects were turned into strings by the program, once: it is not asked again. */
function defined(realm: Realm, target: unknown, key: unknown, isSet: boolean): void {
  if (!isObject(target)) return;
  realm.reveal(target);
  if (isKey(key)) realm.property(target, key, isSet);
  else if (realm.known(target)) realm.anew(target);
}

function forKeys(object: object, each: (key: string | symbol) => void): void {
  const names = getOwnPropertyNames(object);
  for (let i = 0; i < names.length; i++) each(names[i]!);
  const symbols = getOwnPropertySymbols(object);
  for (let i = 0; i < symbols.length; i++) each(symbols[i]!);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isKey(key: unknown): key is PropertyKey {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'symbol';
}
