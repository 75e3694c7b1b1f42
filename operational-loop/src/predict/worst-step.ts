/** A metric at the step at which it is expected to be greatest. */
import type { Estimate, MetricRole } from '../model/prediction.ts';
import { quantileOfSorted } from '../statistics/robust.ts';
import type { Futures } from './simulation.ts';

export function worstStep(futures: Futures, metric: MetricRole): Estimate {
  return estimateOf(futures.at(metric, worstStepOf(futures, metric)));
}

export function worstStepOf(futures: Futures, metric: MetricRole): number {
  const { mean } = futures.expected(metric);
  return mean.reduce((worst, value, step) => (value > mean[worst]! ? step : worst), 0);
}

/** The mean and the 95 % interval of ascending values. */
export function estimateOf(ascending: Float64Array): Estimate {
  return {
    value: ascending.reduce((sum, value) => sum + value, 0) / Math.max(1, ascending.length),
    lower: quantileOfSorted(ascending, 0.025),
    upper: quantileOfSorted(ascending, 0.975),
  };
}
