/** What expressions ask of recorded objects. Whatever cannot be told without running code is undefined. */
import { Attribute, ObjectKind } from '../wire/words.ts';
import type { HeapObject } from './heap.ts';
import { intrinsicExtends, intrinsicHas, intrinsicType } from './intrinsics.ts';
import { isSparse } from './sparse.ts';
import type { ObjectReader } from './state.ts';
import type { StreamState } from './stream-state.ts';
import { Accessor, ObjectValue, SymbolValue, type Key, type Value } from './values.ts';

const LONGEST_CHAIN = 1000;

export class ObjectFacts {
  constructor(
    private readonly state: StreamState,
    private readonly reader: ObjectReader,
  ) {}

  /** Of an array, absent ones absent; also undefined of one that is nearly empty. */
  elements(value: ObjectValue): readonly Value[] | undefined {
    const object = this.state.heap.get(value);
    if (object?.kind !== ObjectKind.array || !object.elements || isSparse(object.elements)) return undefined;
    return object.elements;
  }

  /** Of a Map; a Set has its values as keys. */
  entries(value: ObjectValue): ReadonlyMap<Value, Value> | undefined {
    return this.state.heap.get(value)?.entries;
  }

  isMap(value: ObjectValue): boolean {
    return this.state.heap.get(value)?.kind === ObjectKind.map;
  }

  /** What `for … of` goes through: elements, or entries; undefined where a program's own code would say. */
  iterated(value: ObjectValue): readonly Value[] | ReadonlyMap<Value, Value> | undefined {
    for (const object of this.chain(value)) {
      if (!object || [...object.properties.keys()].some(isIterator)) return undefined;
      const path = pathOf(object);
      if (path === undefined) continue;
      const name = /^(Array|Map|Set)\.prototype$/.exec(path)?.[1];
      if (name === undefined || this.iteratesOtherwise(name)) return undefined;
      return name === 'Array' ? this.elements(value) : this.entries(value);
    }
    return undefined;
  }

  /** Whether the program has changed how the language's arrays, say, are gone through. */
  iteratesOtherwise(name: string): boolean {
    const paths = [`${name}.prototype`, `%${name}IteratorPrototype%`];
    return paths.some((path) => [...this.keysOf(path)].some((key) => isIterator(key) || key === 'next'));
  }

  /** Whether the program has put properties that symbols name on one of the language's objects. */
  hasOwnSymbols(path: string): boolean {
    return [...this.keysOf(path)].some((key) => key instanceof SymbolValue);
  }

  private keysOf(path: string): Iterable<Key> {
    const { heap } = this.state;
    const value = heap.intrinsics.get(path);
    return (value && heap.get(value)?.properties.keys()) ?? [];
  }

  pattern(value: ObjectValue): { readonly source: string; readonly flags: string } | undefined {
    const { kind, inner, inner2 } = this.state.heap.get(value) ?? {};
    if (kind !== ObjectKind.regexp || typeof inner !== 'string' || typeof inner2 !== 'string') return undefined;
    return { source: inner, flags: inner2 };
  }

  isArray(value: ObjectValue): boolean | undefined {
    const kind = this.state.heap.get(value)?.kind;
    if (kind === undefined || UNTOLD.has(kind)) return undefined;
    return kind === ObjectKind.array;
  }

  /** Enumerable properties with names, in the language's order; undefined where one of them has a getter or is private. */
  ownEntries(value: ObjectValue): { readonly key: string; readonly value: Value }[] | undefined {
    const object = this.reader.object(value);
    if (object?.kindCode !== ObjectKind.plain) return undefined;
    const found: { key: string; value: Value }[] = [];
    for (const { key, value: held, attributes } of object.properties) {
      if (typeof key !== 'string' || (attributes & Attribute.enumerable) === 0) continue;
      if (held instanceof Accessor || key.startsWith('#')) return undefined;
      found.push({ key, value: held });
    }
    return found;
  }

  /** The path of the language's own object that has the property, where nothing of the program's stands before it. */
  builtinHolder(value: ObjectValue, key: Key): string | undefined {
    for (const object of this.chain(value)) {
      if (object === undefined || object.properties.has(key)) return undefined;
      if (object.kind !== ObjectKind.intrinsic) continue;
      const path = typeof object.inner === 'string' ? object.inner : undefined;
      if (path !== undefined && intrinsicHas(path, key) === true) return path;
      return undefined;
    }
    return undefined;
  }

  /** Whether `instanceof` holds. `constructor`: a recorded function, or the name of one of the language's. */
  isInstance(value: Value, constructor: ObjectValue | string): boolean | undefined {
    const target = this.prototypeOf(constructor);
    if (target === undefined) return undefined;
    if (!(value instanceof ObjectValue)) return false;
    let isFirst = true;
    for (const [at, object] of this.links(value)) {
      if (object === undefined) return undefined;
      const path = pathOf(object);
      if (!isFirst && (at === target || (path !== undefined && path === target))) return true;
      isFirst = false;
      // the language's own, of which is not recorded what they inherit from
      if (path !== undefined && !(object.prototype instanceof ObjectValue))
        return typeof target === 'string' ? intrinsicExtends(path, target) : false;
    }
    return false;
  }

  /** What instances inherit from: a path of the language, or a recorded object. */
  private prototypeOf(constructor: ObjectValue | string): ObjectValue | string | undefined {
    const { heap } = this.state;
    const known = typeof constructor === 'string' ? heap.intrinsics.get(constructor) : constructor;
    const object = known && heap.get(known);
    if (known && (!object || this.hasOwnTest(known))) return undefined;
    const path = typeof constructor === 'string' ? constructor : pathOf(object!);
    if (path !== undefined) return intrinsicType(path) === 'function' ? `${path}.prototype` : undefined;
    if (object?.kind !== ObjectKind.function || (object.code?.site ?? 0) === 0) return undefined;
    const prototype = object.lazyPrototype ? heap.lazyPrototype(known!) : object.properties.get('prototype');
    if (!(prototype instanceof ObjectValue)) return undefined;
    const own = heap.get(prototype);
    return (own && pathOf(own)) ?? prototype;
  }

  /** Whether `Symbol.hasInstance` is the program's. */
  private hasOwnTest(constructor: ObjectValue): boolean {
    for (const object of this.chain(constructor)) {
      if (object === undefined) return true;
      for (const key of object.properties.keys())
        if (key instanceof SymbolValue && key.description === 'Symbol.hasInstance') return true;
    }
    return false;
  }

  private *chain(value: ObjectValue): Generator<HeapObject | undefined, void> {
    for (const [, object] of this.links(value)) yield object;
  }

  /** An object and what it inherits from; undefined where that is not known. */
  private *links(value: ObjectValue): Generator<[ObjectValue, HeapObject | undefined], void> {
    let at: Value = value;
    for (let hops = 0; at instanceof ObjectValue; hops++) {
      const object: HeapObject | undefined = hops < LONGEST_CHAIN ? this.state.heap.get(at) : undefined;
      const isTold = object !== undefined && object.kind !== ObjectKind.proxy && object.kind !== ObjectKind.opaque;
      yield [at, isTold ? object : undefined];
      if (!isTold) return;
      at = object.prototype;
    }
  }
}

function isIterator(key: Key): boolean {
  return key instanceof SymbolValue && key.description === 'Symbol.iterator';
}

/** What stands for something else, or is not known. */
const UNTOLD: ReadonlySet<number> = new Set([ObjectKind.proxy, ObjectKind.opaque, ObjectKind.intrinsic]);

function pathOf({ kind, inner }: HeapObject): string | undefined {
  return kind === ObjectKind.intrinsic && typeof inner === 'string' ? inner : undefined;
}
