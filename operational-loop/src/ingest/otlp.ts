/** Receives metrics as OTLP over HTTP (`/v1/metrics`), in protobuf or JSON. */
import { gunzipSync, inflateSync } from 'node:zlib';
import type { MetricKind, SampleSink, SeriesKey } from '../model/series.ts';
import type { Clock, UnixMs } from '../model/time.ts';
import { CumulativeSums } from './cumulative-sums.ts';
import { exponentialBuckets } from './otlp-buckets.ts';
import {
  CUMULATIVE,
  decodeRequest,
  DELTA,
  encodeAnswer,
  parseRequest,
  type ExportRequest,
  type Metric,
  type NumberPoint,
  type Point,
} from './otlp-messages.ts';
import { OtlpSeries, type ResourceSeries } from './otlp-series.ts';

export interface OtlpAnswer {
  readonly status: 200 | 400 | 413 | 415;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** points taken in */
  readonly accepted: number;
}

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const MOST_BYTES = 64 * 1024 * 1024;
const NO_RECORDED_VALUE = 1;
/** a process that began so short a time ago counts from its beginning */
const JUST_BEGUN_MS = 60_000;

/** Puts what it is sent into `sink`. Delta sums and histograms are added up to cumulative ones. */
export class OtlpReceiver {
  readonly #sink: SampleSink;
  readonly #sums: CumulativeSums;
  readonly #heard: (service: string, instance: string) => void;
  readonly #series = new OtlpSeries();

  /** `heard`: told who has sent something */
  constructor(sink: SampleSink, clock: Clock, heard: (service: string, instance: string) => void = () => undefined) {
    this.#sink = sink;
    this.#heard = heard;
    this.#sums = new CumulativeSums(clock);
  }

  /**
   * `contentType` and `contentEncoding` are the request's headers. The answer is to be sent as it is: 200 also where some
   * points could not be taken in (partial success), 400 for what is no OTLP, 413 and 415. Never throws.
   */
  receive(contentType: string | undefined, contentEncoding: string | undefined, body: Uint8Array): OtlpAnswer {
    const type = contentType?.split(';')[0]?.trim().toLowerCase();
    if (type !== PROTOBUF && type !== JSON_TYPE) {
      return refusal(415, `Metrics come as ${PROTOBUF} or ${JSON_TYPE}, and this is ${type ?? 'neither'}.`, false);
    }
    const json = type === JSON_TYPE;
    const bytes = decompressed(contentEncoding, body);
    if ('status' in bytes) return refusal(bytes.status, bytes.message, json);
    let request: ExportRequest;
    try {
      request = json ? parseRequest(new TextDecoder().decode(bytes)) : decodeRequest(bytes);
    } catch (error) {
      return refusal(400, `This is no OTLP metrics request: ${error instanceof Error ? error.message : error}.`, json);
    }
    const { accepted, rejected, reason } = this.#take(request);
    const partial = { partialSuccess: { rejectedDataPoints: rejected, errorMessage: reason ?? '' } };
    return {
      status: 200,
      contentType: type,
      body: encodeAnswer('ExportResponse', rejected > 0 ? partial : {}, json),
      accepted,
    };
  }

  #take(request: ExportRequest): { accepted: number; rejected: number; reason: string | undefined } {
    const outcome = { accepted: 0, rejected: 0, reason: undefined as string | undefined };
    const told = new Map<ResourceSeries, UnixMs>();
    for (const { resource, scopeMetrics } of request.resourceMetrics ?? []) {
      const series = this.#series.ofResource(resource?.attributes);
      this.#heard(series.service, series.instance);
      for (const { metrics } of scopeMetrics ?? []) {
        for (const metric of metrics ?? []) {
          const latest = this.#takeMetric(metric, series, outcome);
          told.set(series, Math.max(latest, told.get(series) ?? -Infinity));
        }
      }
    }
    for (const [series, time] of told) if (time > 0) series.reportedAt = time;
    return outcome;
  }

  /** The time of its latest point. */
  #takeMetric(
    metric: Metric,
    resource: ResourceSeries,
    outcome: { accepted: number; rejected: number; reason: string | undefined },
  ): UnixMs {
    let latest = -Infinity;
    const points = metric.gauge ?? metric.sum ?? metric.histogram ?? metric.exponentialHistogram ?? metric.summary;
    const reason = refusalReason(metric);
    for (const point of points?.dataPoints ?? []) {
      if (reason !== undefined || !(point.timeUnixNano > 0)) {
        outcome.rejected++;
        outcome.reason ??= reason ?? `A point of ${metric.name} has no time.`;
      } else if (((point.flags ?? 0) & NO_RECORDED_VALUE) === 0) {
        this.#takePoint(metric, point, resource);
        latest = Math.max(latest, millisecondsOf(point.timeUnixNano));
        outcome.accepted++;
      }
    }
    return latest;
  }

  #takePoint(metric: Metric, point: Point, resource: ResourceSeries): void {
    const temporality = (metric.sum ?? metric.histogram ?? metric.exponentialHistogram)?.aggregationTemporality;
    const known = resource.ofPoint(metric, point.attributes);
    const zero = known.isNew && temporality === CUMULATIVE ? zeroBefore(point, resource.reportedAt) : undefined;
    known.isNew = false;
    for (const [suffix, kind, extra, value] of samplesOf(metric, point)) {
      const series = known.key(suffix, kind, extra);
      if (zero !== undefined && kind === 'counter') this.#sink.append(series, zero, 0);
      if (temporality === DELTA) this.#add(series, point, value);
      else this.#sink.append(series, millisecondsOf(point.timeUnixNano), value);
    }
  }

  #add(series: SeriesKey, { startTimeUnixNano, timeUnixNano }: Point, value: number): void {
    const { sum, isNew } = this.#sums.add(series, value);
    // So that the first delta counts: the counter stood at zero when it began.
    if (isNew && startTimeUnixNano > 0 && startTimeUnixNano < timeUnixNano) {
      this.#sink.append(series, millisecondsOf(startTimeUnixNano), 0);
    }
    this.#sink.append(series, millisecondsOf(timeUnixNano), sum);
  }
}

const millisecondsOf = (nanoseconds: number): UnixMs => Math.floor(nanoseconds / 1e6);

/**
 * When a counter that is told for the first time stood at zero: at its sender's last report, where that had begun by then (the first
 * error is there to be counted); else when its sender began, where that was just now. Undefined where nobody knows.
 */
function zeroBefore({ startTimeUnixNano, timeUnixNano }: Point, reportedAt: UnixMs | undefined): UnixMs | undefined {
  const [began, time] = [millisecondsOf(startTimeUnixNano), millisecondsOf(timeUnixNano)];
  if (!(began > 0)) return undefined;
  if (reportedAt !== undefined && reportedAt >= began) return reportedAt < time ? reportedAt : undefined;
  return began < time && time - began <= JUST_BEGUN_MS ? began : undefined;
}

/** `suffix` of the metric's name; `extra`: a label of its own */
type Sample = readonly [
  suffix: string,
  kind: MetricKind,
  extra: readonly [label: string, value: string] | undefined,
  value: number,
];

function refusalReason({ name, sum, histogram, exponentialHistogram }: Metric): string | undefined {
  if (!name) return 'A metric has no name.';
  const cumulated = sum ?? histogram ?? exponentialHistogram;
  const known = [DELTA, CUMULATIVE].includes(cumulated?.aggregationTemporality ?? 0);
  return cumulated !== undefined && !known ? `${name} says neither delta nor cumulative.` : undefined;
}

/** A point in the manner of Prometheus. Counts are cumulative over buckets. */
function samplesOf(metric: Metric, point: Point): readonly Sample[] {
  if (metric.gauge) return [['', 'gauge', undefined, valueOf(point)]];
  if (metric.sum) return [['', metric.sum.isMonotonic ? 'counter' : 'gauge', undefined, valueOf(point)]];
  if (metric.histogram) return explicitHistogram(point as (typeof metric.histogram.dataPoints)[number]);
  if (metric.exponentialHistogram) {
    const exponential = point as (typeof metric.exponentialHistogram.dataPoints)[number];
    return withTotals(exponential, exponentialBuckets({ ...exponential, count: exponential.count ?? 0 }));
  }
  const {
    quantileValues = [],
    count = 0,
    sum = 0,
  } = point as Partial<NonNullable<Metric['summary']>['dataPoints'][number]>;
  return [
    ...quantileValues.map(({ quantile = 0, value = 0 }): Sample => [
      '',
      'gauge',
      ['quantile', String(quantile)],
      value,
    ]),
    ['_sum', 'counter', undefined, sum],
    ['_count', 'counter', undefined, count],
  ];
}

function explicitHistogram(point: NonNullable<Metric['histogram']>['dataPoints'][number]): readonly Sample[] {
  let below = 0;
  const { explicitBounds = [] } = point;
  const buckets = (point.bucketCounts ?? []).map((count, at): readonly [string, number] => {
    below += count;
    return [at < explicitBounds.length ? String(explicitBounds[at]) : '+Inf', below];
  });
  return withTotals(point, buckets.length > 0 ? buckets : [['+Inf', point.count ?? 0]]);
}

function withTotals(
  { count = 0, sum }: { readonly count: number; readonly sum?: number },
  buckets: readonly (readonly [le: string, count: number])[],
): readonly Sample[] {
  return [
    ...buckets.map(([le, below]): Sample => ['_bucket', 'counter', ['le', le], below]),
    ...(sum === undefined ? [] : [['_sum', 'counter', undefined, sum] as const]),
    ['_count', 'counter', undefined, count],
  ];
}

function valueOf({ asDouble, asInt }: NumberPoint): number {
  return asDouble ?? asInt ?? 0;
}

function decompressed(
  encoding: string | undefined,
  body: Uint8Array,
): Uint8Array | { readonly status: 400 | 413 | 415; readonly message: string } {
  const name = encoding?.trim().toLowerCase() ?? '';
  const tooLarge = { status: 413, message: `The request has more than ${MOST_BYTES} bytes.` } as const;
  if (body.length > MOST_BYTES) return tooLarge;
  if (name === '' || name === 'identity') return body;
  if (name !== 'gzip' && name !== 'deflate') return { status: 415, message: `The encoding ${name} is not known.` };
  try {
    const limits = { maxOutputLength: MOST_BYTES };
    return name === 'gzip' ? gunzipSync(body, limits) : inflateSync(body, limits);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : { status: 400, message: `The request is no ${name}.` };
  }
}

/** gRPC's code for an argument that is wrong */
const INVALID_ARGUMENT = 3;

function refusal(status: OtlpAnswer['status'], message: string, json: boolean): OtlpAnswer {
  const body = encodeAnswer('Status', { code: INVALID_ARGUMENT, message }, json);
  return { status, contentType: json ? JSON_TYPE : PROTOBUF, body, accepted: 0 };
}
