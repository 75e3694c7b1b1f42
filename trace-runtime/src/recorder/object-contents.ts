/** What an object's definition holds behind its class name: the payload of its kind and its own properties. */
import {
  arrayBufferBytes,
  bigintValue,
  booleanValue,
  Bytes,
  charCodeAt,
  dataViewBuffer,
  dateTime,
  functionToString,
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  ownKeys,
  hasOwn,
  isEnumerable,
  is,
  isExtensible,
  isFrozen,
  isSealed,
  mapForEach,
  mapSize,
  numberValue,
  regexpFlags,
  regexpSource,
  setBytes,
  setForEach,
  setSize,
  sharedBufferBytes,
  stringIndexOf,
  stringValue,
  symbolValue,
  typedArrayBuffer,
  typedArrayBytes,
  typedArrayLength,
  typedArrayOffset,
} from './primordials.ts';
import type { ObjectParts } from './objects.ts';
import { dataViewRange } from './resized-buffers.ts';
import { Register } from './registers.ts';
import { indexOf } from './values.ts';
import { Attribute, ObjectFlag, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';

/** Own keys of an object, in their order. */
export interface OwnKeys {
  readonly names: readonly string[];
  readonly symbols: readonly symbol[];
}

export interface Contents {
  flagsOf(object: object, kind: number): number;
  putPayload(position: number, object: object, kind: number): number;
  /** `listed`: the object's own keys, where they were listed before */
  putProperties(position: number, object: object, kind: number, listed?: OwnKeys): number;
  /** int length, then all elements */
  putElements(position: number, array: readonly unknown[]): number;
  /** the bytes only, padded to whole words */
  putBytes(position: number, buffer: ArrayBufferLike, from: number, length: number): number;
}

export interface ContentParts extends ObjectParts {
  head(position: number, word: number, kind: number, flags: number): number;
  /** an intrinsic */
  isKnown(object: object): boolean;
}

const special = (code: number): number => (code << 3) | Tag.special;
const OPAQUE = special(Special.opaque);
const HOLE = special(Special.hole);
const ACCESSOR = special(Special.accessor);
const DEF_BYTES = (Runtime.defBytes << 4) | Tag.control;
/** A part of a buffer that is recorded with each new view of it. */
const FEW_BYTES = 64;
/** Attributes of the `stack` that V8 gives an object. */
export const LAZY_STACK = Attribute.writable | Attribute.configurable;
/** Larger typed arrays are not asked for further properties: listing their keys would list every element. */
const FEW_ELEMENTS = 64;
const MANY_ELEMENTS = 1_000_000;
const SAMPLES = 64;

export function createContents(parts: ContentParts): Contents {
  const { words, registers, room, secrets, slices } = parts;
  const bytes = new Bytes(words.buffer, words.byteOffset, words.byteLength);

  function putElements(position: number, array: readonly unknown[]): number {
    const { put } = parts.values();
    const length = array.length;
    // holes are looked up along the chain, and accessors may stand at indices: then each one is asked for itself
    const careful = registers[Register.indexAccessors] === 1;
    let next = position;
    words[next++] = length << 1;
    for (let i = 0; i < length; i++) {
      next = room.at(next);
      if (!hasOwn(array, i)) words[next++] = HOLE;
      else if (careful) next = putCareful(next, array, i);
      else next = put(next, array[i]);
    }
    return next;
  }

  function putCareful(position: number, array: object, index: number): number {
    const descriptor = getOwnPropertyDescriptor(array, index);
    if (descriptor !== undefined && hasOwn(descriptor, 'value')) return parts.values().put(position, descriptor.value);
    words[position] = OPAQUE;
    return position + 1;
  }

  function putBytes(position: number, buffer: ArrayBufferLike, from: number, length: number): number {
    let next = room.at(position);
    for (let done = 0; done < length;) {
      next = room.at(next);
      const space = room.left(next) * 4;
      const take = length - done < space ? length - done : space;
      const whole = (take + 3) >> 2;
      words[next + whole - 1] = 0;
      setBytes(bytes, new Bytes(buffer, from + done, take), next * 4);
      if (secrets.any) secrets.redactBytes(bytes, next * 4, next * 4 + take);
      next += whole;
      done += take;
    }
    return next;
  }

  function putBuffer(position: number, buffer: ArrayBufferLike): number {
    const shared = is.isSharedArrayBuffer(buffer);
    if (shared) parts.sharedMemory.watch(buffer);
    const length = shared ? sharedBufferBytes(buffer) : arrayBufferBytes(buffer);
    words[position] = length << 1;
    return putBytes(position + 1, buffer, 0, length);
  }

  function putView(position: number, view: object, offset: number, length: number, size: number): number {
    const values = parts.values();
    const buffer = is.isDataView(view) ? dataViewBuffer(view) : typedArrayBuffer(view);
    const known = values.wordOf(buffer);
    parts.resized.seen(buffer, view);
    // native code may have filled this part of a known buffer since
    let next = position;
    if (known !== 0 && size > 0 && (size <= FEW_BYTES || !slices.has(view))) {
      next = putPart(room.at(next), buffer, known, offset, size);
    }
    next = room.at(values.put(next, buffer));
    words[next] = offset << 1;
    words[next + 1] = length << 1;
    return next + 2;
  }

  function putPart(position: number, buffer: ArrayBufferLike, word: number, offset: number, size: number): number {
    words[position] = DEF_BYTES;
    words[position + 1] = word;
    words[position + 2] = offset << 1;
    words[position + 3] = size << 1;
    return putBytes(position + 4, buffer, offset, size);
  }

  function putDataView(position: number, view: object): number {
    const [offset, length] = dataViewRange(view);
    return putView(position, view, offset, length, length);
  }

  function putPayload(position: number, object: object, kind: number): number {
    const { put } = parts.values();
    switch (kind) {
      case ObjectKind.array:
        parts.subclassedArrays.look(object);
        if (isVast(object)) {
          // its few elements are told among the properties, and its length behind them
          words[position] = 0;
          return position + 1;
        }
        return putElements(position, object as unknown[]);
      case ObjectKind.arguments:
        return putElements(position, object as unknown[]);
      case ObjectKind.function:
        return putFunction(position, object);
      case ObjectKind.error:
        return putStack(position, object);
      case ObjectKind.map:
        return putMap(position, object as Map<unknown, unknown>);
      case ObjectKind.set:
        return putSet(position, object as Set<unknown>);
      case ObjectKind.date:
        return put(position, dateTime(object as Date));
      case ObjectKind.regexp: {
        const next = put(position, regexpSource(object as RegExp));
        return put(room.at(next), regexpFlags(object as RegExp));
      }
      case ObjectKind.boxed:
        return put(position, unboxed(object));
      case ObjectKind.typedArray: {
        const length = typedArrayLength(object);
        return putView(position, object, typedArrayOffset(object), length, typedArrayBytes(object));
      }
      case ObjectKind.dataView:
        return putDataView(position, object);
      case ObjectKind.arrayBuffer:
        return putBuffer(position, object as ArrayBufferLike);
      default:
        return position;
    }
  }

  /** V8 makes the text at the first look and asks the program's prepareStackTrace: it is not looked at here. */
  function putStack(position: number, object: object): number {
    const text = parts.stackTexts.textOf(object);
    if (text !== undefined) return parts.values().put(position, text);
    words[position] = OPAQUE;
    return position + 1;
  }

  function putFunction(position: number, object: object): number {
    const { put } = parts.values();
    const name = getOwnPropertyDescriptor(object, 'name');
    const text: unknown = name !== undefined && hasOwn(name, 'value') ? name.value : '';
    const length = getOwnPropertyDescriptor(object, 'length');
    const count: unknown = length !== undefined && hasOwn(length, 'value') ? length.value : 0;
    const next = room.at(put(position, typeof text === 'string' ? text : ''));
    words[next] = typeof count === 'number' && count >= 0 && count < 1 << 29 ? count << 1 : 0;
    words[next + 1] = siteIn(functionToString(object as () => unknown)) << 1;
    words[next + 2] = 0;
    return next + 3;
  }

  function putMap(position: number, map: Map<unknown, unknown>): number {
    const { put } = parts.values();
    let next = position;
    words[next++] = mapSize(map) << 1;
    mapForEach(map, (value: unknown, key: unknown) => {
      next = put(room.at(next), key);
      next = put(room.at(next), value);
    });
    return next;
  }

  function putSet(position: number, set: Set<unknown>): number {
    const { put } = parts.values();
    let next = position;
    words[next++] = setSize(set) << 1;
    setForEach(set, (value: unknown) => {
      next = put(room.at(next), value);
    });
    return next;
  }

  function putProperties(position: number, object: object, kind: number, listed?: OwnKeys): number {
    let next = room.at(position);
    if (kind === ObjectKind.namespace) return putNamespace(next, object as Record<string, unknown>);
    if (kind === ObjectKind.typedArray && typedArrayLength(object) > FEW_ELEMENTS) {
      words[next] = 0;
      return next + 1;
    }
    const { names, symbols } = listed ?? keysOf(object);
    if (kind === ObjectKind.plain || kind === ObjectKind.opaque) {
      words[next++] = (names.length + symbols.length) << 1;
      next = putOrdinary(next, object, names, kind);
      for (let i = 0; i < symbols.length; i++) next = putProperty(next, object, symbols[i]!, kind);
      return next;
    }
    const vast = kind === ObjectKind.array && isVast(object);
    const first = vast ? 0 : firstNamed(names, object, kind);
    let skipped = 0;
    for (let i = first; !vast && i < names.length; i++) if (isPayload(names[i]!, kind, object)) skipped++;
    words[next++] = (names.length - first - skipped + symbols.length) << 1;
    for (let i = first; i < names.length; i++) {
      if (skipped > 0 && isPayload(names[i]!, kind, object)) continue;
      next = putProperty(next, object, names[i]!, kind);
    }
    for (let i = 0; i < symbols.length; i++) next = putProperty(next, object, symbols[i]!, kind);
    return next;
  }

  /** The short way for ordinary properties; one check of the room has enough for a key, a value and attributes. */
  function putOrdinary(position: number, object: object, names: readonly string[], kind: number): number {
    const { put } = parts.values();
    const putValue = kind === ObjectKind.opaque ? putShallow : put;
    let next = position;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const descriptor = name === 'stack' ? undefined : getOwnPropertyDescriptor(object, name);
      if (descriptor === undefined || !hasOwn(descriptor, 'value')) {
        next = putProperty(next, object, name, kind);
        continue;
      }
      next = putValue(put(room.at(next), name), descriptor.value);
      words[next++] =
        ((descriptor.writable ? Attribute.writable : 0) |
          (descriptor.enumerable ? Attribute.enumerable : 0) |
          (descriptor.configurable ? Attribute.configurable : 0)) <<
        1;
    }
    return next;
  }

  function putProperty(position: number, object: object, key: string | symbol, kind: number): number {
    const { put } = parts.values();
    let next = room.at(put(room.at(position), key));
    if (key === 'stack' && kind !== ObjectKind.error && hasOwn(object, key) && !isEnumerable(object, key)) {
      next = room.at(putStack(next, object));
      words[next] = LAZY_STACK << 1;
      return next + 1;
    }
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined) {
      words[next] = OPAQUE;
      words[next + 1] = 7 << 1;
      return next + 2;
    }
    let attributes =
      (descriptor.enumerable ? Attribute.enumerable : 0) | (descriptor.configurable ? Attribute.configurable : 0);
    if (hasOwn(descriptor, 'value')) {
      if (descriptor.writable) attributes |= Attribute.writable;
      next = kind === ObjectKind.opaque ? putShallow(next, descriptor.value) : put(next, descriptor.value);
    } else {
      words[next] = ACCESSOR;
      next = put(next + 1, descriptor.get);
      next = put(room.at(next), descriptor.set);
    }
    next = room.at(next);
    words[next] = attributes << 1;
    return next + 1;
  }

  /** Of Node's own objects: primitives, and what is known already. */
  function putShallow(position: number, value: unknown): number {
    const values = parts.values();
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    const word = isObject ? values.wordOf(value) : 0;
    if (word === 0 && (!isObject || parts.isKnown(value))) return values.put(position, value);
    words[position] = word === 0 ? OPAQUE : word;
    return position + 1;
  }

  /** Exports that are not initialised yet throw when they are looked at. */
  function putNamespace(position: number, namespace: Record<string, unknown>): number {
    const { put } = parts.values();
    const names = getOwnPropertyNames(namespace);
    const symbols = getOwnPropertySymbols(namespace);
    let next = position;
    words[next++] = (names.length + symbols.length) << 1;
    for (let i = 0; i < names.length; i++) {
      next = room.at(put(room.at(next), names[i]));
      let value: unknown;
      let initialised = true;
      try {
        value = namespace[names[i]!];
      } catch {
        initialised = false;
      }
      if (initialised) next = put(next, value);
      else words[next++] = special(Special.uninitialised);
      next = room.at(next);
      words[next++] = (Attribute.writable | Attribute.enumerable) << 1;
    }
    for (let i = 0; i < symbols.length; i++) next = putProperty(next, namespace, symbols[i]!, ObjectKind.namespace);
    return next;
  }

  return { flagsOf, putPayload, putProperties, putElements, putBytes };
}

/** Not of a proxy. V8 lists names alone quickly where there are no symbols, and else twice as slowly as all keys. */
export function keysOf(object: object): OwnKeys {
  const symbols = getOwnPropertySymbols(object);
  if (symbols.length === 0) return { names: getOwnPropertyNames(object), symbols };
  const names = ownKeys(object) as string[];
  // they stand behind the names
  names.length -= symbols.length;
  return { names, symbols };
}

/** Id of the first site in the text of an instrumented function, which hooks name as `__hcX(0x` and eight digits; 0: none. */
function siteIn(text: string): number {
  for (let at = stringIndexOf(text, '__hc', 0); at >= 0; at = stringIndexOf(text, '__hc', at + 4)) {
    const open = stringIndexOf(text, '(0x', at);
    if (open < 0) return 0;
    if (open > at + 7) continue;
    let word = 0;
    for (let i = open + 3; i < open + 11; i++) {
      const digit = charCodeAt(text, i);
      word = word * 16 + (digit < 58 ? digit - 48 : digit - 87);
    }
    return word / 16 < 2 ** 28 ? word >>> 4 : 0;
  }
  return 0;
}

function flagsOf(object: object, kind: number): number {
  if (isExtensible(object)) return 0;
  // to look at an export that is not initialised yet throws
  if (kind === ObjectKind.namespace && getOwnPropertyNames(object).length > 0)
    return ObjectFlag.notExtensible | ObjectFlag.sealed;
  if (isFrozen(object)) return ObjectFlag.notExtensible | ObjectFlag.sealed | ObjectFlag.frozen;
  return isSealed(object) ? ObjectFlag.notExtensible | ObjectFlag.sealed : ObjectFlag.notExtensible;
}

/** Indices come first among the keys; an array's `length` follows them. */
function firstNamed(names: readonly string[], object: object, kind: number): number {
  if (kind === ObjectKind.typedArray) return typedArrayLength(object);
  if (kind !== ObjectKind.array && kind !== ObjectKind.arguments) return 0;
  const end = kind === ObjectKind.array ? Number.POSITIVE_INFINITY : elementCount(object);
  for (let i = names.length - 1; i >= 0; i--) {
    const index = indexOf(names[i]!);
    if (index >= 0 && index < end) return i + 1;
  }
  return 0;
}

/** Of an arguments object; indices beyond are ordinary properties. */
function elementCount(object: object): number {
  const length: unknown = getOwnPropertyDescriptor(object, 'length')?.value;
  return typeof length === 'number' ? length : 0;
}

/** Whether an array is long and nearly empty: to go through its indices would take for ever. */
export function isVast(array: object): boolean {
  const { length } = array as unknown[];
  if (length <= MANY_ELEMENTS) return false;
  let present = 0;
  for (let i = 0; i < SAMPLES; i++)
    if (hasOwn(array, (length / SAMPLES) * i - (((length / SAMPLES) * i) % 1))) present++;
  return present < SAMPLES / 4 && getOwnPropertyNames(array).length < length / 16;
}

/** Own properties that the payload tells. */
function isPayload(name: string, kind: number, object: object): boolean {
  switch (kind) {
    case ObjectKind.array:
      return name === 'length';
    case ObjectKind.function:
      return name === 'name' || name === 'length' || name === 'arguments' || name === 'caller';
    case ObjectKind.error:
      return name === 'stack';
    case ObjectKind.boxed:
      return is.isStringObject(object) && (name === 'length' || isDigit(name));
    default:
      return false;
  }
}

function isDigit(name: string): boolean {
  const code = charCodeAt(name, 0);
  return code >= 48 && code <= 57;
}

function unboxed(object: object): unknown {
  if (is.isStringObject(object)) return stringValue(object as never);
  if (is.isNumberObject(object)) return numberValue(object as never);
  if (is.isBooleanObject(object)) return booleanValue(object as never);
  if (is.isBigIntObject(object)) return bigintValue(object as never);
  return symbolValue(object as never);
}
