/**
 * Reads a stream's values as hashes: equal for values that are alike in two runs. An object counts by its contents when
 * the stream defined it last, a function by its code, a text without what names the run.
 */
import type { Cursor } from '../../query/cursor.ts';
import { ObjectKind, Runtime, Special, Tag } from '../../wire/words.ts';
import type { RunTexts } from './texts.ts';

const STEP = 0x01000193;
/** Beyond, a part of a text is hashed by what is known of the whole. */
const SHORT = 64;
const ROOM = 4096;

/** What Buffer has, and its types do not tell. */
type Sliceable = Buffer & {
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
};

export function mix(hash: number, next: number): number {
  const mixed = Math.imul(hash ^ next, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) | 0;
}

export class ValueHashes {
  /** of the objects named since `names` was set to 0: their numbers, in order */
  names = 0;
  /** id of the object named last */
  last = 0;
  private readonly texts: string[] = [''];
  private readonly textHashes: number[] = [0];
  /** of texts that are parts of others: which, and where they begin in it */
  private readonly wholes: (number | undefined)[] = [];
  private readonly starts: (number | undefined)[] = [];
  /** by text: the hash of its beginning up to each of its units */
  private readonly beginnings = new Map<number, Int32Array | undefined>();
  private readonly objects: number[] = [];
  private readonly symbols: number[] = [];
  private readonly buffers = new Map<number, Uint8Array>();
  /** for short texts */
  private readonly words = new Int32Array(ROOM >> 2);
  private readonly room = Buffer.from(this.words.buffer) as Sliceable;

  /** `keyOf`: what stands for a site's function */
  constructor(
    private readonly cursor: Cursor,
    private readonly runTexts: RunTexts,
    private readonly keyOf: (site: number) => number,
  ) {}

  int(): number {
    const word = this.cursor.next();
    if ((word & 1) === 0) return word >> 1;
    this.cursor.back();
    this.value();
    return 0;
  }

  /** A text in full; '' where another value stands there. */
  text(): string {
    for (;;) {
      const word = this.cursor.next();
      if ((word & 7) === Tag.string) return this.texts[word >>> 3] ?? '';
      if ((word & 7) === Tag.control && this.definition(word >>> 4)) continue;
      this.cursor.back();
      this.value();
      return '';
    }
  }

  /** A number or text itself; undefined for another value. */
  plain(): number | string | undefined {
    const word = this.cursor.next();
    if ((word & 1) === 0) return word >> 1;
    if (word >>> 3 === Special.double && (word & 7) === Tag.special) return this.cursor.nextDouble();
    this.cursor.back();
    if ((word & 7) === Tag.string || (word & 7) === Tag.control) return this.text();
    this.value();
    return undefined;
  }

  value(): number {
    const { cursor } = this;
    for (;;) {
      const word = cursor.next();
      if ((word & 1) === 0) return mix(1, this.runTexts.isPid(word >> 1) ? -1 : word);
      switch (word & 7) {
        case Tag.object: {
          const id = word >>> 3;
          this.names = mix(this.names, id);
          this.last = id;
          return mix(2, this.objects[id] ?? 0);
        }
        case Tag.string:
          return mix(3, this.textHashes[word >>> 3] ?? 0);
        case Tag.special:
          return this.special(word >>> 3);
        default:
          if (this.definition(word >>> 4)) continue;
          cursor.back();
          return 0;
      }
    }
  }

  private special(code: number): number {
    const { cursor } = this;
    switch (code) {
      case Special.double: {
        const low = cursor.next();
        return mix(mix(4, low), cursor.next());
      }
      case Special.bigint:
      case Special.redacted:
        return mix(code + 8, this.value());
      case Special.symbol:
        return mix(5, this.symbols[this.int()] ?? 0);
      case Special.accessor: {
        const get = this.value();
        return mix(mix(6, get), this.value());
      }
      default:
        return mix(7, code);
    }
  }

  /** Takes the definition whose control word was read; false where the record is none. */
  definition(id: number): boolean {
    switch (id) {
      case Runtime.defString:
        this.defString();
        return true;
      case Runtime.defSubstring: {
        const own = this.int();
        const parent = this.int();
        const start = this.int();
        this.defPart(own, parent, start, this.int());
        return true;
      }
      case Runtime.defConcat: {
        const own = this.int();
        const [left, right] = [this.int(), this.int()];
        const [begin, end] = [this.texts[left] ?? '', this.texts[right] ?? ''];
        this.texts[own] = begin.length + end.length > 2 ** 29 ? begin : begin + end;
        const hash = Math.imul(this.textHashes[left] ?? 0, power(end.length));
        this.textHashes[own] = (hash + (this.textHashes[right] ?? 0)) | 0;
        this.wholes[own] = undefined;
        return true;
      }
      case Runtime.defSymbol: {
        const own = this.int();
        const description = this.value();
        this.symbols[own] = mix(description, this.int());
        return true;
      }
      case Runtime.defObject:
        this.defObject();
        return true;
      case Runtime.defBytes:
        this.changeBytes();
        return true;
      case Runtime.defParsed: {
        const text = this.value();
        this.value();
        this.value();
        this.objects[this.int()] = text;
        return true;
      }
      default:
        return false;
    }
  }

  private defString(): void {
    const id = this.int();
    const length = this.int();
    const isWide = this.int() === 1;
    const text = this.readText(length, isWide);
    this.texts[id] = text;
    this.textHashes[id] = hashText(this.runTexts.plain(text));
    this.wholes[id] = undefined;
  }

  private readText(length: number, isWide: boolean): string {
    const size = isWide ? length * 2 : length;
    const { cursor, room, words } = this;
    if (size > room.length) {
      const bytes = cursor.nextBytes(size);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(isWide ? 'utf16le' : 'latin1');
    }
    for (let at = 0; at << 2 < size; at++) words[at] = cursor.next();
    return isWide ? room.ucs2Slice(0, size) : room.latin1Slice(0, size);
  }

  private defPart(id: number, parent: number, start: number, length: number): void {
    const text = (this.texts[parent] ?? '').substring(start, start + length);
    this.texts[id] = text;
    const whole = this.wholes[parent] ?? parent;
    const from = (this.wholes[parent] === undefined ? 0 : (this.starts[parent] ?? 0)) + start;
    this.wholes[id] = whole;
    this.starts[id] = from;
    this.textHashes[id] =
      text.length <= SHORT ? hashText(this.runTexts.plain(text)) : this.hashOfPart(whole, from, text);
  }

  private hashOfPart(whole: number, from: number, text: string): number {
    if (!this.beginnings.has(whole)) this.beginnings.set(whole, this.beginningsOf(this.texts[whole] ?? ''));
    const hashes = this.beginnings.get(whole);
    if (hashes === undefined) return hashText(this.runTexts.plain(text));
    const end = from + text.length;
    return (hashes[end]! - Math.imul(hashes[from]!, power(text.length))) | 0;
  }

  /** undefined where the text names the run */
  private beginningsOf(text: string): Int32Array | undefined {
    if (this.runTexts.plain(text) !== text) return undefined;
    const hashes = new Int32Array(text.length + 1);
    for (let i = 0, hash = 0; i < text.length; i++)
      hashes[i + 1] = hash = (Math.imul(hash, STEP) + text.charCodeAt(i) + 1) | 0;
    return hashes;
  }

  /** A function of the key was made; the stream only names it. */
  made(id: number, key: number): void {
    this.objects[id] ??= mix(key, 0);
  }

  private defObject(): void {
    const id = this.int();
    const kind = this.int();
    const flags = this.int();
    let hash = mix(mix(kind, flags), this.value());
    const className = this.text();
    hash = mix(hash, hashText(className));
    hash = mix(hash, this.payload(kind, id, className));
    for (let left = this.int(); left > 0 && !this.cursor.ended; left--) {
      hash = mix(hash, this.value());
      hash = mix(hash, this.value());
      hash = mix(hash, this.int());
    }
    this.objects[id] = hash;
  }

  private payload(kind: number, id: number, className: string): number {
    let hash = 0;
    switch (kind) {
      case ObjectKind.array:
      case ObjectKind.arguments:
      case ObjectKind.set:
        hash = this.several(this.int());
        return hash;
      case ObjectKind.map:
        return this.several(this.int() * 2);
      case ObjectKind.function: {
        hash = this.value();
        hash = mix(hash, this.int());
        const site = this.int();
        this.int();
        return mix(hash, site === 0 ? 0 : this.keyOf(site));
      }
      case ObjectKind.error:
        // a stack's text tells lines, which an edit moves
        this.value();
        return 0;
      case ObjectKind.date:
      case ObjectKind.boxed:
      case ObjectKind.intrinsic:
        return this.value();
      case ObjectKind.regexp:
      case ObjectKind.proxy:
        return this.several(2);
      case ObjectKind.typedArray:
      case ObjectKind.dataView:
        return this.view(kind === ObjectKind.dataView ? 1 : (ELEMENT_SIZES[className] ?? 1));
      case ObjectKind.arrayBuffer: {
        // many views share one buffer, and what it holds beside them is by chance
        const bytes = this.cursor.nextBytes(this.int());
        this.buffers.set(id, bytes.slice());
        return bytes.length;
      }
      default:
        return 0;
    }
  }

  private several(count: number): number {
    let hash = count;
    for (let i = 0; i < count && !this.cursor.ended; i++) hash = mix(hash, this.value());
    return hash;
  }

  /** What a view shows of its buffer. */
  private view(size: number): number {
    this.last = -1;
    this.value();
    const bytes = this.buffers.get(this.last);
    const offset = this.int();
    const length = this.int();
    return mix(length, bytes === undefined ? 0 : hashBytes(bytes.subarray(offset, offset + length * size)));
  }

  /** A buffer, an offset, and bytes that stand there now: their hash. */
  changeBytes(): number {
    this.last = -1;
    this.value();
    const { last } = this;
    const offset = this.int();
    const bytes = this.cursor.nextBytes(this.int());
    const known = this.buffers.get(last);
    if (known !== undefined && offset >= 0 && offset + bytes.length <= known.length) known.set(bytes, offset);
    return hashBytes(bytes);
  }
}

const ELEMENT_SIZES: Readonly<Record<string, number>> = {
  Int16Array: 2,
  Uint16Array: 2,
  Int32Array: 4,
  Uint32Array: 4,
  Float32Array: 4,
  Float64Array: 8,
  BigInt64Array: 8,
  BigUint64Array: 8,
};

function hashBytes(bytes: Uint8Array): number {
  let hash = bytes.length;
  for (const byte of bytes) hash = (Math.imul(hash, STEP) + byte) | 0;
  return hash;
}

/** A polynomial, so that the hash of two texts behind each other follows from theirs. */
function hashText(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, STEP) + text.charCodeAt(i) + 1) | 0;
  return hash;
}

function power(exponent: number): number {
  let result = 1;
  for (let base = STEP, left = exponent; left > 0; left >>>= 1, base = Math.imul(base, base))
    if ((left & 1) === 1) result = Math.imul(result, base);
  return result;
}
