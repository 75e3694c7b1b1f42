/** How failures of two arms follow each other, and what therefore belongs to one event. */
import type { Arm } from '../../model/rollout.ts';
import type { ClusterScale, Failure } from './failure-clusters.ts';

/**
 * Before anything was learned: where a request fails with a probability of 0.8 if the one before did, 1 in 50,000 clusters is
 * longer, and where half of those in a burst fail, 1 gap in 64. More would make a failing canary be seen too late.
 */
const FIRST: ClusterScale = { close: 6, most: 44, inBursts: false };
/** requests of an arm within which a failure after another can be learned to be close */
const MOST_CLOSE = 384;
/** by how many deviations more failures follow each other closely than by chance, where they come in bursts */
const SURELY = 2;
/** how many times the mean of those clusters that ended a cluster may last */
const LASTS = 4;

export class FailureGaps {
  readonly #arms: Readonly<Record<Arm, ArmGaps>> = { baseline: new ArmGaps(), canary: new ArmGaps() };
  #scale = FIRST;

  /** Only ever grows. */
  get scale(): ClusterScale {
    return this.#scale;
  }

  /** Told of each failure, in their order. Whether the scale has grown. */
  add({ arm, at }: Failure): boolean {
    this.#arms[arm].add(at[arm], this.#scale.close);
    this.#arms.baseline.requests = at.baseline;
    this.#arms.canary.requests = at.canary;
    const before = this.#scale;
    const close = this.#close();
    const inBursts = before.inBursts || this.#comeInBursts();
    this.#scale = { close, most: this.#most(close), inBursts };
    return close > before.close || this.#scale.most > before.most || inBursts !== before.inBursts;
  }

  /** The least distance beyond which failures are no closer to each other than by chance. */
  #close(): number {
    let { close } = this.#scale;
    while (close < MOST_CLOSE && this.#areTooMany(close, 2 * close)) close *= 2;
    return close;
  }

  #areTooMany(above: number, to: number): boolean {
    const { baseline, canary } = this.#arms;
    const found = baseline.between(above, to) + canary.between(above, to);
    return isExcess(found, baseline.chance(above, to) + canary.chance(above, to), 1);
  }

  /** Of the baseline alone: a canary that becomes bad looks like a burst, too. */
  #comeInBursts(): boolean {
    const { baseline } = this.#arms;
    return isExcess(baseline.between(0, FIRST.close), baseline.chance(0, FIRST.close), SURELY);
  }

  #most(close: number): number {
    const [left, right] = [this.#arms.baseline.clusters(close), this.#arms.canary.clusters(close)];
    const mean = (left.length + right.length) / Math.max(1, left.count + right.count);
    let { most } = this.#scale;
    while (most < LASTS * mean) most *= 2;
    return most;
  }
}

function isExcess(found: number, chance: number, deviations: number): boolean {
  return found > chance + deviations * Math.sqrt(chance) + 1;
}

class ArmGaps {
  /** of the arm so far */
  requests = 0;
  #last = -Infinity;
  #failures = 0;
  /** length of the cluster that may go on */
  #open = 0;
  /** how often each distance occurred; last: any greater one */
  readonly #gaps = new Float64Array(2 * MOST_CLOSE + 2);

  add(at: number, close: number): void {
    this.#failures++;
    const gap = at - this.#last;
    this.#open = gap <= close ? this.#open + gap : 0;
    const index = Math.min(gap, this.#gaps.length - 1);
    this.#gaps[index] = (this.#gaps[index] as number) + 1;
    this.#last = at;
  }

  /** Failures that came more than `above` and at most `to` requests after the one before. */
  between(above: number, to: number): number {
    let sum = 0;
    for (let gap = above + 1; gap <= to; gap++) sum += this.#gaps[gap] as number;
    return sum;
  }

  /** As many of them as there were if failures had nothing to do with one another. */
  chance(above: number, to: number): number {
    const fine = 1 - this.#failures / Math.max(1, this.requests);
    return this.#failures * (fine ** above - fine ** to);
  }

  /** Clusters that have ended, and how long all of them lasted, in requests. */
  clusters(close: number): { readonly count: number; readonly length: number } {
    let within = 0;
    let length = 0;
    for (let gap = 1; gap <= close; gap++) {
      within += this.#gaps[gap] as number;
      length += gap * (this.#gaps[gap] as number);
    }
    const count = Math.max(0, this.#failures - within - 1);
    return { count, length: count === 0 ? 0 : length - this.#open + count };
  }
}
