/** Looks which instances answer no longer: those that the daemon runs, those that were announced, and what it scrapes. */
import { isStopped } from '../ingest/linux-proc.ts';
import type { SampleStore } from '../store/sample-store.ts';
import type { Clock, Milliseconds } from '../model/time.ts';
import type { Unanswered } from '../tuning/traffic/unanswered.ts';
import type { AlertBook } from './alert-book.ts';
import type { InstanceRegister } from './instance-register.ts';
import type { Managed } from './managed-services.ts';
import { Silence, type Running } from './silence.ts';
import type { Sources } from './sources.ts';

export interface SilenceWatchParts {
  readonly samples: SampleStore;
  readonly book: AlertBook;
  readonly clock: Clock;
  readonly register: InstanceRegister;
  readonly managed: readonly Managed[];
  readonly sources: Sources;
}

/** of what is measured from outside: it goes on whether an instance answers or not */
const OUTSIDE = /^(process|container)_/;

export class SilenceWatch {
  readonly #parts: SilenceWatchParts;
  readonly #silence: Silence;
  /** when each target was scraped last with success */
  readonly #scraped = new Map<string, number>();
  #looked = performance.now();

  /** `every`: between two looks */
  constructor(parts: SilenceWatchParts, every: Milliseconds) {
    this.#parts = parts;
    this.#silence = new Silence(parts.book, parts.clock, {
      every,
      isStopped,
      hasTold: ({ service, instance, pid }) => {
        const series = parts.samples.series({ labels: { service, instance } });
        return pid !== undefined && series.some(({ name }) => !OUTSIDE.test(name));
      },
    });
  }

  /** An instance has told something of itself. */
  heard(service: string, instance: string): void {
    this.#silence.heard(service, instance);
  }

  async look(): Promise<void> {
    const { managed, register } = this.#parts;
    const launched = managed.flatMap(({ launcher }) => launcher.ready());
    const unanswered = await this.#unanswered();
    const now = performance.now();
    const running: readonly Running[] = [
      ...[...launched, ...register.running()].map(({ service, id, pid }) => ({ service, instance: id, pid })),
      ...this.#scrapes(),
    ];
    const byName = new Map(running.map((one) => [`${one.service}/${one.instance}`, one]));
    const found = unanswered.flatMap((one) => {
      const instance = launched.find(({ address }) => address === one.address);
      return instance ? [{ ...one, service: instance.service, instance: instance.id }] : [];
    });
    this.#silence.look([...byName.values()], found, now - this.#looked);
    this.#looked = now;
  }

  /** A balancer that cannot be asked is told of by whoever keeps its configuration. */
  async #unanswered(): Promise<readonly Unanswered[]> {
    const asked = this.#parts.managed.map(({ tuned }) => tuned.traffic.unanswered().catch(() => []));
    return (await Promise.all(asked)).flat();
  }

  #scrapes(): readonly Running[] {
    return this.#parts.sources.targets.map(({ target, up, scrapedAt, problem }) => {
      const { service, instance, url } = target;
      if (up && scrapedAt !== this.#scraped.get(url)) this.heard(service, instance);
      if (up && scrapedAt !== undefined) this.#scraped.set(url, scrapedAt);
      return { service, instance, ...(up || problem === undefined ? {} : { problem }) };
    });
  }
}
