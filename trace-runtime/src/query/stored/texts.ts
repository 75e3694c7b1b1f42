/** Texts in a block log: what is there already is not written again, and of a long text only the pieces that are not. */
import { ByteWriter, type ByteReader } from './bytes.ts';
import type { BlockLog } from './block-log.ts';
import { Pieces } from './pieces.ts';

/** UTF-16 units of a piece. */
const PIECE = 2048;
const Kind = { latin1: 0, utf16: 1, pieces: 2 } as const;
/** pieces that are kept together */
const GROUP = 32;
const KNOWN_LONG = 16;
const KNOWN_LONG_UNITS = 16_000_000;
/** Bytes of the groups in memory that were read. */
const KEPT_BYTES = 48_000_000;

interface Long {
  readonly text: string;
  /** of pieces */
  readonly groups: readonly number[];
  readonly place: number;
}

/** Pieces in one text. */
interface Group {
  readonly text: string;
  readonly bytes: number;
}

export class Texts {
  private readonly scratch = new ByteWriter();
  private readonly pieces: Pieces;
  /** texts longer than a piece, the latest first */
  private readonly long: Long[] = [];
  /** groups by their places, the one used last comes last */
  private readonly kept = new Map<number, Group>();
  private keptBytes = 0;

  constructor(private readonly log: BlockLog) {
    this.pieces = new Pieces(log);
  }

  put(text: string): number {
    if (text.length <= PIECE) return this.piece(text);
    const known = this.long.find((each) => each.text === text);
    if (known !== undefined) return known.place;
    const groups = this.begunBy(text);
    for (let at = groups.length * PIECE * GROUP; at < text.length; at += PIECE * GROUP)
      groups.push(this.group(text.slice(at, at + PIECE * GROUP)));
    const place = this.log.append(this.places(groups));
    this.long.unshift({ text, groups, place });
    let units = 0;
    const most = this.long.findIndex((each) => (units += each.text.length) > KNOWN_LONG_UNITS);
    this.long.length = Math.min(this.long.length, KNOWN_LONG, most < 0 ? Infinity : Math.max(1, most));
    return place;
  }

  /** A text that grew begins with one that is there: its whole groups, which are not looked at again. */
  private begunBy(text: string): number[] {
    const most = (each: Long): number => Math.floor(each.text.length / (PIECE * GROUP));
    const begun = this.long.find((each) => most(each) > 0 && startsLike(text, each.text, most(each) * PIECE * GROUP));
    return begun ? begun.groups.slice(0, most(begun)) : [];
  }

  /** A full one is read in one piece; of one that may still grow only the pieces are written that are not there. */
  private group(text: string): number {
    if (text.length === PIECE * GROUP) return this.piece(text);
    const pieces: number[] = [];
    for (let at = 0; at < text.length; at += PIECE) pieces.push(this.piece(text.slice(at, at + PIECE)));
    return this.pieces.put(this.places(pieces));
  }

  private places(places: readonly number[]): Uint8Array {
    const { scratch } = this;
    scratch.clear();
    scratch.byte(Kind.pieces);
    scratch.unsigned(places.length);
    let last = 0;
    for (const place of places) {
      scratch.signed(place - last);
      last = place;
    }
    return scratch.written;
  }

  private piece(text: string): number {
    const { scratch } = this;
    scratch.clear();
    writeUnits(scratch, text);
    return this.pieces.put(scratch.written);
  }

  get(place: number): string {
    const reader = this.log.read(place);
    if (reader.byte() !== Kind.pieces) {
      reader.at--;
      return readUnits(reader);
    }
    // the engine copies a sum only when somebody looks into it
    let text = '';
    for (const each of placesIn(reader)) text += this.groupAt(each);
    return text;
  }

  private groupAt(place: number): string {
    const known = this.kept.get(place);
    if (known) {
      this.kept.delete(place);
      this.kept.set(place, known);
      return known.text;
    }
    const group = this.readGroup(place);
    this.kept.set(place, group);
    this.keptBytes += group.bytes;
    for (const [oldest, { bytes }] of this.kept) {
      if (this.keptBytes <= KEPT_BYTES) break;
      this.kept.delete(oldest);
      this.keptBytes -= bytes;
    }
    return group.text;
  }

  private readGroup(place: number): Group {
    const reader = this.log.read(place);
    const from = reader.at;
    if (reader.byte() !== Kind.pieces) {
      reader.at = from;
      return { text: readUnits(reader), bytes: reader.at - from };
    }
    let bytes = 0;
    const pieces = placesIn(reader).map((each) => {
      const piece = this.log.read(each);
      const begin = piece.at;
      const text = readUnits(piece);
      bytes += piece.at - begin;
      return text;
    });
    return { text: pieces.join(''), bytes };
  }
}

function placesIn(reader: ByteReader): number[] {
  const places: number[] = [];
  let last = 0;
  for (let count = reader.unsigned(); count > 0; count--) places.push((last += reader.signed()));
  return places;
}

function startsLike(text: string, other: string, length: number): boolean {
  return text.length >= length && text.startsWith(other.slice(0, length));
}

/** A short text with its kind and length. */
export function writeUnits(to: ByteWriter, text: string): void {
  const start = to.length;
  to.byte(Kind.latin1);
  to.unsigned(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) {
      to.length = start;
      to.byte(Kind.utf16);
      to.unsigned(text.length);
      to.raw(Buffer.from(text, 'utf16le'));
      return;
    }
    to.byte(unit);
  }
}

export function readUnits(reader: ByteReader): string {
  const isWide = reader.byte() === Kind.utf16;
  const length = reader.unsigned();
  const bytes = reader.raw(isWide ? length * 2 : length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(isWide ? 'utf16le' : 'latin1');
}
