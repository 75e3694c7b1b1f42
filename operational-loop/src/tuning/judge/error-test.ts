/**
 * Whether more of the canary's requests fail. Given that a request failed, it was the canary's with the probability of the
 * canary's share of the requests, if both fail alike; that holds whatever the rate of failures is and however it changes over
 * time. The bet on "more often" is a test martingale (Shafer, "Testing by betting", 2021; Turner, Ly and Grünwald,
 * "Generic E-variables for exact sequential k-sample tests", 2021): the average of bets on several ratios of the odds.
 * Failures of one arm that follow each other closely may have one cause, so they count less: the second in a row less than the
 * first, and all of them less where both arms' failures come in clusters. A bet to a power below 1 is still one that cannot be
 * expected to win.
 */
import type { Arm, Decision, MetricState } from '../../model/rollout.ts';
import { ArmFailures } from './arm-failures.ts';
import { PRIOR_ODDS, probabilityOf } from './prior.ts';
import { RecentShare } from './recent-share.ts';

export interface ErrorSettings {
  readonly alpha: number;
  readonly beta: number;
  /** share of failures above the baseline's that is not worse yet */
  readonly margin: number;
}

/** ratios of the odds that are betted on, and what is put on each */
const RATIOS = [2, 6, 20] as const;
const STAKES = [0.04, 0.04, 0.92] as const;
/** extra shares of failures that a worse canary may have, for the probability */
const EXTRAS = [0.002, 0.005, 0.01, 0.03, 0.1, 0.3] as const;

export class ErrorTest {
  readonly #settings: ErrorSettings;
  readonly #share = new RecentShare();
  readonly #bets = new Bets();
  readonly #arms: Readonly<Record<Arm, ArmFailures>>;
  #wealth = 1;
  #largest = 1;
  #worse = false;

  constructor(settings: ErrorSettings) {
    this.#settings = settings;
    this.#arms = { baseline: new ArmFailures(settings.beta / 2), canary: new ArmFailures(settings.beta / 2) };
  }

  get worse(): boolean {
    return this.#worse;
  }

  /** of "it fails more often by one of these shares" against "alike": a Bayes factor, and the odds before */
  get odds(): number {
    const { baseline, canary } = this.#arms;
    if (canary.count === 0) return PRIOR_ODDS.errors;
    const rate = (baseline.failures + canary.failures + 0.5) / (baseline.count + canary.count + 1);
    const fine = canary.count - canary.failures;
    let factor = 0;
    for (const extra of EXTRAS) {
      const raised = Math.min(rate + extra, 0.999);
      const log = canary.failures * Math.log(raised / rate) + fine * Math.log((1 - raised) / (1 - rate));
      factor += Math.exp(Math.min(log, 600)) / EXTRAS.length;
    }
    return PRIOR_ODDS.errors * factor;
  }

  add(arm: Arm, failed: boolean): void {
    const run = this.#arms[arm].add(failed);
    if (run > 0) this.#settle(arm, 1 / Math.sqrt(run) / this.#dependence());
    this.#share.add(arm);
  }

  /** Once worse, it stays worse. Costs some microseconds. */
  decide(): Decision {
    if (this.#worse) return 'worse';
    const [low, high] = [this.#arms.baseline.bounds.low(), this.#arms.canary.bounds.high()];
    return high < low + this.#settings.margin ? 'not-worse' : 'not-enough';
  }

  state(): MetricState {
    const { baseline, canary } = this.#arms;
    const known = baseline.count > 0 && canary.count > 0;
    return {
      name: 'errors',
      decision: this.decide(),
      ...(canary.count === 0 ? {} : { canary: canary.share }),
      ...(baseline.count === 0 ? {} : { baseline: baseline.share }),
      ...(known ? { estimate: canary.share - baseline.share } : {}),
      low: canary.bounds.low() - baseline.bounds.high(),
      high: canary.bounds.high() - baseline.bounds.low(),
      pWorse: 1 / this.#largest,
      probabilityWorse: probabilityOf(this.odds),
    };
  }

  /** Of both arms: the variance of a number of failures over what it were if they were independent; at least 1. */
  #dependence(): number {
    const { baseline, canary } = this.#arms;
    const excess = baseline.neighbours - baseline.chance + canary.neighbours - canary.chance;
    const noise = Math.sqrt(baseline.neighbours + baseline.chance + canary.neighbours + canary.chance);
    return 1 + (2 * Math.max(0, excess - noise)) / Math.max(1, baseline.failures + canary.failures);
  }

  /**
   * The odds of the bet are those of the mixture, but never more is put at stake than what a canary's failure needs to decide:
   * what would be won beyond that is of no use, and what is not put at stake is not lost to the baseline's failures.
   */
  #settle(arm: Arm, weight: number): void {
    const share = this.#share.value;
    const needed = (1 / this.#settings.alpha / this.#wealth) ** (1 / weight);
    const onCanary = Math.max(1, Math.min(this.#bets.gain(share), needed));
    const gain = arm === 'canary' ? onCanary : (1 - share * onCanary) / (1 - share);
    this.#wealth *= gain ** weight;
    this.#bets.settle(arm, share, weight);
    this.#largest = Math.max(this.#largest, this.#wealth);
    if (this.#largest >= (1 - 1e-9) / this.#settings.alpha) this.#worse = true;
  }
}

/** What is believed of the ratio of the odds, from the failures so far. */
class Bets {
  readonly #logs = Float64Array.from(STAKES, Math.log);

  /** By what a bet multiplies if the next failure is the canary's. */
  gain(share: number): number {
    const most = Math.max(...this.#logs);
    let sum = 0;
    let gains = 0;
    for (const [index, ratio] of RATIOS.entries()) {
      const belief = Math.exp((this.#logs[index] as number) - most);
      sum += belief;
      gains += (belief * ratio) / (share * ratio + 1 - share);
    }
    return gains / sum;
  }

  settle(arm: Arm, share: number, weight: number): void {
    for (const [index, ratio] of RATIOS.entries()) {
      const likelihood = (arm === 'canary' ? ratio : 1) / (share * ratio + 1 - share);
      this.#logs[index] = (this.#logs[index] as number) + weight * Math.log(likelihood);
    }
  }
}
