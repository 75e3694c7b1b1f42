/** What the next step of each canary that runs risks: the judge's probability, over the requests that the step sends to it. */
import type { Costs, Risk } from '../model/prediction.ts';
import type { RolloutState, TunerState } from '../model/rollout.ts';
import { canaryRisk } from '../predict/risk.ts';

/** Nothing is known before the judge has seen requests: even odds. */
const EVEN = 0.5;

export function risksOf({ rollouts, proposals }: TunerState, costs: Costs): Readonly<Record<string, Risk>> {
  const running = rollouts.filter(({ finishedAt }) => finishedAt === undefined);
  return Object.fromEntries(
    running.map((rollout) => {
      const predicted = proposals.find(({ id }) => id === rollout.proposal)?.predicted;
      const gain = (predicted?.costOfNotActing ?? 0) - (predicted?.costOfActing ?? 0);
      return [rollout.id, riskOf(rollout, costs, gain > 0 ? gain : costs.perChange)];
    }),
  );
}

function riskOf({ steps, step, verdict }: RolloutState, costs: Costs, benefit: number): Risk {
  const next = steps[Math.min(step + 1, steps.length - 1)];
  return canaryRisk({
    violationProbability: verdict?.probabilityWorse ?? EVEN,
    share: (next?.weight ?? 100) / 100,
    length: next?.least ?? 0,
    costs,
    benefit,
  });
}
