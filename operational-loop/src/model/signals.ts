/** Golden signals: traffic, errors, latency and saturation of a service or one of its instances. */
import type { UnixMs } from './time.ts';

/** In seconds; undefined where no request was answered. */
export interface LatencySignal {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly mean: number;
}

/** What runs out. A part is missing where nothing measures it. */
export interface SaturationSignal {
  /** processors used: 1 is one core */
  readonly cpuCores?: number;
  readonly memoryBytes?: number;
  readonly heapUsedBytes?: number;
  /** 99th percentile, in seconds */
  readonly eventLoopDelayP99?: number;
  /** share of time in garbage collection, 0 to 1 */
  readonly gcShare?: number;
  /** bytes a second, read and written */
  readonly ioBytesPerSecond?: number;
  /** share of time in which tasks waited for the disk, 0 to 1 */
  readonly ioWaitShare?: number;
  readonly openFiles?: number;
}

/** Means over `from` to `to`. */
export interface GoldenSignals {
  readonly service: string;
  /** missing: the service as a whole */
  readonly instance?: string;
  readonly from: UnixMs;
  readonly to: UnixMs;
  /** requests a second */
  readonly traffic?: number;
  /** share of requests that failed by the service's own fault (status 5xx), 0 to 1; missing where there was no request */
  readonly errorRatio?: number;
  readonly latency?: LatencySignal;
  readonly saturation: SaturationSignal;
}

/** A signal that can be asked for over time; its unit is that of its place in `GoldenSignals`. */
export const signalNames = [
  'traffic',
  'errorRatio',
  'latencyP50',
  'latencyP95',
  'latencyP99',
  'latencyMean',
  'cpuCores',
  'memoryBytes',
  'heapUsedBytes',
  'eventLoopDelayP99',
  'gcShare',
  'ioBytesPerSecond',
  'ioWaitShare',
  'openFiles',
] as const;

export type SignalName = (typeof signalNames)[number];

/** One value a step; NaN where there was nothing to measure. A step's time is its end. */
export interface SignalColumn {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** A signal's place in what a service or an instance measures; undefined where it has none now. */
export function signalOf(
  { traffic, errorRatio, latency, saturation }: GoldenSignals,
  signal: SignalName,
): number | undefined {
  switch (signal) {
    case 'traffic':
      return traffic;
    case 'errorRatio':
      return errorRatio;
    case 'latencyP50':
      return latency?.p50;
    case 'latencyP95':
      return latency?.p95;
    case 'latencyP99':
      return latency?.p99;
    case 'latencyMean':
      return latency?.mean;
    default:
      return saturation[signal];
  }
}
