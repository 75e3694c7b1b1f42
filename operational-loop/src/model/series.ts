/** What is measured: samples of series, in the manner of Prometheus. */
import type { UnixMs } from './time.ts';

/** Names follow OpenTelemetry's conventions, written as Prometheus writes them: `http_server_request_duration_seconds_bucket`. */
export type MetricName = string;

/**
 * What tells series of one name apart. `service`, `instance`, `environment` and `version` (of the service image) are ours
 * and always have these names, whatever the source calls them; a histogram's bucket has `le`.
 */
export type Labels = Readonly<Record<string, string>>;

/** A histogram is stored as counters: `_bucket` with `le`, `_sum` and `_count`. */
export type MetricKind = 'gauge' | 'counter';

export interface SeriesKey {
  readonly name: MetricName;
  readonly kind: MetricKind;
  readonly labels: Labels;
}

/** Where ingest puts what it reads. Never throws for a sample that is late or double: it is counted and dropped. */
export interface SampleSink {
  append(series: SeriesKey, time: UnixMs, value: number): void;
}
