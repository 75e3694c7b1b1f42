import type { Activation } from './activation.ts';
import { Attribute, ObjectFlag, ObjectKind } from '../wire/words.ts';
import { ORDINARY, isArray } from './heap.ts';
import type { Heap, HeapObject } from './heap.ts';
import { intrinsicProperty } from './intrinsics.ts';
import { writeElement } from './typed-arrays.ts';
import { beyondProxies } from './proxies.ts';
import { Accessor, ObjectValue, indexOfKey, isPrimitive, toKey } from './values.ts';
import type { Key, Value } from './values.ts';

const SET_TRAPS = ['set', 'getOwnPropertyDescriptor', 'defineProperty'];
const DEFINE_TRAPS = ['defineProperty'];

/**
 * What `object[key] = value` does to the data of the heap: [[Set]] as the language has it. A setter, a proxy's trap, a
 * read-only property or a frozen object mean that nothing is written here; a setter's own writes have their own records.
 */
export function setProperty(heap: Heap, object: Value, key: Value, value: Value): void {
  if (!(object instanceof ObjectValue)) return;
  const own = heap.get(object);
  // a private field is the proxy's own
  const reached =
    own?.kind === ObjectKind.proxy && !own.properties.has(key as Key) ? beyondProxies(heap, object, SET_TRAPS) : object;
  const target = reached && heap.get(reached);
  if (target === undefined) return;
  if (target.elements !== undefined && setElement(heap, target, key, value)) return;
  if (target.kind === ObjectKind.typedArray && isCanonicalNumber(key)) {
    if (typeof key === 'number' || typeof key === 'string') writeElement(heap, target, elementOf(key), value);
    return;
  }
  const name = toKey(key);
  if (name === undefined) return;
  if (name === 'stack' && setStack(heap, target, value)) return;
  if (target.properties.has(name)) {
    setOwn(heap, target, name, value);
    if (name === 'length' && target.kind === ObjectKind.arguments) countElements(heap, target);
    return;
  }
  if (name === 'length' && isArray(target)) {
    setLength(heap, target, value);
    return;
  }
  if (name === 'prototype' && target.lazyPrototype) {
    heap.change(target).lazyPrototype = false;
    heap.setContents(target, name, value);
    heap.setAttributes(target, name, Attribute.writable);
    return;
  }
  if (name === '__proto__' && reachesProtoAccessor(heap, target)) {
    if (target.extensible && (value === null || value instanceof ObjectValue)) heap.change(target).prototype = value;
    return;
  }
  // a private name's slot is there already, or comes with the object; it is never inherited
  const isPrivate = isPrivateName(name);
  if (!isPrivate && !mayAdd(heap, target, name)) return;
  if (isPrivate || target.extensible) heap.setContents(target, name, value);
}

/** Whether a call that has just ended was the setter, or the trap, that took the write: the key may be the object's own since. */
export function tookWrite(heap: Heap, call: Activation, object: Value, key: Value): boolean {
  const { kind, name } = call.site;
  const { thisValue } = call.functionScope;
  if (!(thisValue instanceof ObjectValue)) return false;
  if (kind === 'setter') return isSame(thisValue, object) && (name.startsWith('[') || name === toKey(key));
  if (name !== 'set') return false;
  let at: Value = object;
  for (let depth = 0; at instanceof ObjectValue && depth < 10_000; depth++) {
    const contents = heap.get(at);
    if (contents?.kind !== ObjectKind.proxy) at = contents?.prototype;
    else if (isSame(thisValue, contents.inner2)) return true;
    else at = contents.inner;
  }
  return false;
}

function isSame(a: ObjectValue, b: Value): boolean {
  return b instanceof ObjectValue && a.id === b.id;
}

/** An error's own `stack`, as V8 gives it, is no property of the heap's object. */
function setStack(heap: Heap, target: HeapObject, value: Value): boolean {
  if (target.kind !== ObjectKind.error || target.properties.has('stack')) return false;
  heap.change(target).inner = value;
  return true;
}

function setOwn(heap: Heap, target: HeapObject, name: Key, value: Value): void {
  if (target.properties.get(name) instanceof Accessor) return;
  if (target.attributes !== undefined && (target.attributesOf(name) & Attribute.writable) === 0) return;
  heap.setContents(target, name, value);
}

/** False where the key is no index of a sequence, or a property that stands beside its elements. */
function setElement(heap: Heap, target: HeapObject, key: Value, value: Value): boolean {
  const index = indexOfKey(key);
  if (index < 0) return false;
  const elements = target.elements!;
  if (target.properties.size > 0 && target.properties.has(String(index))) return false;
  if (index in elements) {
    if ((target.flags & ObjectFlag.frozen) === 0) heap.elementsOf(target, index)[index] = value;
    return true;
  }
  // beyond the arguments of the call stand ordinary properties
  if (index >= elements.length && target.kind === ObjectKind.arguments) return false;
  if (!target.extensible) return true;
  if (index >= elements.length && target.attributes !== undefined && isArray(target)) {
    if ((target.attributesOf('length') & Attribute.writable) === 0) return true;
  }
  if (mayAdd(heap, target, String(index))) heap.elementsOf(target, index)[index] = value;
  return true;
}

function setLength(heap: Heap, target: HeapObject, value: Value): void {
  if ((target.flags & ObjectFlag.frozen) !== 0 || !isPrimitive(value)) return;
  if ((target.attributesOf('length') & Attribute.writable) === 0) return;
  const length = Number(value);
  if (length >= 0 && length <= 4294967295 && Number.isInteger(length)) heap.setLength(target, length);
}

/** An arguments object's `length` only says how many of its indices are counted among its elements here. */
function countElements(heap: Heap, object: HeapObject): void {
  const { properties } = object;
  const length = properties.get('length');
  if (object.elements === undefined || typeof length !== 'number' || !Number.isInteger(length)) return;
  if (length < 0 || length > 4294967295) return;
  const elements = heap.elementsOf(object);
  for (let i = length; i < elements.length; i++) if (i in elements) heap.setContents(object, String(i), elements[i]);
  for (let i = elements.length; i < length && i < elements.length + object.properties.size; i++) {
    const own = object.properties.get(String(i));
    if (own === undefined || own instanceof Accessor) continue;
    heap.removeProperty(object, String(i));
    elements[i] = own;
  }
  elements.length = length;
}

/** Whether no prototype's accessor, read-only property or trap takes the assignment. */
function mayAdd(heap: Heap, target: HeapObject, name: Key): boolean {
  let next: Value = target.prototype;
  for (let depth = 0; next instanceof ObjectValue && depth < 10_000; depth++) {
    const object = heap.get(next);
    if (object === undefined) return true;
    if (object.kind === ObjectKind.proxy) {
      const reached = beyondProxies(heap, next, ['set']);
      if (reached === undefined) return false;
      next = reached;
      continue;
    }
    if (object.properties.has(name)) {
      if (object.properties.get(name) instanceof Accessor) return false;
      return (object.attributesOf(name) & Attribute.writable) !== 0;
    }
    if (object.elements !== undefined) {
      const index = indexOfKey(name as Value);
      if (index >= 0 && index in object.elements) return (object.flags & ObjectFlag.frozen) === 0;
    }
    if (object.kind === ObjectKind.typedArray && isCanonicalNumber(name as Value)) return false;
    if (object.kind === ObjectKind.intrinsic && typeof object.inner === 'string') {
      const found = intrinsicProperty(object.inner, name);
      if (found !== undefined) return found === 'writable';
    }
    next = object.prototype;
  }
  return true;
}

function reachesProtoAccessor(heap: Heap, target: HeapObject): boolean {
  let next: Value = target.prototype;
  for (let depth = 0; next instanceof ObjectValue && depth < 10_000; depth++) {
    const object = heap.get(next);
    if (object === undefined) return false;
    if (object.properties.has('__proto__')) return false;
    if (object.kind === ObjectKind.intrinsic && object.inner === 'Object.prototype') return true;
    next = object.prototype;
  }
  return false;
}

/** CanonicalNumericIndexString, on numbers too: typed arrays take all of these. */
function isCanonicalNumber(key: Value): boolean {
  if (typeof key === 'number') return true;
  return typeof key === 'string' && (key === '-0' || String(Number(key)) === key);
}

/** The text of minus zero is no index, and the number is that of zero. */
function elementOf(key: number | string): number {
  return key === '-0' ? -1 : Number(key);
}

function isPrivateName(name: Key): boolean {
  return typeof name === 'string' && name.startsWith('#');
}

/** CreateDataProperty, as object literals and class fields do; a constructor above may have returned a proxy. */
export function defineOwn(heap: Heap, object: Value, key: Value, value: Value | Accessor): void {
  const name = toKey(key);
  if (!(object instanceof ObjectValue) || name === undefined) return;
  const own = heap.get(object);
  const proxied = own?.kind === ObjectKind.proxy && !isPrivateName(name);
  const reached = proxied ? beyondProxies(heap, object, DEFINE_TRAPS) : object;
  if (reached === undefined) return;
  const target = proxied ? heap.get(reached) : own;
  if (target?.kind === ObjectKind.typedArray && isCanonicalNumber(key) && !(value instanceof Accessor)) {
    writeElement(heap, target, elementOf(key as number | string), value);
  } else heap.defineProperty(reached, name, value, ORDINARY);
}
