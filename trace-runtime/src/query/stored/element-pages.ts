/** Pages of long arrays that were read, those used last: versions of an array, and windows, share most of them. */
import { ObjectValue, type Value } from '../values.ts';

/** Elements of all pages. */
const KEPT = 1_000_000;
/** UTF-16 units: longer texts are not held for it. */
const LONG = 1000;

export class ElementPages {
  /** by place, the one used last comes last */
  private readonly pages = new Map<number, readonly Value[]>();
  private kept = 0;

  get(place: number): readonly Value[] | undefined {
    const page = this.pages.get(place);
    if (!page) return undefined;
    this.pages.delete(place);
    this.pages.set(place, page);
    return page;
  }

  set(place: number, page: readonly Value[]): void {
    if (page.some(isOfMoment)) return;
    this.pages.set(place, page);
    this.kept += page.length;
    for (const [oldest, { length }] of this.pages) {
      if (this.kept <= KEPT) break;
      this.pages.delete(oldest);
      this.kept -= length;
    }
  }
}

/** An object of the language stands for another one before the stream has named it. */
function isOfMoment(value: Value): boolean {
  return value instanceof ObjectValue ? value.id < 0 : typeof value === 'string' && value.length > LONG;
}
