/** Writes one segment file, block by block. What was written stays readable whatever happens next. */
import { closeSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { bestCompression, compress, Compression, type CompressionId } from './compression.ts';
import { encodeFooter, type BlockEntry, type SegmentFooter } from './footer.ts';
import { hasManyIds, toRelativeIds } from './relative-ids.ts';
import {
  encodeFrameHeader,
  encodeSegmentHeader,
  encodeTrailer,
  FrameKind,
  segmentFileName,
  Transform,
  type SegmentHeader,
} from './segment-layout.ts';

export interface PreparedBlock {
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
  readonly firstWord: number;
  readonly words: number;
  readonly firstRecord: number;
}

export interface BlockInput {
  /** handed over: they are rearranged in place */
  readonly words: Int32Array<ArrayBuffer>;
  readonly firstWord: number;
  readonly firstRecord: number;
  readonly records: number;
}

/** Compresses in the thread pool; blocks may be prepared side by side and written in order. */
export async function prepareBlock(input: BlockInput, fast: boolean): Promise<PreparedBlock> {
  const { words } = input;
  const transform = hasManyIds(words) ? Transform.relativeIds : Transform.none;
  if (transform === Transform.relativeIds) toRelativeIds(words);
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const { payload, compression } = await shrink(bytes, fast);
  const header = encodeFrameHeader(
    {
      kind: FrameKind.words,
      compression,
      transform,
      rawBytes: bytes.length,
      firstWord: input.firstWord,
      records: input.records,
    },
    payload,
  );
  return {
    header,
    payload,
    firstWord: input.firstWord,
    words: words.length,
    firstRecord: input.firstRecord,
  };
}

async function shrink(bytes: Uint8Array, fast: boolean): Promise<{ payload: Uint8Array; compression: CompressionId }> {
  const payload = await compress(bytes, bestCompression, fast ? 'fast' : 'leisure');
  if (payload.length < bytes.length) return { payload, compression: bestCompression };
  return { payload: bytes, compression: Compression.none };
}

export class SegmentWriter {
  readonly number: number;
  readonly firstWord: number;
  readonly #file: number;
  readonly #blocks: BlockEntry[] = [];
  #bytes = 0;

  constructor(folder: string, stream: string, number: number, firstWord: number, name = segmentFileName(number)) {
    this.number = number;
    this.firstWord = firstWord;
    const file = path.join(folder, name);
    this.#file = openSync(file, 'wx', 0o600);
    try {
      this.#append([encodeSegmentHeader({ number, firstWord, madeAt: Date.now(), stream })]);
    } catch (error) {
      closeSync(this.#file);
      unlinkSync(file);
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Throws what the file system says; the file then ends after the block before. */
  write(block: PreparedBlock): void {
    const offset = this.#bytes;
    this.#append([block.header, block.payload]);
    this.#blocks.push({ offset, firstWord: block.firstWord, words: block.words, firstRecord: block.firstRecord });
  }

  /** Writes the footer and closes the file. */
  async finish(content: Omit<SegmentFooter, 'blocks'>): Promise<void> {
    const raw = encodeFooter({ ...content, blocks: this.#blocks });
    const { payload, compression } = await shrink(raw, false);
    const header = encodeFrameHeader(
      {
        kind: FrameKind.footer,
        compression,
        transform: Transform.none,
        rawBytes: raw.length,
        firstWord: content.endWord,
        records: 0,
      },
      payload,
    );
    try {
      this.#append([header, payload, encodeTrailer(this.#bytes)]);
    } finally {
      this.close();
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(parts: readonly Uint8Array[]): void {
    const start = this.#bytes;
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length;) {
          const written = writeSync(this.#file, part, at, part.length - at, this.#bytes);
          at += written;
          this.#bytes += written;
        }
      }
    } catch (error) {
      this.#bytes = start;
      ftruncateSync(this.#file, start);
      throw error;
    }
  }
}

/** A whole segment of one block, at once and not compressed. */
export function encodeSegment(
  header: Omit<SegmentHeader, 'version'>,
  words: Int32Array,
  firstWord: number,
  footer: SegmentFooter | undefined,
): Uint8Array {
  const segment = encodeSegmentHeader(header);
  const block = encodeFrame(FrameKind.words, firstWord, Buffer.from(words.buffer, words.byteOffset, words.byteLength));
  if (!footer) return Buffer.concat([segment, ...block]);
  const entry = { offset: segment.length, firstWord, words: words.length, firstRecord: footer.firstRecord };
  const content = encodeFrame(FrameKind.footer, footer.endWord, encodeFooter({ ...footer, blocks: [entry] }));
  const parts = [segment, ...block];
  const offset = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, ...content, encodeTrailer(offset)]);
}

function encodeFrame(kind: number, firstWord: number, payload: Uint8Array): readonly Uint8Array[] {
  const { none } = Compression;
  const frame = { kind, compression: none, transform: Transform.none, rawBytes: payload.length, firstWord, records: 0 };
  return [encodeFrameHeader(frame, payload), payload];
}
