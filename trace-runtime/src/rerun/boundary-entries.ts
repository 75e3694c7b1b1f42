/** A recording's boundary log, entry by entry, with who asked. */
import type { LoadedFile } from '../query/activation.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { Overview, type TickLog } from '../query/overview.ts';
import { openStream, type StreamReplay } from '../query/replay.ts';
import type { Recording } from '../store/recording.ts';
import type { Progress } from './materialising.ts';
import { AT_ONCE, drained } from './rests.ts';
import { eventfulSegments, openWords, type RecordedStream } from '../store/stream.ts';
import { Clock } from '../wire/words.ts';
import { asRecorded } from './light-times.ts';

export interface BoundaryEntry {
  /** number of the stream, from 0 */
  readonly stream: number;
  readonly moment: Moment;
  /** the record's kind; `clock:N` and `random` for the compact ones */
  readonly kind: string;
  /** of the compact records: a number, or two */
  readonly numbers: readonly number[];
  /** of the others */
  readonly detail: Readonly<Record<string, unknown>>;
  /** the recorded code that was on the stack */
  readonly at: AskedAt | undefined;
}

export interface AskedAt {
  readonly file: LoadedFile;
  readonly functionName: string;
  readonly op: number;
}

export interface ReadStream {
  /** the stream at its end; where it was killed, at the end of all in which something comes in or goes out */
  readonly end: StreamReplay;
  readonly entries: readonly BoundaryEntry[];
  readonly ticks: TickLog;
}

export function readBoundary(recording: Recording): readonly ReadStream[] {
  return drained(readingBoundary(recording));
}

/** The same. Rests now and then, so that it can be ended; yields how many words it has read. */
export function* readingBoundary(recording: Recording): Generator<Progress, readonly ReadStream[]> {
  const { streams } = recording;
  const of = streams.reduce((sum, stream) => sum + wordsIn(stream) + (stream.light ? wordsIn(stream.light) : 0), 0);
  let done = 0;
  function* read(stream: RecordedStream, index: number): Generator<Progress, ReadStream> {
    for (const reading = readStream(recording, stream, index); ;) {
      const step = reading.next();
      if (step.done === true) {
        done += wordsIn(stream);
        return step.value;
      }
      yield { done: done + step.value, of };
    }
  }
  const all: ReadStream[] = [];
  for (const [index, stream] of streams.entries()) {
    const each = yield* read(stream, index);
    all.push(stream.light ? asRecorded(each, yield* read(stream.light, index)) : each);
  }
  return all;
}

function wordsIn(stream: RecordedStream): number {
  return eventfulSegments(stream)
    .flatMap(({ blocks }) => blocks)
    .reduce((sum, { words }) => sum + words, 0);
}

/** Yields how many words of the stream it has read. */
function* readStream(recording: Recording, stream: RecordedStream, index: number): Generator<number, ReadStream> {
  const replay = openStream(openWords(eventfulSegments(stream)), recording.table, recording.source, recording.placed);
  const entries: BoundaryEntry[] = [];
  const overview = new Overview();
  overview.recorder = undefined;
  replay.overview = overview;
  for (let read = 1; replay.step(); read++) {
    if (replay.event.code === EventCode.boundary) entries.push(entryOf(replay, index, recording));
    if (read % AT_ONCE === 0) yield replay.cursor.offset;
  }
  return { end: replay, entries, ticks: overview.ticks };
}

function entryOf({ event }: StreamReplay, stream: number, { placed }: Recording): BoundaryEntry {
  const { activation, file, op, moment, detail, value, key } = event;
  const at = activation && file ? { file, functionName: activation.site.name, op } : undefined;
  const kind = String(detail);
  const base = { stream, moment, at };
  if (kind === 'random') return { ...base, kind, numbers: [Number(value)], detail: {} };
  if (kind !== 'clock') return { ...base, kind, numbers: [], detail: parsed(placed ? placed(String(value)) : value) };
  const clock = event.index;
  const numbers = PAIRS.has(clock) ? [Number(value), Number(key)] : [Number(value)];
  return { ...base, kind: `clock:${clock}`, numbers, detail: {} };
}

const PAIRS: ReadonlySet<number> = new Set([Clock.hrtime, Clock.hrtimeBigint, Clock.mark]);

function parsed(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const detail: unknown = JSON.parse(String(value));
    return typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
