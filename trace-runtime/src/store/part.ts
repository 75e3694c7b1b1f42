/**
 * A part of a recording, for export: one stream up to a word. What came before the part's first moment stays in it,
 * because the state at that moment is built from it; other streams, and blobs that only they name, are left out.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readBlock, type SegmentIndex } from '../format/segment-reader.ts';
import { segmentFileName } from '../format/segment-layout.ts';
import { encodeSegment } from '../format/segment-writer.ts';
import { folderEntries, type ArchiveEntry } from './archive.ts';
import type { Recording } from './recording.ts';

export interface Part {
  readonly stream: string;
  /** words of the stream that are kept; Infinity: all */
  readonly words: number;
  /** first and last moment that the part is about */
  readonly from?: number;
  readonly to?: number;
  readonly case?: string;
}

/** The entries of a portable file that holds only the part. */
export function* partEntries(recording: Recording, part: Part): Generator<ArchiveEntry> {
  const { manifest } = recording;
  const { stream, from, to, case: name } = part;
  const about = { of: manifest.id, stream, from: from ?? null, to: to ?? null, case: name ?? null };
  const id = `${manifest.id}-${createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 6)}`;
  yield {
    name: 'manifest.json',
    content: Buffer.from(JSON.stringify({ ...manifest, id, state: 'complete', part: about })),
  };
  for (const entry of folderEntries(recording.folder)) {
    const own = !entry.name.startsWith('streams/') && entry.name !== 'manifest.json';
    if (own) yield entry;
  }
  const folder = path.join(recording.folder, 'streams', stream);
  yield { name: `streams/${stream}/hello.json`, content: readFileSync(path.join(folder, 'hello.json')) };
  const segments = recording.streams.find(({ id: known }) => known === stream)?.segments ?? [];
  let before = 0;
  for (const segment of segments) {
    yield* segmentEntry(stream, segment, part.words - before);
    before += segment.blocks.reduce((sum, block) => sum + block.words, 0);
  }
}

/** A segment that ends within the part is taken as it is, one that ends behind it is written anew up to there. */
function* segmentEntry(stream: string, segment: SegmentIndex, words: number): Generator<ArchiveEntry> {
  if (!segment.header || words <= 0) return;
  const name = `streams/${stream}/${segmentFileName(segment.header.number)}`;
  if (segment.blocks.reduce((sum, block) => sum + block.words, 0) <= words) {
    yield { name, content: readFileSync(segment.path) };
    return;
  }
  const kept = new Int32Array(words);
  let filled = 0;
  for (const block of segment.blocks) {
    const content = filled < words ? readBlock(segment.path, block) : undefined;
    if (!(content instanceof Int32Array)) continue;
    kept.set(content.subarray(0, words - filled), filled);
    filled += Math.min(content.length, words - filled);
  }
  yield { name, content: encodeSegment(segment.header, kept.subarray(0, filled), segment.header.firstWord, undefined) };
}
