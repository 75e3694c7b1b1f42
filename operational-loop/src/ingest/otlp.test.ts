import { gzipSync } from 'node:zlib';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { CollectedSamples } from '../../../test/support/collected-samples.ts';
import { systemClock } from '../model/time.ts';
import { OtlpReceiver, type OtlpAnswer } from './otlp.ts';

class ManualReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

const resource = resourceFromAttributes({
  'service.name': 'shop',
  'service.instance.id': 'shop-1',
  'deployment.environment.name': 'production',
  'service.version': '1.2',
});

/** A real OpenTelemetry SDK that is read when asked. */
function sender(temporality: AggregationTemporality, exponential = false) {
  const reader = new ManualReader({ aggregationTemporalitySelector: () => temporality });
  const provider = new MeterProvider({
    resource,
    readers: [reader],
    views: exponential
      ? [{ instrumentName: '*duration', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }]
      : [],
  });
  const collect = async (): Promise<ResourceMetrics> => (await reader.collect()).resourceMetrics;
  return { meter: provider.getMeter('test'), collect };
}

function receiver() {
  const samples = new CollectedSamples();
  return { samples, receiver: new OtlpReceiver(samples, systemClock) };
}

const text = (answer: OtlpAnswer): string => new TextDecoder().decode(answer.body);
const own = { service: 'shop', instance: 'shop-1', environment: 'production', version: '1.2' };

for (const [encoding, type, serializer] of [
  ['protobuf', 'application/x-protobuf', ProtobufMetricsSerializer],
  ['JSON', 'application/json; charset=utf-8', JsonMetricsSerializer],
] as const) {
  test(`what an OpenTelemetry SDK sends as ${encoding} arrives, named as Prometheus names it`, async () => {
    const { meter, collect } = sender(AggregationTemporality.CUMULATIVE);
    meter.createCounter('http.server.requests', { unit: '{request}' }).add(7, { 'http.route': '/a' });
    meter.createUpDownCounter('queue.length').add(-3);
    meter.createGauge('process.memory.usage', { unit: 'By' }).record(2 ** 40 + 1);
    meter.createGauge('cpu.utilization', { unit: '1' }).record(0.25);
    const duration = meter.createHistogram('http.server.request.duration', {
      unit: 's',
      advice: { explicitBucketBoundaries: [0.1, 1] },
    });
    for (const value of [0.05, 0.1, 0.5, 3]) duration.record(value, { 'http.response.status_code': 200 });
    const { samples, receiver: otlp } = receiver();
    const body = serializer.serializeRequest(await collect()) as Uint8Array;
    const answer = otlp.receive(type, 'gzip', gzipSync(body));
    expect(answer).toMatchObject({ status: 200, accepted: 5, contentType: type.split(';')[0] });
    expect(samples.value('http_server_requests_total', { http_route: '/a', ...own })).toBe(7);
    expect(samples.value('queue_length', own)).toBe(-3);
    expect(samples.value('process_memory_usage_bytes')).toBe(2 ** 40 + 1);
    expect(samples.value('cpu_utilization_ratio')).toBe(0.25);
    const bucket = 'http_server_request_duration_seconds_bucket';
    expect(samples.value(bucket, { le: '0.1', http_response_status_code: '200' })).toBe(2);
    expect(samples.value(bucket, { le: '1' })).toBe(3);
    expect(samples.value(bucket, { le: '+Inf' })).toBe(4);
    expect(samples.value('http_server_request_duration_seconds_sum')).toBeCloseTo(3.65);
    expect(samples.value('http_server_request_duration_seconds_count')).toBe(4);
    for (const { time } of samples.all) expect(Math.abs(time - Date.now())).toBeLessThan(10_000);
    const kinds = new Map(samples.all.map(({ series }) => [series.name, series.kind]));
    expect(kinds.get('queue_length')).toBe('gauge');
    expect(kinds.get('http_server_request_duration_seconds_bucket')).toBe('counter');
  });
}

test('deltas are added up, beginning with a zero at the time when they began', async () => {
  const { meter, collect } = sender(AggregationTemporality.DELTA);
  const counter = meter.createCounter('jobs');
  const { samples, receiver: otlp } = receiver();
  for (const amount of [2, 3, 5]) {
    counter.add(amount);
    await new Promise((resolve) => setTimeout(resolve, 5));
    otlp.receive(
      'application/x-protobuf',
      undefined,
      ProtobufMetricsSerializer.serializeRequest(await collect()) as Uint8Array,
    );
  }
  expect(samples.values('jobs_total')).toEqual([0, 2, 5, 10]);
  const times = samples.all.map(({ time }) => time);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

const request = (metric: object): string =>
  JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });

const START = 1_700_000_000_000;
/** A cumulative counter at a second of its process's life. */
const counterAt = (second: number, attribute: string, value: number): object => ({
  startTimeUnixNano: `${START}000000`,
  timeUnixNano: `${START + second * 1000}000000`,
  asInt: String(value),
  attributes: [{ key: 'status', value: { stringValue: attribute } }],
});

test('the first failure of a process that was heard before is counted: its counter stood at zero at the last report', () => {
  const { samples, receiver: otlp } = receiver();
  const reports = [
    [counterAt(1000, 'fine', 7)],
    [counterAt(1001, 'fine', 8)],
    [counterAt(1002, 'fine', 9), counterAt(1002, 'failed', 3)],
    [counterAt(1003, 'fine', 9), counterAt(1003, 'failed', 4)],
  ];
  for (const dataPoints of reports) {
    const body = request({ name: 'jobs', sum: { dataPoints, isMonotonic: true, aggregationTemporality: 2 } });
    otlp.receive('application/json', undefined, Buffer.from(body));
  }
  expect(samples.values('jobs_total', { status: 'fine' })).toEqual([7, 8, 9, 9]);
  expect(samples.values('jobs_total', { status: 'failed' })).toEqual([0, 3, 4]);
  const failed = samples.all.filter(({ series }) => series.labels['status'] === 'failed');
  expect(failed.map(({ time }) => time - START)).toEqual([1_001_000, 1_002_000, 1_003_000]);
});

test('a counter of a process that has just begun stood at zero when it began; of one that began long ago nobody knows', () => {
  for (const [second, expected] of [
    [20, [0, 5]],
    [3600, [5]],
  ] as const) {
    const { samples, receiver: otlp } = receiver();
    const dataPoints = [counterAt(second, 'fine', 5)];
    const body = request({ name: 'jobs', sum: { dataPoints, isMonotonic: true, aggregationTemporality: 2 } });
    otlp.receive('application/json', undefined, Buffer.from(body));
    expect(samples.values('jobs_total')).toEqual(expected);
  }
});

test('an exponential histogram becomes buckets that hold what they say', async () => {
  const { meter, collect } = sender(AggregationTemporality.CUMULATIVE, true);
  const histogram = meter.createHistogram('work.duration', { unit: 's' });
  const values = Array.from({ length: 500 }, (_, at) => 0.001 * 1.02 ** at);
  for (const value of [0, ...values]) histogram.record(value);
  const { samples, receiver: otlp } = receiver();
  otlp.receive('application/x-protobuf', '', ProtobufMetricsSerializer.serializeRequest(await collect()) as Uint8Array);
  const buckets = samples.all.filter(({ series }) => series.name === 'work_duration_seconds_bucket');
  expect(buckets.length).toBeGreaterThan(50);
  const latest = new Map(buckets.map(({ series, value }) => [series, value]));
  for (const [series, value] of latest) {
    const bound = series.labels['le'] === '+Inf' ? Infinity : Number(series.labels['le']);
    const expected = values.filter((recorded) => recorded <= bound * (1 + 1e-9)).length + 1;
    expect(value, series.labels['le']).toBe(expected);
  }
});

const point = { timeUnixNano: '1700000000000000000', asInt: '5' };
const sendJson = (body: string): OtlpAnswer =>
  receiver().receiver.receive('application/json', undefined, Buffer.from(body));

test('points that cannot be taken in are counted in a partial success, and the others are kept', () => {
  const { samples, receiver: otlp } = receiver();
  const metrics = [
    { name: 'a', gauge: { dataPoints: [point, { ...point, timeUnixNano: '0' }] } },
    { name: 'b', sum: { dataPoints: [point], isMonotonic: true } },
  ];
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
  const answer = otlp.receive('application/json', undefined, Buffer.from(body));
  expect(answer).toMatchObject({ status: 200, accepted: 1 });
  expect(JSON.parse(text(answer))).toEqual({
    partialSuccess: { rejectedDataPoints: 2, errorMessage: 'A point of a has no time.' },
  });
  expect(samples.value('a', { service: 'unknown_service' })).toBe(5);
});

test('a point marked as without value, and fields that are not known, are passed over', () => {
  const { samples, receiver: otlp } = receiver();
  const body = request({ name: 'a', news: 1, gauge: { dataPoints: [{ ...point, flags: 1 }] } });
  expect(otlp.receive('application/json', undefined, Buffer.from(body)).status).toBe(200);
  expect(samples.all).toEqual([]);
});

test('a summary gives its quantiles, sum and count', () => {
  const { samples, receiver: otlp } = receiver();
  const quantileValues = [{ quantile: 0.5, value: 2 }];
  const body = request({
    name: 'a',
    unit: 'ms',
    summary: { dataPoints: [{ ...point, count: '4', sum: 9, quantileValues }] },
  });
  otlp.receive('application/json', undefined, Buffer.from(body));
  expect(samples.value('a_milliseconds', { quantile: '0.5' })).toBe(2);
  expect(samples.value('a_milliseconds_sum')).toBe(9);
  expect(samples.value('a_milliseconds_count')).toBe(4);
});

test('what is no OTLP is refused with a reason in the encoding of the request', () => {
  expect(sendJson('{"resourceMetrics": 1').status).toBe(400);
  expect(JSON.parse(text(sendJson('[]')))).toMatchObject({
    code: 3,
    message: expect.stringContaining('no OTLP metrics request'),
  });
  const { receiver: otlp } = receiver();
  expect(otlp.receive('text/plain', undefined, Buffer.from('')).status).toBe(415);
  expect(otlp.receive('application/json', 'br', Buffer.from('{}')).status).toBe(415);
  expect(otlp.receive('application/json', 'gzip', Buffer.from('{}')).status).toBe(400);
  expect(otlp.receive('application/x-protobuf', undefined, Buffer.from([0x0a, 0xff, 0x01])).status).toBe(400);
  const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
  expect(otlp.receive('application/json', 'gzip', bomb).status).toBe(413);
});
