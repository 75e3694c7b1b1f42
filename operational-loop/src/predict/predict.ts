/** The seven steps from the history to the optimal configuration, each kept, so that a decision can be replayed. */
import type { Prediction, PredictionInput } from '../model/prediction.ts';
import { aggregateParameters } from './aggregate.ts';
import { identifyBottlenecks } from './bottlenecks.ts';
import { chooseOptimal } from './choice.ts';
import { estimatePerformance } from './estimates.ts';
import { collectHistory } from './history.ts';
import { proposeActions } from './proposals.ts';
import { Simulation } from './simulation.ts';
import { predictUtilisation } from './utilisation.ts';

/** Equal inputs give equal predictions: nothing but the input is looked at, and chance is seeded by it. */
export function predictOptimalConfiguration(input: PredictionInput): Prediction {
  const history = collectHistory(input);
  const aggregate = aggregateParameters(input, history);
  const utilisation = predictUtilisation(input, history, aggregate);
  const simulation = new Simulation(input, aggregate, utilisation);
  const bottlenecks = identifyBottlenecks(input, aggregate, utilisation, simulation);
  const proposals = proposeActions(input, aggregate, bottlenecks);
  const estimates = estimatePerformance(input, aggregate, utilisation, proposals, simulation);
  const choice = chooseOptimal(input, proposals, estimates);
  return { version: 1, input, steps: { history, aggregate, utilisation, bottlenecks, proposals, estimates, choice } };
}
