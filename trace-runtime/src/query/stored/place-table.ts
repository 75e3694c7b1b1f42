/** Places in a block log by number. Its pages are in the log too: those used last, and those that changed lately, in memory. */
import { ByteWriter } from './bytes.ts';
import type { BlockLog } from './block-log.ts';

const PAGE = 512;
const KEPT_PAGES = 1024;
const LEAP = 1 << 20;

/** A table of which the log has everything. */
export interface WrittenTable {
  /** places of its pages, by number of the page; 0: none, else one more */
  readonly pages: Float64Array;
  /** of numbers that are no index */
  readonly others: ReadonlyMap<number, number>;
}

interface Page {
  /** 0: none, else one more */
  readonly places: Float64Array;
  isWritten: boolean;
}

export class PlaceTable {
  private readonly pages: number[];
  private readonly others: Map<number, number>;
  /** the one used last comes last */
  private readonly kept = new Map<number, Page>();
  private readonly scratch = new ByteWriter();
  private lastIndex = -1;
  private last: Page | undefined;

  /** `written`: of a table that is in the log. */
  constructor(
    private readonly log: BlockLog,
    written?: WrittenTable,
  ) {
    this.pages = written ? [...written.pages] : [];
    this.others = new Map(written?.others);
  }

  /** undefined where the number has no place */
  get(id: number): number | undefined {
    const index = Math.floor(id / PAGE);
    const place = index >= 0 && index < this.pages.length ? this.page(index).places[id % PAGE]! : 0;
    return place === 0 ? this.others.get(id) : place - 1;
  }

  set(id: number, place: number): void {
    const index = Math.floor(id / PAGE);
    // only a damaged stream leaps over so many
    if (index < 0 || index >= this.pages.length + LEAP / PAGE || this.others.has(id)) {
      this.others.set(id, place);
      return;
    }
    while (index >= this.pages.length) this.pages.push(0);
    const page = this.page(index);
    page.places[id % PAGE] = place + 1;
    page.isWritten = false;
  }

  /** Writes to the log what it does not have. */
  write(): WrittenTable {
    for (const [index, page] of this.kept) this.put(index, page);
    return { pages: Float64Array.from(this.pages), others: this.others };
  }

  private page(index: number): Page {
    if (index === this.lastIndex) return this.last!;
    let page = this.kept.get(index);
    if (page !== undefined) this.kept.delete(index);
    else page = this.fetch(index);
    this.kept.set(index, page);
    this.lastIndex = index;
    this.last = page;
    if (this.kept.size > KEPT_PAGES) this.letOldestGo();
    return page;
  }

  private letOldestGo(): void {
    for (const [index, page] of this.kept) {
      this.kept.delete(index);
      this.put(index, page);
      return;
    }
  }

  private fetch(index: number): Page {
    const places = new Float64Array(PAGE);
    const at = this.pages[index]!;
    if (at === 0) return { places, isWritten: true };
    const reader = this.log.read(at - 1);
    let place = 0;
    for (let i = 0; i < PAGE; i++) places[i] = place += reader.signed();
    return { places, isWritten: true };
  }

  private put(index: number, page: Page): void {
    if (page.isWritten) return;
    const { scratch } = this;
    scratch.clear();
    let last = 0;
    for (const place of page.places) {
      scratch.signed(place - last);
      last = place;
    }
    this.pages[index] = this.log.append(scratch.written) + 1;
    page.isWritten = true;
  }
}
