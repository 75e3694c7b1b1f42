/**
 * A segment: blocks of many series in one file that is written once and replaced whole. Header (16 bytes: magic, version,
 * level), blocks, index (24 bytes a block), trailer (16 bytes: magic, blocks, checksum of the index).
 */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { BLOCK_HEADER, blockHeader, decodeBlock, levels, type Level } from './block.ts';
import { concatColumns, noColumns, type Columns } from './columns.ts';

export const SEGMENT_VERSION = 1;
const MAGIC = 0x53_43_48_01;
const HEADER = 16;
const INDEX_ENTRY = 24;
const TRAILER = 16;

/** Where blocks are, sorted by series, then time. */
interface Index {
  readonly series: Uint32Array;
  readonly offsets: Uint32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** Writes a segment beside its name, and puts it there when it is whole. */
export class SegmentWriter {
  readonly #file: string;
  readonly #fd: number;
  readonly #entries: { series: number; offset: number; first: number; last: number }[] = [];
  #at = 0;

  constructor(file: string, level: Level) {
    this.#file = file;
    this.#fd = openSync(`${file}.tmp`, 'w', 0o600);
    const header = new DataView(new ArrayBuffer(HEADER));
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, SEGMENT_VERSION, true);
    header.setUint32(8, levels.indexOf(level), true);
    this.#write(new Uint8Array(header.buffer));
  }

  /** Blocks come by series, then time. */
  add(block: Uint8Array): void {
    const view = new DataView(block.buffer, block.byteOffset);
    this.#entries.push({
      series: view.getUint32(8, true),
      offset: this.#at,
      first: view.getFloat64(16, true),
      last: view.getFloat64(24, true),
    });
    this.#write(block);
  }

  finish(): void {
    this.#write(indexBytes(this.#entries));
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
    renameSync(`${this.#file}.tmp`, this.#file);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.#at += bytes.length;
  }
}

/** A segment for reading. Opening reads the index; blocks are read when asked for. */
export class Segment implements Disposable {
  readonly #fd: number;
  readonly #index: Index;
  readonly level: Level;
  /** what was wrong with the file, as sentences */
  readonly problems: readonly string[];

  /** Throws for what is no segment. A damaged index is made anew from the blocks that are whole, and the file cut there. */
  constructor(readonly file: string) {
    this.#fd = openSync(file, 'r+');
    const { size } = fstatSync(this.#fd);
    const header = new DataView(this.#read(0, HEADER).buffer);
    const name = path.basename(file);
    if (size < HEADER || header.getUint32(0, true) !== MAGIC) throw new Error(`${name} is no segment of samples.`);
    const version = header.getUint32(4, true);
    if (version > SEGMENT_VERSION) {
      throw new Error(`${name} has version ${version}, and this Hindcast reads up to ${SEGMENT_VERSION}.`);
    }
    this.level = levels[header.getUint32(8, true)] ?? 'raw';
    const index = this.#readIndex(size);
    this.#index = index ?? this.#repair(size);
    this.problems = index ? [] : [`${name} was torn: ${this.#index.series.length} whole blocks were kept.`];
  }

  get first(): number {
    return this.#index.first.reduce((least, time) => Math.min(least, time), Infinity);
  }

  get last(): number {
    return this.#index.last.reduce((most, time) => Math.max(most, time), -Infinity);
  }

  /** every series with the time of its last sample */
  *lastTimes(): IterableIterator<readonly [series: number, last: number]> {
    for (const [at, series] of this.#index.series.entries()) yield [series, this.#index.last[at] as number];
  }

  /** When the first sample of a series is; undefined where it has none here. */
  firstTime(series: number): number | undefined {
    const at = lowerBound(this.#index.series, series);
    return this.#index.series[at] === series ? this.#index.first[at] : undefined;
  }

  /** Rows of one series in blocks that reach into `from` to `to`; a damaged block is left out. */
  read(series: number, from: number, to: number): Columns {
    const parts: Columns[] = [];
    const { offsets, first, last } = this.#index;
    for (let at = lowerBound(this.#index.series, series); this.#index.series[at] === series; at++) {
      if ((last[at] as number) < from || (first[at] as number) >= to) continue;
      const block = decodeBlock(this.#readBlock(offsets[at] as number), this.level);
      if (block) parts.push(block);
    }
    return parts.length === 0 ? noColumns : concatColumns(parts);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #readBlock(offset: number): Uint8Array {
    const length = new DataView(this.#read(offset, BLOCK_HEADER).buffer).getUint32(0, true);
    return this.#read(offset, BLOCK_HEADER + length);
  }

  #read(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    readSync(this.#fd, bytes, 0, length, at);
    return bytes;
  }

  #readIndex(size: number): Index | undefined {
    if (size < HEADER + TRAILER) return undefined;
    const trailer = new DataView(this.#read(size - TRAILER, TRAILER).buffer);
    const blocks = trailer.getUint32(4, true);
    const start = size - TRAILER - blocks * INDEX_ENTRY;
    if (trailer.getUint32(0, true) !== MAGIC || start < HEADER) return undefined;
    const bytes = this.#read(start, blocks * INDEX_ENTRY);
    return crc32(bytes) === trailer.getUint32(8, true) ? indexFrom(bytes) : undefined;
  }

  #repair(size: number): Index {
    const bytes = this.#read(0, size);
    const entries: { series: number; offset: number; first: number; last: number }[] = [];
    let at = HEADER;
    for (let block = blockHeader(bytes.subarray(at)); block; block = blockHeader(bytes.subarray(at))) {
      entries.push({ series: block.series, offset: at, first: block.first, last: block.last });
      at += BLOCK_HEADER + block.length;
    }
    ftruncateSync(this.#fd, at);
    const tail = indexBytes(entries);
    writeSync(this.#fd, tail, 0, tail.length, at);
    return indexFrom(tail.subarray(0, tail.length - TRAILER));
  }
}

function indexBytes(entries: readonly { series: number; offset: number; first: number; last: number }[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * INDEX_ENTRY + TRAILER);
  const view = new DataView(bytes.buffer);
  for (const [at, { series, offset, first, last }] of entries.entries()) {
    view.setUint32(at * INDEX_ENTRY, series, true);
    view.setUint32(at * INDEX_ENTRY + 4, offset, true);
    view.setFloat64(at * INDEX_ENTRY + 8, first, true);
    view.setFloat64(at * INDEX_ENTRY + 16, last, true);
  }
  const trailer = entries.length * INDEX_ENTRY;
  view.setUint32(trailer, MAGIC, true);
  view.setUint32(trailer + 4, entries.length, true);
  view.setUint32(trailer + 8, crc32(bytes.subarray(0, trailer)), true);
  return bytes;
}

function indexFrom(bytes: Uint8Array): Index {
  const blocks = bytes.length / INDEX_ENTRY;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const index = {
    series: new Uint32Array(blocks),
    offsets: new Uint32Array(blocks),
    first: new Float64Array(blocks),
    last: new Float64Array(blocks),
  };
  for (let at = 0; at < blocks; at++) {
    index.series[at] = view.getUint32(at * INDEX_ENTRY, true);
    index.offsets[at] = view.getUint32(at * INDEX_ENTRY + 4, true);
    index.first[at] = view.getFloat64(at * INDEX_ENTRY + 8, true);
    index.last[at] = view.getFloat64(at * INDEX_ENTRY + 16, true);
  }
  return index;
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
