/** Lists of any length: long ones in pages that their versions share. */
import type { BlockLog } from './block-log.ts';
import { ByteWriter, type ByteReader } from './bytes.ts';
import { Pieces } from './pieces.ts';

const PAGE = 1024;
const PAGE_BYTES = 4096;

export class Lists {
  private readonly scratch = new ByteWriter();
  readonly pieces: Pieces;

  constructor(private readonly log: BlockLog) {
    this.pieces = new Pieces(log);
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

  writeBytes(to: ByteWriter, bytes: Uint8Array): void {
    to.unsigned(bytes.length);
    if (bytes.length <= PAGE_BYTES) return to.raw(bytes);
    let last = 0;
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
      const place = this.pieces.put(bytes.subarray(at, at + PAGE_BYTES));
      to.signed(place - last);
      last = place;
    }
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
