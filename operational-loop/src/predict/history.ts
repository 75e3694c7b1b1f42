/** Step 1 of a prediction: the history of the fleet, from that of its instances. */
import {
  RESOURCES,
  type Column,
  type FleetHistory,
  type InstanceColumns,
  type MetricRole,
  type PredictionInput,
} from '../model/prediction.ts';

const ROLES: readonly MetricRole[] = ['latency', 'errorRatio', ...RESOURCES];

export function collectHistory({ history }: Pick<PredictionInput, 'history'>): FleetHistory {
  const { start, step, steps, instances } = history;
  const load = eachStep(steps, (t) => sum(valuesAt(instances, 'throughput', t)));
  const metrics: Partial<Record<MetricRole, Column>> = {};
  for (const role of ROLES) {
    if (!instances.some(({ metrics: of }) => of[role])) continue;
    metrics[role] = eachStep(steps, (t) => meanAt(instances, role, t));
  }
  return {
    start,
    step,
    steps,
    instances: instances.map(({ instance }) => instance),
    load,
    metrics,
    reporting: Array.from({ length: steps }, (_, t) => reportingAt(instances, t)),
    missing: load.filter((value) => value === null).length,
  };
}

/** What users feel counts by request, what machines use by instance. */
function meanAt(instances: readonly InstanceColumns[], role: MetricRole, t: number): number | null {
  const byRequest = role === 'latency' || role === 'errorRatio';
  let total = 0;
  let weights = 0;
  for (const { metrics } of instances) {
    const value = metrics[role]?.[t] ?? null;
    const weight = byRequest ? (metrics.throughput?.[t] ?? 1) : 1;
    if (value === null || weight <= 0) continue;
    total += weight * value;
    weights += weight;
  }
  return weights > 0 ? total / weights : null;
}

function valuesAt(instances: readonly InstanceColumns[], role: MetricRole, t: number): readonly number[] {
  return instances.map(({ metrics }) => metrics[role]?.[t] ?? null).filter((value) => value !== null);
}

function reportingAt(instances: readonly InstanceColumns[], t: number): number {
  return instances.filter(({ metrics }) => Object.values(metrics).some((column) => (column[t] ?? null) !== null))
    .length;
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function eachStep(steps: number, value: (t: number) => number | null): Column {
  return Array.from({ length: steps }, (_, t) => value(t));
}
