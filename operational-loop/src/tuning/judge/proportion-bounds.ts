/**
 * A confidence sequence of a share: those shares at which a Beta(1/2, 1/2) mixture has not gained `1 / alpha` (Robbins 1970;
 * Kaufmann and Koolen, "Mixture martingales revisited", 2021). Its bounds hold at every moment at once.
 */
export class ProportionBounds {
  readonly #limit: number;
  #count = 0;
  #hits = 0;
  /** log likelihood under the mixture */
  #mixture = 0;

  constructor(alpha: number) {
    this.#limit = Math.log(1 / alpha);
  }

  add(hit: boolean): void {
    const ways = (hit ? this.#hits : this.#count - this.#hits) + 0.5;
    this.#mixture += Math.log(ways / (this.#count + 1));
    this.#count++;
    if (hit) this.#hits++;
  }

  /** 0 before the first */
  low(): number {
    return this.#hits === 0 ? 0 : this.#search(0);
  }

  /** 1 before the first */
  high(): number {
    return this.#hits === this.#count ? 1 : this.#search(1);
  }

  /** The last share that is not excluded, between the one observed and an end. */
  #search(end: number): number {
    let outside = end;
    let inside = this.#hits / this.#count;
    for (let step = 0; step < 30; step++) {
      const middle = (outside + inside) / 2;
      if (this.#gain(middle) < this.#limit) inside = middle;
      else outside = middle;
    }
    return inside;
  }

  #gain(share: number): number {
    const misses = this.#count - this.#hits;
    const hitting = this.#hits === 0 ? 0 : this.#hits * Math.log(share);
    const missing = misses === 0 ? 0 : misses * Math.log(1 - share);
    return this.#mixture - hitting - missing;
  }
}
