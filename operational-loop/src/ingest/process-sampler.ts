/** Measures local processes with their children, and cgroups, from outside. Linux only: see `samplingProblem`. */
import type { Labels, MetricKind, SampleSink, SeriesKey } from '../model/series.ts';
import type { Clock, Milliseconds } from '../model/time.ts';
import {
  cgroupOf,
  descendants,
  hasOwnCgroup,
  hasOwnNetwork,
  readCgroup,
  readNetwork,
  readProcesses,
  samplingProblem,
  type Cgroup,
  type CgroupUse,
  type ProcessUse,
} from './linux-proc.ts';

export interface WatchedProcess {
  readonly pid: number;
  readonly service: string;
  readonly instance: string;
  /** such as `environment` and `version` */
  readonly labels?: Labels;
  /** also measure the cgroup and the network that the process is in: always, or where it has its own and not the sampler's */
  readonly isolation?: 'always' | 'own';
}

/** Names after OpenTelemetry's conventions for processes and containers. */
export class ProcessSampler implements Disposable {
  readonly #sink: SampleSink;
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  readonly #timer: NodeJS.Timeout | undefined;
  /** why nothing is measured on this machine */
  readonly problem = samplingProblem();

  constructor(sink: SampleSink, clock: Clock, interval: Milliseconds) {
    this.#sink = sink;
    this.#clock = clock;
    if (this.problem !== undefined) return;
    this.#timer = setInterval(() => this.sample(), interval);
    this.#timer.unref();
  }

  /** Until what is returned is disposed, or the process ends. */
  watch(process: WatchedProcess): Disposable {
    const watched = new Watched(process);
    this.#watched.add(watched);
    return { [Symbol.dispose]: () => void this.#watched.delete(watched) };
  }

  /** Measures all once. */
  sample(): void {
    const time = this.#clock.now();
    for (const watched of this.#watched) {
      const found = watched.sample((series, value) => this.#sink.append(series, time, value));
      if (!found) this.#watched.delete(watched);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#watched.clear();
  }
}

type Measure<Use> = readonly [name: string, kind: MetricKind, extra: Labels, value: (use: Use) => number | undefined];

const direction = (name: 'read' | 'write'): Labels => ({ disk_io_direction: name });

const processMeasures: readonly Measure<ProcessUse>[] = [
  ['process_cpu_time_seconds_total', 'counter', {}, (use) => use.cpuSeconds],
  ['process_memory_usage_bytes', 'gauge', {}, (use) => use.memoryBytes],
  ['process_disk_io_bytes_total', 'counter', direction('read'), (use) => use.readBytes],
  ['process_disk_io_bytes_total', 'counter', direction('write'), (use) => use.writtenBytes],
  ['process_io_wait_seconds_total', 'counter', {}, (use) => use.ioWaitSeconds],
  ['process_thread_count', 'gauge', {}, (use) => use.threads],
  ['process_unix_file_descriptor_count', 'gauge', {}, (use) => use.openFiles],
];

const cgroupMeasures: readonly Measure<CgroupUse>[] = [
  ['container_cpu_time_seconds_total', 'counter', {}, (use) => use.cpuSeconds],
  ['container_cpu_throttled_seconds_total', 'counter', {}, (use) => use.throttledSeconds],
  ['container_memory_usage_bytes', 'gauge', {}, (use) => use.memoryBytes],
  ['container_memory_limit_bytes', 'gauge', {}, (use) => use.memoryLimitBytes],
  ['container_disk_io_bytes_total', 'counter', direction('read'), (use) => use.readBytes],
  ['container_disk_io_bytes_total', 'counter', direction('write'), (use) => use.writtenBytes],
  ['container_io_wait_seconds_total', 'counter', {}, (use) => use.ioWaitSeconds],
];

const networkMeasures: readonly Measure<NonNullable<ReturnType<typeof readNetwork>>>[] = [
  ['container_network_io_bytes_total', 'counter', { network_io_direction: 'receive' }, (use) => use.received],
  ['container_network_io_bytes_total', 'counter', { network_io_direction: 'transmit' }, (use) => use.sent],
];

/** samples after which a process is asked for its children again: each of its threads has some */
const FAMILY_EVERY = 5;
/** …and after which it is looked where it runs */
const ISOLATION_EVERY = 30;

type Put = (series: SeriesKey, value: number) => void;

class Watched {
  readonly #process: WatchedProcess;
  #cgroup: Cgroup | undefined;
  #hasNetwork = false;
  readonly #keys = new Map<Measure<never>, SeriesKey>();
  /** it and its descendants */
  #family: readonly number[] = [];
  #samples = 0;
  /** of counters: what ended children took with them must not look like a reset */
  readonly #highest = new Map<SeriesKey, number>();

  constructor(process: WatchedProcess) {
    this.#process = process;
  }

  /** False where the process has ended. */
  sample(put: Put): boolean {
    const use = this.#read();
    if (use === undefined) return false;
    if (this.#samples % ISOLATION_EVERY === 1) this.#isolate();
    this.#put(processMeasures, use, put);
    const cgroup = this.#cgroup && readCgroup(this.#cgroup);
    if (cgroup) this.#put(cgroupMeasures, cgroup, put);
    const network = this.#hasNetwork ? readNetwork(this.#process.pid) : undefined;
    if (network) this.#put(networkMeasures, network, put);
    return true;
  }

  /** It may be put into a cgroup when it runs already. */
  #isolate(): void {
    const { pid, isolation } = this.#process;
    if (isolation === undefined) return;
    this.#cgroup = isolation === 'always' || hasOwnCgroup(pid) ? cgroupOf(pid) : undefined;
    this.#hasNetwork = isolation === 'always' || hasOwnNetwork(pid);
  }

  /** Undefined where it has ended. */
  #read(): ProcessUse | undefined {
    const use = this.#samples++ % FAMILY_EVERY === 0 ? undefined : readProcesses(this.#family);
    if (use !== undefined) return use;
    this.#family = [...descendants(this.#process.pid)];
    // one of them may have ended meanwhile
    return readProcesses(this.#family) ?? readProcesses([this.#process.pid]);
  }

  #put<Use>(measures: readonly Measure<Use>[], use: Use, put: Put): void {
    for (const measure of measures) {
      const value = measure[3](use);
      if (value === undefined) continue;
      const series = this.#keyOf(measure);
      put(series, series.kind === 'counter' ? this.#rising(series, value) : value);
    }
  }

  #rising(series: SeriesKey, value: number): number {
    const highest = Math.max(value, this.#highest.get(series) ?? 0);
    this.#highest.set(series, highest);
    return highest;
  }

  #keyOf(measure: Measure<never>): SeriesKey {
    const known = this.#keys.get(measure);
    if (known) return known;
    const [name, kind, extra] = measure;
    const { service, instance, labels } = this.#process;
    const key = { name, kind, labels: { ...labels, ...extra, service, instance } };
    this.#keys.set(measure, key);
    return key;
  }
}
