/** The canary's share of the requests at the moment. */
import type { Arm } from '../../model/rollout.ts';

const MEMORIES = [300, 3000] as const;

/**
 * From two moving averages, a short and a long one, the larger: the share is never taken for smaller than it is for long,
 * which would make the baseline look good. Before the canary's first request there is none.
 */
export class RecentShare {
  readonly #averages = new Float64Array(MEMORIES.length);
  readonly #masses = new Float64Array(MEMORIES.length);
  #begun = false;

  add(arm: Arm): void {
    if (arm === 'canary') this.#begun = true;
    if (!this.#begun) return;
    const canary = arm === 'canary' ? 1 : 0;
    for (const [index, memory] of MEMORIES.entries()) {
      const mass = (this.#masses[index] as number) * (1 - 1 / memory) + 1;
      const average = this.#averages[index] as number;
      this.#averages[index] = average + (canary - average) / mass;
      this.#masses[index] = mass;
    }
  }

  /** whether the canary had a request */
  get begun(): boolean {
    return this.#begun;
  }

  /** 0 to 1, exclusive; once it has begun */
  get value(): number {
    return Math.min(0.999, Math.max(this.#averages[0] as number, this.#averages[1] as number, 0.001));
  }
}
