/** What Debian's Prometheus and our own scraper make of the same service, and of the same samples. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Counter, Histogram, Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrometheusApi } from '../../operational-loop/src/ingest/prometheus-api.ts';
import { Scraper } from '../../operational-loop/src/ingest/scraper.ts';
import { systemClock } from '../../operational-loop/src/model/time.ts';
import { bucketsFrom, histogramQuantile } from '../../operational-loop/src/signals/histogram-quantile.ts';
import { rate } from '../../operational-loop/src/signals/rate.ts';
import { SampleStore } from '../../operational-loop/src/store/sample-store.ts';
import { Random } from '../support/random.ts';
import { Prometheus } from './support/prometheus.ts';

const SECONDS = 25;
const WINDOW = 15_000;
const retention = { raw: 3_600_000, s10: 3_600_000, m1: 3_600_000 };
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-scraped-'));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A service that counts requests by status, and how long they took. */
class Measured implements Disposable {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests.',
    labelNames: ['status'],
    registers: [this.#registry],
  });
  readonly #duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Their duration.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [this.#registry],
  });
  readonly #server = http.createServer(async (_, response) => {
    response.setHeader('content-type', this.#registry.contentType).end(await this.#registry.metrics());
  });
  readonly #random = new Random(3);
  #timer: NodeJS.Timeout | undefined;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#timer = setInterval(() => this.#request(), 7);
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** No more requests. */
  rest(): void {
    clearInterval(this.#timer);
  }

  [Symbol.dispose](): void {
    this.rest();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #request(): void {
    const share = (this.#random.below(1_000_000) + 1) / 1_000_001;
    this.#requests.inc({ status: this.#random.percent(3) ? '500' : '200' });
    this.#duration.observe(-0.04 * Math.log(share));
  }
}

let service: Measured;
let prometheus: Prometheus;
let scraper: Scraper;
let ours: SampleStore;
let theirs: SampleStore;
let api: PrometheusApi;
let begun: number;
let ended: number;

beforeAll(async () => {
  service = new Measured();
  const target = await service.start();
  prometheus = await Prometheus.start(target);
  api = new PrometheusApi(prometheus.url);
  const clock = systemClock;
  ours = await SampleStore.open({ folder: path.join(folder, 'ours'), clock, retention });
  theirs = await SampleStore.open({ folder: path.join(folder, 'theirs'), clock, retention });
  scraper = new Scraper(ours, clock);
  scraper.setTargets([{ url: `http://${target}/metrics`, service: 'shop', instance: target, interval: 1000 }]);
  begun = Date.now();
  await sleep(SECONDS * 1000);
  service.rest();
  await sleep(3000);
  ended = Date.now();
  await api.copy('{job="shop"}', begun - 5000, ended, theirs);
}, 120_000);

afterAll(async () => {
  scraper?.[Symbol.dispose]();
  await ours?.[Symbol.asyncDispose]();
  await theirs?.[Symbol.asyncDispose]();
  service?.[Symbol.dispose]();
  await prometheus?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function newest(store: SampleStore, name: string): ReadonlyMap<string, number> {
  return new Map(
    store.series({ name }).map(({ id, labels }) => {
      const { values } = store.read(id, begun - 5000, ended + 5000, 'raw');
      return [labels['le'] ?? labels['status'] ?? '', values.at(-1) as number];
    }),
  );
}

const range = (store: SampleStore, id: number) => store.read(id, begun - 5000, ended + 5000, 'raw');

test('counters and buckets are the same once the service rests', () => {
  for (const name of [
    'http_requests_total',
    'http_request_duration_seconds_bucket',
    'http_request_duration_seconds_count',
  ]) {
    const [own, other] = [newest(ours, name), newest(theirs, name)];
    expect(own.size, name).toBeGreaterThan(0);
    expect(own, name).toEqual(other);
  }
  expect(newest(ours, 'http_requests_total').get('200')).toBeGreaterThan(1000);
});

test('rates of the same samples are Prometheus’ own', async () => {
  const [from, to] = [begun + WINDOW + 2000, begun + SECONDS * 1000].map(
    (time) => Math.floor(time / 1000) * 1000 + 457,
  );
  const answered = await api.queryRange(`rate(http_requests_total{job="shop"}[${WINDOW / 1000}s])`, from!, to!, 500);
  let compared = 0;
  for (const { labels, times, values } of answered) {
    const [series] = theirs.series({ name: 'http_requests_total', labels: { status: labels['status']! } });
    for (const [at, time] of times.entries()) {
      const own = rate(range(theirs, series!.id), time - WINDOW, time);
      expect(own! / values[at]!, `${labels['status']} at ${time}`).toBeCloseTo(1, 9);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(20);
});

test('quantiles of the same buckets are Prometheus’ own', async () => {
  const time = Math.floor((begun + SECONDS * 1000) / 1000) * 1000 + 457;
  const buckets = theirs.series({ name: 'http_request_duration_seconds_bucket' });
  const rates = new Map(
    buckets.map(({ id, labels }) => [labels['le']!, rate(range(theirs, id), time - WINDOW, time)!]),
  );
  for (const quantile of [0.5, 0.9, 0.95, 0.99]) {
    const query = `histogram_quantile(${quantile}, rate(http_request_duration_seconds_bucket{job="shop"}[${WINDOW / 1000}s]))`;
    const [answered] = await api.queryRange(query, time, time, 1000);
    expect(histogramQuantile(quantile, bucketsFrom(rates)) / answered!.values[0]!, query).toBeCloseTo(1, 9);
  }
});
