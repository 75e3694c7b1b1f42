/** Where samples come from besides those that are sent: services that are scraped, and Prometheus servers. */
import { PrometheusSource } from '../ingest/prometheus-api.ts';
import { Scraper, type TargetStatus } from '../ingest/scraper.ts';
import type { SampleSink } from '../model/series.ts';
import type { Clock, Milliseconds } from '../model/time.ts';
import type { OperationsConfiguration } from './configuration.ts';

const SCRAPE_EVERY: Milliseconds = 5000;

export class Sources implements Disposable {
  readonly #scraper: Scraper;
  readonly #servers: readonly { readonly url: string; readonly source: PrometheusSource }[];

  constructor({ services, prometheus }: OperationsConfiguration, sink: SampleSink, clock: Clock) {
    this.#scraper = new Scraper(sink, clock);
    this.#scraper.setTargets(
      services.flatMap(({ name, environment, scrape }) =>
        scrape.map((target) => ({ ...target, service: name, interval: SCRAPE_EVERY, labels: { environment } })),
      ),
    );
    this.#servers = prometheus.map((server) => ({
      url: server.url,
      source: new PrometheusSource(server, sink, clock),
    }));
  }

  /** How the last scrape of each target went. */
  get targets(): readonly TargetStatus[] {
    return this.#scraper.status();
  }

  /** What is wrong with the sources of a service, a sentence each. */
  problems(service: string): readonly string[] {
    const scraped = this.#scraper.status().flatMap(({ target, up, problem }) => {
      if (target.service !== service || problem === undefined) return [];
      return [`${target.url} ${up ? 'was read, but' : 'gives no metrics'}: ${problem.replace(/\.?$/, '.')}`];
    });
    return [...scraped, ...this.#servers.flatMap(({ source }) => source.problem ?? [])];
  }

  [Symbol.dispose](): void {
    this.#scraper[Symbol.dispose]();
    for (const { source } of this.#servers) source[Symbol.dispose]();
  }
}
