/** Lists of any length: long ones in pages that their versions share. */
import type { BlockLog } from './block-log.ts';
import { ByteWriter, type ByteReader } from './bytes.ts';
import { Pieces } from './pieces.ts';

const PAGE = 1024;
const PAGE_BYTES = 4096;

export class Lists {
  private readonly scratch = new ByteWriter();
  readonly pieces: Pieces;
  /** by long array: the places of its pages, as far as they have not changed since they were written */
  private readonly known = new WeakMap<object, (number | undefined)[]>();

  constructor(private readonly log: BlockLog) {
    this.pieces = new Pieces(log);
  }

  /** What stands there in an array, or bytes, is no more what was written last. */
  changed(whole: readonly unknown[] | Uint8Array, from: number, to: number): void {
    const places = this.known.get(whole);
    const size = whole instanceof Uint8Array ? PAGE_BYTES : PAGE;
    for (let page = Math.floor(from / size); places && page < places.length && page * size < to; page++)
      places[page] = undefined;
  }

  /** An array: of a long one only the pages that have changed. `item` writes the one at the index. */
  writeArray(to: ByteWriter, whole: readonly unknown[], item: (to: ByteWriter, index: number) => void): void {
    const count = whole.length;
    to.unsigned(count);
    if (count <= PAGE) for (let i = 0; i < count; i++) item(to, i);
    else
      this.writePages(to, whole, PAGE, (from, end) => {
        this.scratch.clear();
        for (let i = from; i < end; i++) item(this.scratch, i);
        return this.pieces.put(this.scratch.written);
      });
  }

  private writePages(
    to: ByteWriter,
    whole: readonly unknown[] | Uint8Array,
    size: number,
    put: (from: number, end: number) => number,
  ): void {
    let places = this.known.get(whole);
    if (!places) this.known.set(whole, (places = []));
    const pages = Math.ceil(whole.length / size);
    places.length = Math.min(places.length, pages);
    let last = 0;
    for (let page = 0; page < pages; page++) {
      const place = (places[page] ??= put(page * size, Math.min(whole.length, (page + 1) * size)));
      to.signed(place - last);
      last = place;
    }
  }

  /** `item` writes the next one. */
  write(to: ByteWriter, count: number, item: (to: ByteWriter) => void): void {
    to.unsigned(count);
    if (count <= PAGE) {
      for (let i = 0; i < count; i++) item(to);
      return;
    }
    let last = 0;
    for (let done = 0; done < count; done += PAGE) {
      this.scratch.clear();
      for (let i = done; i < count && i < done + PAGE; i++) item(this.scratch);
      const place = this.pieces.put(this.scratch.written);
      to.signed(place - last);
      last = place;
    }
  }

  read(from: ByteReader, item: (from: ByteReader) => void): void {
    const count = from.unsigned();
    if (count <= PAGE) {
      for (let i = 0; i < count; i++) item(from);
      return;
    }
    let place = 0;
    for (let done = 0; done < count; done += PAGE) {
      place += from.signed();
      const page = this.log.read(place);
      for (let i = done; i < count && i < done + PAGE; i++) item(page);
    }
  }

  /** An array: `page` reads so many items; pages that are known are not read. */
  readArray<T>(
    from: ByteReader,
    page: (from: ByteReader, count: number) => T[],
    known: { get(place: number): readonly T[] | undefined; set(place: number, page: readonly T[]): void },
  ): T[] {
    const count = from.unsigned();
    if (count <= PAGE) return page(from, count);
    const pages: (readonly T[])[] = [];
    let place = 0;
    for (let done = 0; done < count; done += PAGE) {
      place += from.signed();
      let own = known.get(place);
      if (!own) known.set(place, (own = page(this.log.read(place), Math.min(PAGE, count - done))));
      pages.push(own);
    }
    return joined(pages);
  }

  writeBytes(to: ByteWriter, bytes: Uint8Array): void {
    to.unsigned(bytes.length);
    if (bytes.length <= PAGE_BYTES) return to.raw(bytes);
    this.writePages(to, bytes, PAGE_BYTES, (from, end) => this.pieces.put(bytes.subarray(from, end)));
  }

  readBytes(from: ByteReader): Uint8Array {
    const length = from.unsigned();
    if (length <= PAGE_BYTES) return from.raw(length).slice();
    const bytes = new Uint8Array(length);
    let place = 0;
    for (let at = 0; at < length; at += PAGE_BYTES) {
      place += from.signed();
      bytes.set(this.log.read(place).raw(Math.min(PAGE_BYTES, length - at)), at);
    }
    return bytes;
  }
}

/** Absent items stay absent. */
function joined<T>(pages: readonly (readonly T[])[]): T[] {
  let whole: T[] = [];
  for (let at = 0; at < pages.length; at += PAGE) whole = whole.concat(...pages.slice(at, at + PAGE));
  return whole;
}
