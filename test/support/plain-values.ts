import { types } from 'node:util';
import { ObjectKind } from '../../trace-runtime/src/wire/words.ts';
import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { Accessor, ObjectValue, SymbolValue, hole, isPrimitive } from '../../trace-runtime/src/query/values.ts';
import type { Value } from '../../trace-runtime/src/query/values.ts';

/** A value as nested plain data: real and replayed values of equal contents give equal data. Cycles become numbers. */
export type PlainValue = unknown;

const HIDDEN = new Set(['name', 'length', 'prototype', 'arguments', 'caller', 'stack']);

/** Of a value of the running program. */
export function plainOfReal(value: unknown): PlainValue {
  const seen = new Map<object, number>();
  const convert = (v: unknown): PlainValue => {
    if (typeof v === 'symbol') return { symbol: v.description };
    if (v === null || (typeof v !== 'object' && typeof v !== 'function')) return v;
    const known = seen.get(v);
    if (known !== undefined) return { seen: known };
    seen.set(v, seen.size);
    if (typeof v === 'function') return { kind: 'function', name: v.name, length: v.length };
    if (types.isPromise(v)) return { kind: 'promise' };
    if (types.isGeneratorObject(v)) return { kind: 'generator' };
    const properties: Record<string, PlainValue> = {};
    for (const key of Reflect.ownKeys(v)) {
      if (typeof key === 'string' && (HIDDEN.has(key) || (isIndexed(v) && /^\d+$/.test(key)))) continue;
      const descriptor = Object.getOwnPropertyDescriptor(v, key)!;
      properties[String(key)] = 'value' in descriptor ? convert(descriptor.value) : 'accessor';
    }
    return { class: classOf(v), ...innards(v, convert), properties };
  };
  return convert(value);
}

function isIndexed(value: object): boolean {
  return Array.isArray(value) || types.isTypedArray(value) || types.isArgumentsObject(value);
}

function innards(value: object, convert: (v: unknown) => PlainValue): object {
  if (types.isTypedArray(value)) return { elements: Array.from(value as unknown as ArrayLike<number>) };
  if (isIndexed(value)) {
    const list = value as unknown as ArrayLike<unknown>;
    return { elements: Array.from({ length: list.length }, (_, i) => (i in list ? convert(list[i]) : 'hole')) };
  }
  if (types.isMap(value)) return { entries: [...value].map(([k, v]) => [convert(k), convert(v)]) };
  if (types.isSet(value)) return { entries: [...value].map((k) => [convert(k), undefined]) };
  if (types.isDate(value)) return { inner: value.getTime() };
  if (types.isRegExp(value)) return { inner: value.source };
  if (types.isBoxedPrimitive(value)) return { inner: convert(value.valueOf()) };
  return {};
}

function classOf(value: object): string {
  if (types.isArgumentsObject(value)) return 'Arguments';
  for (let at: unknown = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof constructor === 'function') return constructor.name;
  }
  return '';
}

const SHOWN_INNER: ReadonlySet<number> = new Set([ObjectKind.date, ObjectKind.regexp, ObjectKind.boxed]);

/** Of a value of a replay, as it is at the replay's moment. */
export function plainOfReplayed(replay: StreamReplay, value: Value): PlainValue {
  const reader = new StateReader(replay);
  const seen = new Map<ObjectValue, number>();
  const convert = (v: Value | Accessor): PlainValue => {
    if (v instanceof Accessor) return 'accessor';
    if (v instanceof SymbolValue) return { symbol: v.description };
    if (v === hole) return 'hole';
    if (isPrimitive(v)) return v;
    if (!(v instanceof ObjectValue)) return { [v.kind]: true };
    const known = seen.get(v);
    if (known !== undefined) return { seen: known };
    seen.set(v, seen.size);
    const state = reader.object(v);
    if (state === undefined) return { unknown: v.id };
    if (state.kindCode === ObjectKind.function) {
      const own = (key: string) => state.properties.find((p) => p.key === key)?.value;
      return { kind: 'function', name: own('name'), length: own('length') };
    }
    if (state.kindCode === ObjectKind.promise) return { kind: 'promise' };
    if (state.kindCode === ObjectKind.generator) return { kind: 'generator' };
    const properties: Record<string, PlainValue> = {};
    for (const { key, value: contents } of state.properties) {
      if (typeof key === 'string' && (HIDDEN.has(key) || key.startsWith('#'))) continue;
      properties[typeof key === 'string' ? key : `Symbol(${key.description ?? ''})`] = convert(contents);
    }
    return {
      class: state.kindCode === ObjectKind.arguments ? 'Arguments' : state.typeName,
      ...(state.elements !== undefined && { elements: state.elements.map(convert) }),
      ...(state.entries !== undefined && { entries: [...state.entries].map(([k, e]) => [convert(k), convert(e)]) }),
      ...(SHOWN_INNER.has(state.kindCode) && { inner: convert(state.inner) }),
      properties,
    };
  };
  return convert(value);
}
