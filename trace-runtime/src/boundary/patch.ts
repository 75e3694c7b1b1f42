/**
 * Putting a wrapper in a function's place so that the program does not see it. Some are put while it runs, when it may have
 * replaced builtins: none of those is asked here, nor how arrays are iterated.
 */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

const { getOwnPropertyDescriptor, defineProperty, getPrototypeOf, setPrototypeOf } = Object;
const { apply, get: valueAt, ownKeys } = Reflect;
/** What a wrapper finally stands for, where wrappers are put around wrappers. */
const originals = new WeakMap<object, object>();
const firstOf = originals.get.bind(originals);
const setFirst = originals.set.bind(originals);

/** Gives the wrapper the original's name, length and other own properties (promisify's symbols, `native`, …) but for symbols that it has. */
export function disguise<F extends object>(
  wrapper: F,
  original: object,
  hide: (wrapper: object, original: object) => unknown,
): F {
  const keys = ownKeys(original);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (key === 'prototype' && getOwnPropertyDescriptor(wrapper, key)?.configurable === false) {
      sharePrototype(wrapper, original);
      continue;
    }
    if (typeof key === 'symbol' && getOwnPropertyDescriptor(wrapper, key)) continue;
    const own = getOwnPropertyDescriptor(original, key);
    if (own) defineProperty(wrapper, key, own);
  }
  // of another realm, or of a class that extends another
  const above: unknown = getPrototypeOf(original);
  if (typeof above === 'function' && above !== getPrototypeOf(wrapper)) setPrototypeOf(wrapper, above);
  const first = firstOf(original) ?? original;
  setFirst(wrapper, first);
  hide(wrapper, first);
  return wrapper;
}

/** A plain function's `prototype` is writable, so a wrapper can take over the original's object. */
function sharePrototype(wrapper: object, original: object): void {
  const own = getOwnPropertyDescriptor(original, 'prototype');
  if (!own) return;
  defineProperty(wrapper, 'prototype', own);
  const constructor = getOwnPropertyDescriptor(own.value as object, 'constructor');
  if (constructor?.value === original && constructor.configurable)
    defineProperty(own.value as object, 'constructor', { ...constructor, value: wrapper });
}

/**
 * Replaces owner[key] by what `make` returns, keeping the property's attributes. Accessors, absent keys and properties
 * that cannot be replaced are left alone: false.
 */
export function replace(
  owner: object,
  key: PropertyKey,
  hide: (wrapper: object, original: object) => unknown,
  make: (original: AnyFunction) => AnyFunction,
): boolean {
  const own = getOwnPropertyDescriptor(owner, key);
  if (!own || typeof own.value !== 'function' || (!own.writable && !own.configurable)) return false;
  const made = make(own.value);
  const wrapper = getOwnPropertyDescriptor(own.value, 'prototype') ? made : withoutPrototype(made);
  defineProperty(owner, key, { ...own, value: disguise(wrapper, own.value, hide) });
  return true;
}

/** Node loads some functions when they are asked for first, and is an accessor until then. */
export function becomeData(owner: object, keys: readonly PropertyKey[]): void {
  for (const key of keys) void valueAt(owner, key);
}

/** Runs `work` before the getter of owner[key] hands out its value for the first time; at once where there is none. */
export function beforeGetting(
  owner: object,
  key: PropertyKey,
  hide: (wrapper: object, original: object) => unknown,
  work: () => void,
): void {
  const own = getOwnPropertyDescriptor(owner, key);
  const original = own?.get;
  if (!own?.configurable || !original) return work();
  const { get } = getOwnPropertyDescriptor(
    {
      get [key](): unknown {
        const value: unknown = apply(original, this, []);
        defineProperty(owner, key, own);
        work();
        return value;
      },
    },
    key,
  ) as { readonly get: () => unknown };
  defineProperty(owner, key, { ...own, get: disguise(get, original, hide) });
}

/** Natives, methods and arrow functions have no `prototype`. */
function withoutPrototype(made: AnyFunction): AnyFunction {
  if (!getOwnPropertyDescriptor(made, 'prototype')) return made;
  const { wrapper } = {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      return apply(made, this, args);
    },
  };
  return wrapper;
}

/** Defines a method that the owner may only inherit; `make` gets a function that finds the inherited one at each call. */
export function override(
  owner: object,
  key: PropertyKey,
  hide: (wrapper: object, original: object) => unknown,
  make: (inherited: () => AnyFunction) => AnyFunction,
): void {
  if (getOwnPropertyDescriptor(owner, key)) return void replace(owner, key, hide, (own) => make(() => own));
  const parent = getPrototypeOf(owner) as object;
  const inherited = (): AnyFunction => valueAt(parent, key) as AnyFunction;
  const original = inherited();
  if (typeof original !== 'function') return;
  const value = disguise(make(inherited), original, hide);
  defineProperty(owner, key, { value, writable: true, enumerable: false, configurable: true });
}

/** An own data property's value; undefined for accessors, so that no getter runs. */
export function ownData(object: unknown, key: PropertyKey): unknown {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return undefined;
  return getOwnPropertyDescriptor(object, key)?.value;
}
