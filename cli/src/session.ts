/** A recording opened for reading: its streams replayed on demand, its failures and cases found. */
import path from 'node:path';
import {
  HindcastError,
  momentOutOfRange,
  newerRecording,
  failureNotShown,
  noFailure,
  nodeTooOld,
  tornRecording,
  usage,
} from '../../trace-runtime/src/base/errors.ts';
import { SEGMENT_VERSION } from '../../trace-runtime/src/format/segment-layout.ts';
import { findCase } from '../../trace-runtime/src/query/find-case.ts';
import { compareFailures, markedFailure, runToMark, type Failure } from '../../trace-runtime/src/query/failures.ts';
import { parseMoment } from '../../trace-runtime/src/query/moments.ts';
import { isIndexed, openTimeline } from '../../trace-runtime/src/query/open-timeline.ts';
import { openStream, type StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import type { CaseFacts } from '../../trace-runtime/src/query/stream-state.ts';
import { readingBoundary, type ReadStream } from '../../trace-runtime/src/rerun/boundary-entries.ts';
import { drainedUnless } from '../../trace-runtime/src/rerun/rests.ts';
import { readLedger } from '../../trace-runtime/src/store/ledger.ts';
import { readMarks } from '../../trace-runtime/src/store/marks.ts';
import { isAbandoned, openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { findRecording } from '../../trace-runtime/src/store/recordings.ts';
import { isLight } from '../../trace-runtime/src/store/materialised.ts';
import { openWords, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';
import { finishSidecar } from './collector-process.ts';
import { findInstallation } from './installation.ts';
import { valuesOf } from './materialise.ts';
import { importIfPortable } from './portable.ts';
import { ToldWork } from './told-progress.ts';

/** One stream, replayed to its end. */
export interface ReplayedStream {
  /** counted from 1: how people name it in moments */
  readonly number: number;
  readonly stream: RecordedStream;
  readonly end: StreamReplay;
}

export interface Place {
  readonly stream: number;
  readonly moment: number;
}

export interface FoundFailure extends Place {
  readonly failure: Failure;
  readonly replay: StreamReplay;
}

export interface FoundCase {
  readonly stream: number;
  readonly facts: CaseFacts;
}

export class Session {
  readonly recording: Recording;
  /** what `RECORDING#CASE` named after the `#` */
  readonly caseName: string | undefined;
  #replayed: readonly ReplayedStream[] | undefined;
  #boundary: readonly ReadStream[] | undefined;

  constructor(recording: Recording, caseName: string | undefined) {
    this.recording = recording;
    this.caseName = caseName;
  }

  /** A stream at its first moment. */
  open(number: number): StreamReplay {
    const stream = this.recording.streams[number - 1];
    if (!stream) throw usage(`The recording has no stream ${number}.`);
    const { table, source, placed } = this.recording;
    return openStream(openWords(stream.segments), table, source, placed);
  }

  /** Its boundary log, unless the signal ends it; whoever asks for this first spares another reading of all streams. */
  async boundary(signal: AbortSignal): Promise<readonly ReadStream[]> {
    const read = (this.#boundary ??= await this.#readBoundary(signal));
    this.#replayed ??= this.recording.streams.map((stream, index) => ({
      number: index + 1,
      stream,
      end: read[index]!.end,
    }));
    return read;
  }

  async #readBoundary(signal: AbortSignal): Promise<readonly ReadStream[]> {
    const told = new ToldWork(READING);
    try {
      return await drainedUnless(signal, readingBoundary(this.recording), (progress) => told.at(progress));
    } finally {
      told.dispose();
    }
  }

  replayAll(): readonly ReplayedStream[] {
    return (this.#replayed ??= this.recording.streams.map((stream, index) => {
      const end = this.replayTo({ stream: index + 1, moment: Infinity });
      return { number: index + 1, stream, end };
    }));
  }

  /** Errors that left the program first, then failed cases; in the order of streams and of time. */
  failures(): readonly FoundFailure[] {
    const wanted = this.caseName === undefined ? undefined : this.case();
    return this.replayAll()
      .flatMap(({ number, end }) =>
        end.failures.list.map((failure) => ({ stream: number, moment: failure.moment, failure, replay: end })),
      )
      .concat(this.#marked())
      .filter(({ stream, failure, moment }) => !wanted || belongs(wanted, stream, failure, moment))
      .sort((a, b) => compareFailures(a.failure, b.failure));
  }

  /** What a person has marked wrong. */
  #marked(): readonly FoundFailure[] {
    const { folder, streams } = this.recording;
    return readMarks(folder).flatMap((mark) => {
      const stream = streams.findIndex(({ id }) => id === mark.stream) + 1;
      if (stream === 0) return [];
      const replay = this.open(stream);
      if (!runToMark(replay, mark)) return [];
      return [{ stream, moment: mark.moment, failure: markedFailure(replay, mark), replay }];
    });
  }

  cases(): readonly FoundCase[] {
    return this.replayAll().flatMap(({ number, end }) => end.cases.map((facts) => ({ stream: number, facts })));
  }

  /** The case that was named. Throws where there is none. */
  case(): FoundCase {
    const name = this.caseName ?? '';
    const found = findCase(this.cases(), name);
    if (found) return found;
    const { folder } = this.recording;
    throw new HindcastError(
      'no-such-recording',
      `Recording ${path.basename(folder)} has no case ${name}.`,
      'Run `hindcast info` to see its cases.',
    );
  }

  /** Why there is no failure to be shown. */
  nothingFailed(): HindcastError {
    const { folder, manifest, ledger } = this.recording;
    const unproven = ledger.filter(({ kind }) => kind === 'not-proven').map(({ reason }) => reason);
    const isFailed = manifest.exitCode !== 0 || Boolean(manifest.signal);
    return isFailed && unproven.length > 0
      ? failureNotShown(path.basename(folder), unproven)
      : noFailure(path.basename(folder));
  }

  /** `failure`, `end`, NUMBER or STREAM:NUMBER. */
  place(moment: string): Place & { readonly failure?: FoundFailure } {
    if (moment === 'failure') {
      const [failure] = this.failures();
      if (!failure) throw this.nothingFailed();
      return { stream: failure.stream, moment: failure.moment, failure };
    }
    if (moment === 'end') return this.end();
    const place = parseMoment(moment);
    if (!place) throw usage(`${moment} is no moment: give failure, end, a number or STREAM:NUMBER.`);
    return place;
  }

  private end(): Place {
    if (this.caseName !== undefined) {
      const { stream, facts } = this.case();
      return { stream, moment: facts.last ?? Infinity };
    }
    return { stream: 1, moment: this.part().to ?? Infinity };
  }

  /** The first and last moment that an exported part is about. */
  part(): { readonly from: number | undefined; readonly to: number | undefined } {
    const { from, to } = this.recording.manifest.part ?? {};
    return { from: typeof from === 'number' ? from : undefined, to: typeof to === 'number' ? to : undefined };
  }

  /** A replay standing at the place, come to through the stream's index where it has one. Throws where it lies beyond the stream. */
  replayTo({ stream, moment }: Place): StreamReplay {
    const { recording } = this;
    if (recording.streams[stream - 1] && isIndexed(recording, stream)) {
      const timeline = openTimeline(recording, stream, recording.placed).readAll();
      const end = timeline.end!.moment;
      if (moment !== Infinity && moment > end) throw momentOutOfRange(`${stream}:${moment}`, `${stream}:${end}`);
      timeline.seekMoment(moment);
      return timeline.replay;
    }
    const replay = this.open(stream);
    if (moment === Infinity) this.#readToEnd(replay, stream);
    else if (!replay.runTo(moment)) throw momentOutOfRange(`${stream}:${moment}`, `${stream}:${replay.moment}`);
    return replay;
  }

  #readToEnd(replay: StreamReplay, number: number): void {
    const { words = 0 } = this.recording.streams[number - 1] ?? {};
    const told = new ToldWork(READING);
    while (replay.runTo(replay.moment + BETWEEN_TOLD)) told.at({ done: replay.cursor.offset, of: words });
    told.dispose();
  }
}

const READING = 'Reading the recording…';
/** Events that are read before it is told how far that is. */
const BETWEEN_TOLD = 100_000;

/** Opens what a command's first argument names; finishes what a killed command left in the spool. */
export interface OpenOptions {
  /** whether a light recording is executed again for its values; `known`: only where that was done; default true */
  readonly values?: boolean | 'known';
}

export async function openSession(argument: string | undefined, { values = true }: OpenOptions = {}): Promise<Session> {
  const { name, caseName } = splitCase(argument);
  const found = findRecording(name, process.cwd());
  if (!found.ok) throw found.error;
  const folder = importIfPortable(found.value, process.cwd());
  let recording = openRecording(folder);
  if (!recording.ok) throw recording.error;
  if (isAbandoned(folder, recording.value.manifest)) {
    await finishSidecar(folder, findInstallation());
    recording = openRecording(folder);
    if (!recording.ok) throw recording.error;
  }
  const fault = faultOf(recording.value);
  if (fault) throw fault;
  const read: Recording = { ...recording.value, ledger: readLedger(folder) };
  const session = new Session(read, caseName);
  if (values === false || !isLight(read)) return session;
  return new Session(await valuesOf(session, values === 'known'), caseName);
}

/** Why nothing of the recording can be read. Damage to a part is a problem that `info` shows. */
function faultOf({ folder, streams }: Recording): HindcastError | undefined {
  const problems = streams.flatMap((stream) => stream.problems);
  if (problems.some(({ kind }) => kind === 'unreadable')) return nodeTooOld('22.15', `read ${folder}`);
  const versions = streams.flatMap(({ segments }) => segments.map(({ header }) => header?.version ?? 0));
  const newest = Math.max(0, ...versions);
  if (newest > SEGMENT_VERSION) return newerRecording(folder, newest, SEGMENT_VERSION);
  const [first] = problems;
  if (first === undefined || streams.some(({ words }) => words > 0)) return undefined;
  return tornRecording(folder, `${path.relative(folder, first.path)}: ${first.reason}`);
}

function splitCase(argument: string | undefined): { name: string | undefined; caseName: string | undefined } {
  const at = argument?.indexOf('#') ?? -1;
  if (argument === undefined || at < 0) return { name: argument, caseName: undefined };
  return { name: argument.slice(0, at) || undefined, caseName: argument.slice(at + 1) };
}

function belongs(wanted: FoundCase, stream: number, failure: Failure, moment: number): boolean {
  if (failure.case) return failure.case.id === wanted.facts.id && stream === wanted.stream;
  return stream === wanted.stream && moment >= wanted.facts.first && moment <= (wanted.facts.last ?? Infinity);
}
