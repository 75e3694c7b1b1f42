/**
 * A file that records are only put behind, in compressed blocks. A place is block · 2²¹ + offset. Blocks that were read
 * are kept up to a number of bytes, those used last.
 *
 *     block*   stored length u32, raw length u32, compression u8 and three zeros, CRC-32 of the stored bytes u32, bytes
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { bestCompression, canDecompress, compressNow, decompress } from '../../format/compression.ts';
import { crc32 } from '../../format/crc32.ts';
import { FILE_MODE } from '../../store/recording-paths.ts';
import { ByteReader } from './bytes.ts';

const BLOCK = 1 << 15;
const PLACES = 2 ** 21;
const HEAD = 16;
/** A longer record has a block of its own. */
const LONG = 1 << 20;
const KEPT_BYTES = 32_000_000;

/** What is kept in the index is not what was written. */
export class DamagedIndex extends Error {
  constructor(what: string) {
    super(
      `The index that the recording's reader made is damaged (${what}). Open the recording again: it is made anew.`,
    );
  }
}

export class BlockLog {
  private readonly file: number;
  /** the file's offset of each block */
  readonly offsets: number[];
  private end: number;
  /** blocks that the disk did not take, with their heads: they are there as long as this log is */
  private readonly unwritten = new Map<number, Uint8Array>();
  /** why the file lacks blocks: a full disk, say */
  fault: Error | undefined;
  /** is told before damage is thrown */
  onDamage: (() => void) | undefined;
  private open = new Uint8Array(BLOCK + LONG);
  private used = 0;
  private readonly kept = new Map<number, Uint8Array>();
  private keptBytes = 0;

  /** Begins a new file; reads one that is there where its blocks' offsets are given. */
  constructor(path: string, offsets?: readonly number[]) {
    this.file = offsets ? openSync(path, 'r') : openSync(path, 'wx+', FILE_MODE);
    this.offsets = [...(offsets ?? [])];
    this.end = offsets ? fstatSync(this.file).size : 0;
  }

  /** bytes of the file so far */
  get bytes(): number {
    return this.end;
  }

  /** Puts a record at the end; gives its place. */
  append(record: Uint8Array): number {
    if (this.used >= BLOCK) this.flush();
    if (record.length > LONG) return this.appendLong(record);
    const place = this.offsets.length * PLACES + this.used;
    this.open.set(record, this.used);
    this.used += record.length;
    return place;
  }

  private appendLong(record: Uint8Array): number {
    this.flush();
    const place = this.offsets.length * PLACES;
    this.put(record);
    return place;
  }

  read(place: number): ByteReader {
    const block = Math.floor(place / PLACES);
    return new ByteReader(this.block(block), place - block * PLACES);
  }

  flush(): void {
    if (this.used === 0) return;
    this.put(this.open.subarray(0, this.used));
    this.used = 0;
  }

  /** Writes a block. */
  private put(raw: Uint8Array): void {
    const stored = compressNow(raw, bestCompression);
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(stored.length, 0);
    head.writeUInt32LE(raw.length, 4);
    head.writeUInt8(bestCompression, 8);
    head.writeUInt32LE(crc32(stored), 12);
    this.write(Buffer.concat([head, stored]));
    this.keep(this.offsets.length, raw.slice());
    this.offsets.push(this.end);
    this.end += HEAD + stored.length;
  }

  close(): void {
    closeSync(this.file);
  }

  private write(block: Uint8Array): void {
    if (this.fault === undefined)
      try {
        for (let at = 0; at < block.length;) at += writeSync(this.file, block, at, block.length - at, this.end + at);
        return;
      } catch (error) {
        this.fault = error as Error;
      }
    this.unwritten.set(this.offsets.length, block);
  }

  private block(index: number): Uint8Array {
    const known = this.kept.get(index);
    if (known !== undefined) {
      this.kept.delete(index);
      this.kept.set(index, known);
      return known;
    }
    if (index === this.offsets.length) return this.open.subarray(0, this.used);
    try {
      const raw = this.fetch(index);
      this.keep(index, raw);
      return raw;
    } catch (error) {
      this.onDamage?.();
      throw error;
    }
  }

  private fetch(index: number): Uint8Array {
    const offset = this.offsets[index];
    if (offset === undefined) throw new DamagedIndex(`there is no block ${index}`);
    const block = this.unwritten.get(index) ?? this.readBlock(index, offset);
    const head = Buffer.from(block.buffer, block.byteOffset, HEAD);
    const stored = block.subarray(HEAD);
    const compression = head.readUInt8(8);
    if (crc32(stored) !== head.readUInt32LE(12)) throw new DamagedIndex(`the checksum of block ${index} is wrong`);
    if (!canDecompress(compression)) throw new DamagedIndex(`block ${index} was written by a newer Node`);
    const { buffer, byteOffset, length } = decompress(stored, compression, head.readUInt32LE(4));
    // no Buffer: slices of it are copies
    return new Uint8Array(buffer, byteOffset, length);
  }

  private readBlock(index: number, offset: number): Uint8Array {
    const end = this.offsets[index + 1] ?? this.end;
    const block = Buffer.allocUnsafe(Math.max(0, end - offset));
    let at = 0;
    while (at < block.length) {
      const count = readSync(this.file, block, at, block.length - at, offset + at);
      if (count === 0) throw new DamagedIndex('its file ends early');
      at += count;
    }
    if (block.length < HEAD || block.readUInt32LE(0) !== block.length - HEAD)
      throw new DamagedIndex(`block ${index} has another length`);
    return block;
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
