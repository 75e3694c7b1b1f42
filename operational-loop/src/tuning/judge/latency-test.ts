/**
 * Whether the canary's requests take longer. An asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", 2021) on paired differences of the square
 * roots of latencies, with a long-run variance in place of the plain one, and the one-sided normal mixture (Robbins 1970;
 * Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", 2021) as its
 * boundary. The square root tames long tails and loses little for exponential ones.
 */
import type { Arm, Decision, MetricState } from '../../model/rollout.ts';
import { normalTail } from './normal.ts';
import { PairedBlocks } from './paired-blocks.ts';
import { PRIOR_ODDS, probabilityOf } from './prior.ts';

export interface LatencySettings {
  /** of ever calling an identical canary worse */
  readonly alpha: number;
  /** of ever calling a canary that is slower by the margin not worse */
  readonly beta: number;
  /** ratio of the canary's latency to the baseline's that is not worse yet */
  readonly margin: number;
}

/** information at which the boundary is tightest, roughly: 2,000 requests an arm and more */
const MIXTURE = 500;

/** by which share a worse canary's requests take longer, before anything was seen: a half-normal distribution of this scale */
const EXPECTED = 0.1;

interface Seen {
  /** canary over baseline */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export class LatencyTest {
  readonly #settings: LatencySettings;
  readonly #blocks = new PairedBlocks();
  readonly #sums = { baseline: 0, canary: 0 };
  #seen: Seen | undefined;
  #factor = 1;
  #largest = 1;
  #decision: Decision = 'not-enough';

  constructor(settings: LatencySettings) {
    this.#settings = settings;
  }

  get decision(): Decision {
    return this.#decision;
  }

  /** of "it takes longer" against "identical": an e-value is a Bayes factor, that of its mixture */
  get odds(): number {
    return PRIOR_ODDS.latency * this.#factor;
  }

  /** True where there is something new to say. Once worse, it stays worse. */
  add(arm: Arm, latencyMs: number): boolean {
    this.#sums[arm] += latencyMs;
    if (!this.#blocks.add(arm, Math.sqrt(latencyMs))) return false;
    this.#look();
    return true;
  }

  state(): MetricState {
    return {
      name: 'latency',
      decision: this.#decision,
      ...this.#meanOf('canary'),
      ...this.#meanOf('baseline'),
      ...this.#seen,
      pWorse: 1 / this.#largest,
      probabilityWorse: probabilityOf(this.odds),
    };
  }

  #meanOf(arm: Arm): Partial<Record<Arm, number>> {
    const count = this.#blocks.count(arm);
    return count === 0 ? {} : { [arm]: this.#sums[arm] / count };
  }

  #look(): void {
    const { alpha, beta, margin } = this.#settings;
    const found = this.#blocks.estimate();
    if (!found || found.baseline <= 0 || found.variance <= 0) return;
    const { difference, baseline, information, variance, marginal } = found;
    const time = information / Math.max(1, variance / marginal);
    const error = Math.sqrt(variance / information);
    const scale = (far: number): number => Math.max(0, 1 + (difference + far * error) / baseline) ** 2;
    const high = scale(boundary(time, beta));
    this.#seen = { estimate: scale(0), low: scale(-boundary(time, alpha)), high };
    // The square root of a latency that is longer by EXPECTED is longer by half of it.
    this.#factor = mixture(difference / error, time, marginal / ((baseline * EXPECTED) / 2) ** 2);
    this.#largest = Math.max(this.#largest, mixture(difference / error, time));
    if (this.#decision === 'worse' || this.#largest >= 1 / alpha) this.#decision = 'worse';
    else this.#decision = high < margin ? 'not-worse' : 'not-enough';
  }
}

/** The e-value of "the canary's mean is not larger" at a standardised difference `z` and information `time`. */
export function mixture(z: number, time: number, tightest = MIXTURE): number {
  const share = time / (time + tightest);
  const exponent = Math.min(700, (z * z * share) / 2);
  return 2 * Math.sqrt(1 - share) * Math.exp(exponent) * (1 - normalTail(z * Math.sqrt(share)));
}

/** The standardised difference at which the e-value reaches `1 / alpha`. (by bisection) */
export function boundary(time: number, alpha: number): number {
  let low = 0;
  let high = 100;
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2;
    if (mixture(middle, time) < 1 / alpha) low = middle;
    else high = middle;
  }
  return high;
}
