/** Places in a block log by number, written to the log itself in pages when it is complete. */
import { ByteWriter } from './bytes.ts';
import type { BlockLog } from './block-log.ts';

const PAGE = 512;
const KEPT_PAGES = 4096;
const LEAP = 1 << 20;

/** Of a table that was written: the places of its pages, by number of the page; 0: none, else one more. */
export type PlacePages = Float64Array;

/** A table that is being made. */
export class PlaceTable {
  private places = new Float64Array(1024);
  private readonly others = new Map<number, number>();
  private count = 0;

  /** undefined where the number has no place */
  get(id: number): number | undefined {
    const place = this.places[id] ?? 0;
    return place === 0 ? this.others.get(id) : place - 1;
  }

  set(id: number, place: number): void {
    // only a damaged stream leaps over so many
    if (id < 0 || id >= this.places.length + LEAP || this.others.has(id)) {
      this.others.set(id, place);
      return;
    }
    if (id >= this.places.length) {
      const grown = new Float64Array(Math.max(id + 1, this.places.length * 2));
      grown.set(this.places);
      this.places = grown;
    }
    this.places[id] = place + 1;
    if (id >= this.count) this.count = id + 1;
  }

  /** Writes it to the log. */
  write(log: BlockLog): WrittenTable {
    const pages = new Float64Array(Math.ceil(this.count / PAGE));
    const writer = new ByteWriter();
    for (let page = 0; page < pages.length; page++) {
      writer.clear();
      let last = 0;
      for (let i = page * PAGE; i < (page + 1) * PAGE; i++) {
        const place = this.places[i] ?? 0;
        writer.signed(place - last);
        last = place;
      }
      pages[page] = log.append(writer.written) + 1;
    }
    return { pages, others: this.others };
  }
}

export interface WrittenTable {
  readonly pages: PlacePages;
  /** of numbers that are no index */
  readonly others: ReadonlyMap<number, number>;
}

/** A table that was written; its pages are read when they are asked for. */
export class PlaceTableReader {
  private readonly kept = new Map<number, Float64Array>();

  constructor(
    private readonly log: BlockLog,
    private readonly table: WrittenTable,
  ) {}

  get(id: number): number | undefined {
    const at = this.table.pages[Math.floor(id / PAGE)] ?? 0;
    const place = at === 0 ? 0 : this.page(Math.floor(id / PAGE), at - 1)[id % PAGE]!;
    return place === 0 ? this.table.others.get(id) : place - 1;
  }

  private page(index: number, at: number): Float64Array {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const page = new Float64Array(PAGE);
    const reader = this.log.read(at);
    let place = 0;
    for (let i = 0; i < PAGE; i++) page[i] = place += reader.signed();
    if (this.kept.size >= KEPT_PAGES) this.kept.clear();
    this.kept.set(index, page);
    return page;
  }
}
