/**
 * Whether more of the canary's requests fail. Given that a request failed, it was the canary's with the probability of the
 * canary's share of the requests, if both fail alike; that holds whatever the rate of failures is and however it changes over
 * time. Failures that may have one cause are one event (`FailureClusters`), and the events are tested exactly
 * (`SpendingBoundary`).
 */
import type { Arm, Decision, MetricState } from '../../model/rollout.ts';
import { FailureClusters } from './failure-clusters.ts';
import { PRIOR_ODDS, probabilityOf } from './prior.ts';
import { ProportionBounds } from './proportion-bounds.ts';
import { RecentShare } from './recent-share.ts';
import { SpendingBoundary } from './spending-boundary.ts';

export interface ErrorSettings {
  readonly alpha: number;
  readonly beta: number;
  /** share of failures above the baseline's that is not worse yet */
  readonly margin: number;
}

/** extra shares of failures that a worse canary may have, for the probability */
const EXTRAS = [0.002, 0.005, 0.01, 0.03, 0.1, 0.3] as const;
/** what an anytime-valid p-value may be, but for the level itself */
const P_VALUES = [0.5, 0.2, 0.1, 0.05, 0.02, 0.001, 1e-4, 1e-5, 1e-6] as const;

export class ErrorTest {
  readonly #settings: ErrorSettings;
  readonly #share = new RecentShare();
  readonly #clusters = new FailureClusters();
  readonly #arms: Readonly<Record<Arm, ArmErrors>>;
  readonly #boundary: SpendingBoundary;
  /** for the p-value: the least level of those that are crossed */
  readonly #levels = P_VALUES.map((level) => ({ level, boundary: new SpendingBoundary(level) }));

  constructor(settings: ErrorSettings) {
    this.#settings = settings;
    this.#arms = { baseline: new ArmErrors(settings.beta / 2), canary: new ArmErrors(settings.beta / 2) };
    this.#boundary = new SpendingBoundary(settings.alpha);
  }

  get worse(): boolean {
    return this.#boundary.crossed;
  }

  /** of "it fails more often by one of these shares" against "alike": a Bayes factor, and the odds before */
  get odds(): number {
    const { baseline, canary } = this.#arms;
    if (canary.count === 0) return PRIOR_ODDS.errors;
    const rate = (baseline.events + canary.events + 0.5) / (baseline.count + canary.count + 1);
    const fine = canary.count - canary.events;
    let factor = 0;
    for (const extra of EXTRAS) {
      const raised = Math.min(rate + extra, 0.999);
      const log = canary.events * Math.log(raised / rate) + fine * Math.log((1 - raised) / (1 - rate));
      factor += Math.exp(Math.min(log, 600)) / EXTRAS.length;
    }
    return PRIOR_ODDS.errors * factor;
  }

  add(arm: Arm, failed: boolean): void {
    const share = this.#share.value;
    const isEvent = this.#clusters.add(arm, failed, share);
    this.#arms[arm].add(failed, isEvent);
    if (isEvent && this.#share.begun) this.#settle(arm, share);
    this.#share.add(arm);
  }

  /** Once worse, it stays worse. Costs some microseconds. */
  decide(): Decision {
    if (this.worse) return 'worse';
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
      pWorse: this.#pValue(),
      probabilityWorse: probabilityOf(this.odds),
    };
  }

  #settle(arm: Arm, share: number): void {
    this.#boundary.add(arm === 'canary', share);
    for (const { boundary } of this.#levels) boundary.add(arm === 'canary', share);
  }

  #pValue(): number {
    const crossed = this.#levels.filter(({ boundary }) => boundary.crossed).map(({ level }) => level);
    return Math.min(1, ...crossed, ...(this.worse ? [this.#settings.alpha] : []));
  }
}

/** One arm's requests and those of them that failed. */
class ArmErrors {
  count = 0;
  failures = 0;
  events = 0;
  readonly bounds: ProportionBounds;

  constructor(alpha: number) {
    this.bounds = new ProportionBounds(alpha);
  }

  /** of those seen; there is at least one */
  get share(): number {
    return this.failures / this.count;
  }

  add(failed: boolean, isEvent: boolean): void {
    this.count++;
    this.bounds.add(failed);
    if (failed) this.failures++;
    if (isEvent) this.events++;
  }
}
