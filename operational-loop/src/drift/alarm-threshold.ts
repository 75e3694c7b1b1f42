/**
 * The threshold that a healthy fleet's scores pass as often as configured, from the fleet's own scores.
 *
 * An alarm is a score above the threshold with none of that instance in the `quiet` steps before: runs declustering (Leadbetter;
 * Coles, An Introduction to Statistical Modeling of Extreme Values, 5.3), which counts a stretch of dependent scores as one.
 * As many alarms as wanted among those seen give the threshold; where too few were seen for that, the tail above the 12th
 * largest is taken as exponential, and the predictive quantile is used, which passes the wanted rate on the average although
 * the tail's scale is only estimated.
 */
const LEAST_ALARMS = 12;
const MOST_KEPT = 4000;

export class AlarmThreshold {
  /** steps without a passed threshold after which an alarm is over */
  readonly quiet: number;
  readonly #window: number;
  #floor = 0;
  #instances: number[] = [];
  #steps: number[] = [];
  #scores: number[] = [];
  #begun: number | undefined;
  #tail: { readonly level: number; readonly peaks: number; readonly scale: number; readonly seen: number } | undefined;
  /** The score that is an alarm; Infinity while nothing can be said. */
  limit = Infinity;

  /** Steps older than `window` are forgotten. */
  constructor(quiet: number, window: number) {
    this.quiet = quiet;
    this.#window = window;
  }

  /** Steps must not descend. */
  add(instance: number, step: number, score: number): void {
    this.#begun ??= step;
    if (score <= this.#floor) return;
    this.#instances.push(instance);
    this.#steps.push(step);
    this.#scores.push(score);
    if (this.#scores.length > MOST_KEPT) this.#thin(step);
  }

  /** Steps that are remembered. */
  seen(now: number): number {
    return this.#begun === undefined ? 0 : Math.max(1, now - this.#begun + 1);
  }

  /** Takes what was added into account. `perStep`: how often alarms are wanted, all instances together. */
  refresh(perStep: number, now: number): void {
    this.forgetBefore(now - this.#window);
    const seen = this.seen(now);
    const wanted = perStep * seen;
    const level = this.#levelOf(Math.max(LEAST_ALARMS, wanted));
    const peaks = level === undefined ? [] : this.#peaksAbove(level);
    if (level === undefined || peaks.length === 0) return;
    const scale = peaks.reduce((sum, peak) => sum + peak - level, 0) / peaks.length;
    this.#tail = { level, peaks: peaks.length, scale, seen };
    const further = scale * peaks.length * ((peaks.length / wanted) ** (1 / peaks.length) - 1);
    this.limit = wanted >= LEAST_ALARMS ? level : level + further;
  }

  /** Alarms a step, by what was seen, of a healthy fleet that are at least as high; for scores at the limit and above. */
  rate(score: number): number {
    if (this.#tail === undefined) return Number.NaN;
    const { level, peaks, scale, seen } = this.#tail;
    return (peaks / seen) * (1 + Math.max(0, score - level) / (peaks * scale)) ** -peaks;
  }

  forgetBefore(step: number): void {
    if (this.#begun !== undefined) this.#begun = Math.max(this.#begun, step);
    if ((this.#steps[0] ?? Infinity) < step) this.#keep((at) => (this.#steps[at] as number) >= step);
  }

  /** The highest score that about so many alarms pass; undefined where there were not as many. */
  #levelOf(alarms: number): number | undefined {
    const ascending = Float64Array.from(this.#scores).sort();
    let low = 0;
    let high = ascending.length - 1;
    if (high < 0 || this.#peaksAbove(this.#floor).length < alarms) return undefined;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#peaksAbove(ascending[middle] as number).length >= alarms) low = middle;
      else high = middle - 1;
    }
    return ascending[low] as number;
  }

  /** The highest score of each alarm. */
  #peaksAbove(level: number): number[] {
    const peaks: number[] = [];
    const open = new Map<number, { peak: number; last: number }>();
    for (let at = 0; at < this.#scores.length; at++) {
      const score = this.#scores[at] as number;
      if (score <= level) continue;
      const instance = this.#instances[at] as number;
      const step = this.#steps[at] as number;
      const current = open.get(instance);
      if (current && step - current.last <= this.quiet) {
        peaks[current.peak] = Math.max(peaks[current.peak] as number, score);
        current.last = step;
      } else {
        open.set(instance, { peak: peaks.push(score) - 1, last: step });
      }
    }
    return peaks;
  }

  #thin(now: number): void {
    this.forgetBefore(now - this.#window);
    const ascending = Float64Array.from(this.#scores).sort();
    this.#floor = ascending[ascending.length >>> 1] as number;
    this.#keep((at) => (this.#scores[at] as number) > this.#floor);
  }

  #keep(kept: (at: number) => boolean): void {
    const at = this.#scores.map((_, index) => index).filter(kept);
    this.#instances = at.map((index) => this.#instances[index] as number);
    this.#steps = at.map((index) => this.#steps[index] as number);
    this.#scores = at.map((index) => this.#scores[index] as number);
  }
}
