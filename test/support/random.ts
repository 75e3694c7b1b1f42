/** Repeatable random choices: equal seeds choose alike, and neighbouring seeds do not. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** A whole number from 0 up to, but not including, `limit`. (mulberry32, Tommy Ettinger, public domain) */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** `least` to `most`, both included */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in about so many of a hundred cases. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  /** The list must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
