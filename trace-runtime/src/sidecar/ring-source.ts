/** Follows a stream through its mapped ring, by reading and writing the file that is mapped. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import {
  RING_CHUNK_WORDS,
  RING_FIRST_WORD,
  RING_MAGIC,
  RingEntry,
  RingSlot,
  readWordNumber,
  ringChunkStart,
  ringEntryStart,
  ringFileName,
} from '../wire/spool.ts';
import { Slot } from '../wire/words.ts';
import type { StreamSource } from './word-source.ts';

interface Taken {
  readonly chunk: number;
  readonly endWord: number;
}

export class RingSource implements StreamSource {
  readonly stream: string;
  word: number;
  closed = false;
  readonly #file: number;
  readonly registers = new Int32Array(RING_FIRST_WORD);
  #chunk = -1;
  /** words of the current chunk that were read */
  #read = 0;
  /** words of the chunk being written that were there one look earlier */
  #settled = 0;
  #sawClosed = false;
  #taken: Taken[] = [];

  /** `word`: words below it are in segments already. Throws what the file system says. */
  constructor(folder: string, stream: string, word: number) {
    this.stream = stream;
    this.word = word;
    this.#file = openSync(path.join(folder, ringFileName(stream)), 'r+');
  }

  read(target: Int32Array): number {
    for (;;) {
      this.#look();
      if (this.registers[RingSlot.magic] !== RING_MAGIC) return 0;
      if (this.#chunk < 0) this.#begin();
      const head = this.registers[RingSlot.head] ?? 0;
      const full = this.#chunk < head;
      const available = full ? this.#fullLength() : this.#liveLength();
      if (this.#read < available) return this.#take(target, available);
      if (!full) return this.#idle();
      this.#taken.push({ chunk: this.#chunk, endWord: this.word });
      this.#chunk++;
      this.#read = 0;
      this.#settled = 0;
    }
  }

  release(word: number): void {
    let tail = -1;
    this.#taken = this.#taken.filter((taken) => {
      if (taken.endWord > word) return true;
      tail = taken.chunk + 1;
      return false;
    });
    if (tail >= 0) writeSync(this.#file, new Uint8Array(Int32Array.of(tail).buffer), 0, 4, RingSlot.tail * 4);
  }

  dispose(): void {
    closeSync(this.#file);
  }

  #look(): void {
    readSync(this.#file, new Uint8Array(this.registers.buffer), 0, this.registers.byteLength, 0);
  }

  /** A former sidecar may have stored words beyond the ring's tail: skip them. */
  #begin(): void {
    const head = this.registers[RingSlot.head] ?? 0;
    this.#chunk = this.registers[RingSlot.tail] ?? 0;
    for (;;) {
      const first = readWordNumber(this.registers, ringEntryStart(this.#chunk) + RingEntry.firstWordLow);
      const length = this.registers[ringEntryStart(this.#chunk) + RingEntry.length] ?? 0;
      if (this.#chunk >= head || first + length > this.word) {
        this.#read = Math.max(0, this.word - first);
        this.word = first + this.#read;
        return;
      }
      this.#taken.push({ chunk: this.#chunk, endWord: first + length });
      this.#chunk++;
    }
  }

  #fullLength(): number {
    return this.registers[ringEntryStart(this.#chunk) + RingEntry.length] ?? 0;
  }

  /** What was there one look earlier; all of it where the writer waits for room in the next chunk. */
  #liveLength(): number {
    const complete = this.#fullLength();
    if (complete >= 0) return complete;
    const length = (this.registers[Slot.position] ?? 0) - ringChunkStart(this.#chunk);
    if (length < 0 || length > RING_CHUNK_WORDS) return this.#read;
    const settled = Math.min(this.#settled, length);
    this.#settled = length;
    return settled;
  }

  /** Closed only where it was so one look earlier: what was written before is then in this look. */
  #idle(): number {
    this.closed = this.#sawClosed && this.#settled <= this.#read;
    this.#sawClosed = this.registers[RingSlot.closed] === 1;
    return 0;
  }

  #take(target: Int32Array, available: number): number {
    const length = Math.min(target.length, available - this.#read);
    const bytes = new Uint8Array(target.buffer, target.byteOffset, length * 4);
    const count = readSync(this.#file, bytes, 0, bytes.length, (ringChunkStart(this.#chunk) + this.#read) * 4) >> 2;
    this.#read += count;
    this.word += count;
    return count;
  }
}
