/** Step 4 of a prediction: where it gets tight if nothing is done. */
import {
  RESOURCES,
  type Bottleneck,
  type FleetParameters,
  type Limit,
  type PredictionInput,
  type Resource,
  type UtilisationForecast,
} from '../model/prediction.ts';
import { AS_IT_IS, Simulation } from './simulation.ts';
import { violationsOf } from './violations.ts';
import { worstStep } from './worst-step.ts';

/** Each limit whose metric is known, the most endangered first. `simulation`: of the same inputs, where there is one already. */
export function identifyBottlenecks(
  input: PredictionInput,
  fleet: FleetParameters,
  utilisation: UtilisationForecast,
  simulation = new Simulation(input, fleet, utilisation),
): readonly Bottleneck[] {
  const futures = simulation.run(AS_IT_IS);
  return input.limits
    .filter(({ metric }) => futures.of(metric))
    .map((limit): Bottleneck => {
      const { probability, expectedSteps, byStep } = violationsOf(futures, limit);
      const from = byStep.findIndex((chance) => chance > 0.5);
      return {
        limit: limit.name,
        metric: limit.metric,
        atMost: limit.atMost,
        peak: worstStep(futures, limit.metric),
        violationProbability: probability,
        tight: probability > input.constraints.acceptedRisk,
        expectedViolation: expectedSteps * input.history.step,
        from: from < 0 ? undefined : utilisation.times[from],
        cause: causeOf(limit, fleet),
      };
    })
    .sort((a, b) => b.violationProbability - a.violationProbability || b.expectedViolation - a.expectedViolation);
}

function causeOf({ metric }: Limit, { models }: FleetParameters): Resource | undefined {
  const resource = RESOURCES.find((name) => name === metric);
  return resource ?? models.find((model) => model.metric === metric)?.resource;
}
