import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SampleStore } from '../store/sample-store.ts';
import { GoldenSignalsReader } from './golden-signals.ts';

const MINUTE = 60_000;
const BEGIN = 28_333_333 * MINUTE;
const retention = { raw: 1e12, s10: 1e12, m1: 1e12 };

type Labels = Readonly<Record<string, string>>;

/** A store with a sample each second of five minutes; counters grow by `perSecond`. */
async function recorded(
  series: readonly {
    readonly name: string;
    readonly labels: Labels;
    readonly perSecond?: number;
    readonly value?: number;
  }[],
): Promise<{ readonly store: SampleStore; readonly reader: GoldenSignalsReader } & AsyncDisposable> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-samples-'));
  const store = await SampleStore.open({ folder, clock: { now: () => BEGIN + 5 * MINUTE }, retention });
  for (let second = 0; second <= 300; second++) {
    for (const { name, labels, perSecond, value } of series) {
      const kind = perSecond === undefined ? 'gauge' : 'counter';
      store.append(
        { name, kind, labels: { service: 'shop', ...labels } },
        BEGIN + second * 1000,
        value ?? second * (perSecond ?? 0),
      );
    }
  }
  return { store, reader: new GoldenSignalsReader(store), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

/** Answers of one instance: of each status so many a second, all within the bucket that ends at `le`. */
function answers(instance: string, status: string, perSecond: number, le: '0.1' | '0.2') {
  const labels = { instance, http_response_status_code: status };
  const name = 'http_server_request_duration_seconds';
  const below = le === '0.1' ? perSecond : 0;
  return [
    { name: `${name}_count`, labels, perSecond },
    { name: `${name}_sum`, labels, perSecond: perSecond * (Number(le) - 0.05) },
    { name: `${name}_bucket`, labels: { ...labels, le: '0.1' }, perSecond: below },
    { name: `${name}_bucket`, labels: { ...labels, le: '0.2' }, perSecond },
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, perSecond },
  ];
}

const range = [BEGIN + MINUTE, BEGIN + 3 * MINUTE] as const;

test('where an instance takes the place of another one, the service still has one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-samples-'));
  await using store = await SampleStore.open({ folder, clock: { now: () => BEGIN + 5 * MINUTE }, retention });
  for (let second = 0; second <= 300; second++) {
    const instance = second < 150 ? 'old' : 'new';
    const labels = { service: 'shop', instance };
    const time = BEGIN + second * 1000;
    const since = second < 150 ? second : second - 150;
    store.append({ name: 'http_requests_total', kind: 'counter', labels }, time, since * 10);
    store.append({ name: 'process_memory_usage_bytes', kind: 'gauge', labels }, time, 100);
  }
  const reader = new GoldenSignalsReader(store);
  for (const [from, to] of [
    [BEGIN + 2 * MINUTE, BEGIN + 3 * MINUTE],
    [BEGIN + 100_000, BEGIN + 200_000],
    [BEGIN + MINUTE, BEGIN + 5 * MINUTE],
  ] as const) {
    const { traffic, saturation } = reader.signals('shop', undefined, from, to);
    expect(Math.abs((traffic ?? 0) - 10)).toBeLessThan(0.8);
    expect(Math.abs((saturation.memoryBytes ?? 0) - 100)).toBeLessThan(8);
  }
  expect(reader.signals('shop', 'old', BEGIN + 2 * MINUTE, BEGIN + 3 * MINUTE).traffic).toBeCloseTo(10);
});

test('requests, failures and latencies of a service are those of its instances together', async () => {
  await using given = await recorded([
    ...answers('a', '200', 8, '0.1'),
    ...answers('a', '500', 2, '0.1'),
    ...answers('b', '200', 9, '0.2'),
    ...answers('b', '404', 1, '0.2'),
  ]);
  const whole = given.reader.signals('shop', undefined, ...range);
  expect(whole.traffic).toBeCloseTo(20, 6);
  expect(whole.errorRatio).toBeCloseTo(0.1, 6);
  // half of the requests are in each bucket: the median is where the first ends, 95 of 100 are nine tenths into the second
  expect(whole.latency?.p50).toBeCloseTo(0.1, 6);
  expect(whole.latency?.p95).toBeCloseTo(0.19, 6);
  expect(whole.latency?.mean).toBeCloseTo(0.1, 6);
  const one = given.reader.signals('shop', 'b', ...range);
  expect(one).toMatchObject({ instance: 'b', traffic: expect.closeTo(10, 6), errorRatio: 0 });
  expect(one.latency?.p50).toBeCloseTo(0.15, 6);
});

test('machines: counters a second, means of gauges, of delays the greatest, the first name that there is', async () => {
  await using given = await recorded([
    { name: 'process_cpu_seconds_total', labels: { instance: 'a' }, perSecond: 0.5 },
    { name: 'process_cpu_seconds_total', labels: { instance: 'b' }, perSecond: 0.25 },
    { name: 'process_memory_usage_bytes', labels: { instance: 'a' }, value: 100 },
    { name: 'process_resident_memory_bytes', labels: { instance: 'a' }, value: 999 },
    { name: 'nodejs_eventloop_delay_p99_seconds', labels: { instance: 'a' }, value: 0.01 },
    { name: 'nodejs_eventloop_delay_p99_seconds', labels: { instance: 'b' }, value: 0.03 },
  ]);
  const { saturation, traffic, errorRatio, latency } = given.reader.signals('shop', undefined, ...range);
  expect(saturation.cpuCores).toBeCloseTo(0.75, 6);
  expect(saturation.memoryBytes).toBe(100);
  expect(saturation.eventLoopDelayP99).toBeCloseTo(0.03, 9);
  expect([traffic, errorRatio, latency, saturation.gcShare]).toEqual([undefined, undefined, undefined, undefined]);
});

test('a signal over time has a value a step, and none where nothing was measured', async () => {
  await using given = await recorded([{ name: 'http_requests_total', labels: { instance: 'a' }, perSecond: 3 }]);
  const steps = { from: BEGIN + 3 * MINUTE, to: BEGIN + 8 * MINUTE, step: MINUTE };
  const { times, values } = given.reader.column('shop', 'a', 'traffic', steps);
  expect([...times]).toEqual([4, 5, 6, 7, 8].map((minute) => BEGIN + minute * MINUTE));
  expect([...values.subarray(0, 2)].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([3, 3]);
  expect([...values.subarray(3)]).toEqual([Number.NaN, Number.NaN]);
  expect([...given.reader.column('shop', 'a', 'latencyP95', steps).values].every(Number.isNaN)).toBe(true);
});

test('services and instances are known as long as they tell something', async () => {
  await using given = await recorded([
    { name: 'x', labels: { instance: 'b' }, value: 1 },
    { name: 'x', labels: { instance: 'a' }, value: 1 },
  ]);
  expect(given.reader.services(BEGIN)).toEqual(['shop']);
  expect(given.reader.instances('shop', BEGIN)).toEqual(['a', 'b']);
  expect(given.reader.instances('shop', BEGIN + 6 * MINUTE)).toEqual([]);
});
