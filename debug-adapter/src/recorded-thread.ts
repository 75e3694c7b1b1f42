import { nameOfStream, type StreamOf, type Traced } from '../../trace-runtime/src/analysis/traced.ts';
import path from 'node:path';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import type { CallLog } from '../../trace-runtime/src/query/call-log.ts';
import { callsWithout } from '../../trace-runtime/src/query/calls-without.ts';
import { K } from '../../trace-runtime/src/query/code.ts';
import { Evaluator } from '../../trace-runtime/src/evaluate/evaluator.ts';
import { ParsedSources } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { Navigator, type IsWritten } from '../../trace-runtime/src/query/navigator.ts';
import { openTimeline } from '../../trace-runtime/src/query/open-timeline.ts';
import { originalTexts } from '../../trace-runtime/src/query/original-text.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import type { Timeline } from '../../trace-runtime/src/query/timeline.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import type { Hello } from '../../trace-runtime/src/store/stream.ts';
import type { Progress } from './work.ts';

/** A stream of the recording, as a thread that a client steps through. */
export class RecordedThread {
  readonly name: string;
  readonly timeline: Timeline;
  readonly navigator: Navigator;
  readonly reader: StateReader;
  readonly evaluator: Evaluator;
  readonly sources: ParsedSources;
  /** files that the stream loaded, once it was read */
  files: readonly LoadedFile[] = [];
  /** in the stream */
  readonly words: number;
  /** milliseconds since 1970; undefined where the thread did not say */
  readonly startedAt: number | undefined;
  private readonly isWritten: IsWritten;
  private written: CallLog | undefined;

  /** `id`: the stream's number, from 1. */
  constructor(
    recording: Recording,
    readonly id: number,
  ) {
    const stream = recording.streams[id - 1]!;
    const program = programOf(stream.hello);
    const threadId = stream.hello?.threadId ?? 0;
    this.name = threadId === 0 ? program || `stream ${id}` : `${program} worker ${threadId}`;
    this.words = stream.words;
    this.timeline = openTimeline(recording, id);
    this.reader = new StateReader(this.timeline.replay, recording.types);
    this.isWritten = writtenIn(new Places(recording), this.reader);
    this.navigator = new Navigator(this.timeline, this.isWritten);
    this.startedAt = stream.hello?.startedAt;
    this.evaluator = new Evaluator(this.timeline.replay, this.reader, recording.source, this.startedAt);
    this.sources = new ParsedSources(recording.source, originalTexts(recording));
  }

  /** Reads the stream; gives the words read so far. */
  *read(): Progress<true> {
    yield* this.timeline.read();
    this.files = this.timeline.replay.files.slice();
    return true;
  }

  /** The calls of functions that the developer wrote, once the stream was read. */
  get calls(): CallLog {
    return (this.written ??= callsWithout(this.timeline.overview.calls, this.putIn()));
  }

  /** Functions that compilers put in, by the sites of their first ops: neither they nor a statement of theirs was written. */
  private putIn(): ReadonlySet<number> {
    const sites = new Set<number>();
    for (const file of this.files)
      for (const [index, site] of file.table.functions.entries())
        // a file's body is always somebody's
        if (index > 0 && !this.isWritten(file, site.start) && !this.holdsWritten(file, index))
          sites.add(file.base + site.firstOp);
    return sites;
  }

  private holdsWritten(file: LoadedFile, index: number): boolean {
    const { kind, start, owner } = file.code;
    const { firstOp, endOp } = file.table.functions[index]!;
    for (let op = firstOp; op < endOp; op++)
      if (owner[op] === index && kind[op] === K.statement && this.isWritten(file, start[op]!)) return true;
    return false;
  }
}

/** Asked of each statement that a search passes: answers are kept. */
function writtenIn(places: Places, reader: StateReader): IsWritten {
  const files = new WeakMap<LoadedFile, Map<number, boolean> | undefined>();
  return (file, offset) => {
    if (!files.has(file)) files.set(file, places.isMapped(file) ? new Map() : undefined);
    const known = files.get(file);
    if (!known) return true;
    const before = known.get(offset);
    if (before !== undefined) return before;
    const isWritten = places.isWritten(reader, file, offset);
    known.set(offset, isWritten);
    return isWritten;
  };
}

/** `node --test` runs each of its files in a process that has the file's name. */
function programOf(hello: Hello | undefined): string {
  if (hello?.execArgv?.includes('--test')) return 'node --test';
  return path.basename(hello?.argv[1] ?? hello?.argv[0] ?? '');
}

/** What analyses work on. Other streams are read when something leads there, apart from the threads that are shown. */
export function withOthers(thread: RecordedThread, recording: Recording): Traced {
  const opened = new Map<number, Traced>();
  const all = recording.streams.map(({ hello }, index): StreamOf => {
    const number = index + 1;
    const traced = (): Traced => {
      let known = opened.get(number);
      if (!known) opened.set(number, (known = tracedOf(number)));
      return known;
    };
    return { number, name: nameOfStream(hello), pid: hello?.pid ?? 0, threadId: hello?.threadId ?? 0, traced };
  });
  const tracedOf = (number: number): Traced => {
    const own = number === thread.id ? thread : new RecordedThread(recording, number);
    if (!own.timeline.end) for (const _ of own.read());
    const { timeline, reader, sources, files } = own;
    return { timeline, reader, files, sources, others: { own: all[number - 1]!, all } };
  };
  return all[thread.id - 1]!.traced();
}
