/** Which parameters go with performance: every pair is tested, and false discoveries are controlled over all of them. */
import { RESOURCES, type Correlation, type InstanceColumns, type MetricRole } from '../model/prediction.ts';
import { spearmanOfSeries } from '../statistics/correlation.ts';
import { benjaminiHochberg } from '../statistics/false-discovery.ts';
import { numbersOf } from './columns.ts';

/** The expected share of false ones among the discoveries. */
const FALSE_DISCOVERIES = 0.05;
const PERFORMANCE: readonly MetricRole[] = ['latency', 'errorRatio', 'throughput'];

/**
 * Settings and resources against latency, error ratio and throughput, over all instances one after another. The most certain
 * first; pairs that were never measured together are left out.
 */
export function correlations(instances: readonly InstanceColumns[]): readonly Correlation[] {
  const tested: { parameter: string; metric: MetricRole; rho: number; p: number }[] = [];
  for (const parameter of parametersOf(instances)) {
    for (const metric of PERFORMANCE) {
      const { r, p } = spearmanOfSeries(joinedParameter(instances, parameter), joinedMetric(instances, metric));
      if (!Number.isNaN(p)) tested.push({ parameter, metric, rho: r, p });
    }
  }
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
  return tested
    .map((test, i) => ({ ...test, q: adjusted[i]!, discovered: adjusted[i]! <= FALSE_DISCOVERIES }))
    .sort((a, b) => a.q - b.q || Math.abs(b.rho) - Math.abs(a.rho));
}

function parametersOf(instances: readonly InstanceColumns[]): readonly string[] {
  const settings = instances.flatMap(({ parameters }) => Object.keys(parameters ?? {}));
  const resources = RESOURCES.filter((resource) => instances.some(({ metrics }) => metrics[resource]));
  return [...new Set([...settings, ...resources])];
}

function joinedParameter(instances: readonly InstanceColumns[], name: string): Float64Array {
  return joined(instances, ({ parameters, metrics }) => parameters?.[name] ?? metrics[name as MetricRole]);
}

function joinedMetric(instances: readonly InstanceColumns[], metric: MetricRole): Float64Array {
  return joined(instances, ({ metrics }) => metrics[metric]);
}

function joined(
  instances: readonly InstanceColumns[],
  column: (of: InstanceColumns) => readonly (number | null)[] | undefined,
): Float64Array {
  const parts = instances.map((of) => missing(column(of), lengthOf(of)));
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

function missing(column: readonly (number | null)[] | undefined, length: number): Float64Array {
  return column ? numbersOf(column) : new Float64Array(length).fill(Number.NaN);
}

function lengthOf({ metrics, parameters }: InstanceColumns): number {
  return Math.max(0, ...[...Object.values(metrics), ...Object.values(parameters ?? {})].map(({ length }) => length));
}
