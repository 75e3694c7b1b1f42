/** Runs of the judge on simulated requests. */
import { Judge } from '../../../operational-loop/src/tuning/judge/judge.ts';
import { Random } from '../../support/random.ts';
import { Kayenta } from './kayenta.ts';
import type { Shape } from './traffic.ts';
import { Bursts, Failures, Latencies, uniform } from './traffic.ts';

export interface LatencyCase {
  readonly shape: Shape;
  readonly correlation: number;
  /** 0: identical arms; 0.1: the canary takes a tenth longer */
  readonly shift: number;
  /** at most, of each arm */
  readonly requests: number;
}

export interface LatencyResult {
  /** of the canary's requests when it was found worse; undefined: never */
  readonly foundAt: number | undefined;
  readonly kayenta: boolean;
}

const REQUESTS_A_POINT = 1;
/** from 100 requests of an arm on, evenly by their logarithm */
const KAYENTA_LOOKS = 20;

/** Both arms alternate. Ours is looked at after every request; Kayenta's rule, on the same requests, twenty times. */
export function latencyRun({ shape, correlation, shift, requests }: LatencyCase, seed: number): LatencyResult {
  const random = new Random(seed);
  const [baseline, canary] = [new Latencies(random, shape, correlation), new Latencies(random, shape, correlation)];
  const judge = new Judge();
  const kayenta = new Kayenta(REQUESTS_A_POINT);
  let foundAt: number | undefined;
  let failed = false;
  let look = 0;
  for (let count = 1; count <= requests; count++) {
    const [before, after] = [baseline.next(10), canary.next(10 * (1 + shift))];
    kayenta.add('baseline', before);
    kayenta.add('canary', after);
    if (foundAt === undefined) {
      judge.add('baseline', { latencyMs: before, error: false, time: count });
      if (judge.decision !== 'worse') judge.add('canary', { latencyMs: after, error: false, time: count });
      if (judge.decision === 'worse') foundAt = count;
    }
    if (failed || count < Math.floor(100 * (requests / 100) ** (look / (KAYENTA_LOOKS - 1)))) continue;
    look++;
    failed = kayenta.fails();
  }
  return { foundAt, kayenta: failed };
}

export interface ErrorCase {
  readonly canary: number;
  readonly baseline: number;
  /** the canary's share of the requests */
  readonly share: number;
  readonly requests: number;
  /** autocorrelation, in each arm, of what makes a request fail; 0 where it is left out */
  readonly correlation?: number;
  /** where an arm's requests fail in bursts, how many requests one has on average, and which share of them fail */
  readonly bursts?: { readonly length: number; readonly failing: number };
}

/** Requests until the canary was found worse; undefined: never. */
export function errorRun(
  { canary, baseline, share, requests, correlation = 0, bursts }: ErrorCase,
  seed: number,
): number | undefined {
  const random = new Random(seed);
  const failing = (rate: number): Failures | Bursts =>
    bursts ? new Bursts(random, rate, bursts) : new Failures(random, rate, correlation);
  const arms = { canary: failing(canary), baseline: failing(baseline) };
  const latencies = new Latencies(random, 'lognormal', 0);
  const judge = new Judge();
  let due = 0;
  for (let count = 1; count <= requests; count++) {
    due += share;
    const arm = due >= 1 ? 'canary' : 'baseline';
    if (arm === 'canary') due -= 1;
    judge.add(arm, { latencyMs: latencies.next(10), error: arms[arm].next(), time: count });
    if (judge.decision === 'worse') return count;
  }
  return undefined;
}

export interface Forecast {
  readonly probability: number;
  readonly worse: boolean;
}

const SHIFTS = [0.02, 0.05, 0.1, 0.2] as const;
const CORRELATIONS = [0, 0.2, 0.5, 0.8] as const;
const SHAPES: readonly Shape[] = ['lognormal', 'exponential', 'two-kinds', 'pareto'];

/** What the judge gives as the canary's probability of being worse, at one moment, and whether it is. Half of them are. */
export function probabilityRun(seed: number): Forecast {
  const random = new Random(seed);
  const [shape, correlation] = [random.pick(SHAPES), random.pick(CORRELATIONS)];
  const worse = random.percent(50);
  const shift = worse ? random.pick(SHIFTS) : 0;
  const requests = Math.round((500 * 40 ** uniform(random) * (1 + correlation)) / (1 - correlation));
  const [baseline, canary] = [new Latencies(random, shape, correlation), new Latencies(random, shape, correlation)];
  const judge = new Judge();
  for (let count = 0; count < requests; count++) {
    judge.add('baseline', { latencyMs: baseline.next(10), error: uniform(random) < 0.001, time: count });
    judge.add('canary', { latencyMs: canary.next(10 * (1 + shift)), error: uniform(random) < 0.001, time: count });
  }
  return { probability: judge.verdict().probabilityWorse, worse };
}
