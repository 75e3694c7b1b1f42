/** The transport with the native helper: a mapped file whose pages survive the process. */
import path from 'node:path';
import {
  RING_CHUNKS,
  RING_CHUNK_WORDS,
  RING_MAGIC,
  RING_WORDS,
  RingEntry,
  RingSlot,
  SPOOL_VERSION,
  openStretch,
  ringChunkStart,
  ringEntryStart,
  ringFileName,
  writeWordNumber,
} from '../wire/spool.ts';
import { Slot } from '../wire/words.ts';
import type { Spooling, Transport } from './transport.ts';

interface Helper {
  /** a shared mapping of the file, made with mode 0600; throws with a `code` */
  map(file: string, bytes: number): ArrayBuffer;
}

/** Chunks after which the program looks whether anybody still records. */
const CHUNKS_A_LOOK = 8;

const load = Atomics.load;
const store = Atomics.store;
const dlopen = process.dlopen.bind(process);

/** undefined where the helper cannot be loaded or the file cannot be mapped */
export function openRing(spooling: Spooling, helperPath: string): Transport | undefined {
  try {
    // Not by require: the program's require.cache stays as it is.
    const module: { exports: Partial<Helper> } = { exports: {} };
    dlopen(module, helperPath);
    const memory = module.exports.map?.(path.join(spooling.folder, ringFileName(spooling.stream)), RING_WORDS * 4);
    if (!memory) return undefined;
    return new RingTransport(spooling, new Int32Array(memory));
  } catch {
    return undefined;
  }
}

class RingTransport implements Transport {
  readonly stream: string;
  readonly survivesKill = true;
  readonly words: Int32Array;
  readonly #spooling: Spooling;
  #head = 0;
  #wordsInStream = 0;
  #stopped = false;

  constructor(spooling: Spooling, words: Int32Array) {
    this.#spooling = spooling;
    this.stream = spooling.stream;
    this.words = words;
    words[RingSlot.version] = SPOOL_VERSION;
    this.#openChunk();
    store(words, RingSlot.magic, RING_MAGIC);
  }

  drain(): void {
    if (this.#stopped) return this.#restart();
    const used = (this.words[Slot.position] ?? 0) - ringChunkStart(this.#head);
    this.words[ringEntryStart(this.#head) + RingEntry.length] = used;
    this.#wordsInStream += used;
    const next = this.#head + 1;
    // asking the file system costs as much as filling a tenth of a chunk
    if (next % CHUNKS_A_LOOK === 0 && this.#spooling.ended()) return this.#stop();
    while (next - load(this.words, RingSlot.tail) >= RING_CHUNKS) {
      if (this.#spooling.ended()) return this.#stop();
      this.#spooling.wait();
    }
    this.#head = next;
    this.#openChunk();
    store(this.words, RingSlot.head, next);
  }

  flush(): void {
    // The pages are the file's.
  }

  close(): void {
    store(this.words, RingSlot.closed, 1);
  }

  /** The chunk's registers are set before the reader may see its number. */
  #openChunk(): void {
    const entry = ringEntryStart(this.#head);
    this.words[entry + RingEntry.length] = -1;
    writeWordNumber(this.words, entry + RingEntry.firstWordLow, this.#wordsInStream);
    openStretch(this.words, ringChunkStart(this.#head), RING_CHUNK_WORDS);
  }

  #stop(): void {
    this.#stopped = true;
    store(this.words, RingSlot.closed, 1);
    this.#restart();
  }

  /** Nobody reads any more: the same chunk over and over. */
  #restart(): void {
    openStretch(this.words, ringChunkStart(this.#head), RING_CHUNK_WORDS);
  }
}
