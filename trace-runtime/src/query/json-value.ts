/**
 * Values of a recording as JSON, version 1. Strings, booleans, null and finite numbers but -0 stand for themselves; any
 * other value is an object with `$`: undefined, number (value: NaN, Infinity, -Infinity, -0), bigint (digits), symbol (id,
 * description, origin), object (id, to be found in `objects`), accessor (get, set), hole, uninitialised, opaque, redacted (name).
 */
import type { ObjectReader, ObjectState } from './state.ts';
import { Accessor, ObjectValue, Redacted, SymbolValue, type Value } from './values.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface JsonValues {
  value(value: Value | Accessor): Json;
  /** every object that values so far refer to, and what they reach, by id */
  objects(): { readonly [id: string]: Json };
}

export function jsonValues(reader: ObjectReader): JsonValues {
  const seen = new Set<ObjectValue>();
  const queue: ObjectValue[] = [];
  const meet = (value: ObjectValue): void => {
    if (seen.has(value)) return;
    seen.add(value);
    queue.push(value);
  };
  return {
    value: (value) => encodeValue(value, meet),
    objects() {
      const all: Record<string, Json> = {};
      for (let next = queue.pop(); next; next = queue.pop()) {
        const object = reader.object(next);
        all[next.id] = object ? encodeObject(object, meet) : { kind: 'missing' };
      }
      return all;
    },
  };
}

/** `meet` is told of every object that the value refers to. */
export function encodeValue(value: Value | Accessor, meet: (object: ObjectValue) => void = () => undefined): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return encodeNumber(value);
  if (value === undefined) return { $: 'undefined' };
  if (typeof value === 'bigint') return { $: 'bigint', digits: String(value) };
  if (value instanceof ObjectValue) {
    meet(value);
    return { $: 'object', id: value.id };
  }
  if (value instanceof SymbolValue) {
    return { $: 'symbol', id: value.id, description: value.description ?? null, origin: value.origin };
  }
  if (value instanceof Accessor)
    return { $: 'accessor', get: encodeValue(value.get, meet), set: encodeValue(value.set, meet) };
  if (value instanceof Redacted) return { $: 'redacted', name: value.name };
  return { $: value.kind };
}

export function encodeObject(object: ObjectState, meet?: (object: ObjectValue) => void): JsonObject {
  const { kind, typeName, flags, prototype, properties, elements, entries, bytes, inner, inner2 } = object;
  const encode = (value: Value | Accessor): Json => encodeValue(value, meet);
  return {
    kind,
    typeName,
    flags,
    prototype: encode(prototype),
    properties: properties.map(({ key, value, attributes }) => ({
      key: typeof key === 'string' ? key : encode(key),
      value: encode(value),
      attributes,
    })),
    ...(elements ? { elements: elements.map(encode) } : {}),
    ...(entries ? { entries: [...entries].map(([key, value]) => [encode(key), encode(value)]) } : {}),
    ...(bytes ? { base64: Buffer.from(bytes).toString('base64') } : {}),
    ...(inner === undefined ? {} : { inner: encode(inner) }),
    ...(inner2 === undefined ? {} : { inner2: encode(inner2) }),
    ...(object.code ? { code: { path: object.code.path, start: object.code.start } } : {}),
  };
}

function encodeNumber(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $: 'number', value: Object.is(value, -0) ? '-0' : String(value) };
}
