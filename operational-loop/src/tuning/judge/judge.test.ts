import { expect, test } from 'vitest';
import { Random } from '../../../../test/support/random.ts';
import type { JudgeVerdict } from '../../model/rollout.ts';
import { Judge } from './judge.ts';

interface Traffic {
  /** canary's latency over the baseline's, at a request's number */
  readonly ratio?: (request: number) => number;
  /** of both arms' latencies, at a request's number */
  readonly drift?: (request: number) => number;
  readonly canaryErrors?: number;
  readonly baselineErrors?: number;
  readonly share?: (request: number) => number;
  readonly requests: number;
}

/** Simulated requests until the judge finds the canary worse, or to the end. */
function judge(traffic: Traffic, seed: number): { verdict: JudgeVerdict; requests: number; everNotWorse: boolean } {
  const { ratio = () => 1, drift = () => 1, canaryErrors = 0, baselineErrors = 0, share = () => 0.5 } = traffic;
  const random = new Random(seed);
  const uniform = (): number => (random.below(2 ** 30) + 0.5) / 2 ** 30;
  const it = new Judge();
  let due = 0;
  let everNotWorse = false;
  let request = 0;
  while (request < traffic.requests && it.decision !== 'worse') {
    due += share(request);
    const arm = due >= 1 ? 'canary' : 'baseline';
    if (arm === 'canary') due -= 1;
    const latencyMs = -Math.log(uniform()) * 10 * drift(request) * (arm === 'canary' ? ratio(request) : 1);
    it.add(arm, { latencyMs, error: uniform() < (arm === 'canary' ? canaryErrors : baselineErrors), time: request });
    everNotWorse ||= it.decision === 'not-worse';
    request++;
  }
  return { verdict: it.verdict(), requests: request, everNotWorse };
}

const share = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length / list.length;
const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

test('identical arms are found not worse, and not worse than that', () => {
  const results = seeds.map((seed) => judge({ requests: 20_000 }, seed));
  expect(share(results, ({ verdict }) => verdict.decision === 'worse')).toBeLessThanOrEqual(1 / 60);
  expect(share(results, ({ everNotWorse }) => everNotWorse)).toBeGreaterThan(0.95);
});

test('a canary that takes a tenth longer is found, with facts', () => {
  const results = seeds.map((seed) => judge({ requests: 20_000, ratio: () => 1.1 }, seed));
  expect(share(results, ({ verdict }) => verdict.decision === 'worse')).toBeGreaterThanOrEqual(0.9);
  const [first] = results;
  const latency = first?.verdict.metrics[0];
  expect(first?.verdict.reason).toMatch(/^The canary's requests take 1\d\.\d ms, and the baseline's/);
  expect(latency?.pWorse).toBeLessThanOrEqual(0.002);
  expect(latency?.low).toBeGreaterThan(1);
  expect(first?.verdict.probabilityWorse).toBeGreaterThan(0.95);
});

test('a canary twice as slow is found within some hundred requests', () => {
  const results = seeds.map((seed) => judge({ requests: 20_000, ratio: () => 2 }, seed).requests);
  expect(results.toSorted((left, right) => left - right)[30]).toBeLessThan(1_000);
});

test('load that doubles while the canary gets more and more of it does not count against the canary', () => {
  const drift = (request: number): number => 1 + request / 10_000;
  const growing = (request: number): number => (request < 3_000 ? 0.05 : request < 6_000 ? 0.1 : 0.5);
  const results = seeds.map((seed) => judge({ requests: 20_000, drift, share: growing }, seed));
  expect(share(results, ({ verdict }) => verdict.decision === 'worse')).toBeLessThanOrEqual(1 / 60);
});

test('before there are enough requests nothing is decided', () => {
  for (const seed of seeds) {
    expect(judge({ requests: 60 }, seed).verdict).toMatchObject({ decision: 'not-enough', requests: { canary: 30 } });
  }
  expect(new Judge().verdict().metrics.map(({ estimate }) => estimate)).toEqual([undefined, undefined]);
});

test('a canary of which 3 % fail at a tenth of the requests is found within 3,000, mostly', () => {
  const bad = { canaryErrors: 0.03, baselineErrors: 0.001, share: () => 0.1, requests: 10_000 };
  const requests = seeds.map((seed) => judge(bad, seed).requests);
  expect(share(requests, (count) => count <= 3_000)).toBeGreaterThanOrEqual(0.9);
});

test('errors that both arms have, now many and now few, are no reason', () => {
  const seen = seeds.map((seed) => {
    const random = new Random(seed);
    const it = new Judge();
    for (let request = 0; request < 20_000; request++) {
      const rate = request % 4_000 < 400 ? 30 : 0.1;
      const error = random.below(10_000) < rate * 100;
      it.add(request % 10 === 0 ? 'canary' : 'baseline', { latencyMs: 1 + random.below(10), error, time: request });
    }
    return it.decision;
  });
  expect(share(seen, (decision) => decision === 'worse')).toBeLessThanOrEqual(1 / 60);
});

test('a canary that answers nothing but errors is found within a second of requests', () => {
  const results = seeds.map(
    (seed) => judge({ canaryErrors: 1, baselineErrors: 0.001, requests: 5_000 }, seed).requests,
  );
  expect(Math.max(...results)).toBeLessThan(1_000);
});

test('worse is final', () => {
  const it = new Judge();
  const add = (arm: 'baseline' | 'canary', error: boolean): void => it.add(arm, { latencyMs: 1, error, time: 0 });
  for (let request = 0; request < 200; request++) {
    add('baseline', false);
    add('canary', request % 2 === 0);
  }
  expect(it.decision).toBe('worse');
  for (let request = 0; request < 20_000; request++) {
    add('baseline', request % 50 === 0);
    add('canary', false);
  }
  expect(it.decision).toBe('worse');
});
