/**
 * Reads segment files, whole, growing or damaged: the data there are, and what is wrong with the rest. A torn tail costs
 * that tail only.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { canDecompress, decompress } from './compression.ts';
import { decodeFooter, type BlockEntry, type SegmentFooter } from './footer.ts';
import { fromPredicted, mostPredictedBytes } from './predicted-words.ts';
import { fromRelativeIds } from './relative-ids.ts';
import {
  decodeFrameHeader,
  decodeSegmentHeader,
  decodeTrailer,
  FRAME_HEADER_BYTES,
  FrameKind,
  frameChecksum,
  SEGMENT_HEADER_BYTES,
  SEGMENT_VERSION,
  TRAILER_BYTES,
  Transform,
  type FrameHeader,
  type SegmentHeader,
} from './segment-layout.ts';
import { upgradeFooter } from './upgraders.ts';

/** `torn`: ends inside a frame. `damaged`: bytes that are not what was written. `newer`, `unreadable`: this Node or Hindcast is too old. */
export interface SegmentProblem {
  readonly kind: 'torn' | 'damaged' | 'newer' | 'unreadable' | 'no-segment';
  readonly path: string;
  readonly offset: number;
  readonly reason: string;
}

export interface SegmentIndex {
  readonly path: string;
  readonly header: SegmentHeader | undefined;
  readonly blocks: readonly BlockEntry[];
  /** absent while the segment grows, and after its writer died */
  readonly footer: SegmentFooter | undefined;
  readonly bytes: number;
  readonly problems: readonly SegmentProblem[];
}

const NO_ZSTD = 'this Node cannot decompress it: use Node 22.15 or newer';

type Read = (offset: number, length: number) => Uint8Array;

/** Never throws for damage; throws what the file system says. */
export function readSegmentIndex(path: string): SegmentIndex {
  return withFile(path, (read, bytes) => {
    const header = decodeSegmentHeader(read(0, SEGMENT_HEADER_BYTES));
    const nothing = { path, blocks: [], footer: undefined, bytes };
    if (!header) {
      const kind = bytes < SEGMENT_HEADER_BYTES ? 'torn' : 'no-segment';
      return { ...nothing, header, problems: [{ kind, path, offset: 0, reason: 'it has no segment header' }] };
    }
    if (header.version > SEGMENT_VERSION) {
      const reason = `it has version ${header.version}, known is ${SEGMENT_VERSION}`;
      return { ...nothing, header, problems: [{ kind: 'newer', path, offset: 0, reason }] };
    }
    const footer = readFooter(read, bytes);
    if (footer) return { path, header, blocks: footer.blocks, footer, bytes, problems: [] };
    const walked = walkFrames(path, read, bytes);
    return { path, header, footer: undefined, bytes, ...walked };
  });
}

/** One block's words, or what is wrong with it. */
export function readBlock(path: string, block: BlockEntry): Int32Array | SegmentProblem {
  return withFile(path, (read) => {
    const problem = (kind: SegmentProblem['kind'], reason: string): SegmentProblem => ({
      kind,
      path,
      offset: block.offset,
      reason,
    });
    const frame = findFrame(path, read, block);
    if (!frame) return problem('damaged', 'no block begins there');
    const { header, bytes, offset } = frame;
    const payload = read(offset + FRAME_HEADER_BYTES, header.storedBytes);
    if (payload.length < header.storedBytes) return problem('torn', 'the block ends early');
    if (frameChecksum(bytes, payload) !== header.crc) return problem('damaged', 'the checksum of the block is wrong');
    if (header.transform > Transform.predicted)
      return problem('newer', `its words are arranged in way ${header.transform}, known is ${Transform.predicted}`);
    const raw = inflate(header, payload);
    if (typeof raw === 'string') return problem('unreadable', raw);
    const words = header.transform === Transform.predicted ? unpredicted(raw, header.rawBytes) : toWords(raw);
    if (typeof words === 'string') return problem('damaged', words);
    if (header.transform !== Transform.none) fromRelativeIds(words);
    return words;
  });
}

/** Whether `readBlock` gives as many words as the index names; far less work. */
export function isReadable(path: string, block: BlockEntry): boolean {
  return withFile(path, (read) => {
    const frame = findFrame(path, read, block);
    if (!frame) return false;
    const { header, bytes, offset } = frame;
    if (header.transform > Transform.predicted || !canDecompress(header.compression)) return false;
    const payload = read(offset + FRAME_HEADER_BYTES, header.storedBytes);
    const isWhole = payload.length === header.storedBytes && frameChecksum(bytes, payload) === header.crc;
    return isWhole && header.rawBytes >> 2 >= block.words;
  });
}

function readFooter(read: Read, bytes: number): SegmentFooter | undefined {
  const offset = decodeTrailer(read(Math.max(0, bytes - TRAILER_BYTES), TRAILER_BYTES));
  if (!Number.isSafeInteger(offset) || offset < SEGMENT_HEADER_BYTES || offset > bytes) return undefined;
  const headerBytes = read(offset, FRAME_HEADER_BYTES);
  const header = decodeFrameHeader(headerBytes);
  if (!header || header.kind !== FrameKind.footer) return undefined;
  const payload = read(offset + FRAME_HEADER_BYTES, header.storedBytes);
  if (payload.length < header.storedBytes || frameChecksum(headerBytes, payload) !== header.crc) return undefined;
  const raw = inflate(header, payload);
  if (typeof raw === 'string') return undefined;
  try {
    return upgradeFooter(decodeFooter(raw));
  } catch {
    return undefined;
  }
}

function walkFrames(
  path: string,
  read: Read,
  bytes: number,
): { readonly blocks: readonly BlockEntry[]; readonly problems: readonly SegmentProblem[] } {
  const blocks: BlockEntry[] = [];
  const problems: SegmentProblem[] = [];
  let firstRecord = 0;
  let offset = SEGMENT_HEADER_BYTES;
  while (offset < bytes) {
    const header = decodeFrameHeader(read(offset, FRAME_HEADER_BYTES));
    const end = header ? offset + FRAME_HEADER_BYTES + header.storedBytes : bytes + 1;
    if (!header || end > bytes) {
      const kind = header || bytes - offset < FRAME_HEADER_BYTES ? 'torn' : 'damaged';
      problems.push({ kind, path, offset, reason: `${bytes - offset} bytes at the end are no whole block` });
      break;
    }
    if (!canDecompress(header.compression)) {
      problems.push({ kind: 'unreadable', path, offset, reason: NO_ZSTD });
      break;
    }
    if (header.kind === FrameKind.words) {
      blocks.push({ offset, firstWord: header.firstWord, words: header.rawBytes / 4, firstRecord });
      firstRecord += header.records;
    }
    offset = end;
  }
  return { blocks, problems };
}

interface Frame {
  readonly header: FrameHeader;
  /** of the header */
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** The frame of a block: where the index says, or where it is now, if the segment was packed since the index was read. */
function findFrame(path: string, read: Read, block: BlockEntry): Frame | undefined {
  const known = frameAt(read, block.offset);
  if (known?.header.firstWord === block.firstWord) return known;
  const moved = readSegmentIndex(path).blocks.find(
    ({ firstWord, words }) => firstWord === block.firstWord && words === block.words,
  );
  return moved && moved.offset !== block.offset ? frameAt(read, moved.offset) : known;
}

function frameAt(read: Read, offset: number): Frame | undefined {
  const bytes = read(offset, FRAME_HEADER_BYTES);
  const header = decodeFrameHeader(bytes);
  return header && { header, bytes, offset };
}

/** A block as it is stored, for a copy of it; undefined where it is damaged. */
export function readStoredBlock(
  path: string,
  block: BlockEntry,
): (Frame & { readonly payload: Uint8Array }) | undefined {
  return withFile(path, (read) => {
    const frame = frameAt(read, block.offset);
    if (!frame) return undefined;
    const payload = read(block.offset + FRAME_HEADER_BYTES, frame.header.storedBytes);
    const isWhole = payload.length === frame.header.storedBytes;
    return isWhole && frameChecksum(frame.bytes, payload) === frame.header.crc ? { ...frame, payload } : undefined;
  });
}

function unpredicted(raw: Uint8Array, bytes: number): Int32Array | string {
  try {
    return fromPredicted(raw, bytes >> 2);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function inflate(header: FrameHeader, payload: Uint8Array): Uint8Array | string {
  if (!canDecompress(header.compression)) return NO_ZSTD;
  const isPredicted = header.transform === Transform.predicted;
  const most = isPredicted ? mostPredictedBytes(header.rawBytes) : header.rawBytes;
  try {
    const raw = decompress(payload, header.compression, most);
    return isPredicted || raw.length === header.rawBytes ? raw : 'the block has another length than it says';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function toWords(raw: Uint8Array): Int32Array {
  if (raw.byteOffset % 4 === 0) return new Int32Array(raw.buffer, raw.byteOffset, raw.length >> 2);
  return new Int32Array(Uint8Array.from(raw).buffer, 0, raw.length >> 2);
}

function withFile<T>(path: string, action: (read: Read, bytes: number) => T): T {
  const file = openSync(path, 'r');
  try {
    const bytes = fstatSync(file).size;
    return action((offset, length) => readAt(file, offset, Math.min(length, Math.max(0, bytes - offset))), bytes);
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, length: number): Uint8Array {
  const target = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const count = readSync(file, target, at, length - at, offset + at);
    if (count === 0) break;
    at += count;
  }
  return target.subarray(0, at);
}
