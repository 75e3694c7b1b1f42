/**
 * Whether more of the canary's requests fail. Given that a request failed, it was the canary's with the probability of the
 * canary's share of the requests, if both fail alike; that holds whatever the rate of failures is and however it changes over
 * time. Failures that may have one cause are one event (`FailureClusters`), and the events are tested exactly
 * (`SpendingBoundary`). Where it is learned that more failures than was thought may have one cause (`FailureGaps`), all that
 * were seen are counted again.
 */
import type { Arm, Decision, MetricState } from '../../model/rollout.ts';
import { chanceOf } from './event-chance.ts';
import type { ClusterScale, Failure } from './failure-clusters.ts';
import { FailureClusters } from './failure-clusters.ts';
import { FailureGaps } from './failure-gaps.ts';
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

/** failures that can be counted again; after as many nothing more is learned of what belongs together */
const KEPT = 4096;

interface SharedFailure extends Failure {
  /** the canary's of the requests; undefined before its first one */
  readonly share: number | undefined;
}

export class ErrorTest {
  readonly #settings: ErrorSettings;
  readonly #share = new RecentShare();
  readonly #gaps = new FailureGaps();
  readonly #failures: SharedFailure[] = [];
  readonly #arms: Readonly<Record<Arm, ArmErrors>>;
  #count: EventCount;
  #worse = false;

  constructor(settings: ErrorSettings) {
    this.#settings = settings;
    this.#arms = { baseline: new ArmErrors(settings.beta / 2), canary: new ArmErrors(settings.beta / 2) };
    this.#count = new EventCount(settings.alpha, this.#gaps.scale);
  }

  get worse(): boolean {
    return this.#worse;
  }

  /** of "it fails more often by one of these shares" against "alike": a Bayes factor, and the odds before */
  get odds(): number {
    const { baseline, canary } = this.#arms;
    const { events } = this.#count;
    if (canary.count === 0) return PRIOR_ODDS.errors;
    const rate = (events.baseline + events.canary + 0.5) / (baseline.count + canary.count + 1);
    const fine = canary.count - events.canary;
    let factor = 0;
    for (const extra of EXTRAS) {
      const raised = Math.min(rate + extra, 0.999);
      const log = events.canary * Math.log(raised / rate) + fine * Math.log((1 - raised) / (1 - rate));
      factor += Math.exp(Math.min(log, 600)) / EXTRAS.length;
    }
    return PRIOR_ODDS.errors * factor;
  }

  add(arm: Arm, failed: boolean): void {
    this.#arms[arm].add(failed);
    if (failed) this.#fail(arm);
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

  #fail(arm: Arm): void {
    const { baseline, canary } = this.#arms;
    const share = this.#share.begun ? this.#share.value : undefined;
    const failure = { arm, at: { baseline: baseline.count, canary: canary.count }, share };
    if (this.#keep(failure)) this.#countAgain();
    else this.#count.add(failure);
    this.#worse ||= this.#count.isBeyond;
  }

  /** Whether it makes more failures belong together than before. */
  #keep(failure: SharedFailure): boolean {
    if (this.#failures.length === KEPT) return false;
    this.#failures.push(failure);
    return this.#gaps.add(failure);
  }

  #countAgain(): void {
    this.#count = new EventCount(this.#settings.alpha, this.#gaps.scale);
    for (const failure of this.#failures) this.#count.add(failure);
  }

  #pValue(): number {
    return Math.min(this.#count.pValue, this.worse ? this.#settings.alpha : 1);
  }
}

/** Failures as events, and what the events show. */
class EventCount {
  readonly events: Record<Arm, number> = { baseline: 0, canary: 0 };
  readonly #scale: ClusterScale;
  readonly #clusters: FailureClusters;
  readonly #boundary: SpendingBoundary;
  /** for the p-value: the least level of those that are crossed */
  readonly #levels = P_VALUES.map((level) => ({ level, boundary: new SpendingBoundary(level) }));

  constructor(alpha: number, scale: ClusterScale) {
    this.#scale = scale;
    this.#clusters = new FailureClusters(scale);
    this.#boundary = new SpendingBoundary(alpha);
  }

  /**
   * As all events say that there are now. Where failures are counted again, what would have been crossed earlier by that count is
   * no reason: it was looked at by another one then, and each count that may be called at any time adds its chance of a false alarm.
   */
  get isBeyond(): boolean {
    return this.#boundary.isBeyond;
  }

  get pValue(): number {
    return Math.min(1, ...this.#levels.filter(({ boundary }) => boundary.crossed).map(({ level }) => level));
  }

  add(failure: SharedFailure): void {
    const event = this.#clusters.add(failure);
    if (!event) return;
    const { arm, share } = failure;
    this.events[arm]++;
    if (share === undefined) return;
    const chance = arm === 'canary' ? chanceOf(event, share, this.#scale) : share;
    this.#boundary.add(arm === 'canary', chance);
    for (const { boundary } of this.#levels) boundary.add(arm === 'canary', chance);
  }
}

/** One arm's requests and those of them that failed. */
class ArmErrors {
  count = 0;
  failures = 0;
  readonly bounds: ProportionBounds;

  constructor(alpha: number) {
    this.bounds = new ProportionBounds(alpha);
  }

  /** of those seen; there is at least one */
  get share(): number {
    return this.failures / this.count;
  }

  add(failed: boolean): void {
    this.count++;
    this.bounds.add(failed);
    if (failed) this.failures++;
  }
}
