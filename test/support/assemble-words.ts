import { Runtime, Special, Tag } from '../../trace-runtime/src/wire/words.ts';
import { wordsOf, type WordSource } from '../../trace-runtime/src/query/cursor.ts';

/** Names an object or string by its id, where a value is wanted. */
export interface Reference {
  readonly tag: 'object' | 'string';
  readonly id: number;
}

export type Word = number | string | boolean | null | undefined | bigint | Reference;

export const object = (id: number): Reference => ({ tag: 'object', id });

/** Writes streams by hand: numbers and names instead of words. Strings are defined where they first occur. */
export class Assembler {
  private readonly words: number[] = [];
  private readonly strings = new Map<string, number>();

  /** A control word, and its payload as values. */
  record(id: number, ...payload: readonly Word[]): this {
    this.words.push((id << 4) | Tag.control);
    for (const value of payload) this.value(value);
    return this;
  }

  runtime(name: keyof typeof Runtime, ...payload: readonly Word[]): this {
    return this.record(Runtime[name], ...payload);
  }

  value(value: Word): this {
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') this.string(value);
    else if (value === undefined) this.special(Special.undefined);
    else if (value === null) this.special(Special.null);
    else if (typeof value === 'boolean') this.special(value ? Special.true : Special.false);
    else if (typeof value === 'bigint') {
      this.define(String(value));
      this.special(Special.bigint);
      this.string(String(value));
    } else this.words.push((value.id << 3) | Tag[value.tag]);
    return this;
  }

  special(code: number): this {
    this.words.push((code << 3) | Tag.special);
    return this;
  }

  bytes(bytes: readonly number[]): this {
    const padded = new Uint8Array((bytes.length + 3) & ~3);
    padded.set(bytes);
    this.words.push(...new Int32Array(padded.buffer));
    return this;
  }

  /** The stream in chunks of that many words. */
  source(chunk = 1000): WordSource {
    const chunks: Int32Array[] = [];
    for (let at = 0; at < this.words.length; at += chunk)
      chunks.push(Int32Array.from(this.words.slice(at, at + chunk)));
    return wordsOf(...chunks);
  }

  get length(): number {
    return this.words.length;
  }

  private number(value: number): void {
    if (Object.is(value, -0)) this.special(Special.negativeZero);
    else if (Number.isNaN(value)) this.special(Special.nan);
    else if (Number.isInteger(value) && value >= -(2 ** 30) && value < 2 ** 30) this.words.push(value << 1);
    else {
      this.special(Special.double);
      this.words.push(...new Int32Array(new Float64Array([value]).buffer));
    }
  }

  private define(text: string): number {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    const id = this.strings.size + 1;
    this.strings.set(text, id);
    const bytes = [...Buffer.from(text, 'utf16le')];
    this.record(Runtime.defString, id, text.length, 1).bytes(bytes);
    return id;
  }

  private string(text: string): void {
    const id = this.define(text);
    this.words.push((id << 3) | Tag.string);
  }
}
