/** Values that Node's machinery hands over, kept so that the same can be handed over again. */
import v8 from 'node:v8';
import { plain } from '../dns.ts';
import type { Json } from '../json.ts';
import { ownData } from '../patch.ts';

const { isArray } = Array;
const { getOwnPropertyNames, getPrototypeOf, setPrototypeOf, defineProperty, keys } = Object;
const { isView } = ArrayBuffer;
const { serialize, deserialize } = v8;
const { from } = Buffer;

/** Errors by their own properties, other values as V8 has them; `bare`: what has no prototype in them, which V8 does not say. */
export function packed(value: unknown): Json {
  if (!(value instanceof Error)) {
    const bare: Json[] = [];
    eachObject(value, (object, at) => getPrototypeOf(object) === null && bare.push(at));
    return { v8: serialize(value).toString('base64'), ...(bare.length > 0 && { bare }) };
  }
  return {
    error: getOwnPropertyNames(value)
      .filter((name) => name !== 'stack')
      .map((name) => [name, plain(ownData(value, name))]),
  };
}

export function unpacked(value: unknown): unknown {
  const { v8: bytes, bare, error } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof bytes === 'string') {
    const made: unknown = deserialize(from(bytes, 'base64'));
    if (isArray(bare)) eachObject(made, (object, at) => bare.includes(at) && setPrototypeOf(object, null));
    return made;
  }
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

/** Each object once, with its number in the order of the members. */
function eachObject(value: unknown, visit: (object: object, at: number) => void, seen = new Set<object>()): void {
  if (typeof value !== 'object' || value === null || isView(value) || seen.has(value)) return;
  visit(value, seen.size);
  seen.add(value);
  for (const key of keys(value)) eachObject(ownData(value, key), visit, seen);
}
