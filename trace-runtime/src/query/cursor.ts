import { constants } from 'node:buffer';

/** Where a stream's words come from: chunks in order, each used before the next is asked for. */
export interface WordSource {
  /** undefined at the end */
  next(): Int32Array | undefined;
  /** number of the chunk that `next` gave last */
  tell(): number;
  /** That chunk comes next. */
  seek(chunk: number): void;
  /** Passes over whole chunks of together fewer words than that, never over the last one; gives how many words they had. */
  pass?(words: number): number;
}

/** Where a cursor stands; good for cursors over the same words. */
export interface CursorMark {
  readonly chunk: number;
  readonly position: number;
  readonly before: number;
  readonly pushedBack: boolean;
  readonly last: number;
  readonly ended: boolean;
}

const NONE = new Int32Array(0);
const MANY_BYTES = 1 << 20;
const LONG_TEXT = 1 << 16;

/** A position in a stream. Past the end it yields zeros and `ended` is true. */
export class Cursor {
  private chunk: Int32Array = NONE;
  /** the same chunk, once a text of it was asked for */
  private chunkBytes: Buffer | undefined;
  private position = 0;
  private before = 0;
  private readonly scratch = new Int32Array(2);
  private readonly double = new Float64Array(this.scratch.buffer);
  private pushedBack = false;
  private last = 0;
  ended = false;

  constructor(private readonly source: WordSource) {}

  /** words taken so far */
  get offset(): number {
    return this.before + this.position - (this.pushedBack ? 1 : 0);
  }

  mark(): CursorMark {
    const { position, before, pushedBack, last, ended } = this;
    return { chunk: this.source.tell(), position, before, pushedBack, last, ended };
  }

  goTo(mark: CursorMark): void {
    if (mark.chunk !== this.source.tell() || this.chunk === NONE) {
      this.source.seek(mark.chunk);
      this.chunk = (mark.chunk < 0 ? undefined : this.source.next()) ?? NONE;
      this.chunkBytes = undefined;
    }
    this.position = mark.position;
    this.before = mark.before;
    this.pushedBack = mark.pushedBack;
    this.last = mark.last;
    this.ended = mark.ended;
  }

  next(): number {
    if (this.pushedBack) {
      this.pushedBack = false;
      return this.last;
    }
    if (this.position >= this.chunk.length && !this.refill()) return 0;
    return (this.last = this.chunk[this.position++]!);
  }

  /** The word that `next` gave last is given again. */
  back(): void {
    this.pushedBack = !this.ended;
  }

  nextDouble(): number {
    this.scratch[0] = this.next();
    this.scratch[1] = this.next();
    return this.double[0]!;
  }

  /** Raw bytes, which fill whole words; as many as there are. */
  nextBytes(length: number): Uint8Array {
    // a damaged length must not cost its memory
    let bytes = new Uint8Array(Math.min(length, MANY_BYTES));
    for (let done = 0; done < length;) {
      if (this.position >= this.chunk.length && !this.refill()) return bytes.subarray(0, done);
      if (done === bytes.length) {
        const grown = new Uint8Array(Math.min(length, bytes.length * 2));
        grown.set(bytes);
        bytes = grown;
      }
      const words = Math.min((bytes.length - done + 3) >> 2, this.chunk.length - this.position);
      const take = Math.min(words << 2, bytes.length - done);
      bytes.set(new Uint8Array(this.chunk.buffer, this.chunk.byteOffset + (this.position << 2), take), done);
      this.position += words;
      done += take;
    }
    return bytes;
  }

  /** Raw bytes as text, which fill whole words; as many as there are. */
  nextText(length: number, encoding: 'latin1' | 'utf16le'): string {
    const { position, chunk } = this;
    const end = position + ((length + 3) >> 2);
    if (length >= 0 && length <= LONG_TEXT && end <= chunk.length) {
      this.position = end;
      this.chunkBytes ??= Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      return this.chunkBytes.toString(encoding, position << 2, (position << 2) + length);
    }
    const { buffer, byteOffset, length: there } = this.nextBytes(length);
    return Buffer.from(buffer, byteOffset, Math.min(there, constants.MAX_STRING_LENGTH)).toString(encoding);
  }

  /** Passes over raw bytes, which fill whole words. */
  skipBytes(length: number): void {
    for (let words = (length + 3) >> 2; words > 0;) {
      if (this.position >= this.chunk.length) {
        const passed = this.source.pass?.(words) ?? 0;
        this.before += passed;
        words -= passed;
        if (!this.refill()) return;
      }
      const step = Math.min(words, this.chunk.length - this.position);
      this.position += step;
      words -= step;
    }
  }

  private refill(): boolean {
    for (;;) {
      const chunk = this.ended ? undefined : this.source.next();
      if (chunk === undefined) {
        this.ended = true;
        return false;
      }
      if (chunk.length === 0) continue;
      this.before += this.chunk.length;
      this.chunk = chunk;
      this.chunkBytes = undefined;
      this.position = 0;
      return true;
    }
  }
}

/** A source over chunks that are in memory. */
export function wordsOf(...chunks: readonly Int32Array[]): WordSource {
  let index = 0;
  return { next: () => chunks[index++], tell: () => index - 1, seek: (chunk) => void (index = Math.max(chunk, 0)) };
}
