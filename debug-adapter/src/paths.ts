/** Names and property paths, such as `order.items[0]["unit price"]`, looked up in recorded state without running code. */
import type { FrameState, StateReader } from '../../trace-runtime/src/query/state.ts';
import { findVariable } from '../../trace-runtime/src/query/state.ts';
import { Accessor, ObjectValue, hole, type Key, type Value } from '../../trace-runtime/src/query/values.ts';

export type Looked = { readonly value: Value | Accessor } | { readonly fault: string };

const HEAD = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const STEP =
  /^\s*(?:\.\s*(#?[\p{ID_Start}$_][\p{ID_Continue}$]*)|\[\s*(?:(\d+)|("(?:[^"\\]|\\.)*")|'((?:[^'\\]|\\.)*)')\s*\])/u;

export function lookUp(reader: StateReader, frame: FrameState, expression: string): Looked {
  const head = HEAD.exec(expression);
  if (!head) return { fault: 'Only names and property paths can be evaluated.' };
  const name = head[1]!;
  const found = name === 'this' ? { value: frame.this } : findVariable(frame.scopes, name);
  if (found === undefined) return { fault: `${name} is not defined here.` };
  let value: Value | Accessor = found.value;
  let path = name;
  let rest = expression.slice(head[0].length);
  while (rest.trim() !== '') {
    const step = STEP.exec(rest);
    if (!step) return { fault: 'Only names and property paths can be evaluated.' };
    const key = step[1] ?? step[2] ?? (step[3] === undefined ? step[4]! : (JSON.parse(step[3]) as string));
    if (value instanceof Accessor) return { fault: `${path} is an accessor: its getter is not run.` };
    if (value === undefined || value === null) return { fault: `${path} is ${String(value)}.` };
    value = member(reader, value, key);
    path += step[0].trim();
    rest = rest.slice(step[0].length);
  }
  return { value };
}

/** A data property, own or inherited, as far as the recording holds it. */
function member(reader: StateReader, value: Value, key: string): Value | Accessor {
  if (typeof value === 'string') return key === 'length' ? value.length : value[Number(key)];
  for (let next: Value = value; next instanceof ObjectValue;) {
    const object = reader.object(next);
    if (object === undefined) return undefined;
    const element = object.elements?.[Number(key)];
    if (element !== undefined && element !== hole) return element;
    if (key === 'length' && object.elements !== undefined) return object.elements.length;
    if (key === 'size' && object.entries !== undefined) return object.entries.size;
    if (key === 'stack' && object.kind === 'error') return object.inner;
    const own = object.properties.find((property) => property.key === key);
    if (own !== undefined) return own.value;
    next = object.prototype;
  }
  return undefined;
}

/** Names that can follow what was typed so far: variables, or properties of the path before the last dot. */
export function completions(reader: StateReader, frame: FrameState, typed: string): string[] {
  const dot = typed.lastIndexOf('.');
  const prefix = typed.slice(dot + 1);
  const names = new Set<string>();
  if (dot < 0) for (const scope of frame.scopes) for (const { name } of scope.variables) names.add(name);
  else {
    const looked = lookUp(reader, frame, typed.slice(0, dot));
    const keys = 'value' in looked ? inheritedKeys(reader, looked.value) : [];
    for (const key of keys) if (typeof key === 'string' && !/^\d/.test(key)) names.add(key);
  }
  return [...names].filter((name) => name.startsWith(prefix)).sort();
}

function inheritedKeys(reader: StateReader, value: Value | Accessor): Key[] {
  const keys: Key[] = [];
  for (let next: Value | Accessor = value; next instanceof ObjectValue;) {
    const object = reader.object(next);
    if (object === undefined) break;
    keys.push(...object.properties.map(({ key }) => key));
    next = object.prototype;
  }
  return keys;
}
