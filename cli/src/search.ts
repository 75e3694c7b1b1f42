/** `hindcast search`: where a text or a value occurred. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { ObjectValue } from '../../trace-runtime/src/query/values.ts';
import { findStore } from '../../trace-runtime/src/store/recordings.ts';
import { limitOf, rangeOf, toJson, toLine, toText, walk } from './events.ts';
import { flag, parse, text } from './options.ts';
import { printJson, printLines } from './output.ts';
import { findMatch, type Wanted } from './search-match.ts';
import { openSession } from './session.ts';

const KINDS = { json: 'flag', all: 'flag', value: 'text', from: 'text', to: 'text', limit: 'text' } as const;

export async function search(args: readonly string[]): Promise<number> {
  const parsed = parse(args, KINDS, 2);
  const wantedValue = text(parsed, 'value');
  const [first, second] = parsed.positionals;
  const [wantedText, name] = wantedValue === undefined ? [first, second] : [undefined, first];
  if (wantedText === undefined && wantedValue === undefined)
    throw usage('Search takes a text, or --value with a value such as 42 or "text".');
  const wanted = wantedValue === undefined ? contains(wantedText!) : equals(wantedValue);
  const limit = limitOf(parsed);
  const found: unknown[] = [];
  let more = false;
  for (const each of flag(parsed, 'all') ? allRecordings() : [name]) {
    const session = await openSession(each);
    const places = new Places(session.recording);
    const hits: unknown[] = [];
    const seen = new Set<ObjectValue>();
    for (const event of walk(session, rangeOf(session, parsed))) {
      const match = findMatch(event, wanted, seen);
      if (!match) continue;
      if (found.length + hits.length >= limit) {
        more = true;
        break;
      }
      // of what is printed, which may be long, the line
      const text = event.event.kind === 'output' ? `output ${event.event.descriptor}: ${match.text}` : toText(event);
      const inside = match.path === '' || text.startsWith(`${match.path} = `) ? '' : `: ${match.path} = ${match.text}`;
      hits.push(
        flag(parsed, 'json') ? { ...toJson(event, places), shown: text, match } : toLine(event, places, text + inside),
      );
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

function contains(text: string): Wanted {
  return { text, matches: (value) => typeof value === 'string' && value.includes(text) };
}

/** Of a JSON value; anything else is meant as a string. */
function equals(wanted: string): Wanted {
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
  return { matches: (each) => Object.is(each, value) };
}
