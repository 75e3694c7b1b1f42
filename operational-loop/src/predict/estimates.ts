/** Step 6 of a prediction: what each proposal would do, on the same drawn futures. */
import type {
  Action,
  Estimate,
  FleetParameters,
  MetricRole,
  PerformanceEstimate,
  PredictedEffect,
  PredictionInput,
  Proposal,
  UtilisationForecast,
} from '../model/prediction.ts';
import { sorted } from '../statistics/robust.ts';
import { factorsOf } from './knob-effect.ts';
import { AS_IT_IS, FUTURES, Simulation, type Futures, type Scenario } from './simulation.ts';
import { anyViolation } from './violations.ts';
import { estimateOf, worstStepOf } from './worst-step.ts';

const HOUR = 3_600_000;

/** `simulation`: of the same inputs, where there is one already. */
export function estimatePerformance(
  input: PredictionInput,
  fleet: FleetParameters,
  utilisation: UtilisationForecast,
  proposals: readonly Proposal[],
  simulation = new Simulation(input, fleet, utilisation),
): readonly PerformanceEstimate[] {
  const before = simulation.run(AS_IT_IS);
  const idle = costsOf(input, before, { kind: 'nothing' }, fleet);
  return proposals.map(({ id, action }) => {
    const after = simulation.run(scenarioOf(input, action));
    const { price, instances } = machinesOf(input, action, fleet);
    const { probability, each } = anyViolation(after, input.limits);
    const costs = costsOf(input, after, action, fleet);
    return {
      proposal: id,
      effects: fleet.models.map(({ metric }) => effectOn(metric, before, after)),
      violationProbability: probability,
      byLimit: input.limits.map(({ name }, i) => ({
        limit: name,
        probability: each[i]!.probability,
        expectedViolation: each[i]!.expectedSteps * input.history.step,
      })),
      expectedCost: costs.reduce((sum, cost) => sum + cost / FUTURES, 0),
      price,
      instances,
      pays: costs.filter((cost, future) => cost < idle[future]!).length / FUTURES,
    };
  });
}

function scenarioOf({ knobs, catalogue }: PredictionInput, action: Action): Scenario {
  switch (action.kind) {
    case 'nothing':
      return AS_IT_IS;
    case 'instances':
      return { instances: action.to };
    case 'knob': {
      const knob = knobs.find(({ name }) => name === action.knob);
      return knob ? { factors: factorsOf(knob, action.to) } : AS_IT_IS;
    }
    case 'machine': {
      const from = catalogue.machines.find(({ name }) => name === action.from);
      const to = catalogue.machines.find(({ name }) => name === action.to);
      if (!from || !to) return AS_IT_IS;
      return { shares: { cpu: from.cpu / to.cpu, memory: from.memory / to.memory, io: from.io / to.io } };
    }
  }
}

function machinesOf(
  { catalogue, machine }: PredictionInput,
  action: Action,
  fleet: FleetParameters,
): { readonly instances: number; readonly price: number } {
  const instances = action.kind === 'instances' ? action.to : fleet.instances;
  const type = action.kind === 'machine' ? action.to : machine;
  return { instances, price: instances * (catalogue.machines.find(({ name }) => name === type)?.price ?? 0) };
}

/** What each future costs: machines, the change, hours in violation. */
function costsOf(input: PredictionInput, futures: Futures, action: Action, fleet: FleetParameters): Float64Array {
  const hoursAStep = input.history.step / HOUR;
  const { price } = machinesOf(input, action, fleet);
  const fixed = price * hoursAStep * futures.horizon + (action.kind === 'nothing' ? 0 : input.costs.perChange);
  return anyViolation(futures, input.limits).stepsByFuture.map(
    (steps) => fixed + input.costs.violationPerHour * hoursAStep * steps,
  );
}

/** At the step that is the worst as it is now. */
function effectOn(metric: MetricRole, before: Futures, after: Futures): PredictedEffect {
  const step = worstStepOf(before, metric);
  const old = before.of(metric)!;
  const fresh = after.of(metric)!;
  const changes = Float64Array.from({ length: FUTURES }, (_, future) => {
    const at = future * before.horizon + step;
    return old[at]! > 0 ? fresh[at]! / old[at]! - 1 : 0;
  });
  const change: Estimate = estimateOf(sorted(changes));
  return { metric, before: estimateOf(before.at(metric, step)), after: estimateOf(after.at(metric, step)), change };
}
