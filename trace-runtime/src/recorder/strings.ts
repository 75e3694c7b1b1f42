/**
 * Strings by id. A tiny string is found by a direct-mapped cache, then a Map; a short one by such a cache alone, and is
 * defined once more where another has taken its slot: a Map of them costs more, and keeps alive what they were cut from. A
 * long one is found by its length and then by comparison, which ends at the first look where it is the same string.
 * Strings that V8 made out of others are described as parts of them and never copied.
 */
import {
  OwnMap,
  NodeBuffer,
  charCodeAt,
  fillWords,
  latin1Of,
  latin1Write,
  repeated,
  sliceString,
  splitString,
  utf16Write,
} from './primordials.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Secrets } from './secrets.ts';
import { Runtime, Slot, Special, Tag } from '../wire/words.ts';

export interface Strings {
  /** Writes the string's word, and its definition before it where needed. Returns the next position. */
  put(position: number, text: string): number;
  /** As `put`, for a text that hardly comes again: it is written whole and not remembered. */
  putOnce(position: number, text: string): number;
  /** Writes the definition where needed; the word is then in Register.found. */
  define(position: number, text: string): number;
  /** whether the text of that word is not all in the recording */
  holdsSecret(word: number): boolean;
  /** Every string is defined anew when it is met next. */
  forget(): void;
  /** `part` is `whole` from `start` on. */
  noteSubstring(part: string, whole: string, start: number): void;
}

/** Longer strings are never looked up by hash. */
const SHORT = 64;
/** V8 copies what it cuts out of a string up to this length; longer ones refer to the whole. */
export const TINY = 12;
const TINY_KEPT = 100_000;
const SHORT_SLOTS = 8192;
/** Definitions of short strings after which all are forgotten, so that what they were cut from can be collected. */
const SHORT_KEPT = 32_768;
const LONG_SLOTS = 512;
/** Strings longer than this share few slots, so that little is kept alive. */
const HUGE = 1 << 16;
const HUGE_SLOTS = 8;
const RECENT = 4;
const NESTING = 12;
/** Strings up to this length are looked at after they were written. */
const PIECE = 1 << 16;
/** Strings at least this long, copied last: what is cut from them later is found by comparison. */
const ROOT = 4096;
const ROOTS = 8;

const control = (id: number): number => (id << 4) | Tag.control;
const DEF_STRING = control(Runtime.defString);
const DEF_SUBSTRING = control(Runtime.defSubstring);
const DEF_CONCAT = control(Runtime.defConcat);
const OPAQUE = (Special.opaque << 3) | Tag.special;

export function createStrings(words: Int32Array, registers: Int32Array, room: Room, secrets: Secrets): Strings {
  const bytes = NodeBuffer.from(words.buffer, words.byteOffset, words.byteLength);
  const single = new Int32Array(256);
  const shortKeys: string[] = filled(SHORT_SLOTS);
  const shortWords = new Int32Array(SHORT_SLOTS);
  const known = new OwnMap<string, number>();
  const longKeys: string[] = filled(LONG_SLOTS + HUGE_SLOTS);
  const longWords = new Int32Array(LONG_SLOTS + HUGE_SLOTS);
  const parts: string[] = filled(LONG_SLOTS + HUGE_SLOTS);
  const wholes: string[] = filled(LONG_SLOTS + HUGE_SLOTS);
  const starts = new Int32Array(LONG_SLOTS + HUGE_SLOTS);
  /** long strings defined last; none of them holds a secret */
  const recent: string[] = filled(RECENT);
  const recentWords = new Int32Array(RECENT);
  const redacted = new OwnMap<number, boolean>();
  const roots: string[] = filled(ROOTS);
  const rootWords = new Int32Array(ROOTS);
  let turn = 0;
  let rootTurn = 0;
  let kept = 0;
  /** the short string that was cut out of another last */
  let cutPart = '';
  let cutWhole = '';
  let cutStart = 0;

  function put(position: number, text: string): number {
    const length = text.length;
    if (length === 1) {
      const code = charCodeAt(text, 0);
      if (code < 256 && single[code] !== 0) {
        words[position] = single[code]!;
        return position + 1;
      }
    } else if (length <= SHORT) {
      const slot = slotOf(text, length);
      if (shortKeys[slot] === text && shortWords[slot] !== 0) {
        words[position] = shortWords[slot]!;
        return position + 1;
      }
      if (text === cutPart && position <= words[Slot.limit]!) {
        const parent = cutParent();
        if (parent !== 0) return putCut(position, text, slot, parent);
      }
    } else {
      const slot = longSlot(length);
      if (longKeys[slot] === text) {
        words[position] = longWords[slot]!;
        return position + 1;
      }
    }
    return putSlow(position, text);
  }

  function putSlow(position: number, text: string): number {
    if (registers[Register.defining] === 1) return putDefined(position, text);
    try {
      return putDefined(position, text);
    } catch {
      return putNothing(position);
    }
  }

  /** The stack ended here. */
  function putNothing(position: number): number {
    registers[Register.shallow]!++;
    room.broke();
    words[position] = OPAQUE;
    return position + 1;
  }

  function putDefined(position: number, text: string): number {
    const next = room.at(define(position, text));
    words[next] = registers[Register.found]!;
    return next + 1;
  }

  function define(position: number, text: string): number {
    return text.length <= SHORT ? defineShort(position, text) : defineLong(position, text, 0);
  }

  function defineShort(position: number, text: string): number {
    const length = text.length;
    const slot = slotOf(text, length);
    if (length <= TINY) {
      const id = known.get(text);
      if (id !== undefined) {
        keepShort(text, length, slot, (id << 3) | Tag.string);
        return position;
      }
    } else if (shortKeys[slot] === text && shortWords[slot] !== 0) {
      registers[Register.found] = shortWords[slot]!;
      return position;
    }
    const fresh = registers[Register.string]! + 1;
    const next = defineWhole(room.at(position), fresh, redactedText(text, fresh));
    registers[Register.string] = fresh;
    if (length <= TINY) {
      if (known.size >= TINY_KEPT) known.clear();
      known.set(text, fresh);
    } else if (++kept === SHORT_KEPT) forgetShort();
    keepShort(text, length, slot, (fresh << 3) | Tag.string);
    return next;
  }

  /** The string that the last short one was cut out of; 0 where it is not at hand or holds a secret. */
  function cutParent(): number {
    const length = cutWhole.length;
    if (length <= SHORT) return 0;
    const slot = longSlot(length);
    if (longKeys[slot] !== cutWhole) return 0;
    const parent = longWords[slot]! >>> 3;
    return secrets.any && redacted.has(parent) ? 0 : parent;
  }

  /** Defines the string as a part, and writes its word. */
  function putCut(position: number, text: string, slot: number, parent: number): number {
    const id = registers[Register.string]! + 1;
    registers[Register.string] = id;
    putSubstring(position, id, parent, cutStart, text.length);
    const word = (id << 3) | Tag.string;
    words[position + 5] = word;
    shortKeys[slot] = text;
    shortWords[slot] = word;
    if (++kept === SHORT_KEPT) forgetShort();
    return position + 6;
  }

  function putSubstring(position: number, id: number, parent: number, start: number, length: number): void {
    words[position] = DEF_SUBSTRING;
    words[position + 1] = id << 1;
    words[position + 2] = parent << 1;
    words[position + 3] = start << 1;
    words[position + 4] = length << 1;
  }

  function forgetShort(): void {
    kept = 0;
    fillWords(shortWords, 0);
    for (let i = 0; i < SHORT_SLOTS; i++) shortKeys[i] = '';
  }

  function keepShort(text: string, length: number, slot: number, word: number): void {
    registers[Register.found] = word;
    if (length === 1) {
      const code = charCodeAt(text, 0);
      if (code < 256) single[code] = word;
      return;
    }
    shortKeys[slot] = text;
    shortWords[slot] = word;
  }

  function defineLong(position: number, text: string, nesting: number): number {
    const length = text.length;
    const slot = longSlot(length);
    if (longKeys[slot] === text) {
      registers[Register.found] = longWords[slot]!;
      return position;
    }
    for (let i = 0; i < RECENT; i++) {
      if (recent[i] === text) {
        registers[Register.found] = recentWords[i]!;
        return position;
      }
    }
    const derived = nesting < NESTING ? defineDerived(position, text, slot, nesting) : -1;
    if (derived >= 0) return derived;
    const id = nextId();
    const plain = redactedText(text, id);
    const next = defineWhole(room.at(position), id, plain);
    keepLong(text, (id << 3) | Tag.string, plain === text);
    if (length >= ROOT && plain === text) {
      roots[rootTurn] = text;
      rootWords[rootTurn] = (id << 3) | Tag.string;
      rootTurn = (rootTurn + 1) % ROOTS;
    }
    return next;
  }

  /** -1 where the text is no part or extension of a string that is known */
  function defineDerived(position: number, text: string, slot: number, nesting: number): number {
    if (parts[slot] === text) {
      const whole = wholes[slot]!;
      const next = whole.length <= SHORT ? defineShort(position, whole) : defineLong(position, whole, nesting + 1);
      const parent = registers[Register.found]! >>> 3;
      if (!redacted.has(parent)) return defineSubstring(next, text, parent, starts[slot]!);
      position = next;
    }
    const length = text.length;
    for (let k = 0; k < RECENT; k++) {
      const i = (turn + RECENT - 1 - k) % RECENT;
      const other = recent[i]!;
      const size = other.length;
      if (size === 0) continue;
      const parent = recentWords[i]! >>> 3;
      if (size > length) {
        if (sliceString(other, 0, length) === text) return defineSubstring(position, text, parent, 0);
        if (endsAs(other, text)) return defineSubstring(position, text, parent, size - length);
      } else if (size * 2 > length && size < length && sliceString(text, 0, size) === other) {
        const extended = defineExtended(position, text, other, parent, nesting);
        if (extended >= 0) return extended;
      }
    }
    for (let i = 0; i < ROOTS && length >= ROOT; i++) {
      const root = roots[i]!;
      if (root.length > length && endsAs(root, text))
        return defineSubstring(position, text, rootWords[i]! >>> 3, root.length - length);
    }
    return -1;
  }

  function defineExtended(position: number, text: string, left: string, leftId: number, nesting: number): number {
    const size = left.length;
    if (secrets.any) {
      const seam = sliceString(text, size > secrets.longest ? size - secrets.longest : 0);
      if (secrets.redact(seam) !== seam) return -1;
    }
    const tail = sliceString(text, size);
    let next = tail.length <= SHORT ? defineShort(position, tail) : defineLong(position, tail, nesting + 1);
    const right = registers[Register.found]! >>> 3;
    next = room.at(next);
    const id = nextId();
    words[next] = DEF_CONCAT;
    words[next + 1] = id << 1;
    words[next + 2] = leftId << 1;
    words[next + 3] = right << 1;
    keepLong(text, (id << 3) | Tag.string, true);
    return next + 4;
  }

  function defineSubstring(position: number, text: string, parent: number, start: number): number {
    const next = room.at(position);
    const id = nextId();
    putSubstring(next, id, parent, start, text.length);
    keepLong(text, (id << 3) | Tag.string, true);
    return next + 5;
  }

  function keepLong(text: string, word: number, plain: boolean): void {
    const slot = longSlot(text.length);
    longKeys[slot] = text;
    longWords[slot] = word;
    registers[Register.found] = word;
    if (!plain) return;
    recent[turn] = text;
    recentWords[turn] = word;
    turn = (turn + 1) % RECENT;
  }

  function nextId(): number {
    const id = registers[Register.string]! + 1;
    registers[Register.string] = id;
    return id;
  }

  function redactedText(text: string, id: number): string {
    if (!secrets.any || text.length < secrets.shortest) return text;
    const plain = secrets.redact(text);
    if (plain !== text) redacted.set(id, true);
    return plain;
  }

  function defineWhole(position: number, id: number, text: string): number {
    const length = text.length;
    words[position] = DEF_STRING;
    words[position + 1] = id << 1;
    words[position + 2] = length << 1;
    words[position + 3] = 0;
    if (length <= 256 && writeNarrow(position + 4, text, length)) return position + 4 + ((length + 3) >> 2);
    if (length > 256) {
      const end = writeWhole(position + 4, text, length);
      if (end >= 0) return end;
      if (isLatin1(text, length)) return writeLong(position + 4, text, length);
    }
    words[position + 3] = 2;
    return writeWide(position + 4, text, length);
  }

  /** In one piece, and read back, which is quicker than looking at each unit. -1 where it is wide or there is no room. */
  function writeWhole(position: number, text: string, length: number): number {
    const whole = (length + 3) >> 2;
    if (length > PIECE || room.left(position) < whole) return -1;
    words[position + whole - 1] = 0;
    latin1Write(bytes, text, position * 4, length);
    return latin1Of(bytes, position * 4, position * 4 + length) === text ? position + whole : -1;
  }

  /** False where the text is wide: what was written is then of no use. */
  function writeNarrow(position: number, text: string, length: number): boolean {
    let all = 0;
    let at = position;
    let i = 0;
    for (; i + 3 < length; i += 4) {
      const a = charCodeAt(text, i);
      const b = charCodeAt(text, i + 1);
      const c = charCodeAt(text, i + 2);
      const d = charCodeAt(text, i + 3);
      all |= a | b | c | d;
      words[at++] = a | (b << 8) | (c << 16) | (d << 24);
    }
    if (i === length) return all < 256;
    let word = 0;
    for (let shift = 0; i < length; i++, shift += 8) {
      const code = charCodeAt(text, i);
      all |= code;
      word |= code << shift;
    }
    words[at] = word;
    return all < 256;
  }

  function writeLong(position: number, text: string, length: number): number {
    let at = position;
    for (let i = 0; i < length;) {
      at = room.at(at);
      const space = room.left(at) * 4;
      const take = length - i < space ? length - i : space;
      const whole = (take + 3) >> 2;
      words[at + whole - 1] = 0;
      latin1Write(bytes, i === 0 && take === length ? text : sliceString(text, i, i + take), at * 4, take);
      at += whole;
      i += take;
    }
    return at;
  }

  function writeWide(position: number, text: string, length: number): number {
    let at = position;
    for (let i = 0; i < length;) {
      at = room.at(at);
      const space = room.left(at) * 2;
      const take = length - i < space ? length - i : space;
      const whole = (take + 1) >> 1;
      words[at + whole - 1] = 0;
      utf16Write(bytes, i === 0 && take === length ? text : sliceString(text, i, i + take), at * 4, take * 2);
      at += whole;
      i += take;
    }
    return at;
  }

  return {
    put,
    define,
    putOnce(position, text) {
      try {
        const id = nextId();
        const next = room.at(defineWhole(room.at(position), id, redactedText(text, id)));
        words[next] = (id << 3) | Tag.string;
        return next + 1;
      } catch {
        return putNothing(position);
      }
    },
    holdsSecret: (word) => secrets.any && redacted.has(word >>> 3),
    forget() {
      known.clear();
      fillWords(single, 0);
      fillWords(shortWords, 0);
      for (let i = 0; i < longKeys.length; i++) longKeys[i] = '';
      for (let i = 0; i < RECENT; i++) recent[i] = '';
      for (let i = 0; i < ROOTS; i++) roots[i] = '';
    },
    noteSubstring(part, whole, start) {
      const length = part.length;
      if (length === whole.length) return;
      if (length <= SHORT) {
        cutPart = part;
        cutWhole = whole;
        cutStart = start;
        return;
      }
      const slot = longSlot(length);
      parts[slot] = part;
      wholes[slot] = whole;
      starts[slot] = start;
    },
  };
}

function endsAs(whole: string, end: string): boolean {
  const start = whole.length - end.length;
  return charCodeAt(whole, start) === charCodeAt(end, 0) && sliceString(whole, start) === end;
}

function slotOf(text: string, length: number): number {
  if (length === 0) return 0;
  const last = length - 1;
  // names that are numbered differ at their ends
  const before = charCodeAt(text, last > 0 ? last - 1 : 0);
  const hash =
    length * 31 + charCodeAt(text, 0) * 7 + charCodeAt(text, length >> 1) * 131 + charCodeAt(text, last) * 1031;
  const all = hash + before * 37;
  return (
    (length <= TINY ? all : all + charCodeAt(text, length >> 2) * 521 + charCodeAt(text, length - 3) * 4099) &
    (SHORT_SLOTS - 1)
  );
}

function longSlot(length: number): number {
  return length > HUGE ? LONG_SLOTS + (length & (HUGE_SLOTS - 1)) : length & (LONG_SLOTS - 1);
}

function isLatin1(text: string, length: number): boolean {
  for (let i = 0; i < length; i++) if (charCodeAt(text, i) > 255) return false;
  return true;
}

/** Empty strings, in an array without holes; made by V8, as nothing is compiled yet. */
function filled(length: number): string[] {
  return splitString(repeated(',', length - 1), ',');
}
