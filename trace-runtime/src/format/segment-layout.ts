/**
 * A segment file: a header, then frames; the last frame of a complete segment is its footer, and a trailer points at
 * it. All numbers are little-endian. A segment is only ever appended to; a whole one may give way to a smaller file with
 * the same blocks (pack-segment.ts).
 *
 *     header   64 bytes   magic, version, header bytes, number, first word (f64), made at (f64, ms), stream (16 bytes), … crc
 *     frame    32 bytes   magic, kind u8, compression u8, transform u8, 0, bytes of the words or the footer, stored bytes,
 *                         first word (f64), records, crc (of the 28 bytes before it and the payload); then the stored bytes
 *     trailer  16 bytes   footer's offset (f64), crc of these 8 bytes, magic
 *
 * "first word" counts the words of the stream from 0, so that what follows a gap is placed rightly.
 */
import { crc32 } from './crc32.ts';
import type { CompressionId } from './compression.ts';

export const SEGMENT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 64;
export const FRAME_HEADER_BYTES = 32;
export const TRAILER_BYTES = 16;

const SEGMENT_MAGIC = 0x47534348;
const FRAME_MAGIC = 0x4b424348;
const TRAILER_MAGIC = 0x4e454348;

export const FrameKind = { words: 1, footer: 2 } as const;
/** How words were rearranged before compression. `predicted`: their ids made relative, then column by column. */
export const Transform = { none: 0, relativeIds: 1, predicted: 2 } as const;

export interface SegmentHeader {
  readonly version: number;
  readonly number: number;
  readonly firstWord: number;
  readonly madeAt: number;
  readonly stream: string;
}

export interface FrameHeader {
  readonly kind: number;
  readonly compression: number;
  readonly transform: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly firstWord: number;
  readonly records: number;
  readonly crc: number;
}

export function segmentFileName(number: number): string {
  return `${String(number).padStart(6, '0')}.seg`;
}

/** -1 for a name that is no segment's */
export function parseSegmentName(name: string): number {
  return /^\d{6,}\.seg$/.test(name) ? Number.parseInt(name, 10) : -1;
}

export function encodeSegmentHeader(header: Omit<SegmentHeader, 'version'>): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, SEGMENT_MAGIC, true);
  view.setUint32(4, SEGMENT_VERSION, true);
  view.setUint32(8, SEGMENT_HEADER_BYTES, true);
  view.setUint32(12, header.number, true);
  view.setFloat64(16, header.firstWord, true);
  view.setFloat64(24, header.madeAt, true);
  bytes.set(Buffer.from(header.stream.replaceAll('-', ''), 'hex').subarray(0, 16), 32);
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true);
  return bytes;
}

/** undefined where the bytes are no segment's beginning */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== SEGMENT_MAGIC) return undefined;
  const version = view.getUint32(4, true);
  if (version === SEGMENT_VERSION && crc32(bytes.subarray(0, 60)) !== view.getUint32(60, true)) return undefined;
  const hex = Buffer.from(bytes.subarray(32, 48)).toString('hex');
  const stream = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {
    version,
    number: view.getUint32(12, true),
    firstWord: view.getFloat64(16, true),
    madeAt: view.getFloat64(24, true),
    stream,
  };
}

export function encodeFrameHeader(
  header: Omit<FrameHeader, 'crc' | 'storedBytes'> & { readonly compression: CompressionId },
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FRAME_MAGIC, true);
  bytes[4] = header.kind;
  bytes[5] = header.compression;
  bytes[6] = header.transform;
  view.setUint32(8, header.rawBytes, true);
  view.setUint32(12, payload.length, true);
  view.setFloat64(16, header.firstWord, true);
  view.setUint32(24, header.records, true);
  view.setUint32(28, frameChecksum(bytes, payload), true);
  return bytes;
}

/** undefined where no frame begins here */
export function decodeFrameHeader(bytes: Uint8Array): FrameHeader | undefined {
  if (bytes.length < FRAME_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== FRAME_MAGIC) return undefined;
  return {
    kind: view.getUint8(4),
    compression: view.getUint8(5),
    transform: view.getUint8(6),
    rawBytes: view.getUint32(8, true),
    storedBytes: view.getUint32(12, true),
    firstWord: view.getFloat64(16, true),
    records: view.getUint32(24, true),
    crc: view.getUint32(28, true),
  };
}

export function frameChecksum(header: Uint8Array, payload: Uint8Array): number {
  return crc32(payload, crc32(header.subarray(0, 28)));
}

export function encodeTrailer(footerOffset: number): Uint8Array {
  const bytes = new Uint8Array(TRAILER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, footerOffset, true);
  view.setUint32(8, crc32(bytes.subarray(0, 8)), true);
  view.setUint32(12, TRAILER_MAGIC, true);
  return bytes;
}

/** The footer's offset, or -1 where the bytes are no trailer. */
export function decodeTrailer(bytes: Uint8Array): number {
  if (bytes.length < TRAILER_BYTES) return -1;
  const view = viewOf(bytes);
  if (view.getUint32(12, true) !== TRAILER_MAGIC) return -1;
  return view.getUint32(8, true) === crc32(bytes.subarray(0, 8)) ? view.getFloat64(0, true) : -1;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
