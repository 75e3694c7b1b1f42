/** One stream on its way from spool to segments. */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { FOOTER_VERSION, type FileEntry } from '../format/footer.ts';
import { parseSegmentName } from '../format/segment-layout.ts';
import { readBlock, readSegmentIndex } from '../format/segment-reader.ts';
import { prepareBlock, SegmentWriter, type PreparedBlock } from '../format/segment-writer.ts';
import { WordScanner } from '../format/word-scanner.ts';
import type { StreamSource } from './word-source.ts';

/**
 * 1 MB: a block costs as much to begin as a quarter of a megabyte to compress, and a reader that goes somewhere restores a
 * whole one. Small windows have smaller ones.
 */
const BLOCK_WORDS = { most: 256 * 1024, least: 64 * 1024 } as const;
const BLOCK_AGE_MS = 1000;
/** A block that took as long to fill has all the time it wants to be stored. */
const LEISURE_MS = 150;
/** Stored bytes after which a new segment is begun, where no window asks for smaller ones. */
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** Words after which a new segment is begun, however well they compress: bounds the memory for its footer. */
const SEGMENT_WORDS = 16 * 1024 * 1024;
/** Blocks of a stream that are being compressed at a time; of a window, which they are beyond, fewer. */
const BLOCKS_AHEAD = { most: 8, window: 3 } as const;

export interface StreamEvents {
  /** A file was loaded: its site table and source are wanted. */
  file(entry: FileEntry): void;
  /** A segment could not be written. True: try once more, there may be room now. */
  failed(error: unknown): boolean;
}

export interface SegmentLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

export interface ResumePoint {
  readonly segment: number;
  readonly word: number;
  readonly scanner: WordScanner;
}

/** Where a stream's segments end; scans what they hold. */
export function findResumePoint(folder: string): ResumePoint {
  const scanner = new WordScanner();
  const numbers = readdirSync(folder)
    .map(parseSegmentName)
    .filter((number) => number >= 0);
  numbers.sort((a, b) => a - b);
  for (const number of numbers) {
    const file = path.join(folder, `${String(number).padStart(6, '0')}.seg`);
    for (const block of readSegmentIndex(file).blocks) {
      const words = readBlock(file, block);
      if (!(words instanceof Int32Array)) continue;
      scanner.word = block.firstWord;
      scanner.scan(words, 0, words.length);
    }
    scanner.take();
  }
  return { segment: (numbers.at(-1) ?? -1) + 1, word: scanner.word, scanner };
}

export class StreamWriter {
  readonly stream: string;
  readonly #folder: string;
  readonly #source: StreamSource;
  readonly #scanner: WordScanner;
  readonly #events: StreamEvents;
  readonly #limits: SegmentLimits;
  readonly #blockWords: number;
  readonly #blocksAhead: number;
  #segmentSince = 0;
  #segment: SegmentWriter | undefined;
  #nextSegment: number;
  #segmentRecord = 0;
  #block: Int32Array<ArrayBuffer> = new Int32Array(0);
  #filled = 0;
  #blockWord = 0;
  #blockRecord = 0;
  #blockSince = 0;
  #chain: Promise<void> = Promise.resolve();
  #inFlight = 0;
  #failure: unknown;
  #discard = false;
  #spare: Int32Array<ArrayBuffer>[] = [];

  constructor(folder: string, source: StreamSource, resume: ResumePoint, events: StreamEvents, limits: SegmentLimits) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#source = source;
    this.#scanner = resume.scanner;
    this.#nextSegment = resume.segment;
    this.#events = events;
    this.#limits = { ...limits, bytes: Math.min(limits.bytes, SEGMENT_BYTES) };
    this.#blockWords = Math.max(BLOCK_WORDS.least, Math.min(BLOCK_WORDS.most, this.#limits.bytes >> 1));
    this.#blocksAhead = limits.bytes < SEGMENT_BYTES ? BLOCKS_AHEAD.window : BLOCKS_AHEAD.most;
    this.stream = source.stream;
    this.#segmentRecord = resume.scanner.records;
  }

  /** true after the stream's own end */
  get ended(): boolean {
    return this.#scanner.ended || this.#source.closed;
  }

  /** events taken so far, as far as they have a record of their own */
  get records(): number {
    return this.#scanner.records;
  }

  /** ticks taken so far */
  get ticks(): number {
    return this.#scanner.ticks;
  }

  /** what the file system said when a segment was written; the stream then takes words and forgets them */
  get failure(): unknown {
    return this.#failure;
  }

  /** Takes up to `budget` words; the result is how many it took. Waits while too much is being compressed. */
  async pump(budget: number): Promise<number> {
    let taken = 0;
    while (taken < budget) {
      if (this.#filled === this.#block.length) await this.#flushBlock();
      const count = this.#source.read(this.#block.subarray(this.#filled));
      if (count === 0) break;
      taken += count;
      if (this.#discard) this.#source.release(this.#source.word);
      else this.#accept(count);
    }
    return taken;
  }

  /** Stores a block that has waited for a while. */
  async flushAged(now: number): Promise<void> {
    if (this.#filled > 0 && now - this.#blockSince >= BLOCK_AGE_MS) await this.#flushBlock();
  }

  /** What was taken so far is in whole segments afterwards. */
  async close(): Promise<void> {
    await this.#flushBlock();
    await this.#rotate();
  }

  /** Stores all and writes the footer. */
  async finish(): Promise<void> {
    await this.#flushBlock();
    await this.#chain;
    if (this.#source.registers && !this.#scanner.ended) this.#scanner.died(this.#source.registers);
    this.#scanner.finish();
    await this.#finishSegment(true);
    this.#source.dispose();
  }

  #accept(count: number): void {
    if (this.#filled === 0) {
      this.#blockWord = this.#source.word - count;
      this.#blockRecord = this.#scanner.records;
      this.#blockSince = Date.now();
      // After a gap the words' numbers go on where the source does.
      this.#scanner.word = this.#blockWord;
    }
    const files = this.#scanner.fileCount;
    this.#scanner.scan(this.#block, this.#filled, this.#filled + count);
    for (const entry of this.#scanner.filesSince(files)) this.#events.file(entry);
    this.#filled += count;
  }

  /** A block that was filled fast is stored fast: the program may wait for it. */
  async #flushBlock(): Promise<void> {
    const words = this.#block.subarray(0, this.#filled);
    if (this.#filled > 0 && !this.#discard) {
      while (this.#inFlight >= this.#blocksAhead) await this.#chain;
      const block = this.#block;
      const prepared = prepareBlock(
        {
          words,
          firstWord: this.#blockWord,
          firstRecord: this.#blockRecord,
          records: this.#scanner.records - this.#blockRecord,
        },
        Date.now() - this.#blockSince < LEISURE_MS,
      );
      this.#inFlight++;
      const endWord = this.#blockWord + this.#filled;
      this.#chain = this.#chain.then(() => this.#store(prepared, block, endWord));
      this.#block = this.#spare.pop() ?? new Int32Array(this.#blockWords);
      if (this.#segmentIsFull()) await this.#rotate();
    } else if (this.#block.length === 0) {
      this.#block = new Int32Array(this.#blockWords);
    }
    this.#filled = 0;
  }

  async #store(prepared: Promise<PreparedBlock>, block: Int32Array<ArrayBuffer>, endWord: number): Promise<void> {
    try {
      const ready = await prepared;
      if (!this.#discard) this.#write(ready);
      this.#source.release(endWord);
    } catch (error) {
      this.#failure ??= error;
      this.#discard = true;
    }
    this.#inFlight--;
    if (this.#spare.length < this.#blocksAhead) this.#spare.push(block);
  }

  #write(block: PreparedBlock): void {
    try {
      this.#append(block);
    } catch (error) {
      if (!this.#events.failed(error)) throw error;
      this.#append(block);
    }
  }

  #append(block: PreparedBlock): void {
    if (!this.#segment) {
      this.#segment = new SegmentWriter(this.#folder, this.stream, this.#nextSegment++, block.firstWord);
      this.#segmentSince = Date.now();
    }
    this.#segment.write(block);
  }

  #segmentIsFull(): boolean {
    if (!this.#segment) return false;
    const { bytes, milliseconds } = this.#limits;
    if (this.#segment.bytes >= bytes || Date.now() - this.#segmentSince >= milliseconds) return true;
    return this.#scanner.word - this.#segment.firstWord >= SEGMENT_WORDS;
  }

  async #rotate(): Promise<void> {
    await this.#chain;
    await this.#finishSegment(false);
  }

  async #finishSegment(last: boolean): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = undefined;
    try {
      await segment.finish({
        version: FOOTER_VERSION,
        firstWord: segment.firstWord,
        endWord: this.#scanner.word,
        firstRecord: this.#segmentRecord,
        endRecord: this.#scanner.records,
        last,
        ...this.#scanner.take(),
      });
    } catch (error) {
      this.#failure ??= error;
    }
    this.#segmentRecord = this.#scanner.records;
  }
}
