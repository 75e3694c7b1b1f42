/**
 * The transform of a block of words before compression: ids become relative to the newest id of their kind, so that the
 * same work on new objects gives the same words again. Long-lived ids stay as they are.
 *
 * It knows just enough of the words to leave raw ones alone, and reads only what it has restored: any words at all come
 * back as they were, whatever the block begins in the middle of.
 *
 * A reference to id, where n is the newest id of its kind in the block:
 *     n - NEAR <= id < n + NEAR     zigzag(id - n)
 *     id < n - NEAR                 id + 2 * NEAR
 *     id >= n + NEAR                id
 * The id that a definition gives is stored as its distance from n.
 */
import { FIRST_SITE, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';

/** Small, for an id that is not new must look the same each time. At least this is taken to be the newest id. */
const NEAR = 256;
const MOST = 2 ** 29 - 2 * NEAR;
const DOUBLE = (Special.double << 3) | Tag.special;
const RUNTIME_END = FIRST_SITE << 4;
const BUFFER_KIND = ObjectKind.arrayBuffer << 1;
/** One word of this many is looked at to see whether a block has ids enough. */
const SAMPLE = 61;

/** Whether a block has so many ids that the transform is worth its time. */
export function hasManyIds(words: Int32Array): boolean {
  let ids = 0;
  let looked = 0;
  for (let at = 0; at < words.length; at += SAMPLE) {
    const tag = (words[at] as number) & 7;
    if (tag === Tag.object || tag === Tag.string) ids++;
    looked++;
  }
  return ids * 50 > looked;
}

/** Makes ids relative, in place. */
export function toRelativeIds(words: Int32Array): void {
  rearrange(words, true);
}

/** Undoes `toRelativeIds`, in place. */
export function fromRelativeIds(words: Int32Array): void {
  rearrange(words, false);
}

/** Both ways decide by the words as they were before. */
function rearrange(words: Int32Array, away: boolean): void {
  const end = words.length;
  const sign = away ? -1 : 1;
  let newestObject = NEAR;
  let newestString = NEAR;
  let at = 0;
  while (at < end) {
    const word = words[at] as number;
    if ((word & 1) === 0) {
      at++;
      continue;
    }
    switch (word & 7) {
      case Tag.object: {
        const code = word >>> 3;
        const id = away ? code : restored(code, newestObject);
        words[at++] = ((away ? nearer(id, newestObject) : id) << 3) | Tag.object;
        if (id > newestObject && id < newestObject + NEAR) newestObject = id;
        break;
      }
      case Tag.string: {
        const code = word >>> 3;
        const id = away ? code : restored(code, newestString);
        words[at++] = ((away ? nearer(id, newestString) : id) << 3) | Tag.string;
        if (id > newestString && id < newestString + NEAR) newestString = id;
        break;
      }
      case Tag.special:
        at += word === DOUBLE ? 3 : 1;
        break;
      default: {
        at++;
        if (word >>> 0 >= RUNTIME_END || at === end) break;
        const record = word >>> 4;
        const old = words[at] as number;
        if (record === Runtime.defObject) {
          const moved = (old + sign * (newestObject << 1)) | 0;
          words[at] = moved;
          newestObject = newer(away ? old : moved, newestObject);
          at = afterObject(words, at);
        } else if (record === Runtime.bytes || record === Runtime.defBytes) {
          at = afterBytes(words, at + (record === Runtime.bytes ? 3 : 2));
        } else if (record <= Runtime.defConcat) {
          const moved = (old + sign * (newestString << 1)) | 0;
          const given = away ? old : moved;
          words[at] = moved;
          if (record === Runtime.defString) at = afterString(words, at);
          else {
            // A part of a string or the left half of a new one is mostly as new as the string itself.
            if (++at < end) words[at] = ((words[at] as number) + sign * given) | 0;
            at++;
          }
          newestString = newer(given, newestString);
        }
      }
    }
  }
}

function nearer(id: number, newest: number): number {
  const distance = id - newest;
  if (distance < -NEAR) return id + 2 * NEAR;
  return distance < NEAR ? (distance << 1) ^ (distance >> 31) : id;
}

function restored(code: number, newest: number): number {
  if (code < 2 * NEAR) return newest + ((code >>> 1) ^ -(code & 1));
  return code < newest + NEAR ? code - 2 * NEAR : code;
}

function newer(given: number, newest: number): number {
  const id = given >> 1;
  return id > newest && id < MOST ? id : newest;
}

/** Where words go on after a string's definition: its text is raw. */
function afterString(words: Int32Array, at: number): number {
  if (at + 2 >= words.length) return words.length;
  const units = (words[at + 1] as number) >>> 1;
  return at + 3 + (((words[at + 2] === 0 ? units : units * 2) + 3) >>> 2);
}

/** Where words go on after the id of an object's definition; a buffer's bytes are raw. */
function afterObject(words: Int32Array, at: number): number {
  if (words[at + 1] !== BUFFER_KIND) return at + 1;
  const plain = ((words[at + 3] as number) & 7) === Tag.object && ((words[at + 4] as number) & 7) === Tag.string;
  return plain ? afterBytes(words, at + 5) : at + 1;
}

/** Where words go on after a length in bytes and as many raw bytes. */
function afterBytes(words: Int32Array, at: number): number {
  const length = words[at] as number;
  return (length & 1) === 0 ? at + 1 + (((length >>> 1) + 3) >>> 2) : at;
}
