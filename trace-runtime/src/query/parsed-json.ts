/** Objects that a recording has as a JSON text. */
import { ObjectKind } from '../wire/words.ts';
import { ownProperties, type Heap, type HeapObject } from './heap.ts';
import type { Value } from './values.ts';

/** Defines all that the text holds, the outermost object with the given id. False where it is no JSON text. */
export function defineParsed(heap: Heap, id: number, text: string, prototype: Value, ofArrays: Value): boolean {
  let result: unknown;
  try {
    result = JSON.parse(text);
  } catch {
    return false;
  }
  const waiting: object[] = [];
  const take = (value: unknown): Value => {
    if (typeof value !== 'object' || value === null) return value as Value;
    waiting.push(value);
    return heap.value(id + waiting.length - 1);
  };
  take(result);
  for (let i = 0; i < waiting.length; i++) {
    const made = heap.define(id + i);
    if (Array.isArray(waiting[i])) fillArray(made, waiting[i] as unknown[], ofArrays, take);
    else fillObject(made, waiting[i] as object, prototype, take);
  }
  return true;
}

function fillArray(made: HeapObject, array: readonly unknown[], prototype: Value, take: (v: unknown) => Value): void {
  made.kind = ObjectKind.array;
  made.className = 'Array';
  made.prototype = prototype;
  made.elements = array.map(take);
}

function fillObject(made: HeapObject, object: object, prototype: Value, take: (v: unknown) => Value): void {
  made.kind = ObjectKind.plain;
  made.className = 'Object';
  made.prototype = prototype;
  for (const [key, value] of Object.entries(object)) ownProperties(made).set(key, take(value));
}
