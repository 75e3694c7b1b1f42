/** Requests of two arms as simulations need them: latencies of a given shape that depend on those before. */
import type { Random } from '../../support/random.ts';

export type Shape = 'lognormal' | 'exponential' | 'two-kinds' | 'pareto';

/** Latencies with mean `mean` ms and coefficient of variation 1, from a Gaussian AR(1) process by its quantiles. */
export class Latencies {
  readonly #random: Random;
  readonly #shape: Shape;
  readonly #correlation: number;
  readonly #innovation: number;
  #state: number;

  constructor(random: Random, shape: Shape, correlation: number) {
    this.#random = random;
    this.#shape = shape;
    this.#correlation = correlation;
    this.#innovation = Math.sqrt(1 - correlation ** 2);
    this.#state = gaussian(random);
  }

  next(mean: number): number {
    this.#state = this.#correlation * this.#state + this.#innovation * gaussian(this.#random);
    return mean * quantile(this.#shape, this.#state);
  }
}

/** Requests that fail where a Gaussian AR(1) process is in its upper tail. */
export class Failures {
  readonly #random: Random;
  readonly #rate: number;
  readonly #correlation: number;
  readonly #innovation: number;
  #state: number;

  constructor(random: Random, rate: number, correlation: number) {
    this.#random = random;
    this.#rate = rate;
    this.#correlation = correlation;
    this.#innovation = Math.sqrt(1 - correlation ** 2);
    this.#state = gaussian(random);
  }

  next(): boolean {
    if (this.#correlation === 0) return uniform(this.#random) < this.#rate;
    this.#state = this.#correlation * this.#state + this.#innovation * gaussian(this.#random);
    return upperTail(this.#state) < this.#rate;
  }
}

/** Requests of which those of a burst fail with one probability and the others never; bursts and pauses last a geometric number. */
export class Bursts {
  readonly #random: Random;
  readonly #failing: number;
  readonly #begins: number;
  readonly #ends: number;
  #on: boolean;

  /** `rate`: of all requests; `length`: a burst's requests, on average; `failing`: share of those that fail */
  constructor(
    random: Random,
    rate: number,
    { length, failing }: { readonly length: number; readonly failing: number },
  ) {
    const inside = rate / failing;
    this.#random = random;
    this.#failing = failing;
    this.#ends = 1 / length;
    this.#begins = (this.#ends * inside) / (1 - inside);
    this.#on = uniform(random) < inside;
  }

  next(): boolean {
    this.#on = this.#on ? uniform(this.#random) >= this.#ends : uniform(this.#random) < this.#begins;
    return this.#on && uniform(this.#random) < this.#failing;
  }
}

export const uniform = (random: Random): number => (random.below(2 ** 32) + 0.5) / 2 ** 32;

/** Box and Muller (1958). */
export const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));

const SIGMA = Math.sqrt(Math.log(2));
const PARETO = 1 + Math.SQRT2;

/** Of mean 1 and standard deviation 1, at a standard normal's value. */
function quantile(shape: Shape, normal: number): number {
  switch (shape) {
    case 'lognormal':
      return Math.exp(SIGMA * normal - (SIGMA * SIGMA) / 2);
    case 'exponential':
      return -Math.log(upperTail(normal));
    case 'two-kinds':
      return twoKinds(normal);
    case 'pareto':
      return ((PARETO - 1) / PARETO) * upperTail(normal) ** (-1 / PARETO);
  }
}

/** Four fifths of the requests take 0.5 and one fifth 3, each within a tenth: mean 1 and standard deviation 1. */
const twoKinds = (normal: number): number => (normal < 0.8416 ? 0.5 : 3) * (1 + 0.1 * Math.sin(40 * normal));

/** Probability of a standard normal value above this one. (Numerical Recipes, `erfcc`) */
function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const fit = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const tail = (t * Math.exp(-x * x + fit.reduceRight((sum, value) => sum * t + value, 0))) / 2;
  return z >= 0 ? tail : 1 - tail;
}
