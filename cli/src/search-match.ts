/** Where in an event a text or a value is that was searched for: in what it shows itself, or deep in an object. */
import { stripVTControlCharacters } from 'node:util';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import type { ReplayEvent } from '../../trace-runtime/src/query/events.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import type { StateReader } from '../../trace-runtime/src/query/state.ts';
import { Accessor, ObjectValue, type Key, type Value } from '../../trace-runtime/src/query/values.ts';
import type { Found } from './events.ts';

/** What is searched for: whether a value is it, and of a text the piece that shows it. */
export interface Wanted {
  matches(value: Value): boolean;
  readonly text?: string;
}

export interface Match {
  /** `basket.lines[0].name`, from what the event shows; empty where that is it */
  readonly path: string;
  /** what is there, on one line and cut around what was searched for */
  readonly text: string;
}

/** A value and the way to it, which is put into words only for what is found. */
interface Met {
  readonly value: Value;
  readonly step: () => string;
  readonly from?: Met | undefined;
}

const FIELDS = ['value', 'object', 'key', 'text', 'detail', 'operation'] as const;

/** `seen`: objects that were looked into when they were met first; what changes in them afterwards is an event of its own. */
export function findMatch({ event, replay, reader }: Found, wanted: Wanted, seen: Set<ObjectValue>): Match | undefined {
  const fields = event as ReplayEvent & Readonly<Record<string, unknown>>;
  const met: Met[] = FIELDS.filter((field) => field in fields).map((field) => ({
    value: fields[field] as Value,
    step: () => (field === 'value' ? subject(event) : ''),
  }));
  if (event.kind === 'enter') met.push(...given(replay.stack.at(-1)));
  let match: Met | undefined;
  while (met.length > 0) {
    const at = met.pop()!;
    const { value } = at;
    if (match === undefined && wanted.matches(value)) match = at;
    if (!(value instanceof ObjectValue) || seen.has(value)) continue;
    seen.add(value);
    met.push(...partsOf(reader, at, value));
  }
  return match && { path: pathOf(match), text: shown(reader, match.value, wanted.text) };
}

function partsOf(reader: StateReader, from: Met, value: ObjectValue): Met[] {
  const object = reader.object(value);
  if (object === undefined || object.kind === 'function' || object.kind === 'opaque') return [];
  const parts: Met[] = [];
  for (const { key, value: held } of object.properties)
    if (!(held instanceof Accessor)) parts.push({ value: held, step: () => stepOf(key), from });
  (object.elements ?? []).forEach((held, index) => parts.push({ value: held, step: () => `[${index}]`, from }));
  for (const [key, held] of object.entries ?? []) {
    const name = (): string => printLine(reader, 0, key);
    parts.push(
      { value: key, step: () => ` key ${name()}`, from },
      { value: held, step: () => `.get(${name()})`, from },
    );
  }
  return parts;
}

/** The first name of the path. */
function subject(event: ReplayEvent): string {
  if (event.kind === 'write' || event.kind === 'closure') return event.variable;
  if (event.kind === 'throw' || event.kind === 'catch' || event.kind === 'uncaught') return 'error';
  return event.kind === 'this' ? 'this' : '';
}

/** What a call was given. */
function given(call: Activation | undefined): Met[] {
  if (call === undefined) return [];
  const { variables, scopes } = call.file.table;
  const own = scopes[call.functionScope.scope]!.variables;
  return call.functionScope.values.flatMap((value, slot) => {
    const variable = variables[own[slot]!];
    return variable?.kind === 'parameter' ? [{ value, step: () => variable.name }] : [];
  });
}

function stepOf(key: Key): string {
  if (typeof key !== 'string') return '[symbol]';
  return /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function pathOf(match: Met): string {
  const steps: string[] = [];
  for (let at: Met | undefined = match; at; at = at.from) steps.unshift(at.step());
  return steps.join('');
}

const WIDTH = 80;
/** How much of what stands before it is shown of a text. */
const BEFORE = 20;

function shown(reader: StateReader, value: Value, wanted: string | undefined): string {
  if (typeof value !== 'string' || wanted === undefined) return printLine(reader, 1, value);
  const at = value.indexOf(wanted);
  const start = value.lastIndexOf('\n', at) + 1;
  const [line = ''] = /^[^\n]*/.exec(value.slice(at + wanted.length)) ?? [];
  const before = stripVTControlCharacters(value.slice(start, at)).trimStart();
  const after = stripVTControlCharacters(wanted.split('\n')[0]! + line);
  const cut = `${before.length > BEFORE ? `…${before.slice(-BEFORE)}` : before}${after}`.trimEnd();
  const short = cut.length > WIDTH ? `${cut.slice(0, WIDTH - 1)}…` : cut;
  return value === wanted || short === value ? printLine(reader, 1, value) : short;
}
