/** Where the boundary's records lie in the words of a light stream, and such a stream with some of them otherwise. */
import { FIRST_SITE, Runtime, Special, Tag } from '../../trace-runtime/src/wire/words.ts';

/** `from` to `to`: all of its words, with the definitions that stand among them. */
export interface BoundaryRecord {
  readonly from: number;
  readonly to: number;
  /** `boundary`'s own kind, else `clock` or `random` */
  readonly kind: string;
  /** of a `boundary` record: JSON text */
  readonly detail: string | undefined;
  readonly progress: number;
  readonly definitions: readonly number[];
  /** the values, without definitions */
  readonly values: readonly number[];
}

export interface LightWords {
  readonly words: Int32Array;
  readonly records: readonly BoundaryRecord[];
  /** the next free one */
  readonly stringId: number;
}

/** A place in the words, and what comes in the place of what stood there. */
export interface WordEdit {
  readonly from: number;
  readonly to: number;
  readonly words: readonly number[];
}

const DOUBLE = (Special.double << 3) | Tag.special;
const DEFINED_IN_WORDS: Readonly<Record<number, number>> = { [Runtime.defSubstring]: 5, [Runtime.defConcat]: 4 };

/** undefined: there are values in it that light recordings have in rare cases only. */
export function readLightWords(words: Int32Array): LightWords | undefined {
  const records: BoundaryRecord[] = [];
  const strings = new Map<number, string>();
  let stringId = 1;
  let at = 0;

  /** The word behind the definition that begins at `from`. */
  function definition(from: number): number {
    const kind = words[from]! >>> 4;
    const id = words[from + 1]! >> 1;
    stringId = Math.max(stringId, id + 1);
    if (kind !== Runtime.defString) return from + (DEFINED_IN_WORDS[kind] ?? 1);
    const [length, isWide] = [words[from + 2]! >> 1, words[from + 3] !== 0];
    const bytes = isWide ? length * 2 : length;
    const raw = Buffer.from(words.buffer, words.byteOffset + (from + 4) * 4, bytes);
    strings.set(id, raw.toString(isWide ? 'utf16le' : 'latin1'));
    return from + 4 + ((bytes + 3) >>> 2);
  }

  function record(from: number, name: string, count: number): BoundaryRecord {
    const definitions: number[] = [];
    const values: number[] = [];
    const texts: (string | undefined)[] = [];
    let next = from + 2;
    while (texts.length < count) {
      const word = words[next]!;
      if (isControl(word)) {
        const end = definition(next);
        definitions.push(...words.subarray(next, end));
        next = end;
        continue;
      }
      const length = word === DOUBLE ? 3 : 1;
      values.push(...words.subarray(next, next + length));
      texts.push((word & 7) === Tag.string ? strings.get(word >>> 3) : String(word >> 1));
      next += length;
    }
    const isNamed = name === 'boundary';
    const [kind, detail] = isNamed ? [texts[0] ?? '', texts[1]] : [name, undefined];
    return { from, to: next, kind, detail, progress: words[from + 1]!, definitions, values };
  }

  while (at < words.length) {
    const word = words[at]!;
    const id = isControl(word) ? word >>> 4 : 0;
    if (word === DOUBLE) at += 3;
    else if (id >= FIRST_SITE || id === 0) at++;
    else if (id === Runtime.defObject || id === Runtime.defBytes || id === Runtime.bytes) return undefined;
    else if (id <= Runtime.defConcat) at = definition(at);
    else if (id === Runtime.boundary || id === Runtime.clock || id === Runtime.random) {
      const isPair = id === Runtime.clock && PAIRS.has(words[at + 2]! >> 1);
      const name = id === Runtime.boundary ? 'boundary' : id === Runtime.clock ? 'clock' : 'random';
      const found = record(at, name, id === Runtime.random ? 1 : isPair ? 3 : 2);
      records.push(found);
      at = found.to;
    } else at++;
  }
  return { words, records, stringId };
}

/** Clocks that tell two numbers. */
const PAIRS: ReadonlySet<number> = new Set([3, 4, 6]);

function isControl(word: number): boolean {
  return (word & 7) === Tag.control;
}

/** Without what it told; later records may name strings that it defined. */
export function dropped({ from, to, definitions }: BoundaryRecord): WordEdit {
  return { from, to, words: definitions };
}

/** Each in the other's place; `a` stands before `b`. */
export function exchanged({ words }: LightWords, a: BoundaryRecord, b: BoundaryRecord): readonly WordEdit[] {
  const [headA, headB] = [words[a.from]!, words[b.from]!];
  const first = [...a.definitions, ...b.definitions, headB, a.progress, ...b.values];
  return [
    { from: a.from, to: a.to, words: first },
    { from: b.from, to: b.to, words: [headA, b.progress, ...a.values] },
  ];
}

/** With another detail. */
export function retold({ words, stringId }: LightWords, record: BoundaryRecord, detail: string): WordEdit {
  const isWide = /[^\0-\xff]/.test(detail);
  const bytes = Buffer.from(detail, isWide ? 'utf16le' : 'latin1');
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const raw = Array.from({ length: padded.length >> 2 }, (_, i) => padded.readInt32LE(i * 4));
  const define = [control(Runtime.defString), stringId << 1, detail.length << 1, (isWide ? 1 : 0) << 1, ...raw];
  const [kind] = record.values;
  const all = [...record.definitions, ...define, words[record.from]!, record.progress, kind!];
  return { from: record.from, to: record.to, words: [...all, (stringId << 3) | Tag.string] };
}

/** A clock or `Math.random` with another number: `change` is given what it told last. */
export function renumbered(light: LightWords, record: BoundaryRecord, change: (told: number) => number): WordEdit {
  const { values } = record;
  const isDouble = values.at(-3) === DOUBLE;
  const kept = values.slice(0, isDouble ? -3 : -1);
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, values.at(-2) ?? 0, true);
  view.setInt32(4, values.at(-1) ?? 0, true);
  view.setFloat64(0, change(isDouble ? view.getFloat64(0, true) : values.at(-1)! >> 1), true);
  const number = [DOUBLE, view.getInt32(0, true), view.getInt32(4, true)];
  const words = [...record.definitions, light.words[record.from]!, record.progress, ...kept, ...number];
  return { from: record.from, to: record.to, words };
}

/** The edits stand in the order of their places and do not overlap. */
export function edited(words: Int32Array, edits: readonly WordEdit[]): Int32Array<ArrayBuffer> {
  const parts: number[] = [];
  let at = 0;
  for (const edit of edits) {
    for (; at < edit.from; at++) parts.push(words[at]!);
    parts.push(...edit.words);
    at = edit.to;
  }
  for (; at < words.length; at++) parts.push(words[at]!);
  return Int32Array.from(parts);
}

function control(id: number): number {
  return (id << 4) | Tag.control;
}
