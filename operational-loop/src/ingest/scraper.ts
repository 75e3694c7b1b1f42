/** Asks services for their metrics, as Prometheus does. */
import type { Labels, SampleSink, SeriesKey } from '../model/series.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import { kindOf, parseExposition, parseSeries } from './prometheus-text.ts';

export interface ScrapeTarget {
  /** such as `http://127.0.0.1:8080/metrics` */
  readonly url: string;
  readonly service: string;
  readonly instance: string;
  readonly interval: Milliseconds;
  /** put on each series besides `service` and `instance`, such as `environment` */
  readonly labels?: Labels;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TargetStatus {
  readonly target: ScrapeTarget;
  readonly up: boolean;
  readonly scrapedAt?: UnixMs;
  readonly samples: number;
  /** why it is not up, or which lines could not be read */
  readonly problem?: string;
}

export interface ScrapeLimits {
  readonly bytes: number;
  readonly samples: number;
  readonly timeout: Milliseconds;
}

const LIMITS: ScrapeLimits = { bytes: 16 * 1024 * 1024, samples: 50_000, timeout: 10_000 };
const ACCEPT = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
/** after failures a target is asked less often, by up to this factor */
const MOST_BACKOFF = 8;

/** Scrapes each target at its interval until disposed. `up` (1 or 0) and `scrape_duration_seconds` are samples too. */
export class Scraper implements Disposable {
  readonly #sink: SampleSink;
  readonly #clock: Clock;
  readonly #limits: ScrapeLimits;
  readonly #running = new Map<string, RunningTarget>();

  constructor(sink: SampleSink, clock: Clock, limits: Partial<ScrapeLimits> = {}) {
    this.#sink = sink;
    this.#clock = clock;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Begins with what is new, ends what is not listed, and leaves the others as they are. */
  setTargets(targets: readonly ScrapeTarget[]): void {
    const wanted = new Map(targets.map((target) => [JSON.stringify(target), target]));
    for (const [key, running] of this.#running) {
      if (wanted.has(key)) continue;
      running[Symbol.dispose]();
      this.#running.delete(key);
    }
    for (const [key, target] of wanted) {
      if (this.#running.has(key)) continue;
      this.#running.set(key, new RunningTarget(target, this.#sink, this.#clock, this.#limits));
    }
  }

  status(): readonly TargetStatus[] {
    return [...this.#running.values()].map((running) => running.status);
  }

  [Symbol.dispose](): void {
    this.setTargets([]);
  }
}

class RunningTarget implements Disposable {
  readonly #target: ScrapeTarget;
  readonly #sink: SampleSink;
  readonly #clock: Clock;
  readonly #limits: ScrapeLimits;
  readonly #ending = new AbortController();
  readonly #up: SeriesKey;
  readonly #duration: SeriesKey;
  /** as the text has them, so that a series is taken apart once */
  #series = new Map<string, SeriesKey>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  status: TargetStatus;

  constructor(target: ScrapeTarget, sink: SampleSink, clock: Clock, limits: ScrapeLimits) {
    this.#target = target;
    this.#sink = sink;
    this.#clock = clock;
    this.#limits = limits;
    const labels = { ...target.labels, service: target.service, instance: target.instance };
    this.#up = { name: 'up', kind: 'gauge', labels };
    this.#duration = { name: 'scrape_duration_seconds', kind: 'gauge', labels };
    this.status = { target, up: false, samples: 0 };
    void this.#loop();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#ending.abort();
  }

  async #loop(): Promise<void> {
    const begun = performance.now();
    await this.#scrape();
    if (this.#ending.signal.aborted) return;
    const factor = Math.min(MOST_BACKOFF, 2 ** Math.max(0, this.#failures - 1));
    const { interval } = this.#target;
    const spent = performance.now() - begun;
    // Steady: a scrape that took its time does not move those after it.
    const wait = Math.max(0, interval * factor - (spent % (interval * factor)));
    this.#timer = setTimeout(() => void this.#loop(), wait);
    this.#timer.unref();
  }

  async #scrape(): Promise<void> {
    const time = this.#clock.now();
    const begun = performance.now();
    try {
      const { text, type } = await fetchText(this.#target, this.#limits, this.#ending.signal);
      const { samples, problem } = this.#take(text, type, time);
      this.#failures = 0;
      this.status = { target: this.#target, up: true, scrapedAt: time, samples, ...(problem ? { problem } : {}) };
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.#failures++;
      this.status = { target: this.#target, up: false, scrapedAt: time, samples: 0, problem: reasonOf(error) };
    }
    this.#sink.append(this.#up, time, this.status.up ? 1 : 0);
    this.#sink.append(this.#duration, time, (performance.now() - begun) / 1000);
  }

  #take(text: string, type: string, now: UnixMs): { samples: number; problem: string | undefined } {
    const { samples, types, problems } = parseExposition(text, type);
    if (samples.length > this.#limits.samples) {
      throw new Error(`It has ${samples.length} samples, more than ${this.#limits.samples}.`);
    }
    const seen = new Map<string, SeriesKey>();
    for (const { series, value, time } of samples) {
      const key = this.#series.get(series) ?? this.#keyOf(series, types);
      if (key === undefined) continue;
      seen.set(series, key);
      this.#sink.append(key, time ?? now, value);
    }
    this.#series = seen;
    return { samples: samples.length, problem: problems[0] };
  }

  #keyOf(series: string, types: ReadonlyMap<string, string>): SeriesKey | undefined {
    const parsed = parseSeries(series);
    if (parsed === undefined) return undefined;
    const { name, labels } = parsed;
    const own = this.#up.labels;
    const exported = Object.entries(labels).map(([label, value]) => [
      label in own ? `exported_${label}` : label,
      value,
    ]);
    return { name, kind: kindOf(name, types), labels: { ...Object.fromEntries(exported), ...own } };
  }
}

async function fetchText(
  { url, headers }: ScrapeTarget,
  limits: ScrapeLimits,
  ending: AbortSignal,
): Promise<{ readonly text: string; readonly type: string }> {
  const response = await fetch(url, {
    headers: { accept: ACCEPT, ...headers },
    signal: AbortSignal.any([ending, AbortSignal.timeout(limits.timeout)]),
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`It answers with status ${response.status}.`);
  }
  const text = await readLimited(response.body.getReader(), limits.bytes);
  return { text, type: response.headers.get('content-type') ?? 'text/plain' };
}

async function readLimited(reader: ReadableStreamDefaultReader<Uint8Array>, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > most) {
      await reader.cancel();
      throw new Error(`It is larger than ${most} bytes.`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'It does not answer in time.';
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
