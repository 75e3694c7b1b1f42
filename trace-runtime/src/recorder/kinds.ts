/** What kind of object something is, by its internal slots. Nothing of the program's runs, and no trap. */
import { EventEmitter } from 'node:events';
import {
  OwnWeakMap,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  is,
  isArray,
  isFrozen,
  isView,
  sliceString,
  endsWith,
  startsWith,
} from './primordials.ts';
import type { Intrinsics } from './intrinsics.ts';
import { ObjectKind } from '../wire/words.ts';

export interface Shape {
  readonly className: string;
  /** nothing but the program's classes and Object.prototype: no internal slots worth asking for */
  readonly plain: boolean;
  /** instances belong to Node: their insides are not followed */
  readonly internal: boolean;
  /** instances are Node's own collections, or of classes that extend them: nor are their elements */
  readonly safe: boolean;
}

export interface Kinds {
  /** `prototype` is the object's; not for proxies */
  shapeOf(prototype: object | null): Shape;
  /** `names`: own string keys, where they are known */
  kindOf(object: object, shape: Shape, names: readonly string[] | undefined): number;
  /** an object's prototype was replaced: what it said of its heirs is no longer true */
  forget(prototype: object): void;
}

const ITERATOR = 'IteratorPrototype%';
const NO_PROTOTYPE: Shape = { className: '', plain: true, internal: false, safe: false };

/** Prototypes of the language that objects without internal slots have, too. */
const SLOTLESS = ['Object.prototype', '%ArrayIteratorPrototype%', 'Iterator.prototype'];

export function createKinds(intrinsics: Intrinsics): Kinds {
  const shapes = new OwnWeakMap<object, Shape>();
  const last: { prototype: object | null; shape: Shape } = { prototype: null, shape: NO_PROTOTYPE };

  function shapeOf(prototype: object | null): Shape {
    if (prototype === null) return NO_PROTOTYPE;
    if (prototype === last.prototype) return last.shape;
    let shape = shapes.get(prototype);
    if (shape === undefined) {
      shape = describe(prototype);
      shapes.set(prototype, shape);
    }
    last.prototype = prototype;
    last.shape = shape;
    return shape;
  }

  function describe(prototype: object): Shape {
    let className = '';
    let plain = true;
    let safe = false;
    let root: object = prototype;
    for (let at: object | null = prototype; at !== null; at = getPrototypeOf(at)) {
      root = at;
      if (is.isProxy(at)) {
        plain = false;
        break;
      }
      const name = classNameOf(at);
      if (className === '') className = name;
      safe ||= isSafe(at, name);
      const path = intrinsics.entryOf(at)?.path;
      if (path !== undefined && !has(SLOTLESS, path)) plain = false;
    }
    // the builtins of a realm that is not recorded have no path
    if (intrinsics.entryOf(root) === undefined) plain = false;
    return { className, plain, internal: safe || isInternal(prototype), safe };
  }

  /** EventEmitter's own methods are all that changes an emitter, and they are recorded (builtin-emitters.ts). */
  function isInternal(prototype: object): boolean {
    if (prototype === emitterPrototype) return false;
    if (intrinsics.isNodes(prototype)) return true;
    return !is.isProxy(prototype) && (isNative(prototype) || isInternalStream(prototype));
  }

  /** Web streams that Node 20 makes for itself (`tee`, the sides of a TransformStream) are of classes that no module exports. */
  function isInternalStream(prototype: object): boolean {
    const above = getPrototypeOf(prototype);
    if (above === null || !intrinsics.isNodes(above)) return false;
    const name = constructorName(prototype);
    return name === 'InternalReadableStream' || name === 'InternalWritableStream' || name === 'InternalTransformStream';
  }

  /** A constructor of Node that the recorder wraps is known by its path. */
  function classNameOf(prototype: object): string {
    const constructor: unknown = dataOf(prototype, 'constructor');
    if (typeof constructor !== 'function') return taggedName(prototype);
    if (is.isProxy(constructor)) return lastOf(intrinsics.entryOf(constructor)?.path ?? '');
    return nameOf(constructor);
  }

  /** Iterators of the language have no constructor: `String Iterator`. */
  function taggedName(prototype: object): string {
    const path = intrinsics.entryOf(prototype)?.path ?? '';
    const tag = endsWith(path, ITERATOR) ? dataOf(prototype, Symbol.toStringTag) : '';
    return typeof tag === 'string' ? tag : '';
  }

  function forget(prototype: object): void {
    shapes.delete(prototype);
    last.prototype = null;
  }

  return { shapeOf, kindOf, forget };
}

const emitterPrototype: object = EventEmitter.prototype;

/** Node's own collections (`SafeMap` and the like): frozen, and cut off from the language's. */
function isSafe(prototype: object, className: string): boolean {
  return startsWith(className, 'Safe') && getPrototypeOf(prototype) === null && isFrozen(prototype);
}

function nameOf(constructor: object): string {
  const name = dataOf(constructor, 'name');
  return typeof name === 'string' ? name : '';
}

/** The last name of a path such as `node:worker_threads.Worker`. */
function lastOf(path: string): string {
  let from = path.length;
  while (from > 0 && path[from - 1] !== '.' && path[from - 1] !== ':') from -= 1;
  return sliceString(path, from);
}

/** The `prototype` of a class or function that the program wrote. */
export function isPrototype(object: object, names: readonly string[] | undefined): boolean {
  if (names === undefined || names.length === 0 || names[0] !== 'constructor') return false;
  const constructor = dataOf(object, 'constructor');
  return typeof constructor === 'function' && !is.isProxy(constructor) && dataOf(constructor, 'prototype') === object;
}

/** Timers and the like: classes of Node that no module exports, told by fields that nobody else has. */
function isNative(prototype: object): boolean {
  const name = constructorName(prototype);
  return (
    (name === 'Timeout' && hasOwn(prototype, 'refresh') && hasOwn(prototype, 'hasRef')) ||
    (name === 'Immediate' && hasOwn(prototype, 'hasRef') && hasOwn(prototype, 'unref'))
  );
}

function constructorName(prototype: object): string {
  const constructor = dataOf(prototype, 'constructor');
  return typeof constructor === 'function' && !is.isProxy(constructor) ? nameOf(constructor) : '';
}

function dataOf(object: object, key: PropertyKey): unknown {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor.value : undefined;
}

function kindOf(object: object, shape: Shape, names: readonly string[] | undefined): number {
  if (isArray(object)) return ObjectKind.array;
  if (isView(object)) return is.isDataView(object) ? ObjectKind.dataView : ObjectKind.typedArray;
  if (shape === NO_PROTOTYPE) return is.isModuleNamespaceObject(object) ? ObjectKind.namespace : kindBySlots(object);
  if (shape.plain && !shape.internal) {
    const mayBeArguments = names === undefined || (names.length > 0 && names[names.length - 1] === 'callee');
    return mayBeArguments && is.isArgumentsObject(object) ? ObjectKind.arguments : ObjectKind.plain;
  }
  if (shape.safe) return ObjectKind.opaque;
  const kind = kindBySlots(object);
  return kind === ObjectKind.plain && shape.internal && !isPrototype(object, names) ? ObjectKind.opaque : kind;
}

function kindBySlots(object: object): number {
  if (is.isNativeError(object)) return ObjectKind.error;
  if (is.isMap(object)) return ObjectKind.map;
  if (is.isSet(object)) return ObjectKind.set;
  if (is.isDate(object)) return ObjectKind.date;
  if (is.isRegExp(object)) return ObjectKind.regexp;
  if (is.isPromise(object)) return ObjectKind.promise;
  if (is.isWeakMap(object) || is.isWeakSet(object)) return ObjectKind.weak;
  if (is.isAnyArrayBuffer(object)) return ObjectKind.arrayBuffer;
  if (is.isGeneratorObject(object)) return ObjectKind.generator;
  if (is.isBoxedPrimitive(object)) return ObjectKind.boxed;
  if (is.isExternal(object)) return ObjectKind.opaque;
  return ObjectKind.plain;
}

function has(list: readonly string[], item: string): boolean {
  for (let i = 0; i < list.length; i++) if (list[i] === item) return true;
  return false;
}
