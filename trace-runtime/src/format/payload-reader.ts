/**
 * Reads the payloads of the few records that a scanner must understand: a small machine fed word by word, so that a
 * payload may be cut anywhere. Definitions nest inside payloads wherever a value may stand.
 *
 * A payload is a row of items: ints and values. A frame counts the items still to come; some frames learn how many only
 * on the way (by an object's kind, a length).
 */
import { ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';

interface Frame {
  readonly kind: number;
  readonly word: number;
  /** items still to come before the next step */
  need: number;
  /** how far a frame with several steps has come */
  step: number;
  /** the first items: small integers as they are, strings by their id, any other value as NaN */
  readonly items: number[];
  /** the latest item */
  last: number;
}

const ITEMS_KEPT = 8;

/** Strings defined inside a payload are kept: files name their hash and path by them. */
const STRINGS_KEPT = 65536;
const STRING_BYTES = 4096;

export class PayloadReader {
  reading = false;
  /** the outermost payload, once it was read */
  done: Pick<Frame, 'kind' | 'word' | 'items'> = { kind: 0, word: 0, items: [] };
  readonly #stack: Frame[] = [];
  readonly #strings = new Map<number, string>();
  #bytes:
    | { readonly id: number; readonly latin1: boolean; readonly length: number; readonly into: number[] }
    | undefined;
  #raw = 0;

  string(id: number): string | undefined {
    return this.#strings.get(id);
  }

  /** A string or an object other than a buffer needs no reading of its own: these words say how many follow. */
  static stringWords(length: number, encoding: number): number {
    return bytesToWords(encoding === 0 ? length : length * 2);
  }

  /** True: hand over the following words to `take`. */
  begin(kind: number, word: number): boolean {
    this.#push(kind, word);
    return (this.reading = this.#stack.length > 0);
  }

  /** Takes a word; the result is a number of raw words to skip. */
  take(word: number): number {
    if (this.#bytes) return this.#takeBytes(word);
    const frame = this.#stack.at(-1);
    if (!frame) return 0;
    if ((word & 7) === Tag.control) {
      // A record inside a payload can only be a definition; anything else means damage, and the payload ends here.
      const id = word >>> 4;
      if (id > Runtime.defBytes || id === 0) this.#abandon();
      else this.#push(id, 0);
      return 0;
    }
    this.#item(frame, word);
    return this.#takeRaw();
  }

  #item(frame: Frame, word: number): void {
    let value = Number.NaN;
    if ((word & 1) === 0) value = word >> 1;
    else if ((word & 7) === Tag.string) value = word >>> 3;
    else if ((word & 7) === Tag.special) {
      const code = word >>> 3;
      if (code === Special.double) this.#raw += 2;
      else if (code === Special.accessor) frame.need += 2;
      else if (code === Special.bigint || code === Special.symbol || code === Special.redacted) frame.need += 1;
    }
    if (frame.items.length < ITEMS_KEPT) frame.items.push(value);
    frame.last = value;
    frame.need--;
    while (frame.need === 0 && this.#advance(frame));
  }

  /** All items of this step are there. False once the frame is over. */
  #advance(frame: Frame): boolean {
    frame.step++;
    const { last } = frame;
    if (frame.kind === Runtime.defString && frame.step === 1) {
      this.#openString(frame);
      return false;
    }
    const isBytes = frame.kind === Runtime.bytes || frame.kind === Runtime.defBytes;
    if (isBytes && frame.step === 1) this.#raw += bytesToWords(last);
    if (frame.kind === Runtime.defObject && this.#advanceObject(frame, last)) return true;
    if (frame.need === 0) this.#pop();
    return false;
  }

  /** Steps: 1 id, kind, flags; 2 prototype, class; 3 length; 4 payload; 5 property count; 6 properties. */
  #advanceObject(frame: Frame, last: number): boolean {
    const kind = frame.items[1] ?? 0;
    const outermost = this.#stack.length === 1;
    if (frame.step === 1) {
      // Outermost, only the raw bytes of a buffer are of interest: the rest are words like any others.
      if (!outermost || kind === ObjectKind.arrayBuffer) frame.need = 2;
      return false;
    }
    if (frame.step === 2) {
      const length = lengthItems(kind);
      frame.need = length;
      return length === 0;
    }
    if (frame.step === 3) {
      if (kind === ObjectKind.arrayBuffer) {
        this.#raw += bytesToWords(last);
        if (outermost) return false;
      }
      frame.need = payloadItems(kind, last);
      return frame.need === 0;
    }
    if (frame.step === 4) {
      frame.need = 1;
      return false;
    }
    if (frame.step === 5) frame.need = Math.max(0, last) * 3;
    return false;
  }

  #openString(frame: Frame): void {
    const [id = 0, length = 0, encoding = 0] = frame.items;
    const byteLength = encoding === 0 ? length : length * 2;
    const nested = this.#stack.length > 1;
    if (nested && byteLength <= STRING_BYTES && byteLength > 0) {
      this.#bytes = { id, latin1: encoding === 0, length: byteLength, into: [] };
    } else {
      this.#raw += bytesToWords(byteLength);
      this.#pop();
    }
  }

  #takeBytes(word: number): number {
    const bytes = this.#bytes;
    if (!bytes) return 0;
    bytes.into.push(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24);
    if (bytes.into.length < bytes.length) return 0;
    const text = Buffer.from(bytes.into.slice(0, bytes.length)).toString(bytes.latin1 ? 'latin1' : 'utf16le');
    this.#strings.set(bytes.id, text);
    const oldest = this.#strings.size > STRINGS_KEPT ? this.#strings.keys().next().value : undefined;
    if (oldest !== undefined) this.#strings.delete(oldest);
    this.#bytes = undefined;
    this.#pop();
    return 0;
  }

  #takeRaw(): number {
    const raw = this.#raw;
    this.#raw = 0;
    return raw;
  }

  #push(kind: number, word: number): void {
    const need = firstItems(kind);
    if (need > 0) this.#stack.push({ kind, word, need, step: 0, items: [], last: 0 });
  }

  #pop(): void {
    const frame = this.#stack.pop();
    if (frame && this.#stack.length === 0) {
      this.reading = false;
      this.done = frame;
    }
  }

  #abandon(): void {
    const outermost = this.#stack[0];
    this.#stack.length = 0;
    this.#bytes = undefined;
    this.reading = false;
    if (outermost) this.done = outermost;
  }
}

function bytesToWords(bytes: number): number {
  return bytes > 0 ? (bytes + 3) >>> 2 : 0;
}

/** Items of a payload's first step; 0 where nothing of it is of interest. */
function firstItems(kind: number): number {
  switch (kind) {
    case Runtime.defString:
    case Runtime.defConcat:
    case Runtime.defSymbol:
    case Runtime.defObject:
    case Runtime.defBytes:
      return 3;
    case Runtime.defSubstring:
    case Runtime.bytes:
      return 4;
    case Runtime.hashes:
    case Runtime.loopHashes:
      return 4;
    case Runtime.file:
      return 5;
    case Runtime.tick:
      return 3;
    case Runtime.uncaught:
    case Runtime.caseStart:
    case Runtime.end:
      return 1;
    case Runtime.caseEnd:
      return 2;
    default:
      return 0;
  }
}

/** Items before those that a length counts, the length included. */
function lengthItems(kind: number): number {
  switch (kind) {
    case ObjectKind.array:
    case ObjectKind.arguments:
    case ObjectKind.map:
    case ObjectKind.set:
    case ObjectKind.arrayBuffer:
      return 1;
    default:
      return 0;
  }
}

function payloadItems(kind: number, length: number): number {
  switch (kind) {
    case ObjectKind.array:
    case ObjectKind.arguments:
    case ObjectKind.set:
      return Math.max(0, length);
    case ObjectKind.map:
      return Math.max(0, length) * 2;
    case ObjectKind.function:
      return 4;
    case ObjectKind.error:
    case ObjectKind.date:
    case ObjectKind.boxed:
    case ObjectKind.intrinsic:
      return 1;
    case ObjectKind.regexp:
    case ObjectKind.proxy:
      return 2;
    case ObjectKind.typedArray:
    case ObjectKind.dataView:
      return 3;
    default:
      return 0;
  }
}
