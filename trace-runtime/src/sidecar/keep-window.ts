/**
 * `--keep`: of each stream's oldest segments beyond a size or an age, only the definitions stay that later words need. What
 * goes is in the ledger. A stream's last segment always stays whole.
 */
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefinitionKeeper } from '../format/definitions.ts';
import { parseSegmentName } from '../format/segment-layout.ts';
import { readBlock, readSegmentIndex, type SegmentIndex } from '../format/segment-reader.ts';
import { encodeSegment } from '../format/segment-writer.ts';
import { appendLedger } from '../store/ledger.ts';
import type { Manifest } from '../store/manifest.ts';
import { FILE_MODE, recordingPaths } from '../store/recording-paths.ts';

export interface SegmentFile {
  readonly stream: string;
  readonly file: string;
  readonly bytes: number;
  readonly endedAt: number;
}

/** A window is made of this many segments, so that it does not lose much at a time. */
const SEGMENTS_A_WINDOW = 8;

/** How large and old a segment may get. */
export function segmentLimits(keep: Manifest['keep']): { readonly bytes: number; readonly milliseconds: number } {
  return {
    bytes: (keep?.bytes ?? Infinity) / SEGMENTS_A_WINDOW,
    milliseconds: (keep?.milliseconds ?? Infinity) / SEGMENTS_A_WINDOW,
  };
}

export class KeepWindow {
  readonly #recording: string;
  readonly #keep: NonNullable<Manifest['keep']>;
  readonly #condensed = new Set<string>();

  constructor(recording: string, keep: NonNullable<Manifest['keep']>) {
    this.#recording = recording;
    this.#keep = keep;
  }

  tend(now: number = Date.now()): void {
    const segments = listSegments(recordingPaths(this.#recording).streams);
    const latest = new Map(segments.map((segment) => [segment.stream, segment]));
    let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (const segment of [...segments].sort((a, b) => a.endedAt - b.endedAt)) {
      const tooMuch = bytes > (this.#keep.bytes ?? Infinity);
      const tooOld = now - segment.endedAt > (this.#keep.milliseconds ?? Infinity);
      if (!tooMuch && !tooOld) break;
      if (this.#condensed.has(segment.file) || latest.get(segment.stream) === segment) continue;
      bytes -= segment.bytes - this.#condense(segment);
    }
  }

  /** The bytes that stay. */
  #condense({ file, stream, endedAt }: SegmentFile): number {
    this.#condensed.add(file);
    const index = readSegmentIndex(file);
    if (!index.header || index.footer?.dropped) return statSync(file).size;
    const first = index.blocks[0]?.firstWord ?? index.header.firstWord;
    const footer = index.footer && { ...index.footer, dropped: true };
    const bytes = encodeSegment(index.header, keepDefinitions(index), first, footer);
    writeFileSync(`${file}.new`, bytes, { mode: FILE_MODE });
    renameSync(`${file}.new`, file);
    appendLedger(this.#recording, {
      kind: 'dropped',
      stream,
      subject: path.basename(file),
      reason: `all but definitions of what was recorded until ${new Date(endedAt).toISOString()} went, as --keep asks`,
    });
    return bytes.length;
  }
}

function keepDefinitions(index: SegmentIndex): Int32Array {
  const keeper = new DefinitionKeeper();
  for (const block of index.blocks) {
    const words = readBlock(index.path, block);
    if (words instanceof Int32Array) keeper.scan(words);
  }
  return keeper.finish();
}

export function listSegments(streams: string): readonly SegmentFile[] {
  return readdirSync(streams).flatMap((stream) => {
    const folder = path.join(streams, stream);
    const names = readdirSync(folder).filter((name) => parseSegmentName(name) >= 0);
    return names.sort().map((name) => {
      const file = path.join(folder, name);
      const { size, mtimeMs } = statSync(file);
      return { stream, file, bytes: size, endedAt: mtimeMs };
    });
  });
}
