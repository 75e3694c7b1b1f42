/** What detectors take in, step by step, from the store. */
import { requestCounters, requestHistograms, statusLabels } from '../signals/known-metrics.ts';
import type { GoldenSignalsReader, SampleSource, SignalRange } from '../signals/golden-signals.ts';
import type { SignalName } from '../model/signals.ts';
import { ratesInSteps } from '../signals/rate.ts';
import { watchedSignals } from './watched-signals.ts';

const SIGNALS = watchedSignals.length;

/** For each step the signals of each instance, in the order of `watchedSignals`; an undefined instance is the service. */
export function readSignals(
  reader: GoldenSignalsReader,
  service: string,
  instances: readonly (string | undefined)[],
  range: SignalRange,
): readonly Float64Array[] {
  const count = Math.ceil((range.to - range.from) / range.step);
  const steps = Array.from({ length: count }, () => new Float64Array(instances.length * SIGNALS).fill(Number.NaN));
  for (const [at, instance] of instances.entries()) {
    const columns = reader.columns(service, instance, range);
    for (const [signal, { name }] of watchedSignals.entries()) {
      const values = columns.get(name)?.values;
      for (let step = 0; values && step < count; step++) {
        (steps[step] as Float64Array)[at * SIGNALS + signal] = values[step] as number;
      }
    }
  }
  return steps;
}

/**
 * What the signals of each instance may not pass: the limits of the service, and of memory what the instance's control group
 * allows. By instance, then in the order of `watchedSignals`; NaN where there is none.
 */
export function readLimits(
  source: SampleSource,
  service: string,
  instances: readonly string[],
  limits: ReadonlyMap<SignalName, number>,
): Float64Array {
  const all = new Float64Array(instances.length * SIGNALS).fill(Number.NaN);
  for (const [at, instance] of instances.entries()) {
    for (const [signal, { name }] of watchedSignals.entries()) {
      const allowed = name === 'memoryBytes' ? memoryLimit(source, service, instance) : Infinity;
      const least = Math.min(limits.get(name) ?? Infinity, allowed);
      if (least < Infinity) all[at * SIGNALS + signal] = least;
    }
  }
  return all;
}

/** Infinity where no control group has one. */
function memoryLimit(source: SampleSource, service: string, instance: string): number {
  const [found] = source.series({ name: 'container_memory_limit_bytes', labels: { service, instance } });
  const last = found && source.lastTime(found.id);
  if (found === undefined || last === undefined) return Infinity;
  return source.read(found.id, last - 1, last + 1, 'raw').max.at(-1) ?? Infinity;
}

/** What tells requests apart by where they come from or how they ended, not by what they ask. */
const notAsked = new Set(['instance', 'version', 'process_pid', 'error_type', 'environment', ...statusLabels]);

/** For each step the requests a second of each kind: by method, route and whatever else a service tells apart. */
export function readMix(
  source: SampleSource,
  service: string,
  { from, to, step }: SignalRange,
): readonly ReadonlyMap<string, number>[] {
  const count = Math.ceil((to - from) / step);
  const mixes = Array.from({ length: count }, () => new Map<string, number>());
  const names = [...requestHistograms.map(({ name }) => `${name}_count`), ...requestCounters];
  const found = names.map((name) => source.series({ name, labels: { service } })).find(({ length }) => length > 0);
  for (const { id, labels } of found ?? []) {
    if ((source.lastTime(id) ?? 0) < from) continue;
    const asked = Object.entries(labels).filter(([label]) => !notAsked.has(label));
    const kind = asked
      .toSorted()
      .map(([label, value]) => `${label}=${value}`)
      .join(' ');
    const rates = ratesInSteps(source.read(id, from - step, to, '1m'), { from, step, count });
    for (const [at, mix] of mixes.entries()) mix.set(kind, (mix.get(kind) ?? 0) + (rates[at] || 0));
  }
  return mixes;
}
