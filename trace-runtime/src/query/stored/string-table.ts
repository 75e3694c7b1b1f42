/** The strings that a stream defines, by their ids: what was made of others is kept as how it was made. */
import type { StringListener } from '../decoder.ts';
import type { BlockLog } from './block-log.ts';
import { ByteWriter } from './bytes.ts';
import type { PlaceTable } from './place-table.ts';
import { Texts } from './texts.ts';

const Kind = { text: 0, substring: 1, concat: 2 } as const;
/** Shorter strings are written in full wherever they are. */
export const SHORT = 40;
/** long strings whose ids are known by their text */
const KNOWN = 8192;
/** So many steps away from a text, a text is written again: the longer it is, the more. */
const DEEP = 200;
const DEEPEST = 2000;
const UNITS_A_STEP = 2048;

type Made =
  | { readonly kind: typeof Kind.text; readonly depth: number; readonly a: number; readonly b: number }
  | { readonly kind: typeof Kind.substring | typeof Kind.concat; depth: number; a: number; b: number };

export class StringTable implements StringListener {
  readonly texts: Texts;
  /** gives a string by its id, from memory where it is there */
  resident: (id: number) => string | undefined = (id) => this.get(id);
  private readonly scratch = new ByteWriter();
  /** long strings in memory by their text */
  private readonly known = new Map<string, number>();
  /** UTF-16 units of texts that came to memory, each in one piece, since they were let go */
  units = 0;

  constructor(
    private readonly log: BlockLog,
    private readonly places: PlaceTable,
  ) {
    this.texts = new Texts(log);
  }

  literal(id: number, text: string): void {
    this.units += text.length;
    this.add(id, text, Kind.text, 0, this.texts.put(text), 0);
  }

  substring(id: number, text: string, parent: number, start: number): void {
    if (text.length <= SHORT) return this.literal(id, text);
    const made = this.made(parent);
    if (made?.kind === Kind.substring)
      this.add(id, text, Kind.substring, made.depth, made.a, made.b + Math.max(0, start));
    else if (made === undefined || made.depth >= deepest(text) || start < 0) this.literal(id, text);
    else this.add(id, text, Kind.substring, made.depth + 1, parent, start);
  }

  concat(id: number, text: string, left: number, right: number): void {
    if (text.length <= SHORT) return this.literal(id, text);
    const [a, b] = [this.made(left), this.made(right)];
    const depth = 1 + Math.max(a?.depth ?? 0, b?.depth ?? 0);
    if (depth > deepest(text) || !a || !b) this.literal(id, text);
    else this.add(id, text, Kind.concat, depth, left, right);
  }

  private add(id: number, text: string, kind: number, depth: number, a: number, b: number): void {
    const { scratch } = this;
    scratch.clear();
    scratch.byte(kind);
    scratch.unsigned(depth);
    scratch.unsigned(a);
    scratch.unsigned(b);
    scratch.unsigned(text.length);
    this.places.set(id, this.log.append(scratch.written));
    this.remember(id, text);
  }

  /** A long string is in memory. */
  remember(id: number, text: string): void {
    if (text.length <= SHORT) return;
    this.known.delete(text);
    this.known.set(text, id);
    if (this.known.size <= KNOWN) return;
    for (const oldest of this.known.keys()) {
      this.known.delete(oldest);
      return;
    }
  }

  /** The id of a string that is in memory with that text. */
  idOf(text: string): number | undefined {
    const id = this.known.get(text);
    if (id !== undefined) this.remember(id, text);
    return id;
  }

  /** The string of that id; undefined where the stream defines none. */
  get(id: number): string | undefined {
    const place = this.places.get(id);
    if (place === undefined) return undefined;
    const reader = this.log.read(place);
    const [kind, , a, b, length] = [
      reader.byte(),
      reader.unsigned(),
      reader.unsigned(),
      reader.unsigned(),
      reader.unsigned(),
    ];
    if (kind === Kind.text) {
      this.units += length;
      return this.texts.get(a);
    }
    if (kind === Kind.substring) return (this.resident(a) ?? '').slice(b, b + length);
    return (this.resident(a) ?? '') + (this.resident(b) ?? '');
  }

  private made(id: number): Made | undefined {
    const place = this.places.get(id);
    if (place === undefined) return undefined;
    const reader = this.log.read(place);
    return { kind: reader.byte(), depth: reader.unsigned(), a: reader.unsigned(), b: reader.unsigned() } as Made;
  }
}

function deepest({ length }: string): number {
  return Math.min(DEEPEST, Math.max(DEEP, length / UNITS_A_STEP));
}
