/**
 * What changes over time: each thing has a version for every mark before which it changed. The version that holds at a
 * mark is found from the latest one in a logarithmic number of steps, over jump pointers (E. W. Myers, "An applicative
 * random-access stack", 1983).
 *
 *     version   mark, depth, place of the one before (+ 1), place jumped to (+ 1), its mark and depth, content
 */
import type { ByteReader, ByteWriter } from './bytes.ts';
import type { BlockLog } from './block-log.ts';
import type { PlaceTable } from './place-table.ts';

interface Head {
  readonly mark: number;
  readonly depth: number;
  /** -1: none */
  readonly before: number;
  readonly jump: number;
  readonly jumpMark: number;
  readonly jumpDepth: number;
}

export class Versions {
  constructor(
    private readonly log: BlockLog,
    private readonly latest: PlaceTable,
  ) {}

  /** Adds the version that holds from the mark on. `write` writes its content. */
  add(table: PlaceTable, id: number, mark: number, scratch: ByteWriter, write: (to: ByteWriter) => void): void {
    const before = table.get(id);
    scratch.clear();
    this.head(scratch, mark, before);
    write(scratch);
    table.set(id, this.log.append(scratch.written));
  }

  /** Adds the first version of several things, which is one for all of them. */
  addFirst(ids: readonly number[], mark: number, scratch: ByteWriter, write: (to: ByteWriter) => void): void {
    scratch.clear();
    this.head(scratch, mark, undefined);
    write(scratch);
    const place = this.log.append(scratch.written);
    for (const id of ids) this.latest.set(id, place);
  }

  private head(to: ByteWriter, mark: number, before: number | undefined): void {
    const head = before === undefined ? FIRST : this.behind(before);
    to.unsigned(mark);
    to.unsigned(head.depth);
    to.unsigned(head.before + 1);
    to.unsigned(head.jump + 1);
    to.unsigned(head.jumpMark);
    to.unsigned(head.jumpDepth);
  }

  private behind(before: number): Omit<Head, 'mark'> {
    const last = readHead(this.log.read(before));
    const depth = last.depth + 1;
    if (last.jump >= 0) {
      const far = readHead(this.log.read(last.jump));
      if (last.depth - last.jumpDepth === last.jumpDepth - far.jumpDepth && far.jump >= 0)
        return { depth, before, jump: far.jump, jumpMark: far.jumpMark, jumpDepth: far.jumpDepth };
    }
    return { depth, before, jump: before, jumpMark: last.mark, jumpDepth: last.depth };
  }

  /** The content of the version that holds at the mark; undefined where the thing was not known yet. */
  find(id: number, mark: number): ByteReader | undefined {
    let place = this.latest.get(id) ?? -1;
    while (place >= 0) {
      const reader = this.log.read(place);
      const head = readHead(reader);
      if (head.mark <= mark) return reader;
      place = head.jump >= 0 && head.jumpMark > mark ? head.jump : head.before;
    }
    return undefined;
  }

  /** The mark of the first version behind that mark; undefined where there is none. */
  next(id: number, mark: number): number | undefined {
    let place = this.latest.get(id) ?? -1;
    let next: number | undefined;
    while (place >= 0) {
      const head = readHead(this.log.read(place));
      if (head.mark <= mark) break;
      next = head.mark;
      if (head.jump >= 0 && head.jumpMark > mark) {
        next = head.jumpMark;
        place = head.jump;
      } else place = head.before;
    }
    return next;
  }

  /** The marks from which on its versions hold, the latest first, from that mark back. */
  *marks(id: number, mark: number): Generator<number, void> {
    let place = this.latest.get(id) ?? -1;
    while (place >= 0) {
      const head = readHead(this.log.read(place));
      if (head.mark <= mark) yield head.mark;
      place = head.mark > mark && head.jump >= 0 && head.jumpMark > mark ? head.jump : head.before;
    }
  }
}

const FIRST: Head = { mark: 0, depth: 0, before: -1, jump: -1, jumpMark: 0, jumpDepth: 0 };

function readHead(reader: ByteReader): Head {
  return {
    mark: reader.unsigned(),
    depth: reader.unsigned(),
    before: reader.unsigned() - 1,
    jump: reader.unsigned() - 1,
    jumpMark: reader.unsigned(),
    jumpDepth: reader.unsigned(),
  };
}
