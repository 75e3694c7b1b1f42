/** The language's own functions as they were before any code of the program or the user could change them. */
export const {
  ownKeys,
  get,
  has,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  setPrototypeOf,
  defineProperty,
  deleteProperty,
  apply,
  construct,
} = Reflect;
export const { freeze, seal, preventExtensions, isFrozen, isSealed, isExtensible } = Object;
export const { stringify, parse } = JSON;
export const { isArray } = Array;
export const SafeMap = Map;
export const SafeWeakMap = WeakMap;
export const SafeProxy = Proxy;
export const SafeFunction = Function;
export const SafeDate = Date;
const SafePromise = Promise;

/** Of a method: a function of the receiver and the arguments. */
function free<T, A extends readonly unknown[], R>(method: (this: T, ...given: A) => R): (self: T, ...given: A) => R {
  const bound = Function.prototype.call.bind(method) as unknown;
  return bound as (self: T, ...given: A) => R;
}

export const mapGet = free(Map.prototype.get);
export const mapSet = free(Map.prototype.set);
export const weakGet = free(WeakMap.prototype.get);
export const weakSet = free(WeakMap.prototype.set);
export const setHas = free(Set.prototype.has);
export const setAdd = free(Set.prototype.add);
export const mapClear = free(Map.prototype.clear);
export const mapDelete = free(Map.prototype.delete);
export const promiseThen = free(Promise.prototype.then) as (
  self: object,
  fulfilled: (value: unknown) => void,
  rejected: (error: unknown) => void,
) => object;
export const mapForEach = free(Map.prototype.forEach);
export const setForEach = free(Set.prototype.forEach);
export const dateValue = free(Date.prototype.getTime);
export const textOf = free(Object.prototype.toString);
export const regexSource = free(getter(RegExp.prototype, 'source'));
export const regexFlags = free(getter(RegExp.prototype, 'flags'));
export const mapSize = free(getter(Map.prototype, 'size'));
export const setSize = free(getter(Set.prototype, 'size'));
const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
export const viewTag = free(getter(typedArrays, Symbol.toStringTag));
export const bufferLength = free(getter(ArrayBuffer.prototype, 'byteLength'));
export const numberOf = free(Number.prototype.valueOf);
export const stringOf = free(String.prototype.valueOf);
export const booleanOf = free(Boolean.prototype.valueOf);
export const bigintOf = free(BigInt.prototype.valueOf);
export const symbolOf = free(Symbol.prototype.valueOf);
export const descriptionOf = free(getter(Symbol.prototype, 'description'));
export const registered = Symbol.keyFor;

function getter(holder: object, key: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(holder, key)!.get as (this: unknown) => unknown;
}

/** undefined where the receiver is not what the function is for. */
export function attempt<T>(of: (self: never) => T, self: unknown): T | undefined {
  try {
    return of(self as never);
  } catch {
    return undefined;
  }
}

/** By path, as the recorder names them: `Array.prototype`, `get Map.prototype.size`, `%TypedArray%`. */
export function languageObject(path: string): unknown {
  const accessor = /^([gs]et) (.*)$/.exec(path);
  const names = (accessor?.[2] ?? path).split(/\.(?![\w.]*\])|(?=\[)/);
  let current: unknown = globalThis;
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (i === 0 && name.startsWith('%')) {
      current = HIDDEN[name];
      continue;
    }
    if (i === 0 && name === 'globalThis') continue;
    const key = name.startsWith('[Symbol.') ? (Symbol[name.slice(8, -1) as 'iterator'] as symbol) : name;
    if ((typeof current !== 'object' || current === null) && typeof current !== 'function') return undefined;
    const own = getOwnPropertyDescriptor(current, key);
    current = accessor && i === names.length - 1 ? own?.[accessor[1] as 'get'] : own?.value;
  }
  return current === globalThis && path !== 'globalThis' ? undefined : current;
}
/** Of this realm. */
export function isPromise(value: unknown): value is object {
  return value instanceof SafePromise;
}

const HIDDEN: Readonly<Record<string, unknown>> = {
  '%TypedArray%': getPrototypeOf(Uint8Array),
  '%GeneratorFunction%': getPrototypeOf(function* () {})!.constructor,
  '%AsyncGeneratorFunction%': getPrototypeOf(async function* () {})!.constructor,
  '%AsyncFunction%': getPrototypeOf(async () => {})!.constructor,
  '%ArrayIteratorPrototype%': getPrototypeOf([][Symbol.iterator]()),
  '%MapIteratorPrototype%': getPrototypeOf(new Map().entries()),
  '%SetIteratorPrototype%': getPrototypeOf(new Set().entries()),
  '%StringIteratorPrototype%': getPrototypeOf(''[Symbol.iterator]()),
  '%RegExpStringIteratorPrototype%': getPrototypeOf(''.matchAll(/x/g)),
  '%AsyncIteratorPrototype%': getPrototypeOf(getPrototypeOf(async function* () {}.prototype)!),
};
