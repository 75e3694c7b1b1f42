/**
 * Extracts from a stream's words what later words need whatever else is dropped: loaded files, strings and symbols.
 * Objects are left out: what they held would no longer be true. Readers show them as not captured.
 */
import { Runtime, Special, Tag } from '../wire/words.ts';
import { PayloadReader } from './payload-reader.ts';

const DOUBLE = (Special.double << 3) | Tag.special;

export class DefinitionKeeper {
  readonly #kept: number[] = [];
  /** what is being read: a definition, or something with raw words that must not be taken for others */
  #open: number[] = [];
  #isDefinition = false;
  #skip = 0;
  readonly #payload = new PayloadReader();

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
    if (this.#isDefinition) for (const each of this.#open) this.#kept.push(each);
  }
}

function isKept(id: number): boolean {
  return (id >= Runtime.defString && id <= Runtime.defSymbol) || id === Runtime.file;
}

/** Records whose payload must be read so that its raw words are not taken for others. */
function hasRawWords(id: number): boolean {
  return id === Runtime.defObject || id === Runtime.defBytes || id === Runtime.bytes;
}
