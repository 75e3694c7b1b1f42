/**
 * The tick in which a thread was killed, where what it had rolled is not what the executed one comes to: a loop may have
 * gone round more often, or less. Up to the last thing that the recorded thread told, or was told, both are compared by that.
 */
import { readBlock } from '../format/segment-reader.ts';
import { WordScanner } from '../format/word-scanner.ts';
import type { RecordedStream } from '../store/stream.ts';
import { Tag } from '../wire/words.ts';

/** Of both streams: the word at which that tick begins. The word of `executed` behind what was told last; undefined: nothing was. */
export function lastToldWord(
  recorded: RecordedStream,
  begun: number,
  executed: RecordedStream,
  executedBegun: number,
): number | undefined {
  const all = new Walk(recorded);
  const before = all.toldBefore(begun);
  const count = all.toldBefore(Infinity) - before;
  if (count === 0) return undefined;
  const walk = new Walk(executed);
  return walk.wordBehind(walk.toldBefore(executedBegun) + count);
}

class Walk {
  readonly #scanner = new WordScanner();
  readonly #pieces: Iterator<{ readonly words: Int32Array; readonly first: number }>;
  #words: Int32Array = new Int32Array();
  #first = 0;

  constructor(stream: RecordedStream) {
    this.#pieces = piecesOf(stream);
  }

  /** How much was told before that word. To be asked forward. */
  toldBefore(word: number): number {
    while (this.#scanner.word < word && this.#isMore()) {
      const from = this.#scanner.word - this.#first;
      this.#scanner.scan(this.#words, from, Math.min(this.#words.length, word - this.#first));
    }
    return this.#scanner.told;
  }

  /** The word at which the record behind that many begins; undefined: so many are not there. */
  wordBehind(told: number): number | undefined {
    const scanner = this.#scanner;
    while (this.#isMore()) {
      const at = scanner.word - this.#first;
      if (scanner.told === told && scanner.isBetween && (this.#words[at]! & 7) === Tag.control) return scanner.word;
      scanner.scan(this.#words, at, at + 1);
    }
    return scanner.told === told ? scanner.word : undefined;
  }

  #isMore(): boolean {
    while (this.#scanner.word >= this.#first + this.#words.length) {
      const { value, done } = this.#pieces.next();
      if (done) return false;
      this.#words = value.words;
      this.#first = this.#scanner.word = value.first;
    }
    return true;
  }
}

function* piecesOf({ segments }: RecordedStream): Iterator<{ readonly words: Int32Array; readonly first: number }> {
  for (const { path, blocks } of segments)
    for (const block of blocks) {
      const words = readBlock(path, block);
      if (!(words instanceof Int32Array)) return;
      yield { words, first: block.firstWord };
    }
}
