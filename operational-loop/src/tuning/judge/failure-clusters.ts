/**
 * Failures that follow each other closely may have one cause, and then they are one event. An event begins with a failure
 * while neither arm has failed just before: what hits both arms at once is one event and not one each, of whichever arm it hit
 * first ("runs declustering": Leadbetter, Weissman, de Haan and Rootzén, "On clustering of high values in statistically
 * stationary series", 1989). A cluster that does not end is a further event of an arm after as many of that arm's requests as
 * no cluster lasts, so that a canary that answers nothing but errors is seen as well.
 */
import type { Arm } from '../../model/rollout.ts';

export interface Failure {
  readonly arm: Arm;
  /** requests of each arm so far, this one included */
  readonly at: Readonly<Record<Arm, number>>;
}

/** What belongs to one event, in requests of the arm. */
export interface ClusterScale {
  /** between a failure and the next one, at most */
  readonly close: number;
  /** from the first one on, at most */
  readonly most: number;
  /** the baseline's failures are known to come in bursts: one that is not close may still be of the same burst as the one before */
  readonly inBursts: boolean;
}

/** The beginning of a cluster, or a further event of one that does not end. */
export interface FailureEvent {
  readonly kind: 'first' | 'further';
  /** requests of the arm since it failed before */
  readonly gap: number;
}

const never = { baseline: -Infinity, canary: -Infinity } as const;

export class FailureClusters {
  readonly #scale: ClusterScale;
  readonly #last: Record<Arm, number> = { ...never };
  #begun: Record<Arm, number> = { ...never };

  constructor(scale: ClusterScale) {
    this.#scale = scale;
  }

  /** Which event it is, if any. */
  add({ arm, at }: Failure): FailureEvent | undefined {
    const { close, most } = this.#scale;
    const isHot = at.baseline - this.#last.baseline <= close || at.canary - this.#last.canary <= close;
    const gap = at[arm] - this.#last[arm];
    this.#last[arm] = at[arm];
    if (isHot && at[arm] - this.#begun[arm] <= most) return undefined;
    if (isHot) this.#begun[arm] = at[arm];
    else this.#begun = { ...at };
    return { kind: isHot ? 'further' : 'first', gap };
  }
}
