/** Values that Node's machinery hands over, kept so that the same can be handed over again. */
import v8 from 'node:v8';
import { plain } from '../dns.ts';
import type { Json } from '../json.ts';
import { ownData } from '../patch.ts';

const { isArray } = Array;
const { getOwnPropertyNames, defineProperty } = Object;
const { serialize, deserialize } = v8;
const { from } = Buffer;

/** Errors by their own properties, other values as V8 has them. */
export function packed(value: unknown): Json {
  if (!(value instanceof Error)) return { v8: serialize(value).toString('base64') };
  return {
    error: getOwnPropertyNames(value)
      .filter((name) => name !== 'stack')
      .map((name) => [name, plain(ownData(value, name))]),
  };
}

export function unpacked(value: unknown): unknown {
  const { v8: bytes, error } = (value ?? {}) as { readonly v8?: unknown; readonly error?: unknown };
  if (typeof bytes === 'string') return deserialize(from(bytes, 'base64'));
  if (!isArray(error)) return undefined;
  const made = new Error();
  for (const [name, each] of error as readonly (readonly [string, unknown])[])
    defineProperty(made, name, {
      value: each,
      configurable: true,
      writable: true,
      enumerable: name !== 'message',
    });
  return made;
}
