/**
 * Whether more of the canary's requests fail. Given that a request failed, it was the canary's with the probability of the
 * canary's share of the requests, if both fail alike; that holds whatever the rate of failures is and however it changes over
 * time. The bet on "more often" is a test martingale (Shafer, "Testing by betting", 2021; Turner, Ly and Grünwald,
 * "Generic E-variables for exact sequential k-sample tests", 2021): the average of bets on several ratios of the odds.
 * Failures that follow each other closely in one arm have one cause more often than not, so they count less: a bet to a power
 * below 1 is still one that cannot be expected to win.
 */
import type { Arm, Decision, MetricState } from '../../model/rollout.ts';
import { ProportionBounds } from './proportion-bounds.ts';
import { RecentShare } from './recent-share.ts';

export interface ErrorSettings {
  readonly alpha: number;
  readonly beta: number;
  /** share of failures above the baseline's that is not worse yet */
  readonly margin: number;
}

/** ratios of the odds that are betted on, and what is put on each */
const RATIOS = [1.5, 3, 8, 25] as const;
const STAKES = [0.1, 0.15, 0.3, 0.45] as const;
/** requests of one arm within which failures belong to one run */
const CLOSE = 3;
/** extra shares of failures that a worse canary may have, for the probability */
const EXTRAS = [0.002, 0.005, 0.01, 0.03, 0.1, 0.3] as const;

export class ErrorTest {
  readonly #settings: ErrorSettings;
  readonly #share = new RecentShare();
  readonly #won = new Float64Array(RATIOS.length);
  readonly #arms: Readonly<Record<Arm, ArmFailures>>;
  #largest = 1;
  #worse = false;

  constructor(settings: ErrorSettings) {
    this.#settings = settings;
    this.#arms = { baseline: new ArmFailures(settings.beta / 2), canary: new ArmFailures(settings.beta / 2) };
  }

  get worse(): boolean {
    return this.#worse;
  }

  add(arm: Arm, failed: boolean): void {
    const weight = this.#arms[arm].add(failed);
    if (weight > 0) this.#settle(arm, weight);
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
    return {
      name: 'errors',
      decision: this.decide(),
      canary: canary.share,
      baseline: baseline.share,
      estimate: canary.share - baseline.share,
      low: canary.bounds.low() - baseline.bounds.high(),
      high: canary.bounds.high() - baseline.bounds.low(),
      pWorse: 1 / this.#largest,
      probabilityWorse: this.#probability(),
    };
  }

  #settle(arm: Arm, weight: number): void {
    const share = this.#share.value;
    let sum = 0;
    for (const [index, ratio] of RATIOS.entries()) {
      const gain = (arm === 'canary' ? ratio : 1) / (share * ratio + 1 - share);
      const won = (this.#won[index] as number) + weight * Math.log(gain);
      this.#won[index] = won;
      sum += (STAKES[index] as number) * Math.exp(Math.min(won, 700));
    }

    this.#largest = Math.max(this.#largest, sum);
    if (this.#largest >= 1 / this.#settings.alpha) this.#worse = true;
  }

  /** A Bayes factor of "it fails more often by one of these shares" against "alike", from even odds. */
  #probability(): number {
    const { baseline, canary } = this.#arms;
    if (canary.count === 0) return 0.5;
    const rate = (baseline.failures + canary.failures + 0.5) / (baseline.count + canary.count + 1);
    const fine = canary.count - canary.failures;
    let factor = 0;
    for (const extra of EXTRAS) {
      const raised = Math.min(rate + extra, 0.999);
      const log = canary.failures * Math.log(raised / rate) + fine * Math.log((1 - raised) / (1 - rate));
      factor += Math.exp(Math.min(log, 700)) / EXTRAS.length;
    }
    return factor / (1 + factor);
  }
}

class ArmFailures {
  count = 0;
  failures = 0;
  readonly bounds: ProportionBounds;
  #since = Infinity;
  #run = 0;

  constructor(alpha: number) {
    this.bounds = new ProportionBounds(alpha);
  }

  get share(): number {
    return this.count === 0 ? NaN : this.failures / this.count;
  }

  /** By how much it counts: 0 where it did not fail, 1 for a failure alone. */
  add(failed: boolean): number {
    this.count++;
    this.#since++;
    this.bounds.add(failed);
    if (!failed) return 0;
    this.failures++;
    this.#run = this.#since <= CLOSE ? this.#run + 1 : 1;
    this.#since = 0;
    return 1 / Math.sqrt(this.#run);
  }
}
