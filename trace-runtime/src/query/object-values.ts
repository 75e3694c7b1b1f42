/**
 * The one value that stands for each object, by the object's id. What nobody else holds may go: in pages, for a weak
 * reference to each value would take longer than all that is done with most of them.
 */
import { ObjectValue } from './values.ts';

const BITS = 6;
const MASK = (1 << BITS) - 1;
/** So many pages that were let go are looked through for those that nobody holds. */
const MANY = 4096;

/** Each value holds its page, so that as long as one of them is held, all of it is there. */
class ValuePage {
  readonly values: (ObjectValue | undefined)[] = [];
  readonly weakly = new WeakRef<ValuePage>(this);
  /** pages that hold one of these values too */
  readonly beside: ValuePage[] = [];
}

export class ObjectValues {
  private pages = new Map<number, ValuePage>();
  private last = NaN;
  private lastPage: ValuePage | undefined;
  private readonly letGo = new Map<number, WeakRef<ValuePage>>();
  private many = MANY;

  /** About how many are held here. */
  get count(): number {
    return this.pages.size << BITS;
  }

  get(id: number): ObjectValue | undefined {
    return this.page(id >> BITS)?.values[id & MASK];
  }

  set(id: number, value: ObjectValue | undefined): void {
    const number = id >> BITS;
    let page = this.page(number);
    if (!page) {
      if (value === undefined) return;
      this.pages.set(number, (page = new ValuePage()));
      this.lastPage = page;
    }
    page.values[id & MASK] = value;
    if (value === undefined) return;
    const other = ObjectValue.hold(value, page);
    if (other === page) return;
    page.beside.push(other as ValuePage);
    (other as ValuePage).beside.push(page);
  }

  private page(number: number): ValuePage | undefined {
    if (number === this.last) return this.lastPage;
    let page = this.pages.get(number);
    if (!page && this.letGo.size > 0) {
      page = this.letGo.get(number)?.deref();
      if (page) this.pages.set(number, page);
    }
    this.last = number;
    this.lastPage = page;
    return page;
  }

  /** Those that nobody holds may go. */
  clear(): void {
    for (const [number, { weakly }] of this.pages) this.letGo.set(number, weakly);
    this.pages.clear();
    this.last = NaN;
    this.lastPage = undefined;
    if (this.letGo.size < this.many) return;
    for (const [number, held] of this.letGo) if (held.deref() === undefined) this.letGo.delete(number);
    this.many = Math.max(MANY, 2 * this.letGo.size);
  }
}
