/** Step 2 of a prediction: the parameters of the fleet. */
import {
  RESOURCES,
  type FleetHistory,
  type FleetParameters,
  type LoadModel,
  type MetricRole,
  type PredictionInput,
} from '../model/prediction.ts';
import { quantileOfSorted, sorted } from '../statistics/robust.ts';
import { numbersOf } from './columns.ts';
import { correlations } from './correlations.ts';
import { loadModel, queueingTerm, type Regressor } from './load-model.ts';

export function aggregateParameters(input: PredictionInput, history: FleetHistory): FleetParameters {
  return {
    instances: history.reporting.findLast((count) => count > 0) ?? history.instances.length,
    summaries: summariesOf(history),
    models: modelsOf(history),
    correlations: correlations(input.history.instances),
  };
}

function summariesOf(history: FleetHistory): FleetParameters['summaries'] {
  const columns = [['throughput', history.load] as const, ...Object.entries(history.metrics)];
  return columns.map(([metric, column]) => {
    const ascending = sorted(numbersOf(column));
    return {
      metric: metric as MetricRole,
      median: orZero(quantileOfSorted(ascending, 0.5)),
      p95: orZero(quantileOfSorted(ascending, 0.95)),
      latest: column.findLast((value) => value !== null) ?? 0,
    };
  });
}

function modelsOf({ load, metrics, reporting }: FleetHistory): readonly LoadModel[] {
  const perInstance = numbersOf(load).map((value, t) => value / Math.max(1, reporting[t]!));
  const byLoad: Regressor = { kind: 'linear', values: perInstance };
  const byQueue = RESOURCES.flatMap((resource): readonly Regressor[] => {
    const column = metrics[resource];
    return column ? [{ kind: 'queueing', resource, values: numbersOf(column).map(queueingTerm) }] : [];
  });
  const models: LoadModel[] = [];
  for (const role of [...RESOURCES, 'latency', 'errorRatio'] as const) {
    const column = metrics[role];
    if (!column) continue;
    models.push(loadModel(role, numbersOf(column), role === 'latency' ? [byLoad, ...byQueue] : [byLoad]));
  }
  return models;
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
