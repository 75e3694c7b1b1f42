/** Objects where a thread stands, as a graph of references; and when they change. */
import type {
  ObjectChange,
  ObjectChangesAnswer,
  ObjectGraphAnswer,
  ObjectGraphArguments,
  ObjectNodeAnswer,
} from '../../trace-runtime/src/model/object-answers.ts';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { ObjectState, StateReader } from '../../trace-runtime/src/query/state.ts';
import { MUTATIONS, type LastEvent } from '../../trace-runtime/src/query/stream-state.ts';
import type { Position } from '../../trace-runtime/src/query/timeline.ts';
import { ObjectValue, SymbolValue, type Accessor, type Value } from '../../trace-runtime/src/query/values.ts';
import type { RecordedThread } from './recorded-thread.ts';
import type { Progress } from './work.ts';

/** Objects that are drawn, and of those the ones that are opened without being asked to. */
const MOST_NODES = 60;
const OPENED = 10;
const DEEPEST = 3;
/** Properties of an object that are listed. */
const MOST_ROWS = 14;
const WIDTH = 40;
/** Changes that are looked for on each side of where one stands, and milliseconds for that. */
const MOST_CHANGES = 200;
const PATIENCE = 3000;

export function objectGraph(
  thread: RecordedThread,
  { object, opened = [], closed = [] }: ObjectGraphArguments,
): ObjectGraphAnswer {
  const { heap } = thread.timeline.replay;
  const root = heap.value(object);
  if (!(root instanceof ObjectValue) || !heap.isDefined(object)) return { nodes: [], isCut: false };
  const { reader } = thread;
  const [wanted, unwanted] = [new Set(opened), new Set(closed)];
  const found = new Map<number, { readonly value: ObjectValue; readonly depth: number }>();
  found.set(root.id, { value: root, depth: 0 });
  const nodes: ObjectNodeAnswer[] = [];
  let isCut = false;
  // the map grows while it is walked through
  for (const [id, { value, depth }] of found) {
    const state = reader.object(value);
    const rows = state ? rowsOf(reader, state) : [];
    const isFirst = depth < DEEPEST && nodes.length < OPENED && !isQuiet(state);
    const isOpen = wanted.has(id) || id === object || (isFirst && !unwanted.has(id));
    const shown = isOpen ? rows.slice(0, MOST_ROWS) : [];
    for (const { held } of shown) {
      if (!(held instanceof ObjectValue) || found.has(held.id)) continue;
      if (found.size < MOST_NODES) found.set(held.id, { value: held, depth: depth + 1 });
      else isCut = true;
    }
    nodes.push({
      object: id,
      title: titleOf(reader, value, state),
      properties: shown.map(({ name, held }) => ({
        name,
        value: printed(reader, held),
        to: held instanceof ObjectValue && found.has(held.id) ? held.id : null,
      })),
      more: isOpen ? rows.length - shown.length : 0,
      isOpen,
      hasProperties: rows.length > 0,
    });
  }
  return { nodes, isCut };
}

/** Functions and errors say little by what they hold. */
function isQuiet(state: ObjectState | undefined): boolean {
  return state === undefined || state.kind === 'function' || state.kind === 'error';
}

function rowsOf(reader: StateReader, state: ObjectState): { readonly name: string; readonly held: Value | Accessor }[] {
  const { elements, entries, properties, kind } = state;
  const isElement = (key: unknown): boolean =>
    elements !== undefined && (key === 'length' || /^\d+$/.test(String(key)));
  return [
    ...(elements ?? []).map((held, i) => ({ name: String(i), held })),
    ...[...(entries ?? [])].map(([key, held], i) =>
      kind === 'set' ? { name: String(i), held: key } : { name: printed(reader, key), held },
    ),
    ...properties
      .filter(
        ({ key }) =>
          !isElement(key) && !(kind === 'function' && (key === 'length' || key === 'name' || key === 'prototype')),
      )
      .map(({ key, value }) => ({ name: nameOf(key), held: value })),
  ];
}

function nameOf(key: unknown): string {
  return key instanceof SymbolValue ? `[${key.description ?? 'symbol'}]` : String(key);
}

function titleOf(reader: StateReader, value: ObjectValue, state: ObjectState | undefined): string {
  if (!state) return '‹not captured›';
  const size = state.elements?.length ?? state.entries?.size;
  if (size !== undefined) return `${state.typeName || 'Array'}(${size})`;
  if (state.kind === 'record') return state.typeName || 'Object';
  return printed(reader, value);
}

function printed(reader: StateReader, value: Value | Accessor): string {
  const line = printLine(reader, 0, value);
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

/** A change, and where the event that made it stands in the source; undefined of changes by native code. */
interface Found {
  readonly change: Pick<ObjectChange, 'moment' | 'object' | 'key'>;
  readonly at: { readonly file: LoadedFile; readonly op: number } | undefined;
}

/** The thread stands elsewhere afterwards. */
export function* objectChanges(
  thread: RecordedThread,
  places: Places,
  objects: readonly number[],
): Progress<ObjectChangesAnswer> {
  const { timeline } = thread;
  const here = timeline.position;
  const wanted = new Set(objects);
  const sites = sitesOf(thread);
  const after: Found[] = [];
  const until = performance.now() + PATIENCE;
  const isCutAfter = yield* timeline.forward({
    sites,
    event: (event) => {
      if (!changes(event, wanted)) return false;
      after.push(foundIn(event));
      return after.length >= MOST_CHANGES || performance.now() > until;
    },
  });
  const before: Found[] = [];
  const isCutBefore = yield* changesBefore(thread, wanted, sites, here, before);
  const shown: ObjectChange[] = [];
  for (const found of [...before, ...after]) {
    shown.push({ ...found.change, ...placeOf(thread, places, found) });
    yield found.change.moment;
  }
  return { changes: shown, isCut: isCutAfter || isCutBefore };
}

/** The latest ones, in the order of time; whether there are earlier ones. */
function* changesBefore(
  { timeline }: RecordedThread,
  wanted: ReadonlySet<number>,
  sites: ReadonlySet<number>,
  here: Position,
  into: Found[],
): Progress<boolean> {
  const until = performance.now() + PATIENCE;
  for (let place = here; ; place = timeline.position) {
    let last: Found | undefined;
    const isFound = yield* timeline.backward(place, {
      sites,
      event: (event) => {
        if (!changes(event, wanted)) return false;
        last = foundIn(event);
        return true;
      },
    });
    if (!isFound || !last) return false;
    if (into.length >= MOST_CHANGES || performance.now() > until) return true;
    into.unshift(last);
  }
}

function changes({ code, object }: LastEvent, wanted: ReadonlySet<number>): boolean {
  if (code !== EventCode.set && code !== EventCode.delete && code !== EventCode.mutation) return false;
  return object instanceof ObjectValue && wanted.has(object.id);
}

function foundIn({ moment, object, key, code, file, op }: LastEvent): Found {
  return {
    change: { moment: moment + 1, object: (object as ObjectValue).id, key: key === undefined ? null : nameOf(key) },
    at: file && code !== EventCode.mutation ? { file, op } : undefined,
  };
}

/** Native code changes where the call that it made stands. */
function placeOf(
  { timeline, reader }: RecordedThread,
  places: Places,
  { at, change }: Found,
): Pick<ObjectChange, 'path' | 'line'> {
  let place = at;
  if (!place) {
    timeline.seekMoment(change.moment - 1);
    const call = timeline.replay.stack.at(-1);
    place = call && { file: call.file, op: call.position };
  }
  const found = place && places.of(reader, place.file, place.file.code.start[place.op]!);
  return { path: found?.path ?? '', line: found?.line ?? 0 };
}

/** Of everything that writes a property. */
function sitesOf({ files }: RecordedThread): ReadonlySet<number> {
  const sites = new Set<number>([MUTATIONS]);
  for (const { base, table } of files)
    table.ops.forEach((op, index) => {
      if (op.k === 'set' || op.k === 'delete') sites.add(base + index);
    });
  return sites;
}
