/** A Prometheus server as a source: ranges of expressions, and its own samples. */
import type { SampleSink, SeriesKey } from '../model/series.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import { kindOf } from './prometheus-text.ts';

export interface PrometheusSeries {
  /** with `__name__` where the expression leaves it */
  readonly labels: Readonly<Record<string, string>>;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Which labels of the server tell services and instances apart; by default `job` and `instance`. */
export interface LabelNames {
  readonly service?: string;
  readonly instance?: string;
}

const TIMEOUT_MS = 30_000;

/** Every method throws a sentence that names the server where it does not answer, or not with what was asked for. */
export class PrometheusApi {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** `url`: such as `http://127.0.0.1:9090` */
  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url.replace(/\/$/, '');
    this.#headers = headers;
  }

  /** An expression's values at `from`, `from + step` … `to`. */
  async queryRange(query: string, from: UnixMs, to: UnixMs, step: Milliseconds): Promise<readonly PrometheusSeries[]> {
    const range = { query, start: String(from / 1000), end: String(to / 1000), step: String(step / 1000) };
    return parseMatrix(await this.#get('query_range', range));
  }

  /** The samples themselves, of `selector` over `from` to `to`, as the server scraped them. */
  async samples(selector: string, from: UnixMs, to: UnixMs): Promise<readonly PrometheusSeries[]> {
    const query = `${selector}[${Math.ceil(to - from)}ms]`;
    return parseMatrix(await this.#get('query', { query, time: String(to / 1000) }));
  }

  /** Puts samples into `sink`, with the server's names of services and instances under ours. Returns how many. */
  async copy(selector: string, from: UnixMs, to: UnixMs, sink: SampleSink, names: LabelNames = {}): Promise<number> {
    const found = await this.samples(selector, from, to);
    for (const series of found) {
      const key = keyOf(series.labels, names);
      for (const [at, time] of series.times.entries()) sink.append(key, time, series.values[at] as number);
    }
    return found.reduce((sum, { times }) => sum + times.length, 0);
  }

  async #get(what: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const address = `${this.#url}/api/v1/${what}`;
    let answer: unknown;
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#headers },
        body: new URLSearchParams(parameters).toString(),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.json();
    } catch (error) {
      const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : error;
      throw new Error(`Prometheus at ${this.#url} does not answer: ${reason}.`, { cause: error });
    }
    const { status, error, data } = (answer ?? {}) as { status?: unknown; error?: unknown; data?: unknown };
    if (status !== 'success') throw new Error(`Prometheus at ${this.#url} refuses ${what}: ${String(error)}.`);
    return data;
  }
}

/** Copies new samples of some selectors again and again until disposed. */
export class PrometheusSource implements Disposable {
  readonly #api: PrometheusApi;
  readonly #options: PrometheusSourceOptions;
  readonly #sink: SampleSink;
  readonly #now: () => UnixMs;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  #copiedTo: UnixMs;
  /** why the last time failed */
  problem: string | undefined;

  constructor(options: PrometheusSourceOptions, sink: SampleSink, clock: { now(): UnixMs }) {
    this.#options = options;
    this.#api = new PrometheusApi(options.url, options.headers);
    this.#sink = sink;
    this.#now = () => clock.now();
    this.#copiedTo = clock.now() - (options.history ?? options.interval);
    void this.#loop();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #loop(): Promise<void> {
    const to = this.#now();
    const { selectors, names, interval } = this.#options;
    try {
      // A little is asked for twice: what the server stored after it was asked is not lost, what is double is dropped.
      const from = Math.min(this.#copiedTo, to) - interval;
      for (const selector of selectors) await this.#api.copy(selector, from, to, this.#sink, names);
      this.#copiedTo = to;
      this.problem = undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    if (this.#disposed) return;
    this.#timer = setTimeout(() => void this.#loop(), interval);
    this.#timer.unref();
  }
}

export interface PrometheusSourceOptions {
  readonly url: string;
  /** such as `{job="checkout"}` */
  readonly selectors: readonly string[];
  readonly interval: Milliseconds;
  /** how far back the first copy reaches */
  readonly history?: Milliseconds;
  readonly names?: LabelNames;
  readonly headers?: Readonly<Record<string, string>>;
}

function keyOf(labels: Readonly<Record<string, string>>, names: LabelNames): SeriesKey {
  const { __name__: name = '', ...others } = labels;
  const serviceLabel = names.service ?? 'job';
  const instanceLabel = names.instance ?? 'instance';
  const {
    [serviceLabel]: service = 'unknown_service',
    [instanceLabel]: instance = 'unknown_instance',
    ...rest
  } = others;
  return { name, kind: kindByName(name), labels: { ...rest, service, instance } };
}

/** The server does not give types with samples: its naming rules tell. */
function kindByName(name: string): SeriesKey['kind'] {
  return /_(sum|count)$/.test(name) ? 'counter' : kindOf(name, new Map());
}

function parseMatrix(data: unknown): readonly PrometheusSeries[] {
  const { resultType, result } = (data ?? {}) as { resultType?: unknown; result?: unknown };
  if (resultType !== 'matrix' || !Array.isArray(result))
    throw new Error('Prometheus answered with no range of values.');
  return result.map((series: { metric: Record<string, string>; values: readonly (readonly [number, string])[] }) => ({
    labels: series.metric,
    times: Float64Array.from(series.values, ([time]) => Math.round(time * 1000)),
    values: Float64Array.from(series.values, ([, value]) => parseValue(value)),
  }));
}

function parseValue(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}
