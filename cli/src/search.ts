/** `hindcast search`: where a text or a value occurred. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import type { ReplayEvent } from '../../trace-runtime/src/query/events.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { Accessor, ObjectValue, type Value } from '../../trace-runtime/src/query/values.ts';
import { findStore } from '../../trace-runtime/src/store/recordings.ts';
import { limitOf, rangeOf, toJson, toLine, toText, walk, type Found } from './events.ts';
import { flag, parse, text } from './options.ts';
import { printJson, printLines } from './output.ts';
import { openSession } from './session.ts';

const KINDS = { json: 'flag', all: 'flag', value: 'text', from: 'text', to: 'text', limit: 'text' } as const;

type Matches = (value: Value) => boolean;

export async function search(args: readonly string[]): Promise<number> {
  const parsed = parse(args, KINDS, 2);
  const wantedValue = text(parsed, 'value');
  const [first, second] = parsed.positionals;
  const [wantedText, name] = wantedValue === undefined ? [first, second] : [undefined, first];
  if (wantedText === undefined && wantedValue === undefined)
    throw usage('Search takes a text, or --value with a value such as 42 or "text".');
  const matches = wantedValue === undefined ? contains(wantedText!) : equals(wantedValue);
  const limit = limitOf(parsed);
  const found: unknown[] = [];
  let more = false;
  for (const each of flag(parsed, 'all') ? allRecordings() : [name]) {
    const session = await openSession(each);
    const places = new Places(session.recording);
    const hits: unknown[] = [];
    const seen = new Set<ObjectValue>();
    for (const event of walk(session, rangeOf(session, parsed))) {
      if (!isFound(event, matches, seen)) continue;
      if (found.length + hits.length >= limit) {
        more = true;
        break;
      }
      hits.push(flag(parsed, 'json') ? { ...toJson(event, places), shown: toText(event) } : toLine(event, places));
    }
    const { folder } = session.recording;
    if (flag(parsed, 'json')) found.push(...hits.map((hit) => ({ recording: folder, ...(hit as object) })));
    else if (flag(parsed, 'all') && hits.length > 0) found.push(`${path.basename(folder)}:`, ...hits);
    else found.push(...hits);
  }
  if (flag(parsed, 'json')) printJson({ found, more });
  else if (found.length === 0) printLines(['Nothing was found.']);
  else printLines([...(found as string[]), ...(more ? ['… more: --from and --limit choose others'] : [])]);
  return 0;
}

/** Oldest first. */
function allRecordings(): string[] {
  const store = findStore(process.cwd());
  if (store === undefined) return [];
  return readdirSync(store, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => path.join(store, name))
    .sort();
}

function contains(wanted: string): Matches {
  return (value) => typeof value === 'string' && value.includes(wanted);
}

/** Of a JSON value; anything else is meant as a string. */
function equals(wanted: string): Matches {
  let value: unknown = wanted;
  if (wanted === 'undefined') value = undefined;
  else if (wanted === 'NaN') value = Number.NaN;
  else if (/^-?\d+n$/.test(wanted)) value = BigInt(wanted.slice(0, -1));
  else
    try {
      value = JSON.parse(wanted);
    } catch {
      // a bare word
    }
  if (typeof value === 'object' && value !== null) throw usage('--value takes a primitive value.');
  return (each) => Object.is(each, value);
}

const FIELDS = ['value', 'object', 'key', 'text', 'detail', 'operation'] as const;

/** `seen`: objects that were looked into when they were met first; what changes in them afterwards is an event of its own. */
function isFound({ event, replay, reader }: Found, matches: Matches, seen: Set<ObjectValue>): boolean {
  const fields = event as ReplayEvent & Readonly<Record<string, unknown>>;
  const met: Value[] = FIELDS.filter((field) => field in fields).map((field) => fields[field] as Value);
  if (event.kind === 'enter') met.push(...given(replay.stack.at(-1)));
  let isMet = false;
  while (met.length > 0) {
    const value = met.pop();
    if (matches(value)) isMet = true;
    if (!(value instanceof ObjectValue) || seen.has(value)) continue;
    seen.add(value);
    const object = reader.object(value);
    if (object === undefined || object.kind === 'function' || object.kind === 'opaque') continue;
    for (const { value: held } of object.properties) if (!(held instanceof Accessor)) met.push(held);
    met.push(...(object.elements ?? []));
    for (const [key, held] of object.entries ?? []) met.push(key, held);
  }
  return isMet;
}

/** What a call was given. */
function given(call: Activation | undefined): Value[] {
  if (call === undefined) return [];
  const { variables, scopes } = call.file.table;
  const own = scopes[call.functionScope.scope]!.variables;
  return call.functionScope.values.filter((_, slot) => variables[own[slot]!]?.kind === 'parameter');
}
