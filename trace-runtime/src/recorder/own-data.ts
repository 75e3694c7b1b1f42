import { getOwnPropertyDescriptor, hasOwn, is, isArray } from './primordials.ts';

/** The property's descriptor where it is the object's own data. */
export function ownData(object: unknown, key: unknown): PropertyDescriptor | undefined {
  const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function';
  if (!isObject || is.isProxy(object)) return undefined;
  // a key that is an object was turned into a string by the program, once; doing it again would call its toString
  if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'symbol') return undefined;
  if (typeof key === 'number' && !isArray(object)) key = `${key}`;
  const descriptor = getOwnPropertyDescriptor(object, key as PropertyKey);
  return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor : undefined;
}
