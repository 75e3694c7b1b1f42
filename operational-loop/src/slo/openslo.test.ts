import { expect, test } from 'vitest';
import { USUAL_RULES } from './burn-rate.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import { parseOpenSlo } from './openslo.ts';

const RATIO = `
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout-availability, displayName: Checkout }
spec:
  description: Orders go through.
  service: checkout
  indicatorRef: checkout-errors
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ targetPercent: 99.9 }]
  alertPolicies: [fast]
`;
const REST = `
apiVersion: openslo/v1
kind: SLI
metadata: { name: checkout-errors }
spec:
  ratioMetric:
    counter: true
    bad: { metricSource: { type: Prometheus, spec: { query: 'errors_total' } } }
    total: { metricSource: { type: Prometheus, spec: { query: 'requests_total' } } }
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: fast }
spec:
  conditions:
    - kind: AlertCondition
      metadata: { name: fast-burn }
      spec: { severity: page, condition: { kind: burnrate, threshold: 14.4, lookbackWindow: 1h, alertAfter: 2m } }
`;
const THRESHOLD = `
apiVersion: openslo/v1
kind: SLO
metadata: { name: latency }
spec:
  service: checkout
  indicator: { metadata: { name: p95 }, spec: { thresholdMetric: { metricSource: { metricSourceRef: prom, spec: { query: p95 } } } } }
  timeWindow: [{ duration: 1M, isRolling: false, calendar: { startTime: '2026-01-01 00:00:00', timeZone: Europe/Berlin } }]
  budgetingMethod: Timeslices
  objectives:
    - { displayName: fast, op: lte, value: 200, target: 0.95, timeSliceTarget: 0.9, timeSliceWindow: 5m }
    - { displayName: usable, op: lte, value: 1000, target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 5m }
`;
const parse = (...texts: readonly string[]) => parseOpenSlo(texts.map((text, i) => ({ path: `${i + 1}.yaml`, text })));

test('an SLO takes its indicator and its alert policy from other files', () => {
  const { objectives, problems } = parse(RATIO, REST);
  expect(problems).toEqual([]);
  expect(objectives).toEqual([
    {
      name: 'checkout-availability',
      title: 'Checkout',
      service: 'checkout',
      description: 'Orders go through.',
      indicator: {
        kind: 'bad-ratio',
        bad: { source: 'Prometheus', query: 'errors_total' },
        total: { source: 'Prometheus', query: 'requests_total' },
        counter: true,
      },
      target: 0.999,
      window: { kind: 'rolling', length: 30 * DAY },
      budgeting: { kind: 'occurrences' },
      rules: [{ name: 'fast-burn', factor: 14.4, long: HOUR, short: 5 * MINUTE, after: 2 * MINUTE, severity: 'page' }],
    },
  ]);
});

test('several objectives of an SLO have names of their own, and the usual alerts where none are given', () => {
  const { objectives, problems } = parse(THRESHOLD);
  expect(problems).toEqual([]);
  expect(objectives.map(({ name }) => name)).toEqual(['latency/fast', 'latency/usable']);
  expect(objectives[1]!.indicator).toMatchObject({ kind: 'threshold', op: 'lte', limit: 1000 });
  expect(objectives[0]!.budgeting).toEqual({ kind: 'timeslices', slice: 5 * MINUTE, sliceTarget: 0.9 });
  expect(objectives[0]!.rules).toEqual(USUAL_RULES);
  // midnight in Berlin in winter
  expect(objectives[0]!.window).toMatchObject({ kind: 'calendar', unit: 'month', start: Date.UTC(2025, 11, 31, 23) });
});

test('a mistake is named with its file and place, and spoils its own objective only', () => {
  const wrong = RATIO.replace('targetPercent: 99.9', 'targetPercent: 100').replace('checkout-availability', 'wrong');
  const { objectives, problems } = parse(
    RATIO,
    wrong,
    REST,
    'kind: [',
    'apiVersion: openslo/v2\nkind: SLO\nmetadata: {name: x}',
  );
  expect(objectives.map(({ name }) => name)).toEqual(['checkout-availability']);
  expect(problems.map(({ file }) => file)).toEqual(['4.yaml', '5.yaml', '2.yaml']);
  expect(problems[1]).toEqual({ file: '5.yaml', where: 'apiVersion', message: 'is not openslo/v1' });
  expect(problems[2]).toEqual({
    file: '2.yaml',
    where: 'SLO wrong, spec.objectives[0].target',
    message: 'is not from 0 to below 1',
  });
});

test('a reference to what is nowhere is a problem', () => {
  expect(parse(RATIO).problems.map(({ message }) => message)).toEqual([
    'names no AlertPolicy: fast',
    'names no SLI: checkout-errors',
  ]);
});
