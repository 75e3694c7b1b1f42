/**
 * How rare a deviation is by what has been seen: −ln of the share of earlier ones that were as large. Beyond those seen the
 * share is taken to fall exponentially, by the mean excess of the largest (peaks over threshold, with a shape of 0).
 */
const WIDTH = 0.1;
const BINS = 400;
/** bins hold the newest so many deviations about: older ones weigh half as much each time */
const KEPT = 500_000;
/** the largest so many say how the tail goes on */
const TAIL = 100;

export class TailScale {
  readonly #counts = new Float64Array(BINS);
  readonly #rarity = new Float64Array(BINS);
  #total = 0;
  #slope = 1;
  /** the bin from which on the slope holds */
  #last = 0;

  add(deviation: number): void {
    const bin = Math.min(BINS - 1, Math.floor(deviation / WIDTH));
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    if (++this.#total < KEPT) return;
    for (let at = 0; at < BINS; at++) this.#counts[at] = (this.#counts[at] as number) / 2;
    this.#total /= 2;
  }

  /** Takes what was added into account. */
  refresh(): void {
    let above = 0;
    let excess = 0;
    this.#last = -1;
    for (let bin = BINS - 1; bin >= 0; bin--) {
      // Of all above, each is half a bin further on the average when the border is one bin lower.
      excess += above * WIDTH + (this.#counts[bin] as number) * (WIDTH / 2);
      above += this.#counts[bin] as number;
      this.#rarity[bin] = Math.log((this.#total + 1) / (above + 0.5));
      if (this.#last < 0 && above >= Math.min(TAIL, this.#total / 2)) {
        this.#last = bin;
        this.#slope = above > 0 && excess > 0 ? above / excess : 1;
      }
    }
  }

  /** 0 for none, rising with the deviation. */
  rarity(deviation: number): number {
    const position = deviation / WIDTH;
    const bin = Math.floor(position);
    if (bin >= this.#last) {
      return (this.#rarity[Math.max(0, this.#last)] as number) + (deviation - this.#last * WIDTH) * this.#slope;
    }
    const here = this.#rarity[bin] as number;
    return here + ((this.#rarity[bin + 1] as number) - here) * (position - bin);
  }
}
