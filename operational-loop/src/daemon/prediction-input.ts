/** What the prediction is made from, as a service's samples and settings have it. */
import { readFileSync } from 'node:fs';
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import type {
  Costs,
  InstanceColumns,
  Knob,
  KnobEffect,
  KnobOutcome,
  Limit,
  MachineCatalogue,
  MetricRole,
  PredictionInput,
} from '../model/prediction.ts';
import type { RolloutState } from '../model/rollout.ts';
import type { ServiceImage } from '../model/service.ts';
import type { SignalName } from '../model/signals.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import type { GoldenSignalsReader, SignalRange } from '../signals/golden-signals.ts';
import { parseCatalogue, parseWorkload, type Parsed } from '../predict/files.ts';
import { collectHistory } from '../predict/history.ts';
import type { KnobSettings, ServiceSettings, SignalLimit } from './configuration.ts';

export interface PredictionSources {
  readonly reader: GoldenSignalsReader;
  readonly now: UnixMs;
  readonly settings: ServiceSettings;
  /** what each instance runs */
  readonly images: ReadonlyMap<string, ServiceImage>;
  /** the last good one */
  readonly desired: ServiceImage | undefined;
  readonly rollouts: readonly RolloutState[];
  readonly catalogue: MachineCatalogue;
  readonly costs: Costs;
}

/** Of the history, with the seasons that it may have: the coarsest that the past fills with enough steps is taken. */
const SPANS: readonly { readonly step: Milliseconds; readonly seasons: readonly number[] }[] = [
  { step: 3_600_000, seasons: [24, 168] },
  { step: 600_000, seasons: [144] },
  { step: 60_000, seasons: [] },
  { step: 10_000, seasons: [] },
  { step: 2000, seasons: [] },
];
const ENOUGH = 180;
const PAST = 360;
const LEAST = 15;
const AHEAD = 90;
/** An instance that told nothing for longer is gone. */
const RECENT: Milliseconds = 30_000;
const ACCEPTED_RISK = 0.05;
const MOST_GROWTH = 4;

/** Undefined where there is too little to predict from. */
export function predictionInput(sources: PredictionSources): PredictionInput | undefined {
  const { reader, now, settings, catalogue, costs } = sources;
  const ids = reader.instances(settings.name, now - RECENT);
  const { step, seasons } = spanOf(sources);
  const to = Math.floor(now / step) * step;
  const range = { from: to - PAST * step, to, step };
  const instances = ids.map((id) => columnsOf(sources, id, range));
  const begin = Math.min(...instances.map(({ first }) => first));
  const steps = PAST - begin;
  if (instances.length === 0 || steps < LEAST) return undefined;
  const limits = limitsOf(settings.limits);
  const workload = settings.workload === undefined ? undefined : readFileOf(settings.workload, parseWorkload);
  return {
    version: 1,
    service: settings.name,
    at: to,
    history: {
      start: range.from + begin * step,
      step,
      steps,
      instances: instances.map(({ columns }) => cut(columns, begin)),
    },
    seasons,
    horizon: AHEAD,
    ...(workload ? { workload } : {}),
    knobs: settings.knobs.flatMap((knob) => knobOf(knob, sources)),
    catalogue,
    limits,
    costs,
    constraints: {
      leastInstances: 1,
      mostInstances: ids.length * MOST_GROWTH,
      acceptedRisk: ACCEPTED_RISK,
    },
    seed: 1,
  };
}

/** What became of a metric that was predicted, by step, as predictions see it; null where nothing was measured. */
export function observedMetric(
  sources: Pick<PredictionSources, 'reader' | 'settings'>,
  metric: MetricRole,
  range: SignalRange,
): readonly (number | null)[] {
  const { reader, settings } = sources;
  const ids = reader.instances(settings.name, range.from);
  const instances = ids.map((id) => columnsOf({ ...sources, images: new Map() }, id, range).columns);
  const steps = Math.round((range.to - range.from) / range.step);
  const { metrics, load } = collectHistory({ history: { start: range.from, step: range.step, steps, instances } });
  return (metric === 'throughput' ? load : metrics[metric]) ?? [];
}

function spanOf({ reader, settings, now }: PredictionSources): (typeof SPANS)[number] {
  const fills = ({ step }: (typeof SPANS)[number]): boolean => {
    const to = Math.floor(now / step) * step;
    const { values } = reader.column(settings.name, undefined, 'traffic', { from: to - ENOUGH * step, to, step });
    return values.findIndex((value) => !Number.isNaN(value)) === 0;
  };
  return SPANS.find(fills) ?? SPANS.at(-1)!;
}

/** A catalogue, or an empty one. Throws where the file is none. */
export function readCatalogue(file: string | undefined): MachineCatalogue {
  return file === undefined ? { currency: '', machines: [] } : readFileOf(file, parseCatalogue);
}

/** Throws where it cannot be read, and where anything in it is wrong. */
function readFileOf<T>(file: string, parse: (path: string, text: string) => Parsed<T>): T {
  const { value, problems } = parse(file, readFileSync(file, 'utf8'));
  const [first] = problems;
  if (first) throw new HindcastError('usage', `${file}: ${first.where} ${first.message}.`, 'Mend the file.');
  return value;
}

/** The signal that plays a part, and by what it is multiplied. */
function rolesOf(limits: readonly SignalLimit[]): readonly (readonly [MetricRole, SignalName, number])[] {
  const latency = limits.find(({ signal }) => signal.startsWith('latency'))?.signal ?? 'latencyP95';
  const memory = limits.find(({ signal }) => signal === 'memoryBytes');
  return [
    ['throughput', 'traffic', 1],
    ['latency', latency, 1000],
    ['errorRatio', 'errorRatio', 1],
    ['cpu', 'cpuCores', 1],
    ...(memory ? [['memory', 'memoryBytes', 1 / memory.atMost] as const] : []),
  ];
}

function columnsOf(
  { reader, settings, images }: Pick<PredictionSources, 'reader' | 'settings' | 'images'>,
  id: string,
  range: SignalRange,
): { readonly columns: InstanceColumns; readonly first: number } {
  const signals = reader.columns(settings.name, id, range);
  let first = PAST;
  const metrics = Object.fromEntries(
    rolesOf(settings.limits).flatMap(([role, signal, factor]) => {
      const values = signals.get(signal)?.values;
      if (!values) return [];
      const found = values.findIndex((value) => !Number.isNaN(value));
      if (found >= 0) first = Math.min(first, found);
      return [[role, [...values].map((value) => (Number.isNaN(value) ? null : value * factor))]];
    }),
  );
  const configuration = images.get(id)?.configuration ?? {};
  const parameters = Object.fromEntries(
    settings.knobs.flatMap(({ name }) => {
      const value = Number(configuration[name] ?? NaN);
      return Number.isFinite(value) ? [[name, Array.from({ length: PAST }, () => value)]] : [];
    }),
  );
  return { columns: { instance: id, metrics, parameters }, first };
}

function cut({ instance, metrics, parameters = {} }: InstanceColumns, begin: number): InstanceColumns {
  const each = <T extends object>(columns: T): T =>
    Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, (values as unknown[]).slice(begin)]),
    ) as T;
  return { instance, metrics: each(metrics), parameters: each(parameters) };
}

function limitsOf(limits: readonly SignalLimit[]): readonly Limit[] {
  return limits.flatMap(({ signal, atMost }): readonly Limit[] => {
    if (signal.startsWith('latency')) return [{ name: signal, metric: 'latency', atMost: atMost * 1000 }];
    if (signal === 'errorRatio') return [{ name: signal, metric: 'errorRatio', atMost }];
    if (signal === 'cpuCores') return [{ name: signal, metric: 'cpu', atMost }];
    return signal === 'memoryBytes' ? [{ name: signal, metric: 'memory', atMost: 1 }] : [];
  });
}

/** Numbers only: choices are for people. */
function knobOf(knob: KnobSettings, { desired, rollouts, settings }: PredictionSources): readonly Knob[] {
  const { name, unit, bounds, changesSemantics, effects } = knob;
  const current = Number(desired?.configuration[name] ?? NaN);
  if (bounds.kind !== 'range' || !Number.isFinite(current)) return [];
  const id = `${settings.name}/${name}`;
  return [
    {
      name,
      unit,
      bounds: {
        least: bounds.least,
        most: bounds.most,
        scale: bounds.least > 0 && bounds.most / bounds.least >= 10 ? 'log' : 'linear',
        integer: bounds.whole,
      },
      current,
      changesSemantics,
      applied: { kind: 'environment', variable: name },
      reverted: 'restart',
      effects: effects as readonly KnobEffect[],
      outcomes: rollouts.flatMap((rollout) => outcomesOf(rollout, id, current)),
    },
  ];
}

/** Width of a 99 % interval in standard errors. */
const WIDTH = 2 * 2.576;

/** What a rollout's judge measured of a knob. */
function outcomesOf({ change, verdict, status }: RolloutState, knob: string, current: number): readonly KnobOutcome[] {
  if (change.kind !== 'knob' || change.knob !== knob || status !== 'rolled-back') return [];
  const { low, high, estimate } = verdict?.metrics.find(({ name }) => name === 'latency') ?? {};
  const to = Number(change.value);
  if (low === undefined || high === undefined || estimate === undefined || !(low > 0) || to === current) return [];
  const se = (Math.log(high) - Math.log(low)) / WIDTH;
  return [{ from: current, to, metric: 'latency', logRatio: Math.log(estimate), se }];
}
