/** `hindcast events`: what happened, event by event, stream by stream. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { eventsOf, type ReplayEvent } from '../../trace-runtime/src/query/events.ts';
import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import type { Value } from '../../trace-runtime/src/query/values.ts';
import { placeJson } from './failure-view.ts';
import { jsonValues } from '../../trace-runtime/src/query/json-value.ts';
import { flag, parse, text, texts, type Parsed } from './options.ts';
import { printJson, printLines } from './output.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { displayPlace } from './display-place.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import { isModuleBody, shownFunction } from '../../trace-runtime/src/query/shown-function.ts';
import { openSession, type Place, type Session } from './session.ts';

export interface Range {
  readonly from: Place;
  readonly to: Place;
}

export interface Found {
  readonly stream: number;
  readonly replay: StreamReplay;
  readonly reader: StateReader;
  readonly event: ReplayEvent;
}

const KINDS = {
  json: 'flag',
  from: 'text',
  to: 'text',
  limit: 'text',
  kind: 'texts',
  log: 'text',
  'allow-evaluate': 'flag',
} as const;
const LIMIT = 200;

export async function events(args: readonly string[]): Promise<number> {
  const parsed = parse(args, KINDS, 2);
  const log = text(parsed, 'log');
  if (log !== undefined) return (await import('./log.ts')).log(parsed, log);
  if (parsed.positionals.length > 1) throw usage(`There is an argument too many: ${parsed.positionals[1]}.`);
  const session = await openSession(parsed.positionals[0]);
  const limit = limitOf(parsed);
  const kinds = new Set(texts(parsed, 'kind'));
  const range = rangeOf(session, parsed);
  const places = new Places(session.recording);
  const shown: unknown[] = [];
  let more = false;
  for (const found of walk(session, range)) {
    if (kinds.size > 0 && !kinds.has(found.event.kind)) continue;
    if (shown.length >= limit) {
      more = true;
      break;
    }
    shown.push(flag(parsed, 'json') ? toJson(found, places) : toLine(found, places));
  }
  if (flag(parsed, 'json')) printJson({ recording: session.recording.folder, events: shown, more });
  else printLines([...(shown as string[]), ...(more ? [`… more: --from and --limit choose others`] : [])]);
  return 0;
}

export function limitOf(parsed: Parsed): number {
  const given = Number(text(parsed, 'limit') ?? LIMIT);
  if (!Number.isInteger(given) || given < 0) throw usage('--limit takes a number from 0.');
  return given === 0 ? Infinity : given;
}

export function rangeOf(session: Session, parsed: Parsed): Range {
  const from = text(parsed, 'from');
  const to = text(parsed, 'to');
  const inCase = session.caseName === undefined ? undefined : session.case();
  const part = session.part();
  const first = inCase ? { stream: inCase.stream, moment: inCase.facts.first } : { stream: 1, moment: part.from ?? 0 };
  const last = inCase
    ? { stream: inCase.stream, moment: inCase.facts.last ?? Infinity }
    : { stream: session.recording.streams.length, moment: part.to ?? Infinity };
  return { from: from === undefined ? first : session.place(from), to: to === undefined ? last : session.place(to) };
}

export function* walk(session: Session, { from, to }: Range): Generator<Found> {
  for (let stream = from.stream; stream <= to.stream; stream++) {
    const replay = session.replayTo({ stream, moment: stream === from.stream ? from.moment : 0 });
    const reader = new StateReader(replay);
    const until = stream === to.stream ? to.moment : Infinity;
    for (const event of eventsOf(replay, until)) yield { stream, replay, reader, event };
  }
}

/** `text`: what happened. */
export function toLine(found: Found, places: Places, text = toText(found)): string {
  const { stream, reader, event } = found;
  const moment = `${stream}:${event.moment}`.padEnd(10);
  const place = event.file && event.start >= 0 ? displayPlace(places.of(reader, event.file, event.start)) : '';
  const indent = '  '.repeat(Math.min(20, Math.max(0, event.depth - 1)));
  return `${moment}${indent}${text}${place ? `  ${place}` : ''}`;
}

/** What happened, in one line. */
export function toText({ reader, event }: Found): string {
  return describe(event, (value) => printLine(reader, 1, value));
}

function describe(event: ReplayEvent, print: (value: Value) => string): string {
  const name = (): string => shownFunction(event.functionName, isModuleBody(event.file, event.start));
  switch (event.kind) {
    case 'enter':
      return `enter ${name()}`;
    case 'exit':
      return `exit ${name()}: ${print(event.value)}`;
    case 'abrupt':
      return `left by a throw: ${name()}`;
    case 'return':
      return `return ${print(event.value)}`;
    case 'suspend':
      return `suspend ${name()}: ${print(event.value)}`;
    case 'resume':
      return `resume ${name()}`;
    case 'write':
    case 'closure':
      return `${event.variable} = ${print(event.value)}`;
    case 'set':
      return `${print(event.object)}[${print(event.key)}] = ${print(event.value)}`;
    case 'delete':
      return `delete ${print(event.object)}[${print(event.key)}]`;
    case 'this':
      return `this = ${print(event.value)}`;
    case 'branch':
      return 'branch';
    case 'throw':
      return `throw ${print(event.value)}`;
    case 'catch':
      return `catch ${print(event.value)}`;
    case 'finally':
      return 'finally';
    case 'value':
      return `= ${print(event.value)}`;
    case 'mutation':
      return `changed by native code: ${print(event.object)}`;
    case 'output':
      return `output ${event.descriptor}: ${print(event.text)}`;
    case 'boundary':
      return `${event.operation}: ${print(event.detail)}`;
    case 'uncaught':
      return `uncaught ${event.reason}: ${print(event.value)}`;
  }
}

const VALUE_FIELDS = ['value', 'object', 'key', 'text', 'detail'] as const;

export function toJson({ stream, reader, event }: Found, places: Places) {
  const { file, start, end: _end, ...rest } = event;
  const values = jsonValues(reader);
  const fields = rest as Readonly<Record<string, unknown>>;
  const encoded = VALUE_FIELDS.filter((name) => name in fields).map((name) => [
    name,
    values.value(fields[name] as Value),
  ]);
  const place = file && start >= 0 ? placeJson(places.of(reader, file, start)) : null;
  return { stream, ...rest, place, ...Object.fromEntries(encoded) };
}
