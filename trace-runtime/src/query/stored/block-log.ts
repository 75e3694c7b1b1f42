/**
 * A file that records are only put behind, in compressed blocks. A place is block · 2²¹ + offset. Blocks that were read
 * are kept up to a number of bytes, those used last.
 *
 *     block*   stored length u32, raw length u32, compression u8 and three zeros, CRC-32 of the stored bytes u32, bytes
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { bestCompression, canDecompress, compressNow, decompress } from '../../format/compression.ts';
import { crc32 } from '../../format/crc32.ts';
import { FILE_MODE } from '../../store/recording-paths.ts';
import { ByteReader } from './bytes.ts';

const BLOCK = 1 << 15;
const PLACES = 2 ** 21;
const HEAD = 16;
/** No record is longer. */
export const LONGEST_RECORD = 1 << 20;
const KEPT_BYTES = 48_000_000;

/** What is kept in the index is not what was written. */
export class DamagedIndex extends Error {}

export class BlockLog {
  private readonly file: number;
  /** the file's offset of each block */
  readonly offsets: number[];
  private end: number;
  private open = new Uint8Array(BLOCK + LONGEST_RECORD);
  private used = 0;
  private readonly kept = new Map<number, Uint8Array>();
  private keptBytes = 0;

  /** Begins a new file; reads one that is there where its blocks' offsets are given. */
  constructor(path: string, offsets?: readonly number[]) {
    this.file = offsets ? openSync(path, 'r') : openSync(path, 'wx+', FILE_MODE);
    this.offsets = [...(offsets ?? [])];
    this.end = 0;
  }

  /** bytes of the file so far */
  get bytes(): number {
    return this.end;
  }

  /** Puts a record at the end; gives its place. */
  append(record: Uint8Array): number {
    if (this.used >= BLOCK) this.flush();
    if (record.length > LONGEST_RECORD) throw new DamagedIndex(`a record of ${record.length} bytes`);
    const place = this.offsets.length * PLACES + this.used;
    this.open.set(record, this.used);
    this.used += record.length;
    return place;
  }

  read(place: number): ByteReader {
    const block = Math.floor(place / PLACES);
    return new ByteReader(this.block(block), place - block * PLACES);
  }

  flush(): void {
    if (this.used === 0) return;
    const raw = this.open.subarray(0, this.used);
    const stored = compressNow(raw, bestCompression);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(stored.length, 0);
    head.writeUInt32LE(raw.length, 4);
    head.writeUInt8(bestCompression, 8);
    head.writeUInt32LE(crc32(stored), 12);
    this.write(head);
    this.write(stored);
    this.keep(this.offsets.length, raw.slice());
    this.offsets.push(this.end);
    this.end += HEAD + stored.length;
    this.used = 0;
  }

  close(): void {
    closeSync(this.file);
  }

  private write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at);
  }

  private block(index: number): Uint8Array {
    const known = this.kept.get(index);
    if (known !== undefined) {
      this.kept.delete(index);
      this.kept.set(index, known);
      return known;
    }
    if (index === this.offsets.length) return this.open.subarray(0, this.used);
    const raw = this.fetch(index);
    this.keep(index, raw);
    return raw;
  }

  private fetch(index: number): Uint8Array {
    const offset = this.offsets[index];
    if (offset === undefined) throw new DamagedIndex(`there is no block ${index}`);
    const head = this.readAt(offset, HEAD);
    const stored = this.readAt(offset + HEAD, head.readUInt32LE(0));
    const compression = head.readUInt8(8);
    if (crc32(stored) !== head.readUInt32LE(12)) throw new DamagedIndex(`the checksum of block ${index} is wrong`);
    if (!canDecompress(compression)) throw new DamagedIndex(`block ${index} was written by a newer Node`);
    const { buffer, byteOffset, length } = decompress(stored, compression, head.readUInt32LE(4));
    // no Buffer: slices of it are copies
    return new Uint8Array(buffer, byteOffset, length);
  }

  private readAt(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(length, 2 * LONGEST_RECORD));
    let at = 0;
    while (at < bytes.length) {
      const count = readSync(this.file, bytes, at, bytes.length - at, offset + at);
      if (count === 0) throw new DamagedIndex('its file ends early');
      at += count;
    }
    return bytes;
  }

  private keep(index: number, raw: Uint8Array): void {
    this.kept.set(index, raw);
    this.keptBytes += raw.length;
    for (const [oldest, bytes] of this.kept) {
      if (this.keptBytes <= KEPT_BYTES) break;
      this.kept.delete(oldest);
      this.keptBytes -= bytes.length;
    }
  }
}
