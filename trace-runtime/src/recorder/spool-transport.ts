/** The portable transport: a 64 kB buffer, written to spool files. */
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import {
  BUFFER_WORDS,
  SPOOL_FILE_WORDS,
  SPOOL_FILES_WAITING,
  openStretch,
  spoolFileName,
  spoolHeader,
} from '../wire/spool.ts';
import { FIRST_WORD, HEADROOM, Slot } from '../wire/words.ts';
import type { Spooling, Transport } from './transport.ts';
import { max, min, round } from './primordials.ts';

const write = writeSync;
const open = openSync;
const close = closeSync;
const rename = renameSync;
const exists = existsSync;
const now = performance.now.bind(performance);

/** The buffer is made to be full about this often, however slowly words come: what a kill takes is not older. */
const PACE_MS = 4;
const MOST_ROOM = BUFFER_WORDS - FIRST_WORD;
const LEAST_ROOM = HEADROOM + 32;

/** undefined where not even the first file can be made */
export function openSpool(spooling: Spooling): Transport | undefined {
  const spool = new SpoolTransport(spooling);
  return spool.stopped ? undefined : spool;
}

class SpoolTransport implements Transport {
  readonly words = new Int32Array(BUFFER_WORDS);
  readonly stream: string;
  readonly survivesKill = false;
  stopped = false;
  readonly #bytes = new Uint8Array(this.words.buffer);
  readonly #spooling: Spooling;
  #file = -1;
  #number = -1;
  #wordsInFile = 0;
  #wordsInStream = 0;
  #room = LEAST_ROOM;
  #flushedAt = now();

  constructor(spooling: Spooling) {
    this.#spooling = spooling;
    this.stream = spooling.stream;
    this.#reset();
    this.#attempt(() => this.#nextFile());
  }

  drain(): void {
    this.#pace();
    this.flush();
    if (!this.stopped && this.#wordsInFile >= SPOOL_FILE_WORDS) this.#attempt(() => this.#rotate());
  }

  flush(): void {
    const end = this.words[Slot.position] ?? FIRST_WORD;
    if (end > FIRST_WORD && !this.stopped) this.#attempt(() => this.#write(FIRST_WORD, end));
    this.#reset();
    this.#flushedAt = now();
  }

  flushAged(): void {
    if (now() - this.#flushedAt >= PACE_MS) this.flush();
  }

  close(): void {
    this.flush();
    if (this.stopped) return;
    this.#attempt(() => this.#endFile());
    this.stopped = true;
  }

  #reset(): void {
    openStretch(this.words, FIRST_WORD, this.stopped ? MOST_ROOM : this.#room);
  }

  /** Much room where words come fast, little where they come slowly. */
  #pace(): void {
    const elapsed = now() - this.#flushedAt;
    const used = this.#room - HEADROOM;
    const wanted = elapsed > PACE_MS / 4 ? (used * PACE_MS) / elapsed : used * 4;
    this.#room = round(min(MOST_ROOM, max(LEAST_ROOM, wanted + HEADROOM)));
  }

  #write(from: number, to: number): void {
    writeAll(this.#file, this.#bytes, from * 4, to * 4);
    this.#wordsInFile += to - from;
    this.#wordsInStream += to - from;
  }

  #rotate(): void {
    this.#endFile();
    const oldest = this.#number - SPOOL_FILES_WAITING;
    if (oldest >= 0) {
      const file = path.join(this.#spooling.folder, spoolFileName(this.stream, oldest, 'done'));
      while (exists(file) && !this.#spooling.ended()) this.#spooling.wait();
    }
    if (this.#spooling.ended()) this.stopped = true;
    else this.#nextFile();
  }

  #nextFile(): void {
    this.#number++;
    this.#file = open(this.#path('part'), 'wx', 0o600);
    this.#wordsInFile = 0;
    const header = spoolHeader(this.#number, this.#wordsInStream);
    writeAll(this.#file, new Uint8Array(header.buffer), 0, header.byteLength);
  }

  #endFile(): void {
    close(this.#file);
    rename(this.#path('part'), this.#path('done'));
  }

  #path(kind: 'part' | 'done'): string {
    return path.join(this.#spooling.folder, spoolFileName(this.stream, this.#number, kind));
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.stopped = true;
      if (!this.#spooling.ended()) this.#spooling.gaveUp(error);
    }
  }
}

function writeAll(file: number, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to;) at += writeSome(file, bytes, at, to - at);
}

function writeSome(file: number, bytes: Uint8Array, at: number, length: number): number {
  for (;;) {
    try {
      return write(file, bytes, at, length);
    } catch (error) {
      const passing = error instanceof Error && 'code' in error && (error.code === 'EINTR' || error.code === 'EAGAIN');
      if (!passing) throw error;
    }
  }
}
