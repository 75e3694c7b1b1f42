/**
 * The transform of a block of words that makes it smallest: what a word most likely is follows from the record that it
 * stands in and its place there (its column), and only what is not as predicted is kept.
 *
 * For each word, two bits say what it is (`Guess`):
 *     stride    as far from the column's last word as that was from the one before
 *     copied    what another column had last: the one that this column was last seen to copy
 *     followed  what came last time in this column behind the same two control words
 *     kept      none of these: the word itself is kept
 *
 * The two bits and the words kept are stored column by column, words kept as their first bytes, then their second bytes, …,
 * which is what compression finds repetitions in. The texts and bytes of definitions stay as they are, at the end.
 *
 * Columns are told from the words before alone, which a reader has restored by then. So any words at all come back, whatever
 * the block begins in the middle of. The method is that of value prediction-based compression of traces (Burtscher, VPC).
 *
 *     u32 columns (numbers, of 16 for each control word) · u32 words kept · u32 raw words · for each column: varint words,
 *     varint words kept · two bits for each word, by column · bytes of the words kept, by column · raw words
 */
import { Runtime, Special, Tag } from '../wire/words.ts';

const Guess = { stride: 0, followed: 1, copied: 2, kept: 3 } as const;

/** Columns of a control word: its values by number, those beyond in one; the last two are the halves of its doubles. */
const COLUMNS = 16;
const LAST_VALUE = 13;
/** Control words that have columns of their own; others share those of the first. */
const MOST_CONTROLS = 4096;
const TABLE_BITS = 13;
const TABLE = 1 << TABLE_BITS;
const FOLLOW_BITS = 15;
const SEEN_BITS = 15;
const DOUBLE = (Special.double << 3) | Tag.special;
const HASH = 0x9e37_79b1;
const HASH_TOO = 0x85eb_ca6b;
const HEADER_BYTES = 12;
/** Records whose last values say how many raw words follow. */
const STRING = (Runtime.defString << 4) | Tag.control;
const BYTES = (Runtime.bytes << 4) | Tag.control;
const PART = (Runtime.defBytes << 4) | Tag.control;

/** What both ways know of the words so far. */
class Model {
  readonly last = new Int32Array(MOST_CONTROLS * COLUMNS);
  readonly stride = new Int32Array(MOST_CONTROLS * COLUMNS);
  /** the column that a column copies */
  readonly source = new Uint16Array(MOST_CONTROLS * COLUMNS);
  readonly followed = new Int32Array(1 << FOLLOW_BITS);
  /** by hash of a word: the column that had it last */
  readonly seen = new Uint16Array(1 << SEEN_BITS);
  readonly #keys = new Int32Array(TABLE);
  /** number of a control word, and 1; 0: none */
  readonly #numbers = new Uint16Array(TABLE);
  controls = 1;

  /** The first column of a control word. */
  columnsOf(control: number): number {
    let at = Math.imul(control, HASH) >>> (32 - TABLE_BITS);
    for (; this.#numbers[at] !== 0; at = (at + 1) & (TABLE - 1))
      if (this.#keys[at] === control) return ((this.#numbers[at] as number) - 1) * COLUMNS;
    if (this.controls === MOST_CONTROLS) return 0;
    this.#keys[at] = control;
    this.#numbers[at] = this.controls + 1;
    return this.controls++ * COLUMNS;
  }
}

/** What `fromPredicted` makes the same words of. */
export function toPredicted(words: Int32Array): Uint8Array {
  const length = words.length;
  const model = new Model();
  const { last, stride, source, followed, seen } = model;
  const columns = new Uint16Array(length);
  const guesses = new Uint8Array(length);
  const raw: Int32Array[] = [];
  let known = 0;
  let base = 0;
  let place = 0;
  let halves = 0;
  let control = 0;
  let path = 0;
  for (let at = 0; at < length; at++) {
    const word = words[at] as number;
    const column = base + (halves > 0 ? COLUMNS - halves : place < LAST_VALUE ? place : LAST_VALUE);
    const behind = Math.imul(path ^ column, HASH_TOO) >>> (32 - FOLLOW_BITS);
    const slot = Math.imul(word, HASH) >>> (32 - SEEN_BITS);
    const before = last[column] as number;
    let guess: number = Guess.kept;
    if (((before + (stride[column] as number)) | 0) === word) guess = Guess.stride;
    else if (last[source[column] as number] === word) guess = Guess.copied;
    else if (followed[behind] === word) guess = Guess.followed;
    else {
      const other = seen[slot] as number;
      if (last[other] === word) source[column] = other;
      seen[slot] = column;
    }
    columns[known] = column;
    guesses[known++] = guess;
    followed[behind] = word;
    stride[column] = (word - before) | 0;
    last[column] = word;
    if (halves > 0) {
      if (--halves === 0) place++;
    } else if ((word & 7) === Tag.control) {
      base = model.columnsOf(word);
      place = 0;
      path = Math.imul(control, HASH) ^ Math.imul(word, HASH_TOO);
      control = word;
    } else if (word === DOUBLE) halves = 2;
    else {
      place++;
      if (place === 3 || place === 4) {
        const count = Math.min(rawBehind(control, place, words[at - 1] as number, word), length - at - 1);
        if (count > 0) {
          raw.push(words.subarray(at + 1, at + 1 + count));
          at += count;
        }
      }
    }
  }
  return pack(words, model.controls * COLUMNS, columns.subarray(0, known), guesses, raw);
}

/**
 * The words of which `toPredicted` made the bytes. Throws where these are damaged.
 *
 * @param length in words
 */
export function fromPredicted(bytes: Uint8Array, length: number): Int32Array<ArrayBuffer> {
  const { columnCount, cursors, keptCursors, guesses, kept, raw } = unpack(bytes, length);
  const model = new Model();
  const { last, stride, source, followed, seen } = model;
  const words = new Int32Array(length);
  let rawAt = 0;
  let base = 0;
  let place = 0;
  let halves = 0;
  let control = 0;
  let path = 0;
  for (let at = 0; at < length; at++) {
    const column = base + (halves > 0 ? COLUMNS - halves : place < LAST_VALUE ? place : LAST_VALUE);
    if (column >= columnCount) throw new Error('a word is in no column');
    const behind = Math.imul(path ^ column, HASH_TOO) >>> (32 - FOLLOW_BITS);
    const before = last[column] as number;
    const cursor = cursors[column] as number;
    cursors[column] = cursor + 1;
    const guess = ((guesses[cursor >> 2] as number) >> ((cursor & 3) << 1)) & 3;
    let word: number;
    if (guess === Guess.stride) word = (before + (stride[column] as number)) | 0;
    else if (guess === Guess.copied) word = last[source[column] as number] as number;
    else if (guess === Guess.followed) word = followed[behind] as number;
    else {
      word = kept[keptCursors[column] as number] as number;
      keptCursors[column] = (keptCursors[column] as number) + 1;
      const slot = Math.imul(word, HASH) >>> (32 - SEEN_BITS);
      const other = seen[slot] as number;
      if (last[other] === word) source[column] = other;
      seen[slot] = column;
    }
    words[at] = word;
    followed[behind] = word;
    stride[column] = (word - before) | 0;
    last[column] = word;
    if (halves > 0) {
      if (--halves === 0) place++;
    } else if ((word & 7) === Tag.control) {
      base = model.columnsOf(word);
      place = 0;
      path = Math.imul(control, HASH) ^ Math.imul(word, HASH_TOO);
      control = word;
    } else if (word === DOUBLE) halves = 2;
    else {
      place++;
      if (place === 3 || place === 4) {
        const count = Math.min(rawBehind(control, place, words[at - 1] as number, word), length - at - 1);
        if (count > 0) {
          words.set(raw.subarray(rawAt, rawAt + count), at + 1);
          rawAt += count;
          at += count;
        }
      }
    }
  }
  return words;
}

/** @param bytes of the words */
export function mostPredictedBytes(bytes: number): number {
  return HEADER_BYTES + MOST_CONTROLS * COLUMNS * 10 + bytes + (bytes >> 4) + 4;
}

/** How many raw words follow behind the third or fourth value of a record, of which `before` is the one before. */
function rawBehind(control: number, place: number, before: number, word: number): number {
  if (control === STRING) {
    if (place !== 3 || before < 0) return 0;
    return ((word === 0 ? before >> 1 : before & ~1) + 3) >>> 2;
  }
  const isLength = (control === BYTES && place === 4) || (control === PART && place === 3);
  return isLength && word > 0 && (word & 1) === 0 ? ((word >> 1) + 3) >>> 2 : 0;
}

function pack(
  words: Int32Array,
  columnCount: number,
  columns: Uint16Array,
  guesses: Uint8Array,
  raw: readonly Int32Array[],
): Uint8Array {
  const rawWords = words.length - columns.length;
  const counts = new Int32Array(columnCount);
  const keptCounts = new Int32Array(columnCount);
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as number;
    counts[column]!++;
    if (guesses[index] === Guess.kept) keptCounts[column]!++;
  }
  const starts = startsOf(counts);
  const keptStarts = startsOf(keptCounts);
  const kept = keptStarts.at(-1)! + keptCounts.at(-1)!;
  const header = encodeHeader(counts, keptCounts, kept, rawWords);
  const guessBytes = (columns.length + 3) >> 2;
  const result = new Uint8Array(header.length + guessBytes + kept * 4 + rawWords * 4);
  result.set(header);
  const planes = header.length + guessBytes;
  const cursors = starts.slice();
  const keptCursors = new Int32Array(columnCount);
  const parts = raw[Symbol.iterator]();
  let part = parts.next().value as Int32Array | undefined;
  let index = 0;
  for (let at = 0; at < words.length; at++) {
    if (part && part.byteOffset === words.byteOffset + at * 4) {
      at += part.length - 1;
      part = parts.next().value as Int32Array | undefined;
      continue;
    }
    const column = columns[index] as number;
    const guess = guesses[index++] as number;
    const cursor = cursors[column]!++;
    result[header.length + (cursor >> 2)]! |= guess << ((cursor & 3) << 1);
    if (guess !== Guess.kept) continue;
    const word = words[at] as number;
    const count = keptCounts[column] as number;
    const place = planes + keptStarts[column]! * 4 + keptCursors[column]!++;
    result[place] = word;
    result[place + count] = word >>> 8;
    result[place + 2 * count] = word >>> 16;
    result[place + 3 * count] = word >>> 24;
  }
  let end = planes + kept * 4;
  for (const each of raw) {
    result.set(new Uint8Array(each.buffer, each.byteOffset, each.byteLength), end);
    end += each.byteLength;
  }
  return result;
}

interface Unpacked {
  readonly columnCount: number;
  /** of each column: the number of its next guess, of its next word kept */
  readonly cursors: Int32Array;
  readonly keptCursors: Int32Array;
  readonly guesses: Uint8Array;
  readonly kept: Int32Array;
  readonly raw: Int32Array;
}

function unpack(bytes: Uint8Array, length: number): Unpacked {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columnCount = view.getUint32(0, true);
  const keptWords = view.getUint32(4, true);
  const rawWords = view.getUint32(8, true);
  if (columnCount > MOST_CONTROLS * COLUMNS || keptWords + rawWords > length)
    throw new Error('its columns are damaged');
  const counts = new Int32Array(columnCount);
  const keptCounts = new Int32Array(columnCount);
  let at = HEADER_BYTES;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (let column = 0; column < columnCount; column++) {
    const count = varint();
    counts[column] = count;
    if (count > 0) keptCounts[column] = varint();
  }
  const guessBytes = (length - rawWords + 3) >> 2;
  const planes = at + guessBytes;
  if (planes + (keptWords + rawWords) * 4 !== bytes.length) throw new Error('its columns have another length');
  const cursors = startsOf(counts);
  const keptCursors = startsOf(keptCounts);
  const kept = new Int32Array(keptWords);
  for (let column = 0; column < columnCount; column++) {
    const count = keptCounts[column] as number;
    const start = keptCursors[column] as number;
    let from = planes + start * 4;
    for (let to = start; to < start + count; to++, from++)
      kept[to] =
        (bytes[from] as number) |
        ((bytes[from + count] as number) << 8) |
        ((bytes[from + 2 * count] as number) << 16) |
        ((bytes[from + 3 * count] as number) << 24);
  }
  const raw = new Int32Array(Uint8Array.from(bytes.subarray(planes + keptWords * 4)).buffer);
  return { columnCount, cursors, keptCursors, guesses: bytes.subarray(at, planes), kept, raw };
}

function encodeHeader(counts: Int32Array, keptCounts: Int32Array, kept: number, rawWords: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + counts.length * 10);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, counts.length, true);
  view.setUint32(4, kept, true);
  view.setUint32(8, rawWords, true);
  let at = HEADER_BYTES;
  const varint = (value: number): void => {
    for (; value > 127; value >>>= 7) bytes[at++] = (value & 127) | 128;
    bytes[at++] = value;
  };
  for (let column = 0; column < counts.length; column++) {
    varint(counts[column] as number);
    if (counts[column] !== 0) varint(keptCounts[column] as number);
  }
  return bytes.subarray(0, at);
}

/** Where each begins that have such lengths. */
function startsOf(lengths: Int32Array): Int32Array {
  const starts = new Int32Array(lengths.length);
  let sum = 0;
  for (let index = 0; index < lengths.length; index++) {
    starts[index] = sum;
    sum += lengths[index] as number;
  }
  return starts;
}
