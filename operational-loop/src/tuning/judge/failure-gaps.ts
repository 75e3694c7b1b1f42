/** How failures of two arms follow each other, and what therefore counts as close. */
import type { Arm } from '../../model/rollout.ts';

/** requests of an arm within which a failure after another is close, at least and at most */
const LEAST = 4;
const MOST = 64;

export class FailureGaps {
  readonly #arms: Readonly<Record<Arm, ArmGaps>> = { baseline: new ArmGaps(), canary: new ArmGaps() };
  #close = LEAST;

  /** Whether the next failure is close to one before, of whichever arm. */
  get isHot(): boolean {
    const { baseline, canary } = this.#arms;
    return Math.min(baseline.since, canary.since) < this.#close;
  }

  add(arm: Arm, failed: boolean): void {
    this.#arms[arm].add(failed);
    if (failed) this.#close = this.#learned();
  }

  /** The least distance beyond which failures are no closer to each other than by chance. */
  #learned(): number {
    const { baseline, canary } = this.#arms;
    for (let close = LEAST; close < MOST; close *= 2) {
      const found = baseline.between(close, 2 * close) + canary.between(close, 2 * close);
      const chance = baseline.chance(close, 2 * close) + canary.chance(close, 2 * close);
      if (found <= chance + Math.sqrt(chance) + 0.5) return close;
    }
    return MOST;
  }
}

class ArmGaps {
  /** requests since the last one that failed */
  since = Infinity;
  #requests = 0;
  #failures = 0;
  readonly #gaps = new Float64Array(MOST + 1);

  add(failed: boolean): void {
    this.#requests++;
    this.since++;
    if (!failed) return;
    this.#failures++;
    if (this.since <= MOST) this.#gaps[this.since] = (this.#gaps[this.since] as number) + 1;
    this.since = 0;
  }

  /** Failures that came more than `from` and at most `to` requests after the one before. */
  between(from: number, to: number): number {
    let sum = 0;
    for (let gap = from + 1; gap <= to; gap++) sum += this.#gaps[gap] as number;
    return sum;
  }

  /** As many of them as there were if failures had nothing to do with one another. */
  chance(from: number, to: number): number {
    const fine = 1 - this.#failures / Math.max(1, this.#requests);
    return this.#failures * (fine ** from - fine ** to);
  }
}
