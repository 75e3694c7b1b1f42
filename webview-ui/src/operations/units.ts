/** Measurements as people read them: each signal always in the same unit, so that its numbers stand below each other. */
import type { MetricRole } from '../../../operational-loop/src/model/prediction.ts';
import { signalNames, type SignalName } from '../../../operational-loop/src/model/signals.ts';

export interface Measure {
  readonly label: string;
  /** as it is shown; the value is multiplied by `factor` to be in it */
  readonly unit: string;
  readonly factor: number;
}

/** Said where nothing is known. */
export const UNKNOWN = '–';

const share = { unit: '%', factor: 100 } as const;
const time = { unit: 'ms', factor: 1000 } as const;
const memory = { unit: 'MiB', factor: 1 / 2 ** 20 } as const;

const SIGNALS: Readonly<Record<SignalName, Measure>> = {
  traffic: { label: 'Traffic', unit: '/s', factor: 1 },
  errorRatio: { label: 'Errors', ...share },
  latencyP50: { label: 'Latency p50', ...time },
  latencyP95: { label: 'Latency p95', ...time },
  latencyP99: { label: 'Latency p99', ...time },
  latencyMean: { label: 'Latency mean', ...time },
  cpuCores: { label: 'CPU', unit: 'cores', factor: 1 },
  memoryBytes: { label: 'Memory', ...memory },
  heapUsedBytes: { label: 'Heap used', ...memory },
  eventLoopDelayP99: { label: 'Event loop p99', ...time },
  gcShare: { label: 'Garbage collection', ...share },
  ioBytesPerSecond: { label: 'Disk', unit: 'kB/s', factor: 1 / 1000 },
  ioWaitShare: { label: 'Waiting for disk', ...share },
  openFiles: { label: 'Open files', unit: '', factor: 1 },
};

const ROLES: Readonly<Record<MetricRole, Measure>> = {
  throughput: { label: 'Throughput', unit: '/s', factor: 1 },
  latency: { label: 'Latency', unit: 'ms', factor: 1 },
  errorRatio: { label: 'Errors', ...share },
  cpu: { label: 'CPU', ...share },
  memory: { label: 'Memory', ...share },
  io: { label: 'Disk', ...share },
  network: { label: 'Network', ...share },
  connections: { label: 'Connections', ...share },
};

export function measureOf(signal: SignalName): Measure {
  return SIGNALS[signal];
}

export function measureOfRole(role: MetricRole): Measure {
  return ROLES[role];
}

/** Of a metric that need not be a signal. */
export function measureOfMetric(metric: string): Measure {
  return isSignal(metric) ? SIGNALS[metric] : { label: metric, unit: '', factor: 1 };
}

export function isSignal(metric: string): metric is SignalName {
  return (signalNames as readonly string[]).includes(metric);
}

/** `1,204`, `38.1`, `0.42`; `–` where nothing was measured. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size === 0) return '0';
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' } as const;
  return value.toLocaleString('en-US', format);
}

/** Two digits that count: `4.2`, `0.13`, `38`, `1,200`. */
export function formatRough(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}

/** The number alone, in the measure's unit. */
export function inUnit({ factor }: Measure, value: number | null | undefined): string {
  return formatNumber(value === null || value === undefined ? value : value * factor);
}

/** `38.1 ms`, `4.2 %`, `120 /s` */
export function withUnit(measure: Measure, value: number | null | undefined): string {
  const number = inUnit(measure, value);
  return measure.unit === '' || number === UNKNOWN ? number : `${number} ${measure.unit}`;
}

/** `< 0.1 %`, `4 %`, `97.5 %`, of a probability. */
export function formatProbability(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const percent = value * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99.9) return '> 99.9 %';
  return `${percent.toLocaleString('en-US', { maximumFractionDigits: percent < 10 || percent > 90 ? 1 : 0 })} %`;
}

/** With its sign: `+12 %`, `−8.5 %`. */
export function formatChange(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const percent = Math.abs(value * 100);
  const text = percent.toLocaleString('en-US', { maximumFractionDigits: percent < 10 ? 1 : 0 });
  return `${text === '0' ? '±' : value > 0 ? '+' : '−'}${text} %`;
}

/** An amount of money, in the catalogue's currency where it is known. */
export function formatMoney(value: number | undefined, currency: string | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  const number = value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency === undefined ? number : `${number} ${currency}`;
}
