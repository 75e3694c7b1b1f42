/**
 * Extracts from a stream's words what later words need whatever else is dropped: loaded files, strings and symbols.
 * Objects are left out: what they held would no longer be true. Readers show them as not captured.
 */
import { Runtime, Special, Tag } from '../wire/words.ts';
import { PayloadReader } from './payload-reader.ts';

const DOUBLE = (Special.double << 3) | Tag.special;

export class DefinitionKeeper {
  readonly #kept: number[] = [];
  /** where each kept definition begins in `#kept` */
  readonly #starts: number[] = [];
  /** what is being read: a definition, or something with raw words that must not be taken for others */
  #open: number[] = [];
  #isDefinition = false;
  #skip = 0;
  readonly #payload = new PayloadReader();
  readonly #keeps: (words: readonly number[]) => boolean;

  /** `keeps`: which definitions, by their words; default: all. */
  constructor(keeps: (words: readonly number[]) => boolean = () => true) {
    this.#keeps = keeps;
  }

  /** Words may be handed over in pieces cut anywhere. */
  scan(words: Int32Array): void {
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as number;
      if (this.#skip > 0 || this.#payload.reading) this.#continue(word);
      else if (word === DOUBLE) this.#begin(word, false, 2);
      else if ((word & 7) === Tag.control) this.#control(word);
    }
  }

  /** The kept words. What the last word leaves open stays too: its rest stands in the words that follow. */
  finish(): Int32Array {
    const open = this.#skip > 0 || this.#payload.reading ? this.#open : [];
    return Int32Array.from([...this.#kept, ...open]);
  }

  /** Without what the last word leaves open. */
  finishWhole(): Int32Array {
    return Int32Array.from(this.#kept);
  }

  /** The kept definitions, the last one first. */
  *backward(): Iterable<readonly number[]> {
    for (let at = this.#starts.length - 1; at >= 0; at--)
      yield this.#kept.slice(this.#starts[at], this.#starts[at + 1] ?? this.#kept.length);
  }

  #control(word: number): void {
    const id = word >>> 4;
    if ((isKept(id) || hasRawWords(id)) && this.#payload.begin(id, 0)) this.#begin(word, isKept(id), 0);
  }

  #begin(word: number, isDefinition: boolean, skip: number): void {
    this.#open = [word];
    this.#isDefinition = isDefinition;
    this.#skip = skip;
  }

  #continue(word: number): void {
    this.#open.push(word);
    if (this.#skip > 0) this.#skip--;
    else this.#skip = this.#payload.take(word);
    if (this.#skip > 0 || this.#payload.reading) return;
    if (!this.#isDefinition || !this.#keeps(this.#open)) return;
    this.#starts.push(this.#kept.length);
    for (const each of this.#open) this.#kept.push(each);
  }
}

/**
 * Of some words: loaded files, and strings with the ids `needed` or that what is kept refers to. `isFollowed`: the words behind
 * the last one are there. They are read twice, so that what is not kept takes no memory.
 */
export function keepNeeded(
  words: () => Iterable<Int32Array>,
  needed: ReadonlySet<number>,
  isFollowed: boolean,
): Int32Array {
  const relations = new DefinitionKeeper(([control = 0]) => control >>> 4 !== Runtime.defString);
  for (const each of words()) relations.scan(each);
  const wanted = new Set(needed);
  for (const definition of relations.backward()) {
    const [control = 0, id = 0, left = 0, right = 0] = definition;
    const kind = control >>> 4;
    const isPart = kind === Runtime.defSubstring || kind === Runtime.defConcat;
    if (!isPart) for (const ref of stringsIn(definition)) wanted.add(ref);
    else if (wanted.has(id >> 1)) wanted.add(left >> 1).add(kind === Runtime.defConcat ? right >> 1 : left >> 1);
  }
  const keeper = new DefinitionKeeper(([control = 0, id = 0]) => !isString(control >>> 4) || wanted.has(id >> 1));
  for (const each of words()) keeper.scan(each);
  return isFollowed ? keeper.finish() : keeper.finishWhole();
}

function isString(kind: number): boolean {
  return kind >= Runtime.defString && kind <= Runtime.defConcat;
}

/** Ids of strings that words refer to; text among them may look like some more. */
export function stringsIn(words: Iterable<number>): Set<number> {
  const ids = new Set<number>();
  for (const word of words) if ((word & 7) === Tag.string) ids.add(word >>> 3);
  return ids;
}

function isKept(id: number): boolean {
  return (id >= Runtime.defString && id <= Runtime.defSymbol) || id === Runtime.file;
}

/** Records whose payload must be read so that its raw words are not taken for others. */
function hasRawWords(id: number): boolean {
  return id === Runtime.defObject || id === Runtime.defBytes || id === Runtime.bytes;
}
