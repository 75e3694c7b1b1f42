/** Follows a stream through its spool files. */
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { SPOOL_HEADER_WORDS, SPOOL_MAGIC, SpoolSlot, readWordNumber, spoolFileName } from '../wire/spool.ts';
import type { StreamSource } from './word-source.ts';

interface Finished {
  readonly number: number;
  readonly endWord: number;
}

export class SpoolSource implements StreamSource {
  readonly stream: string;
  word: number;
  readonly #folder: string;
  #file = -1;
  #number: number;
  #firstWord = 0;
  #finished: Finished[] = [];

  /** `number`: the oldest file that is there; `word`: words below it are in segments already. */
  constructor(folder: string, stream: string, number: number, word: number) {
    this.#folder = folder;
    this.stream = stream;
    this.#number = number;
    this.word = word;
  }

  /** Whether the writer ended in good order is told by the stream's `end` record, not by its files. */
  get closed(): boolean {
    return false;
  }

  read(target: Int32Array): number {
    for (;;) {
      if (this.#file < 0 && !this.#open()) return 0;
      const count = this.#readFile(target);
      if (count > 0) return count;
      // A next file exists only once the writer was done with this one; look again for what came in between.
      if (!this.#nextExists()) return 0;
      const late = this.#readFile(target);
      if (late > 0) return late;
      this.#endFile();
    }
  }

  release(word: number): void {
    this.#finished = this.#finished.filter((file) => {
      if (file.endWord > word) return true;
      remove(this.#path(file.number, 'done'));
      return false;
    });
  }

  dispose(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #open(): boolean {
    const file = tryOpen(this.#path(this.#number, 'part')) ?? tryOpen(this.#path(this.#number, 'done'));
    if (file === undefined) return false;
    const header = new Int32Array(SPOOL_HEADER_WORDS);
    const count = readSync(file, new Uint8Array(header.buffer), 0, header.byteLength, 0);
    if (count < header.byteLength || header[SpoolSlot.magic] !== SPOOL_MAGIC) {
      closeSync(file);
      return false;
    }
    this.#file = file;
    this.#firstWord = readWordNumber(header, SpoolSlot.firstWordLow);
    // A gap cannot be filled: go on where this file begins.
    if (this.word < this.#firstWord) this.word = this.#firstWord;
    return true;
  }

  #readFile(target: Int32Array): number {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    const offset = (SPOOL_HEADER_WORDS + this.word - this.#firstWord) * 4;
    const count = readSync(this.#file, bytes, 0, bytes.length, offset) >> 2;
    this.word += count;
    return count;
  }

  #nextExists(): boolean {
    const next =
      tryOpen(this.#path(this.#number + 1, 'part')) ??
      tryOpen(this.#path(this.#number + 1, 'done')) ??
      tryOpen(this.#path(this.#number + 1, 'part'));
    if (next === undefined) return false;
    closeSync(next);
    return true;
  }

  #endFile(): void {
    closeSync(this.#file);
    this.#file = -1;
    this.#finished.push({ number: this.#number, endWord: this.word });
    this.#number++;
  }

  #path(number: number, kind: 'part' | 'done'): string {
    return path.join(this.#folder, spoolFileName(this.stream, number, kind));
  }
}

function tryOpen(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Gone already.
  }
}
