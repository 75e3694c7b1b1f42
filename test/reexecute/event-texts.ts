/** Every event of a thread as a text, so that two runs can be compared: objects are numbered as they come into sight. */
import { describeEvent, type ReplayEvent } from '../../trace-runtime/src/query/events.ts';
import { Overview } from '../../trace-runtime/src/query/overview.ts';
import { openStream, type StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { ObjectValue, SymbolValue, type Accessor, type Value } from '../../trace-runtime/src/query/values.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { openWords, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';

export interface EventTexts {
  readonly texts: readonly string[];
  /** of each text, the tick it is in */
  readonly ticks: readonly number[];
  /** what the reader found wrong */
  readonly problems: readonly string[];
}

/** Parts of an object that are looked at when it comes into sight. */
const PARTS = 50;

/** Where Node keeps how long a timer waits, and for what. */
const OF_TIMERS = /^_(?:idle|repeat|on(?:Immediate|Timeout)$|timerArgs$|argv$)/;

/** `boundary`: with the records of the boundary, but for those of light recordings alone. */
export function eventTexts(recording: Recording, stream: RecordedStream, options: TextOptions = {}): EventTexts {
  const texts: string[] = [];
  const ticks: number[] = [];
  const problems: string[] = [];
  for (const { text, tick } of eachText(recording, stream, options, problems)) {
    texts.push(text);
    ticks.push(tick);
  }
  return { texts, ticks, problems };
}

interface TextOptions {
  readonly boundary?: boolean;
}

/** As `eventTexts`, one after the other; what the reader found wrong goes to `problems`. */
export function* eachText(
  recording: Recording,
  stream: RecordedStream,
  { boundary = false }: TextOptions = {},
  problems: string[] = [],
): Generator<{ readonly text: string; readonly tick: number }> {
  const replay = openStream(openWords(stream.segments), recording.table, recording.source);
  const overview = new Overview();
  replay.overview = overview;
  const { ticks } = overview;
  const seen = new Seen(replay);
  let row = -1;
  while (replay.step()) {
    const event = describeEvent(replay);
    if (event.kind === 'boundary' && !(boundary && isOfAll(event.operation, String(event.detail)))) continue;
    while (row + 1 < ticks.count && ticks.moment[row + 1]! <= event.moment) row++;
    yield { text: textOf(event, replay, seen), tick: row < 0 ? 0 : ticks.number[row]! };
  }
  problems.push(...replay.problems.list.map(({ sentence }) => sentence));
}

/** At level light only or, there, in its turn; or of the process itself. */
const OF_LIGHT =
  /^(?:timer|immediate|port\.close|socket\.(?:event|accepted)|server\.\w+|worker\.\w+|pipe\.end|http\.end|environment|module\.read|wasm\.\w+(?:\.done)?|(?:zlib|crypto\.subtle|timer)\.\w+(?:\.done)?)$/;

/** Between Node's loader and its thread, when it suits them. */
const OF_LOADER = /"by":"loader"|^\{"port":\d+,"sync":true/;

const isOfAll = (operation: string, detail: string): boolean => !OF_LIGHT.test(operation) && !OF_LOADER.test(detail);

function textOf(event: ReplayEvent, replay: StreamReplay, seen: Seen): string {
  const { kind, file, start, functionName, depth } = event;
  const place = `${kind} ${depth} ${file?.path ?? ''}:${start} ${functionName}`;
  const shown = valuesOf(event, replay).map((value) => seen.text(value));
  return `${place} ${shown.join(' ')}`;
}

/** Numbers that join records, and times. */
const NUMBERS = /,?"(?:id|time)":-?[\d.e+-]+/g;

function valuesOf(event: ReplayEvent, replay: StreamReplay): readonly (Value | Accessor)[] {
  switch (event.kind) {
    case 'enter':
      return replay.stack.at(-1)?.scope?.values ?? [];
    case 'set':
      return [event.object, event.key, event.value];
    case 'delete':
      return [event.object, event.key];
    case 'mutation':
      return [event.operation, event.object, ...(replay.event.items ?? [])];
    case 'output':
      return [event.descriptor, event.text];
    case 'boundary':
      return [event.operation, String(event.detail).replace(NUMBERS, '')];
    case 'write':
    case 'closure':
      return [event.variable, event.value];
    case 'exit':
    case 'return':
    case 'suspend':
    case 'this':
    case 'throw':
    case 'catch':
    case 'value':
    case 'uncaught':
      return [event.value];
    default:
      return [];
  }
}

class Seen {
  readonly #numbers = new Map<string, number>();

  constructor(private readonly replay: StreamReplay) {}

  text(value: Value | Accessor): string {
    if (value instanceof ObjectValue) return this.#object(value);
    if (value instanceof SymbolValue) return `symbol ${value.description}`;
    if (typeof value === 'object' && value !== null) return value.kind;
    return typeof value === 'string'
      ? JSON.stringify(value)
      : `${String(value)}${typeof value === 'bigint' ? 'n' : ''}`;
  }

  #object(value: ObjectValue): string {
    const key = String(value.id);
    const known = this.#numbers.get(key);
    if (known !== undefined) return `@${known}`;
    const number = this.#numbers.size + 1;
    this.#numbers.set(key, number);
    const object = this.replay.heap.get(value);
    if (!object) return `@${number}`;
    const { kind, className, properties, elements = [], entries, inner } = object;
    const parts = [...properties]
      .filter(([name]) => typeof name === 'string' && !OF_TIMERS.test(name))
      .slice(0, PARTS)
      .map(([name, part]) => `${String(name)}:${shallow(part)}`);
    const items = elements.slice(0, PARTS).map(shallow);
    const pairs = [...(entries ?? [])].slice(0, PARTS).map((pair) => pair.map(shallow).join('=>'));
    return `@${number}<${kind} ${className} ${shallow(inner)}>{${[...parts, ...items, ...pairs].join()}}`;
  }
}

function shallow(value: Value | Accessor): string {
  if (value instanceof SymbolValue) return 'symbol';
  if (typeof value === 'object' && value !== null) return value.kind;
  return String(value);
}
