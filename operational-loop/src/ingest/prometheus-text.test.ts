import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { expect, test } from 'vitest';
import { kindOf, parseExposition, parseSeries } from './prometheus-text.ts';

function read(text: string, contentType?: string): (readonly [string, Record<string, string>, number, number?])[] {
  const { samples, problems } = parseExposition(text, contentType);
  expect(problems).toEqual([]);
  return samples.map(({ series, value, time }) => {
    const { name = '?', labels = {} } = parseSeries(series) ?? {};
    return time === undefined ? [name, { ...labels }, value] : [name, { ...labels }, value, time];
  });
}

test('the example of the text format’s description is read', () => {
  const text = String.raw`# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045
rpc_duration_seconds{quantile="0.01",} 3102
spaced { a = "b" , c = "}" } NaN`;
  expect(read(text)).toEqual([
    ['http_requests_total', { method: 'post', code: '200' }, 1027, 1395066363000],
    ['http_requests_total', { method: 'post', code: '400' }, 3, 1395066363000],
    [
      'msdos_file_access_time_seconds',
      { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' },
      1.458255915e9,
    ],
    ['metric_without_timestamp_and_labels', {}, 12.47],
    ['something_weird', { problem: 'division by zero' }, Infinity, -3982045],
    ['rpc_duration_seconds', { quantile: '0.01' }, 3102],
    ['spaced', { a: 'b', c: '}' }, Number.NaN],
  ]);
});

test('OpenMetrics: times are seconds, exemplars are passed over, nothing is read after its end', () => {
  const text = `# TYPE foo histogram
foo_bucket{le="0.01"} 0
foo_bucket{le="+Inf"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 9.8 1520879607.789
foo_count 17
# TYPE bar counter
bar_total 17.0
bar_created 1520430000.123
# EOF
later 1`;
  expect(read(text, 'application/openmetrics-text; version=1.0.0')).toEqual([
    ['foo_bucket', { le: '0.01' }, 0],
    ['foo_bucket', { le: '+Inf' }, 17, 1520879607789],
    ['foo_count', {}, 17],
    ['bar_total', {}, 17],
    ['bar_created', {}, 1520430000.123],
  ]);
});

test('lines that are no samples are left out and named', () => {
  const { samples, problems } = parseExposition('a 1\nb{c="d} 2\ne\nf{g="h"} x\ni 1 2 3\nj 4\n');
  expect(samples.map(({ series }) => series)).toEqual(['a', 'j']);
  expect(problems).toHaveLength(4);
  expect(problems[0]).toContain('Line 2');
});

for (const contentType of [Registry.PROMETHEUS_CONTENT_TYPE, Registry.OPENMETRICS_CONTENT_TYPE] as const) {
  test(`what prom-client writes as ${contentType.split(';')[0]} is read, and known as counter or gauge`, async () => {
    const registry = new Registry();
    registry.setContentType(contentType as never);
    const registers = [registry];
    new Counter({ name: 'jobs_total', help: 'h', labelNames: ['kind'], registers }).inc({ kind: 'a"b\\c\nd' }, 3);
    new Gauge({ name: 'depth', help: 'h', registers }).set(-1.5);
    new Histogram({ name: 'took_seconds', help: 'h', buckets: [1, 2], registers }).observe(1.5);
    new Summary({ name: 'sized_bytes', help: 'h', percentiles: [0.5], registers }).observe(10);
    const text = await registry.metrics();
    const found = new Map(
      read(text, contentType).map(([name, labels, value]) => [`${name} ${labels['le'] ?? ''}`.trim(), value]),
    );
    expect(found.get('jobs_total')).toBe(3);
    expect(found.get('depth')).toBe(-1.5);
    expect(found.get('took_seconds_bucket 2')).toBe(1);
    expect(found.get('sized_bytes_count')).toBe(1);
    const { types } = parseExposition(text, contentType);
    const kinds = ['jobs_total', 'depth', 'took_seconds_bucket', 'took_seconds_sum', 'sized_bytes', 'sized_bytes_sum'];
    expect(kinds.map((name) => kindOf(name, types))).toEqual([
      'counter',
      'gauge',
      'counter',
      'counter',
      'gauge',
      'counter',
    ]);
    const label = read(text, contentType).find(([name]) => name === 'jobs_total')?.[1]['kind'];
    expect(label).toBe('a"b\\c\nd');
  });
}

test('without types a series counts up where its name says so', () => {
  const kinds = ['a_total', 'a_bucket', 'a_bytes', 'a_count'].map((name) => kindOf(name, new Map()));
  expect(kinds).toEqual(['counter', 'counter', 'gauge', 'gauge']);
});
