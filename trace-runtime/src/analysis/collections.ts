/** Values in the language's collections: what their methods gave, and which element or argument it came from. */
import { ObjectKind } from '../wire/words.ts';
import type { HeapObject } from '../query/heap.ts';
import { truthy } from '../query/derive.ts';
import { hole, isPrimitive, ObjectValue, opaque, type Value } from '../query/values.ts';
import type { NativeCall } from './calls.ts';
import { isKnown } from './primitives.ts';
import type { Reenactment } from './reenact.ts';

/** What a method of an array, a Map or a Set gave, where the recording tells. */
export function nativeResult(re: Reenactment, call: NativeCall): Value {
  const { receiver, name } = call.callee;
  const object = contentsBefore(re, receiver, call.before);
  if (!object) return opaque;
  if (object.elements && object.kind === ObjectKind.array) return ofArray(object.elements, call, name);
  if (object.entries) return ofEntries(object.entries, call, name);
  return object.kind === ObjectKind.date && typeof object.inner === 'number' ? ofDate(object.inner, name) : opaque;
}

/** What an object held before so many of the run's happenings were over. */
export function contentsBefore(re: Reenactment, value: Value, before: number): HeapObject | undefined {
  if (!(value instanceof ObjectValue)) return undefined;
  re.standAfter(before);
  return re.traced.timeline.replay.heap.get(value);
}

/** Whether a method of that name is the language's, of an array, a Map, a Set, a date or a pattern. */
export function isLanguages(re: Reenactment, value: Value, before: number | undefined, name: string): boolean {
  const object = contentsBefore(re, value, before ?? 0);
  if (!object || object.properties.has(name)) return false;
  const has = ({ prototype }: { readonly prototype: object }): boolean => Object.hasOwn(prototype, name);
  if (object.elements) return has(Array);
  if (object.entries) return has(Map) || has(Set);
  return object.kind === ObjectKind.date ? has(Date) : object.kind === ObjectKind.regexp && has(RegExp);
}

/** What does not depend on a time zone. */
function ofDate(time: number, name: string): Value {
  if (!/^(?:getTime|valueOf|toISOString|toJSON|getUTC\w+)$/.test(name)) return opaque;
  const method = (Date.prototype as unknown as Record<string, unknown>)[name];
  // an invalid date has no text
  return typeof method === 'function' && !Number.isNaN(time) ? (method.call(new Date(time)) as Value) : opaque;
}

function element(elements: readonly Value[], index: number): Value {
  const value = index in elements ? elements[index] : undefined;
  return value === hole ? undefined : value;
}

function ofArray(elements: readonly Value[], { values, inner }: NativeCall, name: string): Value {
  const [first] = values;
  switch (name) {
    case 'pop':
      return element(elements, elements.length - 1);
    case 'shift':
      return element(elements, 0);
    case 'at':
      if (typeof first !== 'number') return opaque;
      return element(elements, first < 0 ? elements.length + first : first);
    case 'push':
    case 'unshift':
      return elements.length + values.length;
    case 'includes':
      return elements.every((each) => isKnown(each)) && isKnown(first) ? elements.includes(first) : opaque;
    case 'indexOf':
      return elements.every((each) => isKnown(each)) && isKnown(first) && values.length === 1
        ? elements.indexOf(first)
        : opaque;
    case 'join': {
      if (!elements.every((each) => isPrimitive(each)) || !(first === undefined || isPrimitive(first))) return opaque;
      return elements.join(first === undefined ? undefined : String(first));
    }
    case 'forEach':
      return undefined;
    case 'find':
    case 'findLast': {
      const index = found(
        elements.length,
        name === 'findLast',
        inner.map(({ value }) => value),
      );
      return index === undefined ? opaque : index < 0 ? undefined : element(elements, index);
    }
    case 'findIndex':
    case 'findLastIndex':
      return (
        found(
          elements.length,
          name === 'findLastIndex',
          inner.map(({ value }) => value),
        ) ?? opaque
      );
    case 'some':
    case 'every': {
      const last = inner.at(-1);
      if (!last) return elements.length === 0 ? name === 'every' : opaque;
      return truthy(last.value) ?? opaque;
    }
    case 'reduce':
    case 'reduceRight': {
      const last = inner.at(-1);
      if (last) return last.value;
      if (values.length > 1) return elements.length === 0 ? values[1] : opaque;
      return elements.length === 1 ? element(elements, 0) : opaque;
    }
    // they give the array that they changed
    default:
      return opaque;
  }
}

/** The index at which a search ended, given what its function returned; -1 where it found nothing. */
export function found(length: number, backward: boolean, answers: readonly Value[]): number | undefined {
  const last = answers.length === 0 ? false : truthy(answers.at(-1));
  if (last === undefined || answers.length > length) return undefined;
  if (!last) return answers.length === length ? -1 : undefined;
  return backward ? length - answers.length : answers.length - 1;
}

function ofEntries(entries: ReadonlyMap<Value, Value>, { values: [first] }: NativeCall, name: string): Value {
  if (!isKnown(first)) return opaque;
  const key = Object.is(first, -0) ? 0 : first;
  switch (name) {
    case 'get':
      return entries.get(key);
    case 'has':
      return entries.has(key);
    default:
      return opaque;
  }
}
