/**
 * Judges a setting that holds for a whole service at once, so that baseline and canary cannot run side by side: they alternate
 * in blocks of time, A B B A, and each such four give one difference of log means. A drift of the load that is linear within a
 * four cancels out. The differences go into an anytime-valid t-test: the scale-free normal mixture of Lindon, Ham, Tingley and
 * Bojinov, "Anytime-Valid Linear Models and Regression Adjusted Causal Inference in Randomized Experiments" (2022), after Lai
 * (1976). It may be looked at after every four.
 */
import type { Decision } from '../../model/rollout.ts';
import { normalTail } from './normal.ts';

export interface TrialSettings {
  /** of ever calling an equal setting worse, and likewise of ever calling it better */
  readonly alpha: number;
  /** the effect that the test is most sensitive to, in standard deviations of one four's difference */
  readonly effect: number;
  /** a setting is not worse when its ratio is surely below this */
  readonly margin: number;
}

export const defaultTrialSettings: TrialSettings = { alpha: 0.01, effect: 2, margin: 1.05 };

export interface TrialVerdict {
  readonly decision: Decision | 'better';
  readonly fours: number;
  /** of the canary's cost over the baseline's; below 1 is better */
  readonly ratio: number;
  /** a confidence sequence of the ratio, each side at `alpha` */
  readonly low: number;
  readonly high: number;
  /** anytime-valid p-value of "it is no worse" */
  readonly pWorse: number;
  /** from what was seen, and the belief before that it is equal with one half, and else worse or better alike */
  readonly probabilityWorse: number;
}

export class TrialJudge {
  readonly #settings: TrialSettings;
  #count = 0;
  #mean = 0;
  #squares = 0;

  constructor(settings: TrialSettings = defaultTrialSettings) {
    this.#settings = settings;
  }

  /** Mean cost (seconds an operation, say) of each block of one four, in the order they ran: A B B A or B A A B. */
  add(baseline: readonly [number, number], canary: readonly [number, number]): void {
    const difference = Math.log((canary[0] * canary[1]) / (baseline[0] * baseline[1])) / 2;
    this.#count++;
    const from = difference - this.#mean;
    this.#mean += from / this.#count;
    this.#squares += from * (difference - this.#mean);
  }

  verdict(): TrialVerdict {
    const wide = this.#halfWidth();
    const [low, high] = [Math.exp(this.#mean - wide), Math.exp(this.#mean + wide)];
    const decision = this.#decide(low, high);
    return { decision, fours: this.#count, ratio: Math.exp(this.#mean), low, high, ...this.#worse() };
  }

  #worse(): { readonly pWorse: number; readonly probabilityWorse: number } {
    const freedom = this.#count - 1;
    if (freedom < 1) return { pWorse: 1, probabilityWorse: 0.25 };
    const t = this.#mean / Math.max(Number.MIN_VALUE, this.#standardError());
    const share = this.#share();
    const square = (t * t) / freedom;
    // An endless t is a ratio of the two squares' factors.
    const shrunk = square > 1e12 ? share : (1 + share * square) / (1 + square);
    const eValue = Math.min(1e300, Math.sqrt(share) * shrunk ** (-(freedom + 1) / 2));
    const pWorse = t > 0 ? Math.min(1, 1 / (2 * eValue)) : 1;
    return { pWorse, probabilityWorse: (eValue * (1 - normalTail(t))) / (1 + eValue) };
  }

  #share(): number {
    const precision = 1 / this.#settings.effect ** 2;
    return precision / (precision + this.#count);
  }

  #standardError(): number {
    return Math.sqrt(this.#squares / (this.#count - 1) / this.#count);
  }

  #decide(low: number, high: number): TrialVerdict['decision'] {
    if (low > 1) return 'worse';
    if (high < 1) return 'better';
    return high < this.#settings.margin ? 'not-worse' : 'not-enough';
  }

  /** Where the e-value of "the mean is further away" reaches 1 / alpha on both sides together. */
  #halfWidth(): number {
    const freedom = this.#count - 1;
    if (freedom < 1) return Infinity;
    const alpha = 2 * this.#settings.alpha;
    const share = this.#share();
    const power = (share * alpha ** 2) ** (1 / (freedom + 1));
    const room = power - share;
    if (room <= 0) return Infinity;
    return this.#standardError() * Math.sqrt((freedom * (1 - power)) / room);
  }
}
