/** By which shares a canary grows. */
import type { ApplyRequest, RolloutStep } from '../../model/rollout.ts';

const weightsOf = { canary: [1, 5, 10, 25, 50, 100], 'blue-green': [90, 100] } as const;

/** Where nothing else is asked for: half a minute a step. The last one is the promotion. */
export function stepsOf({ strategy, steps }: ApplyRequest): readonly RolloutStep[] {
  if (!steps) return weightsOf[strategy].map((weight) => ({ weight, least: 30_000 }));
  checkSteps(steps);
  return steps;
}

function checkSteps(steps: readonly RolloutStep[]): void {
  const weights = steps.map(({ weight }) => weight);
  const rising = weights.every((weight, index) => weight > (weights[index - 1] ?? 0));
  if (rising && weights.at(-1) === 100) return;
  throw new Error(`The steps of a rollout rise from above 0 to 100 percent; these are ${weights.join(', ')}.`);
}
