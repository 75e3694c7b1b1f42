/** Things by number, most of the numbers one behind the other from 0 on: some pages of them may be absent. */
const BITS = 10;
const MASK = (1 << BITS) - 1;

export class Paged<T> {
  private pages: (T | undefined)[][] = [];
  /** by number, of those below 0 */
  private readonly below = new Map<number, T>();
  /** how many were put in that were not there; none of them is taken off when it is deleted */
  count = 0;

  get(id: number): T | undefined {
    return id >= 0 ? this.pages[id >>> BITS]?.[id & MASK] : this.below.get(id);
  }

  set(id: number, value: T | undefined): void {
    if (id < 0) {
      if (value === undefined) this.below.delete(id);
      else this.below.set(id, value);
      return;
    }
    const page = (this.pages[id >>> BITS] ??= []);
    if (page[id & MASK] === undefined) this.count++;
    page[id & MASK] = value;
  }

  /** All that are there, those below 0 first. */
  *entries(): Generator<[number, T], void> {
    yield* this.below;
    for (const key of Object.keys(this.pages)) {
      const page = this.pages[Number(key)]!;
      for (let i = 0; i < page.length; i++) {
        const value = page[i];
        if (value !== undefined) yield [(Number(key) << BITS) + i, value];
      }
    }
  }

  clear(): void {
    this.pages = [];
    this.below.clear();
    this.count = 0;
  }
}
