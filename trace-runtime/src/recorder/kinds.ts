/** What kind of object something is, by its internal slots. Nothing of the program's runs, and no trap. */
import { OwnWeakMap, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is, isArray, isView } from './primordials.ts';
import type { Intrinsics } from './intrinsics.ts';
import { ObjectKind } from '../wire/words.ts';

export interface Shape {
  readonly className: string;
  /** nothing but the program's classes and Object.prototype: no internal slots worth asking for */
  readonly plain: boolean;
  /** instances belong to Node: their insides are not followed */
  readonly internal: boolean;
}

export interface Kinds {
  /** `prototype` is the object's; not for proxies */
  shapeOf(prototype: object | null): Shape;
  /** `names`: own string keys, where they are known */
  kindOf(object: object, shape: Shape, names: readonly string[] | undefined): number;
  /** an object's prototype was replaced: what it said of its heirs is no longer true */
  forget(prototype: object): void;
}

const NO_PROTOTYPE: Shape = { className: '', plain: true, internal: false };

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
    const internal = intrinsics.isNodes(prototype) || (!is.isProxy(prototype) && isNative(prototype));
    let root: object = prototype;
    for (let at: object | null = prototype; at !== null; at = getPrototypeOf(at)) {
      root = at;
      if (is.isProxy(at)) {
        plain = false;
        break;
      }
      if (className === '') className = classNameOf(at);
      const path = intrinsics.entryOf(at)?.path;
      if (path !== undefined && !has(SLOTLESS, path)) plain = false;
    }
    // the builtins of a realm that is not recorded have no path
    if (intrinsics.entryOf(root) === undefined) plain = false;
    return { className, plain, internal };
  }

  function forget(prototype: object): void {
    shapes.delete(prototype);
    last.prototype = null;
  }

  return { shapeOf, kindOf, forget };
}

function classNameOf(prototype: object): string {
  const constructor: unknown = dataOf(prototype, 'constructor');
  if (typeof constructor !== 'function' || is.isProxy(constructor)) return '';
  const name = dataOf(constructor, 'name');
  return typeof name === 'string' ? name : '';
}

/** Timers and the like: classes of Node that no module exports, told by fields that nobody else has. */
function isNative(prototype: object): boolean {
  const name = classNameOf(prototype);
  return (
    (name === 'Timeout' && hasOwn(prototype, 'refresh') && hasOwn(prototype, 'hasRef')) ||
    (name === 'Immediate' && hasOwn(prototype, 'hasRef') && hasOwn(prototype, 'unref'))
  );
}

function dataOf(object: object, key: PropertyKey): unknown {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor.value : undefined;
}

function kindOf(object: object, shape: Shape, names: readonly string[] | undefined): number {
  if (isArray(object)) return ObjectKind.array;
  if (isView(object)) return is.isDataView(object) ? ObjectKind.dataView : ObjectKind.typedArray;
  if (shape === NO_PROTOTYPE) return is.isModuleNamespaceObject(object) ? ObjectKind.namespace : kindBySlots(object);
  if (shape.plain) {
    const mayBeArguments = names === undefined || (names.length > 0 && names[names.length - 1] === 'callee');
    return mayBeArguments && is.isArgumentsObject(object) ? ObjectKind.arguments : ObjectKind.plain;
  }
  const kind = kindBySlots(object);
  return kind === ObjectKind.plain && shape.internal ? ObjectKind.opaque : kind;
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
