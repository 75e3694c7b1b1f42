/**
 * Differences between two arms that are measured at the same time, in blocks: a block closes as soon as both arms have enough
 * requests in it, so that what changes over time touches both sides of a difference alike. When the table is full,
 * neighbours are merged: memory is fixed, and blocks grow with the run.
 *
 * The variance is that of a mean of dependent values. Two estimates are made and the larger one is taken: from the spread of
 * the blocks with the correction for an autoregression between neighbours, sigma^2 (1 + r) / (1 - r), and from the spread of
 * blocks four times as long (batch means: Law and Carson 1979; Flegal and Jones 2010).
 */
import type { Arm } from '../../model/rollout.ts';

const MOST_BLOCKS = 256;
/** fewer say too little about their spread */
const LEAST_BLOCKS = 32;
const FIRST_SIZE = 4;
const COARSE = 4;
/** requests of one arm, while the other has none, after which a block begins anew, in multiples of its size */
const STALE = 250;

export interface PairedDifference {
  /** canary's mean less baseline's, weighted by what each block tells */
  readonly difference: number;
  /** baseline's mean with the same weights */
  readonly baseline: number;
  /** information: requests per arm, halved, if all were independent and there were as many of each */
  readonly information: number;
  /** of the difference times `information`: the long-run variance of one request */
  readonly variance: number;
  /** of one request, as if they were independent */
  readonly marginal: number;
}

class Running {
  count = 0;
  mean = 0;
  squares = 0;

  add(value: number): void {
    this.count++;
    const from = value - this.mean;
    this.mean += from / this.count;
    this.squares += from * (value - this.mean);
  }
}

export class PairedBlocks {
  readonly #differences = new Float64Array(MOST_BLOCKS);
  readonly #baselines = new Float64Array(MOST_BLOCKS);
  readonly #weights = new Float64Array(MOST_BLOCKS);
  readonly #whole = { baseline: new Running(), canary: new Running() };
  #size = FIRST_SIZE;
  #blocks = 0;
  #open = { baseline: 0, canary: 0 };
  #sums = { baseline: 0, canary: 0 };

  count(arm: Arm): number {
    return this.#whole[arm].count;
  }

  /** True where it closed a block: only then there is anything new to say. */
  add(arm: Arm, value: number): boolean {
    this.#whole[arm].add(value);
    this.#open[arm]++;
    this.#sums[arm] += value;
    const { baseline, canary } = this.#open;
    if (baseline >= this.#size && canary >= this.#size) return this.#close();
    if (this.#open[arm] > STALE * this.#size && Math.min(baseline, canary) === 0) this.#begin();
    return false;
  }

  /** Nothing while there are too few blocks. */
  estimate(): PairedDifference | undefined {
    if (this.#blocks < LEAST_BLOCKS) return undefined;
    const information = total(this.#weights, this.#blocks);
    const difference = this.#weighted(this.#differences) / information;
    const baseline = this.#weighted(this.#baselines) / information;
    const variance = Math.max(this.#fine(difference), this.#coarse(difference));
    return { difference, baseline, information, variance, marginal: this.#marginal() };
  }

  #begin(): void {
    this.#open = { baseline: 0, canary: 0 };
    this.#sums = { baseline: 0, canary: 0 };
  }

  #close(): true {
    const { baseline, canary } = this.#open;
    const mean = this.#sums.baseline / baseline;
    const index = this.#blocks++;
    this.#baselines[index] = mean;
    this.#differences[index] = this.#sums.canary / canary - mean;
    this.#weights[index] = (baseline * canary) / (baseline + canary);
    this.#begin();
    if (this.#blocks === MOST_BLOCKS) this.#merge();
    return true;
  }

  #merge(): void {
    const [differences, baselines, weights] = [this.#differences, this.#baselines, this.#weights];
    for (let to = 0; to < MOST_BLOCKS / 2; to++) {
      const [left, right] = [at(weights, 2 * to), at(weights, 2 * to + 1)];
      const share = left / (left + right);
      differences[to] = share * at(differences, 2 * to) + (1 - share) * at(differences, 2 * to + 1);
      baselines[to] = share * at(baselines, 2 * to) + (1 - share) * at(baselines, 2 * to + 1);
      weights[to] = left + right;
    }
    this.#blocks = MOST_BLOCKS / 2;
    this.#size *= 2;
  }

  #fine(mean: number): number {
    let squares = 0;
    let products = 0;
    let before = 0;
    for (let index = 0; index < this.#blocks; index++) {
      const scaled = Math.sqrt(at(this.#weights, index)) * (at(this.#differences, index) - mean);
      squares += scaled * scaled;
      products += scaled * before;
      before = scaled;
    }
    const count = this.#blocks;
    // Half a standard error is added to the correlation: looking often finds the moments at which it is estimated too low.
    const correlation = Math.min(0.95, Math.max(0, products / squares + 0.5 / Math.sqrt(count)));
    return ((squares / (count - 1)) * (1 + correlation)) / (1 - correlation);
  }

  #coarse(mean: number): number {
    const count = Math.floor(this.#blocks / COARSE);
    let squares = 0;
    for (let block = 0; block < count; block++) {
      let weight = 0;
      let sum = 0;
      for (let index = block * COARSE; index < (block + 1) * COARSE; index++) {
        weight += at(this.#weights, index);
        sum += at(this.#weights, index) * (at(this.#differences, index) - mean);
      }
      squares += (sum * sum) / weight;
    }
    return squares / (count - 1);
  }

  #marginal(): number {
    const { baseline, canary } = this.#whole;
    const both = baseline.count + canary.count;
    const variance = ({ squares, count }: Running): number => squares / (count - 1);
    return (variance(canary) * baseline.count + variance(baseline) * canary.count) / both;
  }

  #weighted(values: Float64Array): number {
    let sum = 0;
    for (let index = 0; index < this.#blocks; index++) sum += at(this.#weights, index) * at(values, index);
    return sum;
  }
}

const at = (values: Float64Array, index: number): number => values[index] as number;

function total(values: Float64Array, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += at(values, index);
  return sum;
}
