/**
 * Values of a recording as JSON, version 1. Strings, booleans, null and finite numbers but -0 stand for themselves; any
 * other value is an object with `$`: undefined, number (value: NaN, Infinity, -Infinity, -0), bigint (digits), symbol (id,
 * description, origin), object (id, to be found in `objects`), accessor (get, set), hole, uninitialised, opaque, redacted (name).
 */
import type { ObjectState, StateReader } from '../../trace-runtime/src/query/state.ts';
import { Accessor, ObjectValue, Redacted, SymbolValue, type Value } from '../../trace-runtime/src/query/values.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface JsonValues {
  value(value: Value | Accessor): Json;
  /** every object that values so far refer to, and what they reach, by id */
  objects(): { readonly [id: string]: Json };
}

export function jsonValues(reader: StateReader): JsonValues {
  const seen = new Set<ObjectValue>();
  const queue: ObjectValue[] = [];

  function encode(value: Value | Accessor): Json {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return encodeNumber(value);
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'bigint') return { $: 'bigint', digits: String(value) };
    if (value instanceof ObjectValue) {
      if (!seen.has(value)) {
        seen.add(value);
        queue.push(value);
      }
      return { $: 'object', id: value.id };
    }
    if (value instanceof SymbolValue) {
      return { $: 'symbol', id: value.id, description: value.description ?? null, origin: value.origin };
    }
    if (value instanceof Accessor) return { $: 'accessor', get: encode(value.get), set: encode(value.set) };
    if (value instanceof Redacted) return { $: 'redacted', name: value.name };
    return { $: value.kind };
  }

  function encodeObject(object: ObjectState | undefined): Json {
    if (!object) return { kind: 'missing' };
    const { kind, typeName, flags, prototype, properties, elements, entries, bytes, inner, inner2 } = object;
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

  return {
    value: encode,
    objects() {
      const all: Record<string, Json> = {};
      for (let next = queue.pop(); next; next = queue.pop()) all[next.id] = encodeObject(reader.object(next));
      return all;
    },
  };
}

function encodeNumber(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $: 'number', value: Object.is(value, -0) ? '-0' : String(value) };
}
