/** What a client names by a number until the replay moves. A number is never given twice: one that is gone names nothing else. */
export class References<T> {
  /** numbers up to this one are gone */
  private gone: number;
  private items: T[] = [];

  /** `first`: the first number that is given */
  constructor(first = 1) {
    this.gone = first - 1;
  }

  add(item: T): number {
    return this.gone + this.items.push(item);
  }

  get(reference: number): T | undefined {
    return this.items[reference - this.gone - 1];
  }

  clear(): void {
    this.gone += this.items.length;
    this.items = [];
  }
}
