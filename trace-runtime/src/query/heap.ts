import { ALL_PARTS, Journal, type Change, type Kept } from './journal.ts';
import type { MappedArguments } from './mapped-arguments.ts';
import { ObjectValues } from './object-values.ts';
import { Paged } from './paged.ts';
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
  /** site id of its entry, or of another op in its text; 0: native or not recorded */
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

/** What of an object is copied by itself before it changes. */
const Part = { properties: 1, attributes: 2, elements: 4, entries: 8, bytes: 16 } as const;

/** Shared by all objects without properties; nothing is put into it. */
const NONE = new Map<Key, Value | Accessor>();

/** The properties of an object that is being made, to be filled. */
export function ownProperties(object: HeapObject): Map<Key, Value | Accessor> {
  if (object.properties === NONE) object.properties = new Map();
  return object.properties;
}

/** An object's contents now. Fields beyond the properties are there for the kinds that have them. */
export class HeapObject implements Kept {
  era = 0;
  owned: number = ALL_PARTS;
  /** that it is shown by */
  id = 0;
  kind: KindCode = ObjectKind.plain;
  flags = 0;
  className = '';
  prototype: Value = null;
  /** NONE while it has none: ownProperties makes a map of its own */
  properties: Map<Key, Value | Accessor> = NONE;
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

  /** Of an object that is being made; else the heap does it. */
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
  readonly journal = new Journal();
  readonly values = new ObjectValues();
  /** those in memory */
  readonly objects = new Paged<HeapObject>();
  /** gives what is not in memory, where it is kept elsewhere */
  absent: ((id: number) => HeapObject | undefined) | undefined;
  /** the language's own objects that the stream has named, by path */
  readonly intrinsics = new Map<string, ObjectValue>();
  /** of a mark, too */
  standInCount = 0;
  /** highest id of an object that was defined: they are numbered as they are first seen. Of a mark, too */
  newest = 0;
  /** by path: those that the stream has not named yet */
  readonly standIns = new Map<string, ObjectValue>();
  /** by the number that the stream gave an object: the one that it is shown by */
  readonly aliases = new Map<number, number>();

  /** The one value that stands for the object. */
  value(id: number): ObjectValue {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const value = this.made(id);
    this.values.set(id, value);
    return value;
  }

  private made(id: number): ObjectValue {
    const shown = this.aliases.get(id);
    return shown === undefined ? new ObjectValue(id) : this.value(shown);
  }

  /** As if nothing had been read. */
  forget(): void {
    this.showBy(new Map());
    this.objects.clear();
    this.intrinsics.clear();
    this.standIns.clear();
  }

  /** From here on these objects are shown by other numbers, and no others. */
  showBy(aliases: ReadonlyMap<number, number>): void {
    for (const [own, shown] of this.aliases) {
      if (aliases.get(own) === shown) continue;
      const value = this.value(own);
      this.aliases.delete(own);
      this.values.set(shown, undefined);
      value.id = own;
    }
    for (const [own, shown] of aliases) {
      if (this.aliases.has(own)) continue;
      const value = this.value(own);
      this.aliases.set(own, shown);
      this.values.set(shown, value);
      value.id = shown;
    }
  }

  /** undefined where no definition of it was met */
  get(value: ObjectValue): HeapObject | undefined {
    return this.at(value.id);
  }

  /**
   * Whether a change is one of the object's contents; `replaced` where it is defined anew, so that changes before it are
   * of other contents.
   */
  changeOf({ id }: ObjectValue, contents: HeapObject, change: Change): 'contents' | 'replaced' | undefined {
    if (change.subject === contents) return 'contents';
    return change.isOf?.(this.objects, id) === true ? 'replaced' : undefined;
  }

  /** The object of that number; what is not in memory is asked for. */
  private at(id: number): HeapObject | undefined {
    return this.objects.get(id) ?? this.absent?.(id);
  }

  isDefined(id: number): boolean {
    return this.at(id) !== undefined;
  }

  /** All that are defined, by id; stand-ins are not among them. */
  *all(): Generator<[number, HeapObject], void> {
    for (const [id, object] of this.objects.entries()) if (id >= 0) yield [id, object];
  }

  /** Contents to be filled anew: a definition replaces what was there. */
  define(id: number): HeapObject {
    const object = new HeapObject();
    object.era = this.journal.era;
    object.id = id;
    object.mapped = this.at(id)?.mapped;
    if (id > this.newest) this.newest = id;
    this.value(id);
    this.journal.numbered(this.objects, id);
    this.objects.set(id, object);
    return object;
  }

  /** Before a field of the object changes that is no part. */
  change(object: HeapObject): HeapObject {
    this.journal.touch(object);
    return object;
  }

  /** A write to the object begins: it counts as one of its changes, whatever comes of it. */
  writtenTo(value: Value): void {
    const object = value instanceof ObjectValue ? this.at(value.id) : undefined;
    if (object) this.journal.touch(object);
  }

  setContents(object: HeapObject, key: Key, contents: Value | Accessor): void {
    object.properties = this.journal.map(object, Part.properties, object.properties, key, false);
    ownProperties(object).set(key, contents);
  }

  setAttributes(object: HeapObject, key: Key, attributes: number): void {
    const known = object.attributes;
    if (known === undefined) {
      if (attributes === ORDINARY) return;
      this.journal.touch(object);
      object.attributes = new Map([[key, attributes]]);
      return;
    }
    object.attributes = this.journal.map(object, Part.attributes, known, key, attributes === ORDINARY);
    object.setAttributes(key, attributes);
  }

  removeProperty(object: HeapObject, key: Key): boolean {
    if (!object.properties.has(key)) return false;
    object.properties = this.journal.map(object, Part.properties, object.properties, key, true);
    if (object.attributes?.has(key) === true) this.setAttributes(object, key, ORDINARY);
    return object.properties.delete(key);
  }

  /** The object's elements, to be changed: at the index, at their end, or anywhere. */
  elementsOf(object: HeapObject, index?: number): Value[] {
    return (object.elements = this.journal.array(object, Part.elements, object.elements!, index));
  }

  /** The object's entries, to be changed: at the key, or all of them. */
  entriesOf(object: HeapObject, key: Value, whole: boolean): Map<Value, Value> {
    const entries = object.entries ?? new Map<Value, Value>();
    return (object.entries = this.journal.map(object, Part.entries, entries, key, whole));
  }

  /** A buffer's bytes, to be changed from `offset` on. */
  bytesFor(object: HeapObject, offset: number, length: number): Uint8Array {
    return (object.bytes = this.journal.bytes(object, Part.bytes, object.bytes ?? new Uint8Array(0), offset, length));
  }

  typeOf(value: ObjectValue): 'function' | 'object' {
    let object = this.at(value.id);
    for (let hops = 0; object?.kind === ObjectKind.proxy && hops < 100; hops++) {
      if (!(object.inner instanceof ObjectValue)) return 'object';
      object = this.at(object.inner.id);
    }
    if (object?.kind === ObjectKind.function) return 'function';
    return object?.kind === ObjectKind.intrinsic && isIntrinsicFunction(object) ? 'function' : 'object';
  }

  /** Makes one of the language's own objects the prototype; a stand-in while the stream has not named it. */
  inherit(object: HeapObject, path: string): void {
    object.prototype = this.intrinsics.get(path) ?? this.standIn(path);
  }

  /** The stream names one of the language's own objects. */
  nameIntrinsic(path: string, value: ObjectValue): void {
    this.journal.entry(this.intrinsics, path);
    this.intrinsics.set(path, value);
    const standIn = this.standIns.get(path);
    if (standIn === undefined) return;
    this.journal.entry(this.standIns, path);
    this.standIns.delete(path);
    this.adopt(standIn.id, value);
    for (const [, heir] of this.objects.entries()) if (heir.prototype === standIn) this.change(heir).prototype = value;
  }

  /** The stream names a prototype that was derived. */
  namePrototype(owner: ObjectValue, value: ObjectValue): void {
    const object = this.at(owner.id);
    if (object?.lazyPrototype !== true) return;
    this.change(object).lazyPrototype = false;
    this.setContents(object, 'prototype', value);
    this.setAttributes(object, 'prototype', Attribute.writable);
    if (this.at(-owner.id) !== undefined) this.adopt(-owner.id, value);
  }

  /** The object keeps the id that a stand-in for it was shown by. */
  private adopt(id: number, value: ObjectValue): void {
    const object = this.at(value.id);
    this.at(id);
    this.journal.numbered(this.objects, id);
    this.journal.numbered(this.values, id);
    this.journal.slot(value, 'id');
    this.journal.entry(this.aliases, value.id);
    this.aliases.set(value.id, id);
    if (object !== undefined) this.change(object).id = id;
    this.objects.set(id, object);
    value.id = id;
    this.values.set(id, value);
  }

  private standIn(path: string): ObjectValue {
    const known = this.standIns.get(path);
    if (known !== undefined) return known;
    const value = this.value(STAND_INS - this.standInCount++);
    this.journal.entry(this.standIns, path);
    this.standIns.set(path, value);
    const object = this.define(value.id);
    object.kind = ObjectKind.intrinsic;
    object.inner = path;
    return value;
  }

  /** The `prototype` of a function that nothing has looked at yet, as the language makes it. */
  lazyPrototype(owner: ObjectValue): ObjectValue {
    const value = this.value(-owner.id);
    if (this.at(value.id) !== undefined) return value;
    const object = this.define(value.id);
    const kind = this.at(owner.id)?.className ?? '';
    const generator = kind.endsWith('GeneratorFunction');
    object.className = generator ? kind.slice(0, -'Function'.length) : 'Object';
    this.inherit(object, generator ? `${functionPrototype(kind)}.prototype` : 'Object.prototype');
    if (generator) return value;
    ownProperties(object).set('constructor', owner);
    object.setAttributes('constructor', Attribute.writable | Attribute.configurable);
    return value;
  }

  /** [[DefineOwnProperty]] that succeeds. */
  defineProperty(value: ObjectValue, key: Key, contents: Value | Accessor, attributes: number): void {
    const object = this.at(value.id);
    if (object === undefined) return;
    const index = object.elements === undefined ? -1 : indexOfKey(key as Value);
    if (index >= 0 && !(contents instanceof Accessor) && attributes === ORDINARY && !object.properties.has(key)) {
      this.elementsOf(object, index)[index] = contents;
      return;
    }
    if (index >= 0 && index in object.elements!) delete this.elementsOf(object, index)[index];
    // what stands beside the elements counts for the length, too
    if (index >= (object.elements?.length ?? 0) && isArray(object)) this.elementsOf(object).length = index + 1;
    if (key === 'length' && isArray(object)) {
      if (typeof contents === 'number') this.setLength(object, contents);
      this.setAttributes(object, key, attributes);
      return;
    }
    if (key === 'prototype') this.change(object).lazyPrototype = false;
    if (key === 'stack' && object.kind === ObjectKind.error) {
      this.change(object).inner = contents instanceof Accessor ? undefined : contents;
      if ((attributes & Attribute.enumerable) === 0 && !(contents instanceof Accessor)) return;
    }
    this.setContents(object, key, contents);
    this.setAttributes(object, key, attributes);
  }

  delete(value: ObjectValue, key: Key): void {
    const object = this.at(value.id);
    if (object === undefined) return;
    if (!this.removeProperty(object, key) && key === 'stack' && object.kind === ObjectKind.error)
      this.change(object).inner = undefined;
    const index = object.elements === undefined ? -1 : indexOfKey(key as Value);
    if (index >= 0 && index in object.elements!) delete this.elementsOf(object, index)[index];
  }

  /** An array's length; what stands behind it goes, also what stands beside the elements. */
  setLength(object: HeapObject, length: number): void {
    this.elementsOf(object).length = length;
    for (const key of object.properties.keys())
      if (indexOfKey(key as Value) >= length) this.removeProperty(object, key);
  }

  push(value: ObjectValue, items: readonly Value[]): void {
    const object = this.at(value.id);
    if (object?.elements === undefined) return;
    const elements = this.elementsOf(object, object.elements.length);
    for (const item of items) elements.push(item);
  }

  splice(value: ObjectValue, start: number, removed: number, items: readonly Value[]): void {
    const object = this.at(value.id);
    if (object?.elements === undefined) return;
    const elements = this.elementsOf(object);
    if (items.length < 1000) elements.splice(start, removed, ...items);
    else object.elements = [...elements.slice(0, start), ...items, ...elements.slice(start + removed)];
    for (let i = 0; i < items.length; i++) if (items[i] === hole) delete object.elements[start + i];
  }

  /** All elements anew; `hole` where absent. */
  setElements(value: ObjectValue, items: readonly Value[]): void {
    const object = this.at(value.id);
    if (object !== undefined) this.change(object).elements = withHoles(items);
  }

  freeze(value: ObjectValue, level: number): void {
    const object = this.at(value.id);
    if (object === undefined || level < 1) return;
    this.change(object).flags |= level >= 3 ? 7 : level === 2 ? 3 : 1;
    if (level < 2) return;
    const keep = level >= 3 ? Attribute.enumerable : Attribute.enumerable | Attribute.writable;
    for (const [key, contents] of object.properties) {
      if (typeof key === 'string' && key.startsWith('#') && object.attributes?.has(key) !== true) continue;
      const mask = contents instanceof Accessor ? Attribute.enumerable : keep;
      this.setAttributes(object, key, object.attributesOf(key) & mask);
    }
  }

  /** The bytes that a typed array or DataView shows; undefined where its buffer is not known. */
  bytesOf(object: HeapObject): Uint8Array | undefined {
    const buffer = object.view?.buffer;
    return buffer === undefined ? undefined : this.at(buffer.id)?.bytes;
  }

  setBytes(value: ObjectValue, offset: number, bytes: Uint8Array): void {
    const object = this.at(value.id);
    if (object === undefined) return;
    const end = offset + bytes.length;
    if (object.bytes === undefined || object.bytes.length < end) {
      const grown = new Uint8Array(end);
      if (object.bytes !== undefined) grown.set(object.bytes);
      this.change(object).bytes = grown;
    }
    this.bytesFor(object, offset, bytes.length).set(bytes, offset);
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
  ownProperties(object).set('length', length).set('name', name);
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
