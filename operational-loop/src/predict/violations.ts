/** Where drawn futures violate limits. */
import type { Limit } from '../model/prediction.ts';
import { FUTURES, type Futures } from './simulation.ts';

export interface Violations {
  /** the share of futures in which more steps are above the limit than are tolerated */
  readonly probability: number;
  /** steps above the limit, mean over the futures */
  readonly expectedSteps: number;
  /** the chance at each step */
  readonly byStep: Float64Array;
  /** 1 for each step (future by future) that is above */
  readonly above: Uint8Array;
}

/** A limit of a metric that is not known is never violated. */
export function violationsOf(futures: Futures, { metric, atMost, tolerated = 0 }: Limit): Violations {
  const { horizon } = futures;
  const values = futures.of(metric);
  const above = new Uint8Array(FUTURES * horizon);
  const byStep = new Float64Array(horizon);
  let violated = 0;
  let steps = 0;
  for (let future = 0; future < FUTURES && values; future++) {
    let count = 0;
    for (let h = 0; h < horizon; h++) {
      const at = future * horizon + h;
      if (values[at]! <= atMost) continue;
      above[at] = 1;
      byStep[h]! += 1 / FUTURES;
      count++;
    }
    steps += count;
    if (count > tolerated * horizon) violated++;
  }
  return { probability: violated / FUTURES, expectedSteps: steps / FUTURES, byStep, above };
}

/** Over several limits: the share of futures that violate any, and each future's steps in which any is passed. */
export function anyViolation(
  futures: Futures,
  limits: readonly Limit[],
): { readonly probability: number; readonly stepsByFuture: Float64Array; readonly each: readonly Violations[] } {
  const { horizon } = futures;
  const each = limits.map((limit) => violationsOf(futures, limit));
  const stepsByFuture = new Float64Array(FUTURES);
  let violated = 0;
  for (let future = 0; future < FUTURES; future++) {
    const counts = each.map(({ above }) => above.subarray(future * horizon, (future + 1) * horizon));
    for (let h = 0; h < horizon; h++) if (counts.some((of) => of[h] === 1)) stepsByFuture[future]!++;
    const over = (of: Uint8Array, i: number): boolean =>
      of.reduce((sum, one) => sum + one, 0) > (limits[i]!.tolerated ?? 0) * horizon;
    if (counts.some(over)) violated++;
  }
  return { probability: violated / FUTURES, stepsByFuture, each };
}
