/** Seeded random numbers of simulations: equal seeds give equal numbers, so that a decision can be replayed. */
import { normalCdf } from '../statistics/distributions.ts';

export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** Above 0 and below 1. (mulberry32, Tommy Ettinger, public domain) */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  }

  /** of the standard normal distribution (Box & Muller 1958) */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform numbers that remember: neighbours' normal scores have the correlation `persistence`. */
  path(length: number, persistence: number): Float64Array {
    const fresh = Math.sqrt(1 - persistence * persistence);
    let score = this.normal();
    return Float64Array.from({ length }, (_, h) => {
      if (h > 0) score = persistence * score + fresh * this.normal();
      return normalCdf(score);
    });
  }
}
