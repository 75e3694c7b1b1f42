/** Sites below have an entry each in a table. */
const HIGH_SITE = 2 ** 25;

/** Site ids, each once. */
export class SiteSet {
  /** by site: of the set that it was put into last */
  private marks = new Uint32Array(1024);
  private set = 1;
  private list: number[] = [];
  /** what only a damaged stream numbers so high */
  private readonly high = new Set<number>();

  static of(sites: Iterable<number>): SiteSet {
    const set = new SiteSet();
    for (const site of sites) set.add(site);
    return set;
  }

  has(site: number): boolean {
    return this.marks[site] === this.set || this.high.has(site);
  }

  add(site: number): void {
    if (site >= HIGH_SITE) {
      this.high.add(site);
      return;
    }
    if (site >= this.marks.length) {
      const grown = new Uint32Array(Math.max(site + 1, this.marks.length * 2));
      grown.set(this.marks);
      this.marks = grown;
    }
    if (this.marks[site] === this.set) return;
    this.marks[site] = this.set;
    this.list.push(site);
  }

  /** All since it was asked last, ascending. */
  take(): Int32Array {
    const sites = Int32Array.from([...this.list, ...this.high]).sort();
    this.list = [];
    this.high.clear();
    this.set++;
    return sites;
  }
}

/** Whether an ascending list has any of the sites. */
export function hasAny(own: Int32Array, sites: ReadonlySet<number>): boolean {
  if (sites.size > own.length) return own.some((site) => sites.has(site));
  for (const site of sites) if (includes(own, site)) return true;
  return false;
}

function includes(list: Int32Array, wanted: number): boolean {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const each = list[middle]!;
    if (each === wanted) return true;
    if (each < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
