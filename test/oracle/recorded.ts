import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { lexicalThis } from '../../trace-runtime/src/query/derive.ts';
import type { ObjectState, StateReader } from '../../trace-runtime/src/query/state.ts';
import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import type { ScopeInstance } from '../../trace-runtime/src/query/activation.ts';
import { windowOf } from '../../trace-runtime/src/query/typed-arrays.ts';
import * as Q from '../../trace-runtime/src/query/values.ts';
import { ObjectFlag, ObjectKind } from '../../trace-runtime/src/wire/words.ts';
import type { Frame, HeapObject, Property, Scope, Snapshot, Value } from './snapshot.ts';

const KIND_NAMES = Object.fromEntries(Object.entries(ObjectKind).map(([name, code]) => [code, name]));
/** Own properties that the inspector's half leaves out too. */
const SKIPPED: Readonly<Record<string, readonly string[]>> = {
  function: ['length', 'name', 'arguments', 'caller'],
  array: ['length'],
  boxed: ['length'],
  arguments: ['length', 'callee', '@@Symbol.iterator'],
};

/** The state that a replay stands at, of the frames of one file, in the oracle's form. */
export function snapshotOf(replay: StreamReplay, reader: StateReader, path: string): Snapshot {
  const frames = replay.stack.filter((activation) => activation.file.path === path).reverse();
  return {
    frames: frames.map((frame) => frameOf(frame, replay)),
    heap: (id) => {
      const object = reader.object(replay.heap.value(id));
      return object && heapObject(replay, reader, object);
    },
  };
}

function frameOf(activation: Activation, replay: StreamReplay): Frame {
  return {
    functionName: activation.site.name,
    at: activation.site.start,
    position: activation.file.code.start[activation.position] ?? -1,
    arrow: activation.site.kind === 'arrow',
    degraded: activation.file.table.degraded.some(
      ({ at, end }) => at >= activation.site.start && end <= activation.site.end,
    ),
    self: valueOf(lexicalThis(activation.scope)),
    scopes: scopesOf(activation.scope, activation, replay),
  };
}

function scopesOf(innermost: ScopeInstance, activation: Activation, { links }: StreamReplay): Scope[] {
  const list: Scope[] = [];
  for (let scope: ScopeInstance | undefined = innermost; scope; scope = scope.parent) {
    const { scopes, variables } = scope.file.table;
    const site = scopes[scope.scope];
    const instance = scope;
    if (!site) continue;
    const held = new Map(
      site.variables.map((index, slot) => [variables[index]?.name ?? '', valueOf(links.variable(instance, slot))]),
    );
    if (scope === activation.functionScope && activation.argumentsObject && !held.has('arguments'))
      held.set('arguments', valueOf(activation.argumentsObject));
    list.push({
      kind: site.kind,
      start: site.start,
      end: site.end,
      variables: held,
      declared: new Map(site.variables.map((index) => [variables[index]?.name ?? '', variables[index]?.start ?? -1])),
    });
  }
  return list;
}

function valueOf(value: Q.Value): Value {
  switch (typeof value) {
    case 'undefined':
      return { t: 'undefined' };
    case 'boolean':
      return { t: 'boolean', v: value };
    case 'number':
      return { t: 'number', v: Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : `${value}` };
    case 'string':
      return { t: 'string', v: value };
    case 'bigint':
      return { t: 'bigint', v: value.toString() };
    default:
  }
  if (value === null) return { t: 'null' };
  switch (value.kind) {
    case 'object':
      return { t: 'object', id: value.id };
    case 'symbol':
      return { t: 'symbol', id: value.id, v: value.description ?? '' };
    case 'hole':
      return { t: 'hole' };
    case 'uninitialised':
      return { t: 'uninitialised' };
    case 'redacted':
      return { t: 'opaque', v: value.name };
    default:
      return { t: 'opaque', v: '' };
  }
}

function heapObject(replay: StreamReplay, reader: StateReader, object: ObjectState): HeapObject {
  const kind = KIND_NAMES[object.kindCode] ?? 'opaque';
  const held = replay.heap.get(replay.heap.value(object.id));
  const view = held && windowOf(replay.heap, held);
  return {
    kind,
    className: object.typeName,
    prototype: valueOf(object.prototype),
    level:
      object.flags & ObjectFlag.frozen
        ? 3
        : object.flags & ObjectFlag.sealed
          ? 2
          : object.flags & ObjectFlag.notExtensible
            ? 1
            : 0,
    properties: propertiesOf(object, [...(SKIPPED[kind] ?? []), ...oddElements(kind, object).map(([key]) => key)]),
    ...contentsOf(kind, object),
    ...(view && { inner: valueOf(view.buffer), numbers: [view.offset, view.length] }),
    ...(kind === 'function' && { text: functionName(replay, reader, object) }),
  };
}

function functionName(replay: StreamReplay, reader: StateReader, object: ObjectState): string {
  void reader;
  const name = object.properties.find((property) => property.key === 'name')?.value;
  return typeof name === 'string' ? name : (replay.heap.get(replay.heap.value(object.id))?.code?.name ?? '');
}

function propertiesOf(object: ObjectState, skipped: readonly string[]): Property[] {
  return object.properties.flatMap(({ key, value, attributes }): Property[] => {
    const name = typeof key === 'string' ? key : `@@${key.description}`;
    if (skipped.includes(name)) return [];
    if (value instanceof Q.Accessor)
      return [{ key: valueOf(key), get: valueOf(value.get), set: valueOf(value.set), attributes }];
    return [{ key: valueOf(key), value: valueOf(value), attributes }];
  });
}

/** Elements with attributes of their own are among the properties; the inspector's half has all elements together. */
function oddElements(kind: string, { elements, properties }: ObjectState): [key: string, value: Q.Value][] {
  if (elements === undefined || (kind !== 'array' && kind !== 'arguments')) return [];
  return properties.flatMap(({ key, value }): [string, Q.Value][] =>
    typeof key === 'string' && /^\d+$/.test(key) && Number(key) < elements.length && !(value instanceof Q.Accessor)
      ? [[key, value]]
      : [],
  );
}

function elementsOf(kind: string, object: ObjectState): Value[] {
  const elements = object.elements?.map(valueOf) ?? [];
  for (const [key, value] of oddElements(kind, object)) elements[Number(key)] = valueOf(value);
  return elements;
}

/** Of a large and nearly empty array, the elements are among its properties. */
function lengthOf({ elements, properties }: ObjectState): number {
  return elements?.length ?? Number(properties.find(({ key }) => key === 'length')?.value ?? 0);
}

function contentsOf(kind: string, object: ObjectState): Partial<HeapObject> {
  switch (kind) {
    case 'array':
    case 'arguments':
      return { elements: elementsOf(kind, object), numbers: [lengthOf(object)] };
    case 'map':
      return { elements: [...(object.entries ?? [])].flatMap(([key, value]) => [valueOf(key), valueOf(value)]) };
    case 'set':
      return { elements: [...(object.entries?.keys() ?? [])].map(valueOf) };
    case 'proxy':
      return { elements: [valueOf(object.inner), valueOf(object.inner2)] };
    case 'regexp':
      return { text: `/${String(object.inner)}/${String(object.inner2)}` };
    case 'error':
      if (object.inner === Q.opaque) return { unread: true };
      return typeof object.inner === 'string' ? { text: object.inner } : {};
    case 'intrinsic':
      return { text: typeof object.inner === 'string' ? object.inner : '' };
    case 'date':
      return { numbers: [String(object.inner)] };
    case 'boxed':
      return { inner: valueOf(object.inner) };
    case 'arrayBuffer':
      return { text: Buffer.from(object.bytes ?? []).toString('hex') };
    default:
      return {};
  }
}
