/** The golden signals of services and their instances, from the store. */
import type { Labels } from '../model/series.ts';
import type { GoldenSignals, SaturationSignal, SignalColumn, SignalName } from '../model/signals.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import type { Columns, Resolution } from '../store/columns.ts';
import type { SeriesInfo, SeriesMatch } from '../store/series-registry.ts';
import { bucketsFrom, histogramQuantile } from './histogram-quantile.ts';
import {
  isServerError,
  requestCounters,
  requestHistograms,
  saturationMetrics,
  statusLabels,
  type SaturationName,
} from './known-metrics.ts';
import { addColumns, meansInSteps, presenceInSteps, ratesInSteps, type Steps } from './rate.ts';

/** What signals are made from; a `SampleStore` is one. */
export interface SampleSource {
  series(match: SeriesMatch): readonly SeriesInfo[];
  /** of what is kept */
  firstTime(series: number): UnixMs | undefined;
  lastTime(series: number): UnixMs | undefined;
  read(series: number, from: UnixMs, to: UnixMs, resolution: Resolution): Columns;
}

export interface SignalRange {
  readonly from: UnixMs;
  readonly to: UnixMs;
  /** the last step ends at or after `to` */
  readonly step: Milliseconds;
}

export type SignalColumns = ReadonlyMap<SignalName, SignalColumn>;

export class GoldenSignalsReader {
  readonly #source: SampleSource;

  constructor(source: SampleSource) {
    this.#source = source;
  }

  /** Names of all services that had a sample at `since` or later, in alphabetical order. */
  services(since: UnixMs): readonly string[] {
    return this.#labelled({}, 'service', since);
  }

  /** When the first sample of a service is that is kept; Infinity where there is none. */
  since(service: string): UnixMs {
    const all = this.#source.series({ labels: { service } });
    return all.reduce((first, { id }) => Math.min(first, this.#source.firstTime(id) ?? Infinity), Infinity);
  }

  /** The same of a service's instances. */
  instances(service: string, since: UnixMs): readonly string[] {
    return this.#labelled({ service }, 'instance', since);
  }

  /** Means over `from` to `to`; of one instance, or of the service as a whole. Cheapest where both are whole minutes. */
  signals(service: string, instance: string | undefined, from: UnixMs, to: UnixMs): GoldenSignals {
    const columns = this.columns(service, instance, { from, to, step: to - from });
    const value = (name: SignalName): number | undefined => {
      const found = columns.get(name)?.values[0];
      return found === undefined || Number.isNaN(found) ? undefined : found;
    };
    const [p50, p95, p99] = [value('latencyP50'), value('latencyP95'), value('latencyP99')];
    const mean = value('latencyMean');
    const traffic = value('traffic');
    const errorRatio = value('errorRatio');
    return {
      service,
      ...(instance === undefined ? {} : { instance }),
      from,
      to,
      ...(traffic === undefined ? {} : { traffic }),
      ...(errorRatio === undefined ? {} : { errorRatio }),
      ...(p50 === undefined || p95 === undefined || p99 === undefined || mean === undefined
        ? {}
        : { latency: { p50, p95, p99, mean } }),
      saturation: Object.fromEntries(
        Object.keys(saturationMetrics).flatMap((name) => {
          const found = value(name as SaturationName);
          return found === undefined ? [] : [[name, found]];
        }),
      ) as SaturationSignal,
    };
  }

  /** One signal over time. */
  column(service: string, instance: string | undefined, signal: SignalName, range: SignalRange): SignalColumn {
    const steps = stepsOf(range);
    return (
      this.columns(service, instance, range).get(signal) ?? {
        times: stepEnds(steps),
        values: new Float64Array(steps.count).fill(Number.NaN),
      }
    );
  }

  /** All signals that there are any samples for. */
  columns(service: string, instance: string | undefined, range: SignalRange): SignalColumns {
    const steps = stepsOf(range);
    const match: Labels = instance === undefined ? { service } : { service, instance };
    const found = new Map([...this.#requests(match, steps), ...this.#saturation(match, steps)]);
    const times = stepEnds(steps);
    return new Map([...found].map(([name, values]) => [name, { times, values }]));
  }

  #labelled(labels: Labels, label: string, since: UnixMs): readonly string[] {
    const values = new Set<string>();
    for (const series of this.#source.series({ labels })) {
      const value = series.labels[label];
      if (value === undefined || values.has(value)) continue;
      if ((this.#source.lastTime(series.id) ?? 0) >= since) values.add(value);
    }
    return [...values].toSorted();
  }

  #find(name: string, labels: Labels, { from }: Steps): readonly SeriesInfo[] {
    const all = this.#source.series({ name, labels });
    return all.filter(({ id }) => (this.#source.lastTime(id) ?? 0) >= from);
  }

  #read(id: number, { from, step, count }: Steps): Columns {
    return this.#source.read(id, from - step, from + step * count, resolutionFor(step, from, count));
  }

  *#saturation(labels: Labels, steps: Steps): IterableIterator<[SignalName, Float64Array]> {
    for (const [name, { names, how }] of Object.entries(saturationMetrics)) {
      const series = names.map((metric) => this.#find(metric, labels, steps)).find(({ length }) => length > 0);
      if (series === undefined) continue;
      const columns = series.map(({ id }) => {
        const samples = this.#read(id, steps);
        const values = how === 'rate' ? ratesInSteps(samples, steps) : meansInSteps(samples, steps);
        return how === 'greatest' ? values : asPart(values, samples, labels, steps);
      });
      const values = how === 'greatest' ? greatest(columns, steps.count) : addColumns(columns, steps.count);
      if (values.some((value) => !Number.isNaN(value))) yield [name as SaturationName, values];
    }
  }

  *#requests(labels: Labels, steps: Steps): IterableIterator<[SignalName, Float64Array]> {
    const rates = (series: readonly SeriesInfo[]): Float64Array =>
      addColumns(
        series.map(({ id }) => {
          const samples = this.#read(id, steps);
          return asPart(ratesInSteps(samples, steps), samples, labels, steps);
        }),
        steps.count,
      );
    const histogram = requestHistograms.find(({ name }) => this.#find(`${name}_count`, labels, steps).length > 0);
    const counted =
      histogram === undefined
        ? (requestCounters.map((name) => this.#find(name, labels, steps)).find(({ length }) => length > 0) ?? [])
        : this.#find(`${histogram.name}_count`, labels, steps);
    if (counted.length === 0) return;
    const traffic = rates(counted);
    yield ['traffic', traffic];
    if (counted.some((series) => [...statusLabels, 'error_type'].some((label) => label in series.labels))) {
      const failed = rates(counted.filter((series) => isServerError(series.labels)));
      yield ['errorRatio', ratios(failed, traffic)];
    }
    if (histogram === undefined) return;
    const sums = rates(this.#find(`${histogram.name}_sum`, labels, steps));
    yield ['latencyMean', ratios(sums, traffic, Number.NaN).map((mean) => mean * histogram.seconds)];
    yield* this.#quantiles(histogram, labels, steps, rates);
  }

  *#quantiles(
    { name, seconds }: { readonly name: string; readonly seconds: number },
    labels: Labels,
    steps: Steps,
    rates: (series: readonly SeriesInfo[]) => Float64Array,
  ): IterableIterator<[SignalName, Float64Array]> {
    const byBound = new Map<string, SeriesInfo[]>();
    for (const series of this.#find(`${name}_bucket`, labels, steps)) {
      const le = series.labels['le'] ?? '';
      byBound.set(le, [...(byBound.get(le) ?? []), series]);
    }
    const columns = new Map([...byBound].map(([le, series]) => [le, rates(series)]));
    const buckets = Array.from({ length: steps.count }, (_, at) =>
      bucketsFrom(new Map([...columns].map(([le, column]) => [le, column[at] || 0]))),
    );
    for (const [signal, quantile] of quantiles) {
      yield [signal, Float64Array.from(buckets, (step) => histogramQuantile(quantile, step) * seconds)];
    }
  }
}

const quantiles = [
  ['latencyP50', 0.5],
  ['latencyP95', 0.95],
  ['latencyP99', 0.99],
] as const;

function stepsOf({ from, to, step }: SignalRange): Steps {
  return { from, step, count: Math.max(1, Math.ceil((to - from) / step)) };
}

function stepEnds({ from, step, count }: Steps): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => from + (at + 1) * step);
}

/** What an instance adds to its service, which it may not have been in all the time; of an instance alone its own values. */
function asPart(values: Float64Array, samples: Columns, labels: Labels, steps: Steps): Float64Array {
  if ('instance' in labels) return values;
  const presence = presenceInSteps(samples, steps);
  return values.map((value, at) => value * (presence[at] as number));
}

/** Shorter ranges are read by ten seconds: it is seen when instances began and ended. */
const MINUTES_FROM: Milliseconds = 600_000;

/** Rollups are as good where their rows fit into the steps, are read faster and kept longer. */
function resolutionFor(step: Milliseconds, from: UnixMs, count: number): Resolution {
  const isLong = step * count > MINUTES_FROM;
  if (isLong && step % 60_000 === 0 && from % 60_000 === 0) return '1m';
  return step % 10_000 === 0 && from % 10_000 === 0 ? '10s' : step > 3_600_000 ? '1m' : 'raw';
}

/** 0 where nothing of the first kind was counted but something of the second. */
function ratios(part: Float64Array, whole: Float64Array, without = 0): Float64Array {
  return whole.map((all, at) => {
    const some = part[at] as number;
    return all > 0 ? (Number.isNaN(some) ? without : some) / all : Number.NaN;
  });
}

function greatest(columns: readonly Float64Array[], count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => {
    const values = columns.map((column) => column[at] as number).filter((value) => !Number.isNaN(value));
    return values.length === 0 ? Number.NaN : Math.max(...values);
  });
}
