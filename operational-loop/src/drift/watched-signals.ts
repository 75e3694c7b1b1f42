/** The signals that drifts are looked for in, and on which scale their differences mean the same everywhere. */
import type { SignalName } from '../model/signals.ts';

/**
 * `log`: what differs by factors. `root`: shares that are mostly near zero and counted, whose noise grows with their root.
 * `floor` keeps what is next to nothing from looking like a large factor; in the signal's unit.
 */
export interface WatchedSignal {
  readonly name: SignalName;
  readonly scale: 'log' | 'root';
  readonly floor: number;
}

export const watchedSignals: readonly WatchedSignal[] = [
  { name: 'traffic', scale: 'log', floor: 0.01 },
  { name: 'errorRatio', scale: 'root', floor: 0 },
  { name: 'latencyP50', scale: 'log', floor: 1e-4 },
  { name: 'latencyP95', scale: 'log', floor: 1e-4 },
  { name: 'latencyP99', scale: 'log', floor: 1e-4 },
  { name: 'latencyMean', scale: 'log', floor: 1e-4 },
  { name: 'cpuCores', scale: 'log', floor: 1e-3 },
  { name: 'memoryBytes', scale: 'log', floor: 1e6 },
  { name: 'heapUsedBytes', scale: 'log', floor: 1e6 },
  { name: 'eventLoopDelayP99', scale: 'log', floor: 1e-3 },
  { name: 'gcShare', scale: 'log', floor: 1e-4 },
  { name: 'ioBytesPerSecond', scale: 'log', floor: 1e3 },
  { name: 'ioWaitShare', scale: 'root', floor: 0 },
  { name: 'openFiles', scale: 'log', floor: 1 },
];

export function toScale({ scale, floor }: WatchedSignal, value: number): number {
  return scale === 'log' ? Math.log(Math.max(0, value) + floor) : Math.sqrt(Math.max(0, value));
}

export function fromScale({ scale, floor }: WatchedSignal, scaled: number): number {
  return scale === 'log' ? Math.exp(scaled) - floor : scaled * scaled;
}
