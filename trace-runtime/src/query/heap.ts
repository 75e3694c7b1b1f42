import type { MappedArguments } from './mapped-arguments.ts';
import { Attribute, ObjectFlag, ObjectKind } from '../wire/words.ts';
import type { ScopeInstance } from './activation.ts';
import { intrinsicType } from './intrinsics.ts';
import { Accessor, ObjectValue, hole, indexOfKey } from './values.ts';
import type { Key, Value } from './values.ts';

export type KindCode = (typeof ObjectKind)[keyof typeof ObjectKind];

/** Attributes of an ordinary assignment's property. */
export const ORDINARY = Attribute.writable | Attribute.enumerable | Attribute.configurable;

/** Ids of stand-ins go down from here; those of derived prototypes are the owner's, negated. */
const STAND_INS = -(2 ** 30);

/** Where a function's code is, as its definition says. */
export interface FunctionFacts {
  readonly name: string;
  readonly length: number;
  /** site id of its entry; 0: native or not recorded */
  readonly site: number;
  /** environment id; 0: none */
  readonly environment: number;
}

/** A window of a buffer. */
export interface ViewFacts {
  readonly buffer: ObjectValue | undefined;
  readonly offset: number;
  /** in bytes for a DataView, in elements otherwise */
  readonly length: number;
}

/** An object's contents now. Fields beyond the properties are there for the kinds that have them. */
export class HeapObject {
  kind: KindCode = ObjectKind.plain;
  flags = 0;
  className = '';
  prototype: Value = null;
  readonly properties = new Map<Key, Value | Accessor>();
  /** of properties whose attributes are not ORDINARY; undefined while there are none */
  attributes: Map<Key, number> | undefined;
  /** a real array: absent elements are absent */
  elements: Value[] | undefined;
  entries: Map<Value, Value> | undefined;
  bytes: Uint8Array | undefined;
  view: ViewFacts | undefined;
  code: FunctionFacts | undefined;
  /** error: stack text; date: time; boxed: primitive; intrinsic: path; regexp: source */
  inner: Value = undefined;
  /** regexp: flags; proxy: handler, with the target in `inner` */
  inner2: Value = undefined;
  /** of functions whose definition was derived: the scope around them */
  closure: ScopeInstance | undefined;
  /** a function whose `prototype` property exists, but has not been seen */
  lazyPrototype = false;
  /** of `arguments` whose elements are the parameters */
  mapped: MappedArguments | undefined;

  attributesOf(key: Key): number {
    return this.attributes?.get(key) ?? ORDINARY;
  }

  setAttributes(key: Key, attributes: number): void {
    if (attributes !== ORDINARY) (this.attributes ??= new Map()).set(key, attributes);
    else this.attributes?.delete(key);
  }

  get extensible(): boolean {
    return (this.flags & (ObjectFlag.notExtensible | ObjectFlag.sealed | ObjectFlag.frozen)) === 0;
  }
}

/** The objects of one thread by id, as they are at the moment that a replay is at. */
export class Heap {
  private readonly values: ObjectValue[] = [];
  private readonly objects: (HeapObject | undefined)[] = [];
  /** the language's own objects that the stream has named, by path */
  readonly intrinsics = new Map<string, ObjectValue>();
  private standInCount = 0;
  private readonly standIns = new Map<string, { readonly value: ObjectValue; readonly heirs: HeapObject[] }>();

  /** The one value that stands for the object. */
  value(id: number): ObjectValue {
    return (this.values[id] ??= new ObjectValue(id));
  }

  /** undefined where no definition of it was met */
  get(value: ObjectValue): HeapObject | undefined {
    return this.objects[value.id];
  }

  /** Contents to be filled anew: a definition replaces what was there. */
  define(id: number): HeapObject {
    const object = new HeapObject();
    object.mapped = this.objects[id]?.mapped;
    this.value(id);
    return (this.objects[id] = object);
  }

  typeOf(value: ObjectValue): 'function' | 'object' {
    let object = this.objects[value.id];
    for (let hops = 0; object?.kind === ObjectKind.proxy && hops < 100; hops++) {
      if (!(object.inner instanceof ObjectValue)) return 'object';
      object = this.objects[object.inner.id];
    }
    if (object?.kind === ObjectKind.function) return 'function';
    return object?.kind === ObjectKind.intrinsic && isIntrinsicFunction(object) ? 'function' : 'object';
  }

  /** Makes one of the language's own objects the prototype; a stand-in while the stream has not named it. */
  inherit(object: HeapObject, path: string): void {
    object.prototype = this.intrinsics.get(path) ?? this.standIn(path, object);
  }

  /** The stream names one of the language's own objects. */
  nameIntrinsic(path: string, value: ObjectValue): void {
    this.intrinsics.set(path, value);
    const standIn = this.standIns.get(path);
    if (standIn === undefined) return;
    this.standIns.delete(path);
    this.adopt(standIn.value.id, value);
    for (const heir of standIn.heirs) if (heir.prototype === standIn.value) heir.prototype = value;
  }

  /** The stream names a prototype that was derived. */
  namePrototype(owner: ObjectValue, value: ObjectValue): void {
    const object = this.objects[owner.id];
    if (object?.lazyPrototype !== true) return;
    object.lazyPrototype = false;
    object.properties.set('prototype', value);
    object.setAttributes('prototype', Attribute.writable);
    if (this.objects[-owner.id] !== undefined) this.adopt(-owner.id, value);
  }

  /** The object keeps the id that a stand-in for it was shown by. */
  private adopt(id: number, value: ObjectValue): void {
    this.objects[id] = this.objects[value.id];
    value.id = id;
    this.values[id] = value;
  }

  private standIn(path: string, heir: HeapObject): ObjectValue {
    let standIn = this.standIns.get(path);
    if (standIn === undefined) {
      const value = this.value(STAND_INS - this.standInCount++);
      this.standIns.set(path, (standIn = { value, heirs: [] }));
      const object = this.define(value.id);
      object.kind = ObjectKind.intrinsic;
      object.inner = path;
    }
    standIn.heirs.push(heir);
    return standIn.value;
  }

  /** The `prototype` of a function that nothing has looked at yet, as the language makes it. */
  lazyPrototype(owner: ObjectValue): ObjectValue {
    const value = this.value(-owner.id);
    if (this.objects[value.id] !== undefined) return value;
    const object = this.define(value.id);
    const kind = this.objects[owner.id]?.className ?? '';
    const generator = kind.endsWith('GeneratorFunction');
    object.className = generator ? kind.slice(0, -'Function'.length) : 'Object';
    this.inherit(object, generator ? `${functionPrototype(kind)}.prototype` : 'Object.prototype');
    if (generator) return value;
    object.properties.set('constructor', owner);
    object.setAttributes('constructor', Attribute.writable | Attribute.configurable);
    return value;
  }

  /** [[DefineOwnProperty]] that succeeds. */
  defineProperty(value: ObjectValue, key: Key, contents: Value | Accessor, attributes: number): void {
    const object = this.objects[value.id];
    if (object === undefined) return;
    const index = object.elements === undefined ? -1 : indexOfKey(key as Value);
    if (index >= 0 && !(contents instanceof Accessor) && attributes === ORDINARY && !object.properties.has(key)) {
      object.elements![index] = contents;
      return;
    }
    if (index >= 0) delete object.elements![index];
    if (key === 'length' && isArray(object)) {
      if (typeof contents === 'number') object.elements!.length = contents;
      object.setAttributes(key, attributes);
      return;
    }
    if (key === 'prototype') object.lazyPrototype = false;
    if (key === 'stack' && object.kind === ObjectKind.error) {
      object.inner = contents instanceof Accessor ? undefined : contents;
      if ((attributes & Attribute.enumerable) === 0 && !(contents instanceof Accessor)) return;
    }
    object.properties.set(key, contents);
    object.setAttributes(key, attributes);
  }

  delete(value: ObjectValue, key: Key): void {
    const object = this.objects[value.id];
    if (object === undefined) return;
    if (object.properties.delete(key)) object.attributes?.delete(key);
    else if (key === 'stack' && object.kind === ObjectKind.error) object.inner = undefined;
    const index = object.elements === undefined ? -1 : indexOfKey(key as Value);
    if (index >= 0) delete object.elements![index];
  }

  push(value: ObjectValue, items: readonly Value[]): void {
    const elements = this.objects[value.id]?.elements;
    if (elements === undefined) return;
    for (const item of items) elements.push(item);
  }

  splice(value: ObjectValue, start: number, removed: number, items: readonly Value[]): void {
    const object = this.objects[value.id];
    if (object?.elements === undefined) return;
    if (items.length < 1000) object.elements.splice(start, removed, ...items);
    else object.elements = [...object.elements.slice(0, start), ...items, ...object.elements.slice(start + removed)];
    for (let i = 0; i < items.length; i++) if (items[i] === hole) delete object.elements[start + i];
  }

  /** All elements anew; `hole` where absent. */
  setElements(value: ObjectValue, items: readonly Value[]): void {
    const object = this.objects[value.id];
    if (object !== undefined) object.elements = withHoles(items);
  }

  freeze(value: ObjectValue, level: number): void {
    const object = this.objects[value.id];
    if (object === undefined || level < 1) return;
    object.flags |= level >= 3 ? 7 : level === 2 ? 3 : 1;
    if (level < 2) return;
    const keep = level >= 3 ? Attribute.enumerable : Attribute.enumerable | Attribute.writable;
    for (const [key, contents] of object.properties) {
      if (typeof key === 'string' && key.startsWith('#') && object.attributes?.has(key) !== true) continue;
      const mask = contents instanceof Accessor ? Attribute.enumerable : keep;
      object.setAttributes(key, object.attributesOf(key) & mask);
    }
  }

  /** The bytes that a typed array or DataView shows; undefined where its buffer is not known. */
  bytesOf(object: HeapObject): Uint8Array | undefined {
    const buffer = object.view?.buffer;
    return buffer === undefined ? undefined : this.objects[buffer.id]?.bytes;
  }

  setBytes(value: ObjectValue, offset: number, bytes: Uint8Array): void {
    const object = this.objects[value.id];
    if (object === undefined) return;
    const end = offset + bytes.length;
    if (object.bytes === undefined || object.bytes.length < end) {
      const grown = new Uint8Array(end);
      if (object.bytes !== undefined) grown.set(object.bytes);
      object.bytes = grown;
    }
    object.bytes.set(bytes, offset);
  }
}

function isIntrinsicFunction(object: HeapObject): boolean {
  if (object.className !== '') return object.className.endsWith('Function');
  return typeof object.inner === 'string' && intrinsicType(object.inner) === 'function';
}

/** The path of what functions of a class inherit from. */
export function functionPrototype(className: string): string {
  return className === 'Function' ? 'Function.prototype' : `%${className}%.prototype`;
}

/** The properties that every function has from the start. */
export function nameFunction(object: HeapObject, name: string, length: number): void {
  object.properties.set('length', length);
  object.properties.set('name', name);
  object.setAttributes('length', Attribute.configurable);
  object.setAttributes('name', Attribute.configurable);
}

export function isArray(object: HeapObject): boolean {
  return object.kind === ObjectKind.array;
}

export function withHoles(items: readonly Value[]): Value[] {
  const elements: Value[] = [];
  elements.length = items.length;
  for (let i = 0; i < items.length; i++) if (items[i] !== hole) elements[i] = items[i];
  return elements;
}
