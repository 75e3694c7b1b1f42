/** Which loaded file a control id belongs to, and what to add to the id so that it no longer depends on load order. */
export class FileRanges {
  /** the current range: ids [first, end) take `shift` */
  first = 0;
  end = 0;
  shift = 0;
  /** sorted: bases are allotted upward */
  readonly #bases: number[] = [];
  readonly #ends: number[] = [];
  readonly #shifts: number[] = [];

  add(base: number, ops: number, key: number): void {
    let at = this.#bases.length;
    while (at > 0 && (this.#bases[at - 1] ?? 0) > base) at--;
    this.#bases.splice(at, 0, base);
    this.#ends.splice(at, 0, base + ops);
    this.#shifts.splice(at, 0, (key - base) | 0);
    this.end = 0;
  }

  /** Makes the range of `id` the current one; an id of no file gets a range of its own, as it is. */
  seek(id: number): void {
    let low = 0;
    let high = this.#bases.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bases[middle] ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    const at = low - 1;
    const known = at >= 0 && id < (this.#ends[at] ?? 0);
    this.first = known ? (this.#bases[at] ?? 0) : id;
    this.end = known ? (this.#ends[at] ?? 0) : id + 1;
    this.shift = known ? (this.#shifts[at] ?? 0) : 0;
  }
}
