/**
 * Loaded into a Node service before its own code (`--require`): measures event-loop delay, garbage collection and heap, and,
 * where asked, HTTP requests and the process, and sends them as OTLP to the daemon. It changes nothing that the program can
 * see of its modules, never keeps it alive, and is silent where the daemon does not answer. Imports nothing but Node.
 *
 * HINDCAST_OPS_URL, HINDCAST_OPS_TOKEN: where to and with what; without a URL nothing is measured
 * HINDCAST_OPS_SERVICE, _INSTANCE, _ENVIRONMENT, _VERSION: who this is
 * HINDCAST_OPS_PROBE: what else, of `http` and `process`, separated by commas
 * HINDCAST_OPS_INTERVAL_MS: how often; 1000 by default
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { monitorEventLoopDelay, performance, PerformanceObserver, type IntervalHistogram } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: number };
}

/** Bounds of OpenTelemetry's conventions, in seconds. */
const REQUEST_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const GC_BOUNDS = [0.01, 0.1, 1, 10];
/** milliseconds between looks at the event loop */
const RESOLUTION_MS = 10;
const CUMULATIVE = 2;
/** a connection on which nothing happens for so long is given up */
const SILENT_MS = 5000;
/** methods beyond these are one: what clients make up must not become series */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']);
const GC_TYPES: Readonly<Record<number, string>> = { 1: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' };

/** Counts by the text of their attributes. */
class Histograms {
  readonly #bounds: readonly number[];
  readonly #by = new Map<string, { attributes: readonly Attribute[]; buckets: number[]; sum: number; count: number }>();

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  add(seconds: number, labels: Readonly<Record<string, string | number>>): void {
    const key = Object.values(labels).join(' ');
    let one = this.#by.get(key);
    if (!one) {
      one = { attributes: attributesOf(labels), buckets: this.#bounds.map(() => 0).concat(0), sum: 0, count: 0 };
      this.#by.set(key, one);
    }
    const found = this.#bounds.findIndex((bound) => seconds <= bound);
    const bucket = found < 0 ? this.#bounds.length : found;
    one.buckets[bucket] = (one.buckets[bucket] as number) + 1;
    one.sum += seconds;
    one.count++;
  }

  points(times: object, common: readonly Attribute[]): readonly object[] {
    return [...this.#by.values()].map(({ attributes, buckets, sum, count }) => ({
      ...times,
      attributes: [...common, ...attributes],
      explicitBounds: this.#bounds,
      bucketCounts: buckets,
      sum,
      count,
    }));
  }
}

function attributesOf(labels: Readonly<Record<string, string | number>>): readonly Attribute[] {
  return Object.entries(labels).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));
}

interface Settings {
  readonly url: URL;
  readonly token: string;
  readonly resource: readonly Attribute[];
  readonly parts: ReadonlySet<string>;
  readonly interval: number;
}

function settingsFrom(environment: NodeJS.ProcessEnv): Settings | undefined {
  const address = environment['HINDCAST_OPS_URL'];
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:') return undefined;
  const names = {
    'service.name': environment['HINDCAST_OPS_SERVICE'] ?? 'node',
    'service.instance.id': environment['HINDCAST_OPS_INSTANCE'] ?? `${hostname()}:${process.pid}`,
    'deployment.environment.name': environment['HINDCAST_OPS_ENVIRONMENT'] ?? '',
    'service.version': environment['HINDCAST_OPS_VERSION'] ?? '',
  };
  return {
    url,
    token: environment['HINDCAST_OPS_TOKEN'] ?? '',
    resource: attributesOf(Object.fromEntries(Object.entries(names).filter(([, value]) => value !== ''))),
    parts: new Set((environment['HINDCAST_OPS_PROBE'] ?? '').split(',')),
    interval: Math.max(100, Number(environment['HINDCAST_OPS_INTERVAL_MS']) || 1000),
  };
}

/** Durations of answered requests, by method and status. */
function watchRequests(): Histograms {
  const histograms = new Histograms(REQUEST_BOUNDS);
  const begun = new WeakMap<object, number>();
  subscribe('http.server.request.start', (message) => {
    begun.set((message as { request: IncomingMessage }).request, performance.now());
  });
  subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const start = begun.get(request);
    if (start === undefined) return;
    const method = METHODS.has(request.method ?? '') ? (request.method as string) : '_OTHER';
    histograms.add((performance.now() - start) / 1000, {
      'http.request.method': method,
      'http.response.status_code': response.statusCode,
    });
  });
  return histograms;
}

function watchCollections(): Histograms {
  const histograms = new Histograms(GC_BOUNDS);
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = ((entry as { detail?: unknown }).detail ?? {}) as { kind?: number };
      histograms.add(entry.duration / 1000, { 'v8js.gc.type': GC_TYPES[kind ?? 0] ?? 'other' });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return histograms;
}

class Probe {
  readonly #settings: Settings;
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #collections = watchCollections();
  readonly #requests: Histograms | undefined;
  readonly #started = nowNano();
  /** several processes of one instance are told apart */
  readonly #common = attributesOf({ 'process.pid': String(process.pid) });
  readonly #sender: Sender;
  #utilization = performance.eventLoopUtilization();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#sender = new Sender(settings);
    this.#requests = settings.parts.has('http') ? watchRequests() : undefined;
    this.#delay.enable();
    setInterval(() => this.#send(), settings.interval).unref();
  }

  #send(): void {
    const { resource } = this.#settings;
    const metrics = [...this.#ofEventLoop(), ...this.#ofMemory(), ...this.#ofProcess(), ...this.#counted()];
    this.#sender.send(
      JSON.stringify({ resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ metrics }] }] }),
    );
  }

  *#ofEventLoop(): IterableIterator<object> {
    const delay = this.#delay;
    const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);
    const now = performance.eventLoopUtilization();
    yield this.#gauge(
      'nodejs.eventloop.utilization',
      '1',
      performance.eventLoopUtilization(now, this.#utilization).utilization,
    );
    this.#utilization = now;
    if (delay.max > 0) {
      yield this.#gauge('nodejs.eventloop.delay.mean', 's', seconds(delay.mean));
      yield this.#gauge('nodejs.eventloop.delay.p50', 's', seconds(delay.percentile(50)));
      yield this.#gauge('nodejs.eventloop.delay.p99', 's', seconds(delay.percentile(99)));
      yield this.#gauge('nodejs.eventloop.delay.max', 's', seconds(delay.max));
    }
    delay.reset();
  }

  *#ofMemory(): IterableIterator<object> {
    const { heapUsed, heapTotal, external } = process.memoryUsage();
    yield this.#gauge('v8js.memory.heap.used', 'By', heapUsed);
    yield this.#gauge('v8js.memory.heap.total', 'By', heapTotal);
    yield this.#gauge('nodejs.memory.external', 'By', external);
  }

  *#ofProcess(): IterableIterator<object> {
    if (!this.#settings.parts.has('process')) return;
    const { user, system } = process.cpuUsage();
    yield this.#gauge('process.memory.usage', 'By', process.memoryUsage.rss());
    const dataPoints = [{ ...this.#times(), attributes: this.#common, asDouble: (user + system) / 1e6 }];
    yield {
      name: 'process.cpu.time',
      unit: 's',
      sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true },
    };
  }

  *#counted(): IterableIterator<object> {
    const histogram = (name: string, counts: Histograms): object => ({
      name,
      unit: 's',
      histogram: { aggregationTemporality: CUMULATIVE, dataPoints: counts.points(this.#times(), this.#common) },
    });
    yield histogram('v8js.gc.duration', this.#collections);
    if (this.#requests) yield histogram('http.server.request.duration', this.#requests);
  }

  #gauge(name: string, unit: string, value: number): object {
    return { name, unit, gauge: { dataPoints: [{ ...this.#times(), attributes: this.#common, asDouble: value }] } };
  }

  #times(): object {
    return { startTimeUnixNano: this.#started, timeUnixNano: nowNano() };
  }
}

function nowNano(): string {
  return `${Date.now()}000000`;
}

/**
 * Over a socket of its own, that stays open: what the program has put around `http` must not see it. Answers are not waited for;
 * where the daemon does not take what is sent in time, or is gone, the next message comes by a new socket.
 */
class Sender {
  readonly #settings: Settings;
  #socket: Socket | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  send(body: string): void {
    const { url, token } = this.#settings;
    const head = [
      `POST ${url.pathname.replace(/\/$/, '')}/v1/metrics HTTP/1.1`,
      `Host: ${url.host}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(token === '' ? [] : [`Authorization: Bearer ${token}`]),
    ];
    this.#open().write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }

  #open(): Socket {
    const known = this.#socket;
    if (known?.writable && (known.connecting || known.writableLength === 0)) return known;
    known?.destroy();
    const { hostname, port } = this.#settings.url;
    const socket = connect({ host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || 80) });
    socket.unref();
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.setTimeout(Math.max(SILENT_MS, 2 * this.#settings.interval), () => socket.destroy());
    socket.on('data', () => {});
    this.#socket = socket;
    return socket;
  }
}

const settings = isMainThread ? settingsFrom(process.env) : undefined;
if (settings) new Probe(settings);
