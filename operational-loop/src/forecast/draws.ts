/** Seeded random numbers of simulations: equal seeds give equal numbers, so that a decision can be replayed. */
import { normalCdf } from '../statistics/distributions.ts';
import { quantileAt } from './conformal.ts';

/** How the errors of a path hang together: see `ForecastDistribution`. */
export interface PathShape {
  readonly persistence: number;
  readonly common?: ArrayLike<number>;
  readonly walk?: boolean;
}

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

  /** Standard normal scores, a value a step, that remember. */
  path(length: number, { persistence, common, walk = false }: PathShape): Float64Array {
    const shared = this.normal();
    let own = this.normal();
    const scores = new Float64Array(length);
    for (let h = 0; h < length; h++) {
      if (h > 0) {
        // of a walk's sums the scores at steps s < t have the correlation √(s / t)
        const kept = walk ? Math.sqrt(h / (h + 1)) : persistence;
        own = kept * own + Math.sqrt(1 - kept * kept) * this.normal();
      }
      const share = walk ? 0 : (common?.[h] ?? 0);
      scores[h] = Math.sqrt(share) * shared + Math.sqrt(1 - share) * own;
    }
    return scores;
  }
}

/** A distribution's value for a standard normal score, looked up. */
export class ScoreTable {
  static readonly #MOST = 5;
  static readonly #STEPS = 1000;
  /** probabilities of the scores at which values are looked up: the same for every table */
  static readonly #PROBABILITIES: readonly number[] = Array.from({ length: ScoreTable.#STEPS + 1 }, (_, i) =>
    normalCdf(ScoreTable.#MOST * ((2 * i) / ScoreTable.#STEPS - 1)),
  );
  readonly #values: Float64Array;

  /** `quantiles`: the quantile function at (i + ½) / length */
  constructor(quantiles: Float64Array) {
    this.#values = Float64Array.from(ScoreTable.#PROBABILITIES, (probability) => quantileAt(quantiles, probability));
  }

  at(score: number): number {
    const place = (score / ScoreTable.#MOST + 1) * (ScoreTable.#STEPS / 2);
    const below = Math.min(ScoreTable.#STEPS - 1, Math.max(0, Math.floor(place)));
    const low = this.#values[below]!;
    return low + (this.#values[below + 1]! - low) * Math.min(1, Math.max(0, place - below));
  }
}
