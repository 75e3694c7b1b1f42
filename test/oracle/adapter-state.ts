/** Compares what the debug adapter shows with what V8's inspector shows at the same pause. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { valuePrinter } from '../../trace-runtime/src/query/print-value.ts';
import type { Client } from '../support/dap-client.ts';
import { WRAPPER } from './observe.ts';
import type { Frame, HeapObject, Snapshot, Value } from './snapshot.ts';

export interface Compared {
  values: number;
  opaque: number;
  readonly differences: string[];
}

const DEPTH = 3;
const NOT_CAPTURED = '‹not captured›';
const NOT_INITIALISED = '‹not yet initialised›';

/** A snapshot that stays when the program goes on: what is reachable to the depth that is compared. */
export function keep({ frames, heap }: Snapshot): Snapshot {
  const kept = new Map<number, HeapObject>();
  const visit = (value: Value | undefined, depth: number): void => {
    if (value?.t !== 'object' || kept.has(value.id)) return;
    const object = heap(value.id);
    if (!object) return;
    kept.set(value.id, object);
    if (depth === 0) return;
    for (const property of object.properties) visit(property.value, depth - 1);
    for (const element of object.elements ?? []) visit(element, depth - 1);
    visit(object.inner, depth - 1);
  };
  for (const { scopes, self } of frames) {
    visit(self, DEPTH);
    for (const { variables } of scopes) for (const value of variables.values()) visit(value, DEPTH);
  }
  return { frames, heap: (id) => kept.get(id) };
}

export async function compareState(
  client: Client,
  threadId: number,
  file: string,
  snapshot: Snapshot,
): Promise<Compared> {
  const found: Compared = { values: 0, opaque: 0, differences: [] };
  const shown = await client.frames(threadId);
  const cut = shown.findIndex(({ presentationHint }) => presentationHint === 'label');
  const running = (cut < 0 ? shown : shown.slice(0, cut)).filter(({ source }) => source?.path === file);
  check(found, 'frames', String(snapshot.frames.length), String(running.length));
  for (const [i, frame] of snapshot.frames.entries()) {
    const other = running[i];
    if (other) await compareFrame(client, found, frame, other, snapshot);
  }
  return found;
}

async function compareFrame(
  client: Client,
  found: Compared,
  frame: Frame,
  { id: frameId, name }: DebugProtocol.StackFrame,
  snapshot: Snapshot,
): Promise<void> {
  // a computed name is known to V8 alone
  if (frame.functionName && name !== '(anonymous)' && !/^\[|\.[cm]?[jt]s$/.test(name))
    check(
      found,
      'function',
      frame.functionName
        .split('.')
        .at(-1)!
        .replace(/^[gs]et /, ''),
      name
        .split('.')
        .at(-1)!
        .replace(/^[gs]et /, ''),
    );
  const { scopes } = (await client.scopesRequest({ frameId })).body;
  const lists: DebugProtocol.Variable[][] = [];
  for (const scope of scopes) if (!scope.expensive) lists.push((await client.variablesRequest(scope)).body.variables);
  const taken = new Map<string, number>();
  for (const scope of frame.scopes) {
    for (const [variable, value] of scope.variables) {
      if (WRAPPER.has(variable) || variable === 'arguments') continue;
      const having = lists.flatMap((list) => list.filter((each) => each.name === variable));
      const nth = taken.get(variable) ?? 0;
      taken.set(variable, nth + 1);
      const candidates = having.length > nth ? [having[nth]!, ...having] : having;
      const isEmpty = value.t === 'undefined' || value.t === 'uninitialised';
      const path = `${frame.functionName || '(anonymous)'}.${variable}`;
      if (candidates.length === 0) {
        if (!isEmpty) check(found, path, brief(value), 'no such variable');
        continue;
      }
      // V8 keeps what it likes in a binding that its declaration has not reached
      if (candidates[0]!.value === NOT_INITIALISED) {
        found.values++;
        continue;
      }
      // the same name in scopes around each other, of which V8 shows those that are in use
      const tries: Compared[] = [];
      for (const candidate of new Set(candidates)) {
        const attempt: Compared = { values: 0, opaque: 0, differences: [] };
        await compareValue(client, attempt, path, value, candidate, snapshot, DEPTH, new Set());
        tries.push(attempt);
        if (attempt.differences.length === 0) break;
      }
      const best = tries.find(({ differences }) => differences.length === 0) ?? tries[0]!;
      found.values += best.values;
      found.opaque += best.opaque;
      found.differences.push(...best.differences);
    }
  }
}

async function compareValue(
  client: Client,
  found: Compared,
  path: string,
  value: Value,
  shown: DebugProtocol.Variable,
  snapshot: Snapshot,
  depth: number,
  seen: Set<number>,
): Promise<void> {
  if (shown.value === NOT_CAPTURED || shown.value.startsWith('‹secret')) {
    found.values++;
    found.opaque++;
    return;
  }
  if (value.t !== 'object') return check(found, path, textOf(value), shown.value);
  found.values++;
  const object = snapshot.heap(value.id);
  if (!object || depth === 0 || seen.has(value.id) || !DEEP.has(object.kind)) return;
  if (shown.variablesReference === 0) {
    found.differences.push(`${path}: inspector an object | adapter ${shown.value}`);
    return;
  }
  seen.add(value.id);
  const children = (await client.variablesRequest({ variablesReference: shown.variablesReference })).body.variables;
  const byName = new Map(children.map((child) => [child.name, child]));
  // what the adapter itself says it does not know whole
  if (byName.has('[[Recorded]]')) {
    found.opaque++;
    return;
  }
  if (object.kind === 'array') {
    const elements = object.elements ?? [];
    const indexed = children.filter(({ name }) => /^\d+$/.test(name));
    check(found, `${path}.length`, String(elements.length), String(indexed.length));
    for (const [i, element] of elements.entries()) {
      const child = byName.get(String(i));
      if (child && element.t !== 'hole')
        await compareValue(client, found, `${path}[${i}]`, element, child, snapshot, depth - 1, seen);
    }
  }
  if (object.kind === 'map' || object.kind === 'set') {
    const entries = byName.get('[[Entries]]');
    const list = entries
      ? (await client.variablesRequest({ variablesReference: entries.variablesReference })).body.variables
      : [];
    const values = (object.elements ?? []).filter((_, i) => object.kind === 'set' || i % 2 === 1);
    check(found, `${path}.size`, String(values.length), String(list.length));
    for (const [i, each] of values.entries())
      if (list[i]) await compareValue(client, found, `${path}{${i}}`, each, list[i], snapshot, depth - 1, seen);
  }
  for (const property of object.properties) {
    if (property.key.t !== 'string' || property.value === undefined) continue;
    const name = property.key.v;
    if (SKIPPED.has(name)) continue;
    const child = byName.get(name);
    const at = `${path}.${name}`;
    if (child) await compareValue(client, found, at, property.value, child, snapshot, depth - 1, seen);
    else check(found, at, brief(property.value), 'no such property');
  }
}

/** Kinds whose contents are compared; the recorder's own oracle compares the rest. */
const DEEP: ReadonlySet<string> = new Set(['plain', 'array', 'map', 'set', 'error']);
/** Of Node's numbering, or shown in another way. */
const SKIPPED: ReadonlySet<string> = new Set(['length', 'stack', 'pid', 'message']);

const printer = valuePrinter({ object: () => undefined }, 1);

function textOf(value: Value): string {
  switch (value.t) {
    case 'undefined':
      return 'undefined';
    case 'null':
      return 'null';
    case 'uninitialised':
      return NOT_INITIALISED;
    case 'hole':
      return '‹empty›';
    case 'number':
      return String(value.v);
    case 'bigint':
      return `${value.v}n`;
    case 'symbol':
      return value.v.startsWith('Symbol.') ? value.v : `Symbol(${value.v})`;
    case 'string':
      return printer.print(value.v, 0).replace(/\n\s*/g, ' ');
    default:
      return 'v' in value ? String(value.v) : value.t;
  }
}

function check(found: Compared, path: string, inspector: string, adapter: string): void {
  found.values++;
  if (inspector !== adapter) found.differences.push(`${path}: inspector ${inspector} | adapter ${adapter}`);
}

function brief(value: Value): string {
  return value.t === 'object' ? 'an object' : textOf(value);
}
