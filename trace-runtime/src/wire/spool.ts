/**
 * Where a program leaves its words for the sidecar: files in `<recording>/spool`.
 *
 *     <stream>-<n>.part    the file a thread is writing; <n> counts from 0
 *     <stream>-<n>.done    a full one, the program's no more
 *     <stream>.ring        a mapped ring instead of the above, where the native helper is there
 *     sidecar-<n>.lock     the pid of the nth sidecar of this recording; the highest number holds the lock
 *
 * A spool file is a header of SPOOL_HEADER_WORDS words and then the stream's words. Whoever reads ignores a trailing
 * part of a word. The sidecar deletes a file once its words are in a segment.
 */
import { FIRST_WORD, HEADROOM, Slot } from './words.ts';

export const SPOOL_VERSION = 1;
export const SPOOL_MAGIC = 0x50534348;
export const RING_MAGIC = 0x4e524348;

export const SPOOL_HEADER_WORDS = 16;
/** Words of a spool file after which a new one is begun: 2 MB. */
export const SPOOL_FILE_WORDS = 512 * 1024;
/** A program waits while more files than this wait for the sidecar. */
export const SPOOL_FILES_WAITING = 32;

/** Words of the portable transport's buffer: 64 kB. */
export const BUFFER_WORDS = 16 * 1024;

/** In the spool: how many events and ticks were recorded so far, as text; from time to time anew. */
export const PROGRESS_FILE = 'progress';
/** In the spool, at level light: paths of files that were loaded and have nothing to record in them, one a line. */
export const PLAIN_FILE = 'plain';
/** Made by whoever wants the sidecar to write footers and end once the spool is empty; in the recording folder. */
export const FINISH_FILE = 'finish';
/** Made by whoever wants a finished recording of what is there now: JSON, `{token}`; in the recording folder. */
export const CUT_FILE = 'cut';
/** In the spool: what came of the last one, `{token, folder}` or `{token, error}`. */
export const CUT_DONE_FILE = 'cut-done';
/** Made (exclusively) by whoever first found the disk full: every stream of the recording stops; in the recording folder. */
export const STOPPED_FILE = 'stopped';
/**
 * Bytes kept so that a full disk still has room for the ledger and for what is in the spool: more than a spool file, so
 * that each file's words fit and then make room for the next. In the recording folder, deleted when needed.
 */
export const RESERVE_FILE = 'reserve';
export const RESERVE_BYTES = 4 * 1024 * 1024;

export const SpoolSlot = { magic: 0, version: 1, number: 2, firstWordLow: 3, firstWordHigh: 4 } as const;

/**
 * The ring: an Int32Array of RING_WORDS. Words below RING_FIRST_WORD are registers: the recorder's (Slot) and these.
 * The rest are RING_CHUNKS chunks that are filled in turn. The chunk with sequence number s lies at place
 * s % RING_CHUNKS; chunks below `head` are full, chunks below `tail` were taken, and chunk `head` is being written up to
 * Slot.position. Words below Slot.position are final once the writer has gone on; a reader of a living program takes
 * only what was below it one look earlier, so that no store is in flight.
 */
export const RingSlot = {
  magic: FIRST_WORD,
  version: FIRST_WORD + 1,
  /** written by the program: number of the chunk being written */
  head: FIRST_WORD + 4,
  /** written by the sidecar: number of the first chunk not taken */
  tail: FIRST_WORD + 5,
  /** written by the program: 1 after an orderly end */
  closed: FIRST_WORD + 6,
  /** entries of RingEntry words a place */
  table: 64,
} as const;
export const RingEntry = { length: 0, firstWordLow: 1, firstWordHigh: 2, words: 4 } as const;

export const RING_CHUNKS = 32;
export const RING_CHUNK_WORDS = 128 * 1024;
export const RING_FIRST_WORD = 1024;
export const RING_WORDS = RING_FIRST_WORD + RING_CHUNKS * RING_CHUNK_WORDS;

export function ringChunkStart(sequence: number): number {
  return RING_FIRST_WORD + (sequence % RING_CHUNKS) * RING_CHUNK_WORDS;
}

export function ringEntryStart(sequence: number): number {
  return RingSlot.table + (sequence % RING_CHUNKS) * RingEntry.words;
}

/** Points the registers at a stretch of free words. */
export function openStretch(words: Int32Array, start: number, length: number): void {
  words[Slot.position] = start;
  words[Slot.limit] = start + length - HEADROOM;
}

export function spoolHeader(number: number, firstWord: number): Int32Array {
  const header = new Int32Array(SPOOL_HEADER_WORDS);
  header[SpoolSlot.magic] = SPOOL_MAGIC;
  header[SpoolSlot.version] = SPOOL_VERSION;
  header[SpoolSlot.number] = number;
  writeWordNumber(header, SpoolSlot.firstWordLow, firstWord);
  return header;
}

/** A word's number in its stream, below 2^53, as two words. */
export function writeWordNumber(target: Int32Array, at: number, value: number): void {
  target[at] = value | 0;
  target[at + 1] = Math.floor(value / 0x1_0000_0000);
}

export function readWordNumber(source: Int32Array, at: number): number {
  return (source[at + 1] ?? 0) * 0x1_0000_0000 + ((source[at] ?? 0) >>> 0);
}

export interface SpoolName {
  readonly stream: string;
  readonly number: number;
  readonly kind: 'part' | 'done' | 'ring';
}

const PART = /^([0-9a-f-]{36})-(\d+)\.(part|done)$/;
const RING = /^([0-9a-f-]{36})\.ring$/;
const LOCK = /^sidecar-(\d+)\.lock$/;

export function spoolFileName(stream: string, number: number, kind: 'part' | 'done'): string {
  return `${stream}-${number}.${kind}`;
}

export function ringFileName(stream: string): string {
  return `${stream}.ring`;
}

export function lockFileName(number: number): string {
  return `sidecar-${number}.lock`;
}

/** undefined for a name that is none of ours */
export function parseSpoolName(name: string): SpoolName | undefined {
  const part = PART.exec(name);
  if (part) return { stream: part[1] ?? '', number: Number(part[2]), kind: part[3] === 'done' ? 'done' : 'part' };
  const ring = RING.exec(name);
  return ring ? { stream: ring[1] ?? '', number: 0, kind: 'ring' } : undefined;
}

/** -1 for a name that is no lock's */
export function parseLockName(name: string): number {
  const lock = LOCK.exec(name);
  return lock ? Number(lock[1]) : -1;
}
