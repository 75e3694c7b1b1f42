/** Keeps the processes of this machine's instances measured, as they come and go. */
import { ProcessSampler } from '../ingest/process-sampler.ts';
import type { SampleSink } from '../model/series.ts';
import type { Clock, Milliseconds } from '../model/time.ts';

export interface SampledInstance {
  readonly service: string;
  readonly instance: string;
  readonly environment: string;
  readonly version: string;
  readonly pid: number;
}

const EVERY: Milliseconds = 1000;

export class ProcessSampling implements Disposable {
  readonly #sampler: ProcessSampler;
  readonly #watched = new Map<number, Disposable>();

  constructor(sink: SampleSink, clock: Clock) {
    this.#sampler = new ProcessSampler(sink, clock, EVERY);
  }

  /** Why nothing is measured on this machine. */
  get problem(): string | undefined {
    return this.#sampler.problem;
  }

  look(instances: readonly SampledInstance[]): void {
    const pids = new Set(instances.map(({ pid }) => pid));
    for (const [pid, watch] of this.#watched) {
      if (pids.has(pid)) continue;
      watch[Symbol.dispose]();
      this.#watched.delete(pid);
    }
    for (const { pid, service, instance, environment, version } of instances) {
      if (this.#watched.has(pid)) continue;
      this.#watched.set(
        pid,
        this.#sampler.watch({
          pid,
          service,
          instance,
          labels: { environment, version },
          isolation: 'own',
        }),
      );
    }
  }

  [Symbol.dispose](): void {
    this.#sampler[Symbol.dispose]();
  }
}
