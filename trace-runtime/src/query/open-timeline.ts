/** Timelines of a recording's streams, with their indexes beside the recording. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Recording } from '../store/recording.ts';
import { openWords, type RecordedStream } from '../store/stream.ts';
import { openStream } from './replay.ts';
import { hasIndex, type IndexPlace } from './stored/stream-index.ts';
import { Timeline } from './timeline.ts';

/** Streams of fewer words are read about as fast as an index. */
const FEW_WORDS = 300_000;
/** What proofs set it to: then streams of any length have an index, of windows so short that all goes from one to another. */
const INDEXES = { name: 'HINDCAST_INDEXES', small: 'small' };
/** The timeline of a stream, which is not read yet. `number`: from 1. `placed`: where a path of the recording lies now. */
export function openTimeline(recording: Recording, number: number, placed?: (path: string) => string): Timeline {
  const stream = recording.streams[number - 1]!;
  const replay = openStream(openWords(stream.segments), recording.table, recording.source, placed);
  const index = indexPlace(recording, stream);
  return new Timeline(replay, areSmall() ? { index, steps: 50, stretches: 2 } : { index });
}

/** What a person should know of a stream without an index. `fault`: why nothing can be written beside it. */
export function notIndexed(fault: string): string {
  return `No index could be kept beside the recording (${fault}), so all of it is read whenever it is opened.`;
}

/** Words of streams that have no index yet. */
export function unreadWords(recording: Recording): number {
  const unread = recording.streams.filter((_, index) => !isIndexed(recording, index + 1));
  return unread.reduce((sum, { words }) => sum + words, 0);
}

/** Whether an index of the stream stands beside the recording. `number`: from 1. */
export function isIndexed(recording: Recording, number: number): boolean {
  const place = indexPlace(recording, recording.streams[number - 1]!);
  return place !== undefined && hasIndex(place);
}

/** Where a stream's index is; undefined of one that is short, or may still grow. */
export function indexPlace({ folder }: Recording, stream: RecordedStream): IndexPlace | undefined {
  const isComplete = stream.segments.every(({ footer }) => footer !== undefined);
  if ((stream.words < FEW_WORDS && !areSmall()) || !isComplete) return undefined;
  return { folder: path.join(folder, 'index', stream.id), identity: identityOf(stream) };
}

function areSmall(): boolean {
  return process.env[INDEXES.name] === INDEXES.small;
}

/** Of the words, however they are compressed: segments' names, and what their footers say. */
function identityOf({ segments }: RecordedStream): string {
  const hash = createHash('sha256');
  for (const { path: file, blocks, footer } of segments) {
    const { endWord, endRecord, counts, ticks } = footer ?? {};
    const places = blocks.map(({ firstWord, words }) => [firstWord, words]);
    hash.update(JSON.stringify([path.basename(file), places, endWord, endRecord, counts]));
    if (ticks)
      for (const { buffer, byteOffset, byteLength } of [ticks.word, ticks.records, ticks.hashA, ticks.hashB])
        hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
