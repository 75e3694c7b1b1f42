/**
 * The recorder's own references to builtins, taken when this module loads: before the program, and before the recorder
 * itself replaces any. Recorder code that runs inside the program calls these and nothing that a program can override.
 */
import { types } from 'node:util';

const { bind, call } = Function.prototype;

type Method = (this: never, ...values: never[]) => unknown;
type Uncurried<F> = F extends (this: infer T, ...values: infer A) => infer R ? (self: T, ...values: A) => R : never;

/** A method as a function of its receiver. TurboFan sees through it. */
export const uncurry = bind.bind(call) as unknown as <F extends Method>(method: F) => Uncurried<F>;

const getter = <T, R>(holder: object, key: PropertyKey): ((self: T) => R) => {
  const found = Object.getOwnPropertyDescriptor(holder, key)?.get;
  return found ? (uncurry(found as Method) as unknown as (self: T) => R) : () => undefined as R;
};

export const {
  defineProperty,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  keys: objectKeys,
  values: objectValues,
  getPrototypeOf,
  setPrototypeOf,
  isExtensible,
  isFrozen,
  isSealed,
  is: objectIs,
  create: objectCreate,
  freeze: objectFreeze,
} = Object as ObjectConstructor & { getPrototypeOf(o: object): object | null };
export const hasOwn = uncurry(Object.prototype.hasOwnProperty) as (self: object, key: PropertyKey) => boolean;
export const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable) as (
  self: object,
  key: PropertyKey,
) => boolean;
export const { apply, construct, deleteProperty, ownKeys } = Reflect;
export const { isArray } = Array;
export const { isView } = ArrayBuffer;
export const { stringify } = JSON;
export const toText = String;
export const { imul, max, min, round } = Math;

export const charCodeAt = uncurry(String.prototype.charCodeAt);
export const sliceString = uncurry(String.prototype.slice);
export const includesString = uncurry(String.prototype.includes as (this: string, part: string) => boolean);
export const startsWith = uncurry(String.prototype.startsWith as (this: string, part: string) => boolean);
export const endsWith = uncurry(String.prototype.endsWith as (this: string, part: string) => boolean);
export const splitString = uncurry(String.prototype.split as (this: string, by: string) => string[]);
export const repeated = uncurry(String.prototype.repeat);
export const joinArray = uncurry(Array.prototype.join as (this: string[], by: string) => string);
export const stringIndexOf = uncurry(String.prototype.indexOf) as (text: string, part: string, from: number) => number;
export const functionToString = uncurry(Function.prototype.toString);

export const dateTime = uncurry(Date.prototype.getTime);
export const mapForEach = uncurry(Map.prototype.forEach);
export const setForEach = uncurry(Set.prototype.forEach);
export const mapSize = getter<object, number>(Map.prototype, 'size');
export const setSize = getter<object, number>(Set.prototype, 'size');
export const setHas = uncurry(Set.prototype.has);
export const numberValue = uncurry(Number.prototype.valueOf);
export const stringValue = uncurry(String.prototype.valueOf);
export const booleanValue = uncurry(Boolean.prototype.valueOf);
export const bigintValue = uncurry(BigInt.prototype.valueOf);
export const symbolValue = uncurry(Symbol.prototype.valueOf);
export const symbolDescription = getter<symbol, string | undefined>(Symbol.prototype, 'description');
export const { keyFor: symbolKeyFor } = Symbol;

const typedArray = getPrototypeOf(Uint8Array.prototype) as object;
export const typedArrayBuffer = getter<object, ArrayBufferLike>(typedArray, 'buffer');
export const typedArrayOffset = getter<object, number>(typedArray, 'byteOffset');
export const typedArrayLength = getter<object, number>(typedArray, 'length');
export const typedArrayBytes = getter<object, number>(typedArray, 'byteLength');
export const dataViewBuffer = getter<object, ArrayBufferLike>(DataView.prototype, 'buffer');
export const dataViewOffset = getter<object, number>(DataView.prototype, 'byteOffset');
export const dataViewBytes = getter<object, number>(DataView.prototype, 'byteLength');
export const arrayBufferBytes = getter<object, number>(ArrayBuffer.prototype, 'byteLength');
export const sharedBufferBytes = getter<object, number>(SharedArrayBuffer.prototype, 'byteLength');
export const isResizable = getter<object, boolean>(ArrayBuffer.prototype, 'resizable');
export const isGrowable = getter<object, boolean>(SharedArrayBuffer.prototype, 'growable');
export const setBytes = uncurry(Uint8Array.prototype.set as (this: Uint8Array, from: Uint8Array, at: number) => void);
export const { Uint8Array: Bytes, Buffer: NodeBuffer } = globalThis;
export const latin1Of = uncurry(
  (Buffer.prototype as unknown as { latin1Slice(from: number, to: number): string }).latin1Slice as (
    this: Uint8Array,
    from: number,
    to: number,
  ) => string,
);
export const latin1Write = uncurry(
  (Buffer.prototype as unknown as { latin1Write(text: string, at: number, n: number): number }).latin1Write as (
    this: Uint8Array,
    text: string,
    at: number,
    length: number,
  ) => number,
);
export const utf16Write = uncurry(
  (Buffer.prototype as unknown as { ucs2Write(text: string, at: number, n: number): number }).ucs2Write as (
    this: Uint8Array,
    text: string,
    at: number,
    length: number,
  ) => number,
);

export const regexpSource = getter<RegExp, string>(RegExp.prototype, 'source');
export const regexpGlobal = getter<RegExp, boolean>(RegExp.prototype, 'global');
export const regexpSticky = getter<RegExp, boolean>(RegExp.prototype, 'sticky');
const FLAGS = [
  ['hasIndices', 'd'],
  ['global', 'g'],
  ['ignoreCase', 'i'],
  ['multiline', 'm'],
  ['dotAll', 's'],
  ['unicode', 'u'],
  ['unicodeSets', 'v'],
  ['sticky', 'y'],
] as const;
const flagGetters = FLAGS.map(([key, letter]) => ({
  letter,
  of: getter<RegExp, boolean | undefined>(RegExp.prototype, key),
}));

/** `flags` of a regular expression from its internal slots; its own `flags` getter would call overridable ones. */
export function regexpFlags(regexp: RegExp): string {
  let flags = '';
  for (let i = 0; i < flagGetters.length; i++) {
    const flag = flagGetters[i];
    if (flag?.of(regexp)) flags += flag.letter;
  }
  return flags;
}

/** Copies of checks by internal slot. */
export const is = { ...types } as const;

/** A Map whose methods no program can replace. */
export class OwnMap<K, V> extends Map<K, V> {}
/** A WeakMap whose methods no program can replace. */
export class OwnWeakMap<K extends object, V> extends WeakMap<K, V> {}
keep(OwnMap.prototype, Map.prototype, ['get', 'set', 'has', 'delete', 'clear']);
keep(OwnWeakMap.prototype, WeakMap.prototype, ['get', 'set', 'has', 'delete']);
defineProperty(OwnMap.prototype, 'size', getOwnPropertyDescriptor(Map.prototype, 'size') as PropertyDescriptor);

function keep(target: object, source: object, keys: readonly string[]): void {
  for (const key of keys) defineProperty(target, key, getOwnPropertyDescriptor(source, key) as PropertyDescriptor);
}

export const OwnWeakRef = WeakRef;
export const deref = uncurry(WeakRef.prototype.deref) as <T extends object>(ref: WeakRef<T>) => T | undefined;
export const now = performance.now.bind(performance);
export const later = setImmediate;
export const inTime = setTimeout;
const [immediate, timer] = [setImmediate(() => undefined), setTimeout(() => undefined)];
export const { unref: unrefImmediate } = immediate;
export const { unref: unrefTimer } = timer;
clearImmediate(immediate);
clearTimeout(timer);
export const bigintText = uncurry(BigInt.prototype.toString) as (value: bigint) => string;
export const fillWords = uncurry(Int32Array.prototype.fill as (this: Int32Array, value: number) => Int32Array);
