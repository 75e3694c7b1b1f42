/**
 * A block: some samples, or rows of a rollup, of one series, on disk. A header of 32 bytes (little endian: length of what
 * follows, checksum, series, rows, first and last time), then the columns' bits. Format: see FORMAT.md.
 */
import { crc32 } from 'node:zlib';
import { BitReader, BitWriter } from './bits.ts';
import { readColumn, writeColumn } from './column-codec.ts';
import { sampleColumns, type Columns } from './columns.ts';

export type Level = 'raw' | 's10' | 'm1';
export const levels = ['raw', 's10', 'm1'] as const satisfies Level[];

export const BLOCK_HEADER = 32;
/** rows at most: a read of any moment decodes no more */
export const BLOCK_ROWS = 4096;

export interface BlockHeader {
  readonly length: number;
  readonly series: number;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
}

/** One block; `columns` must have 1 to `BLOCK_ROWS` rows. */
export function encodeBlock(series: number, level: Level, columns: Columns): Uint8Array {
  const payload = encodeColumns(level, columns);
  const bytes = new Uint8Array(BLOCK_HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  const { times } = columns;
  view.setUint32(0, payload.length, true);
  view.setUint32(8, series, true);
  view.setUint32(12, times.length, true);
  view.setFloat64(16, times[0] as number, true);
  view.setFloat64(24, times.at(-1) as number, true);
  bytes.set(payload, BLOCK_HEADER);
  view.setUint32(4, crc32(bytes.subarray(8), payload.length), true);
  return bytes;
}

/** The block at the beginning of `bytes`; undefined where there is none that is whole. */
export function blockHeader(bytes: Uint8Array): BlockHeader | undefined {
  if (bytes.length < BLOCK_HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(0, true);
  if (bytes.length < BLOCK_HEADER + length) return undefined;
  if (crc32(bytes.subarray(8, BLOCK_HEADER + length), length) !== view.getUint32(4, true)) return undefined;
  return {
    length,
    series: view.getUint32(8, true),
    rows: view.getUint32(12, true),
    first: view.getFloat64(16, true),
    last: view.getFloat64(24, true),
  };
}

/** Undefined where the block is damaged. */
export function decodeBlock(bytes: Uint8Array, level: Level): Columns | undefined {
  const header = blockHeader(bytes);
  if (header === undefined) return undefined;
  const bits = new BitReader(bytes.subarray(BLOCK_HEADER, BLOCK_HEADER + header.length));
  const times = readColumn(bits, header.rows);
  const values = readColumn(bits, header.rows);
  if (level === 'raw') return sampleColumns(times, values);
  const min = readColumn(bits, header.rows, values);
  const max = readColumn(bits, header.rows, min);
  const sum = readColumn(bits, header.rows, max);
  return { times, values, min, max, sum, count: readColumn(bits, header.rows) };
}

function encodeColumns(level: Level, { times, values, min, max, sum, count }: Columns): Uint8Array {
  const bits = new BitWriter();
  writeColumn(bits, times);
  writeColumn(bits, values);
  if (level !== 'raw') {
    writeColumn(bits, min, values);
    writeColumn(bits, max, min);
    writeColumn(bits, sum, max);
    writeColumn(bits, count);
  }
  return bits.finish();
}
