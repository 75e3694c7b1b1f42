/** What signals are measured in, and what people call them. */
import type { SignalName } from './signals.ts';

interface SignalKind {
  readonly unit: string;
  readonly title: string;
}

export const signalKinds: Readonly<Record<SignalName, SignalKind>> = {
  traffic: { unit: 'requests/s', title: 'traffic' },
  errorRatio: { unit: '', title: 'share of errors' },
  latencyP50: { unit: 's', title: 'median latency' },
  latencyP95: { unit: 's', title: '95th percentile of latency' },
  latencyP99: { unit: 's', title: '99th percentile of latency' },
  latencyMean: { unit: 's', title: 'mean latency' },
  cpuCores: { unit: 'cores', title: 'CPU' },
  memoryBytes: { unit: 'bytes', title: 'memory' },
  heapUsedBytes: { unit: 'bytes', title: 'heap' },
  eventLoopDelayP99: { unit: 's', title: 'delay of the event loop' },
  gcShare: { unit: '', title: 'share of time in garbage collection' },
  ioBytesPerSecond: { unit: 'bytes/s', title: 'I/O' },
  ioWaitShare: { unit: '', title: 'share of time waiting for the disk' },
  openFiles: { unit: '', title: 'open files' },
};

/** Those that are shares of a whole, 0 to 1. */
export const shares: ReadonlySet<string> = new Set<SignalName>(['errorRatio', 'gcShare', 'ioWaitShare']);

/** A value with its unit, for people: `240 ms`, `3.2 %`, `1.4 MB`. */
export function shown(signal: SignalName | string, value: number): string {
  const unit = (signalKinds as Readonly<Record<string, SignalKind>>)[signal]?.unit ?? '';
  if (!Number.isFinite(value)) return 'nothing';
  if (unit === 's') return value < 1 ? `${rounded(value * 1000)} ms` : `${rounded(value)} s`;
  if (shares.has(signal)) return `${rounded(value * 100)} %`;
  if (unit.startsWith('bytes')) return `${bytes(value)}${unit.slice('bytes'.length)}`;
  return `${rounded(value)} ${unit}`.trim();
}

export function titleOf(signal: SignalName | string): string {
  return (signalKinds as Readonly<Record<string, SignalKind>>)[signal]?.title ?? signal;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function bytes(value: number): string {
  const power = Math.max(0, Math.min(4, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3)));
  return `${rounded(value / 1000 ** power)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}
