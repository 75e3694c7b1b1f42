/** Describes what an evaluation came to, without running code. */
import type { Json, JsonObject } from '../../query/json-value.ts';
import * as L from './language.ts';
import type { World } from './world.ts';

/** Objects that a result can hold; what lies deeper is left out. */
const MOST = 20_000;
const SHAPES: readonly (readonly [string, string, (self: never) => unknown])[] = [
  ['map', 'mapping', L.mapSize],
  ['set', 'set', L.setSize],
  ['date', 'time', L.dateValue],
  ['regexp', 'pattern', L.regexSource],
  ['arrayBuffer', 'buffer', L.bufferLength],
  ['boxed', 'boxed', L.numberOf],
  ['boxed', 'boxed', L.stringOf],
  ['boxed', 'boxed', L.booleanOf],
  ['boxed', 'boxed', L.bigintOf],
  ['boxed', 'boxed', L.symbolOf],
];

interface Described {
  readonly value: Json;
  readonly objects: { readonly [id: string]: JsonObject };
}

export function describeResult(world: World, result: unknown): Described {
  const ids = new L.SafeMap<object, number>();
  const queue: object[] = [];
  let made = 0;

  function value(of: unknown): Json {
    if (of === null || typeof of === 'string' || typeof of === 'boolean') return of;
    if (typeof of === 'number') {
      if (of - of === 0 && (of !== 0 || 1 / of > 0)) return of;
      return { $: 'number', value: of === 0 ? '-0' : String(of) };
    }
    if (of === undefined) return { $: 'undefined' };
    if (typeof of === 'bigint') return { $: 'bigint', digits: String(of) };
    if (typeof of === 'symbol') return symbol(of);
    return { $: 'object', id: idOf(of as object) };
  }

  function symbol(of: symbol): Json {
    const description = (L.descriptionOf(of) as string | undefined) ?? null;
    const known = world.symbolJson(of);
    if (known !== undefined) return known;
    if (L.registered(of) !== undefined) return { $: 'symbol', id: 0, description, origin: 'registered' };
    const isWellKnown = description !== null && Symbol[description.slice(7) as 'iterator'] === of;
    return { $: 'symbol', id: 0, description, origin: isWellKnown ? 'well-known' : 'local' };
  }

  function idOf(object: object): number {
    const known = L.mapGet(ids, object) as number | undefined;
    if (known !== undefined) return known;
    const recorded = world.idOf(object);
    const isPlain = typeof object !== 'function';
    // recorded functions and the language's objects are shown as recorded
    if (recorded !== undefined && !isPlain) return recorded;
    if (queue.length >= MOST) return recorded ?? 0;
    made -= 1;
    L.mapSet(ids, object, recorded ?? made);
    queue.push(object);
    return recorded ?? made;
  }

  const root = value(result);
  const objects: Record<string, JsonObject> = {};
  for (let i = 0; i < queue.length; i++) {
    const object = queue[i]!;
    objects[String(idOf(object))] = describe(world, object, value);
  }
  return { value: root, objects };
}

function describe(world: World, object: object, value: (of: unknown) => Json): JsonObject {
  const level = L.isFrozen(object) ? 7 : L.isSealed(object) ? 3 : L.isExtensible(object) ? 0 : 1;
  const properties: JsonObject[] = [];
  const elements = elementsOf(object, value);
  for (const key of L.ownKeys(object)) {
    if (elements !== undefined && typeof key === 'string' && (key === 'length' || String(Number(key)) === key))
      continue;
    const held = L.getOwnPropertyDescriptor(object, key)!;
    const attributes =
      (held.writable === true ? 1 : 0) | (held.enumerable === true ? 2 : 0) | (held.configurable === true ? 4 : 0);
    const privateName = typeof key === 'symbol' ? world.privateName(key) : undefined;
    const pending = world.pendingOf(held.get);
    properties.push({
      key: privateName ?? (typeof key === 'symbol' ? value(key) : key),
      value:
        pending !== undefined
          ? { $: 'object', id: pending }
          : held.get || held.set
            ? { $: 'accessor', get: value(held.get), set: value(held.set) }
            : value(held.value),
      attributes: pending === undefined ? attributes : attributes | 1,
    });
  }
  const prototype = L.getPrototypeOf(object);
  const recorded = prototype === null ? undefined : world.idOf(prototype);
  return {
    typeName: nameOf(object),
    flags: level,
    // what was made here inherits from objects that nobody needs to look into
    prototype: prototype === null ? null : recorded === undefined ? { $: 'undefined' } : { $: 'object', id: recorded },
    properties,
    ...(elements ? { elements } : {}),
    ...shapeOf(object, value),
  };
}

function elementsOf(object: object, value: (of: unknown) => Json): Json[] | undefined {
  const isView = L.attempt(L.viewTag, object) !== undefined;
  if (!isView && !L.isArray(object) && L.textOf(object) !== '[object Arguments]') return undefined;
  const { length } = object as { length: number };
  // a large one that is nearly empty stays a record of what it has
  if (length > 1_000_000) return undefined;
  const elements: Json[] = [];
  for (let i = 0; i < length; i++) {
    const held = L.getOwnPropertyDescriptor(object, String(i));
    elements[i] = held ? (held.get ? value(held.get.call(object)) : value(held.value)) : { $: 'hole' };
  }
  return elements;
}

function shapeOf(object: object, value: (of: unknown) => Json): JsonObject {
  if (typeof object === 'function') return { kind: 'function', made: 'function' };
  if (L.isArray(object)) return { kind: 'sequence', made: 'array' };
  const view = L.attempt(L.viewTag, object);
  if (view !== undefined) return { kind: 'view', made: 'typedArray' };
  for (const [made, kind, of] of SHAPES) {
    const held = L.attempt(of, object);
    if (held === undefined) continue;
    if (made === 'map' || made === 'set') return { kind, made, entries: entriesOf(object, made, value) };
    if (made === 'regexp') return { kind, made, inner: value(held), inner2: value(L.attempt(L.regexFlags, object)) };
    return made === 'arrayBuffer' ? { kind, made } : { kind, made, inner: value(held) };
  }
  const text = L.textOf(object);
  if (text === '[object Error]') {
    const stack = L.getOwnPropertyDescriptor(object, 'stack')?.value as unknown;
    return { kind: 'error', made: 'error', inner: value(typeof stack === 'string' ? stack : undefined) };
  }
  if (text === '[object Arguments]') return { kind: 'sequence', made: 'arguments' };
  return text === '[object Promise]' ? { kind: 'opaque', made: 'promise' } : { kind: 'record', made: 'plain' };
}

function entriesOf(object: object, made: string, value: (of: unknown) => Json): Json[] {
  const entries: Json[] = [];
  if (made === 'map')
    L.mapForEach(object as Map<unknown, unknown>, (held, key) => void entries.push([value(key), value(held)]));
  else L.setForEach(object as Set<unknown>, (key) => void entries.push([value(key), value(key)]));
  return entries;
}

/** Of its constructor, as far as data properties tell. */
function nameOf(object: object): string {
  for (let at: object | null = object, hops = 0; at !== null && hops < 100; at = L.getPrototypeOf(at), hops++) {
    const constructor = L.getOwnPropertyDescriptor(at, 'constructor')?.value as unknown;
    if (typeof constructor !== 'function') continue;
    const name = L.getOwnPropertyDescriptor(constructor, 'name')?.value as unknown;
    if (typeof name === 'string') return name;
  }
  return 'Object';
}
