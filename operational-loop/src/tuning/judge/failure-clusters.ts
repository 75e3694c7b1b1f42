/**
 * Failures that follow each other closely may have one cause, and then they are one event. An event begins with a failure
 * while neither arm has failed just before: what hits both arms at once is one event and not one each, of whichever arm it hit
 * first ("runs declustering": Leadbetter, Weissman, de Haan and Rootzén, "On clustering of high values in statistically
 * stationary series", 1989). A cluster that is the canary's becomes a further event where it gets far larger than those of the
 * baseline, so that a canary that answers nothing but errors is seen as well.
 */
import type { Arm } from '../../model/rollout.ts';
import { FailureGaps } from './failure-gaps.ts';

/** size of a cluster, in usual sizes of the baseline's, with which it is another event; then as much more, and so on */
const LARGE = 10;

export class FailureClusters {
  readonly #gaps = new FailureGaps();
  readonly #usual = new UsualSize();
  #size: Record<Arm, number> = { baseline: 0, canary: 0 };
  #counted = 0;

  /** Whether this is another event. `share`: the canary's of the requests. */
  add(arm: Arm, failed: boolean, share: number): boolean {
    const begins = !this.#gaps.isHot;
    this.#gaps.add(arm, failed);
    if (!failed) return false;
    if (begins) this.#begin();
    this.#size[arm]++;
    if (arm === 'baseline') this.#usual.add(this.#size.baseline);
    return begins || this.#isLarge(share);
  }

  #begin(): void {
    this.#size = { baseline: 0, canary: 0 };
    this.#counted = 0;
  }

  /** If both arms fail alike, next to none are: it takes far more of the canary's failures than its share. */
  #isLarge(share: number): boolean {
    const { baseline, canary } = this.#size;
    const isCanarys = canary > ((baseline + canary) * (1 + share)) / 2;
    if (!isCanarys || canary - this.#counted < LARGE * this.#usual.value) return false;
    this.#counted = canary;
    return true;
  }
}

/** Geometric mean of the sizes of clusters: one that is very large does not make the others usual. */
class UsualSize {
  #clusters = 0;
  #logs = 0;

  /** Told of each size that a cluster reaches, from 1 on. */
  add(size: number): void {
    if (size === 1) this.#clusters++;
    else this.#logs += Math.log(size / (size - 1));
  }

  get value(): number {
    return Math.exp(this.#logs / Math.max(1, this.#clusters));
  }
}
