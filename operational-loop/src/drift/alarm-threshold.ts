/**
 * The threshold that a healthy fleet's scores pass as often as configured, from the fleet's own scores.
 *
 * An alarm is a score above the threshold with none of that instance in the `quiet` steps before: runs declustering (Leadbetter;
 * Coles, An Introduction to Statistical Modeling of Extreme Values, 5.3), which counts a stretch of dependent scores as one.
 * As many alarms as wanted among those seen give the threshold; where too few were seen for that, the tail above the largest
 * `LEAST_ALARMS` goes on as a generalised Pareto distribution (peaks over threshold), whose shape is estimated by L-moments
 * (Hosking & Wallis 1987) and drawn towards that of an exponential tail, as few alarms say little of it. The quantile is a
 * predictive one, which passes the wanted rate on the average although the tail is only estimated.
 *
 * However the tail goes on: each alarm raises the threshold a little, and while there is none it sinks, so that in the long run
 * there are as many as wanted (adaptive conformal inference, Gibbs & Candès 2021).
 *
 * What a score means changes while its detector learns. So scores are kept with what they were made of, and are made again.
 */
const LEAST_ALARMS = 12;
/** an exponential tail counts as much as so many alarms */
const EXPONENTIAL = 24;
const HEAVIEST = 0.5;
/** in scales of the tail: by how much an alarm raises the threshold, and how far it may be moved */
const STEP = 0.4;
const MOST_MOVED = 3;
const MOST_KEPT = 4000;

export class AlarmThreshold {
  /** steps without a passed threshold after which an alarm is over */
  readonly quiet: number;
  readonly #window: number;
  #floor = 0;
  #instances: number[] = [];
  #steps: number[] = [];
  #scores: number[] = [];
  #details: (Float32Array | undefined)[] = [];
  #begun: number | undefined;
  #tail: (Tail & { readonly perStep: number }) | undefined;
  /** what is learned of how often there are alarms, in scales of the tail */
  #moved = 0;
  #movedAt = 0;
  readonly #alarmed = new Map<number, number>();
  /** The score that is an alarm; Infinity while nothing can be said. */
  limit = Infinity;

  /** Steps older than `window` are forgotten. */
  constructor(quiet: number, window: number) {
    this.quiet = quiet;
    this.#window = window;
  }

  /** Steps must not descend. `detail`: what the score was made of, where it may be made again; it is copied. */
  add(instance: number, step: number, score: number, detail?: Float32Array): void {
    this.#begun ??= step;
    if (score > this.limit) this.#alarm(instance, step);
    if (score <= this.#floor) return;
    this.#instances.push(instance);
    this.#steps.push(step);
    this.#scores.push(score);
    this.#details.push(detail?.slice());
    if (this.#scores.length > MOST_KEPT) this.#thin(step);
  }

  /** Steps that are remembered. */
  seen(now: number): number {
    return this.#begun === undefined ? 0 : Math.max(1, now - this.#begun + 1);
  }

  /**
   * Takes what was added into account. `perStep`: how often alarms are wanted, all instances together. `rescore`: the score of
   * what a score was made of, as it would be now.
   */
  refresh(perStep: number, now: number, rescore?: (detail: Float32Array) => number): void {
    this.forgetBefore(now - this.#window);
    if (rescore) this.#scores = this.#scores.map((score, at) => this.#again(score, this.#details[at], rescore));
    const seen = this.seen(now);
    const wanted = perStep * seen;
    const level = this.#levelOf(Math.max(LEAST_ALARMS, wanted));
    const peaks = level === undefined ? [] : this.#peaksAbove(level);
    if (level === undefined || peaks.length === 0) return;
    const tail = tailOf(
      level,
      peaks.map((peak) => peak - level),
    );
    this.#tail = { ...tail, perStep: peaks.length / seen };
    const { scale, shape } = tail;
    const further = wanted >= LEAST_ALARMS ? 0 : (scale / shape) * ((peaks.length / wanted) ** shape - 1);
    if (this.limit < Infinity) this.#move(-STEP * perStep * (now - this.#movedAt));
    this.#movedAt = now;
    this.limit = Math.max(level + further + this.#moved * scale, this.#floor);
  }

  /** Alarms a step, by what was seen, of a healthy fleet that are at least as high; for scores at the limit and above. */
  rate(score: number): number {
    if (this.#tail === undefined) return Number.NaN;
    const { level, perStep, scale, shape } = this.#tail;
    return perStep * (1 + (shape * Math.max(0, score - level)) / scale) ** (-1 / shape);
  }

  forgetBefore(step: number): void {
    if (this.#begun !== undefined) this.#begun = Math.max(this.#begun, step);
    if ((this.#steps[0] ?? Infinity) < step) this.#keep((at) => (this.#steps[at] as number) >= step);
  }

  /**
   * The highest score that about so many alarms pass; undefined where there were not as many. Far down all scores are one alarm,
   * so the search goes from the top.
   */
  #levelOf(alarms: number): number | undefined {
    const descending = Float64Array.from(this.#scores).sort().reverse();
    const isEnough = (place: number): boolean => this.#peaksAbove(descending[place] as number).length >= alarms;
    let few = Math.ceil(alarms) - 1;
    let enough = few;
    while (enough < descending.length && !isEnough(enough)) {
      few = enough;
      enough = Math.ceil(enough * 1.25) + 1;
    }
    if (enough >= descending.length) return undefined;
    while (enough - few > 1) {
      const middle = (few + enough) >>> 1;
      if (isEnough(middle)) enough = middle;
      else few = middle;
    }
    return descending[enough] as number;
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

  /** Of the same instance and within `quiet` it is the same alarm. */
  #alarm(instance: number, step: number): void {
    const last = this.#alarmed.get(instance) ?? -Infinity;
    this.#alarmed.set(instance, step);
    if (step - last <= this.quiet) return;
    this.#move(STEP);
  }

  #move(by: number): void {
    this.#moved = Math.max(-MOST_MOVED, Math.min(MOST_MOVED, this.#moved + by));
  }

  #again(score: number, detail: Float32Array | undefined, rescore: (detail: Float32Array) => number): number {
    return detail === undefined ? score : rescore(detail);
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
    this.#details = at.map((index) => this.#details[index]);
  }
}

/** A generalised Pareto tail above a level; its shape is that of the predictive distribution, above 0. */
interface Tail {
  readonly level: number;
  readonly scale: number;
  readonly shape: number;
}

function tailOf(level: number, excesses: readonly number[]): Tail {
  const n = excesses.length;
  const ascending = Float64Array.from(excesses).sort();
  let mean = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    mean += (ascending[i] as number) / n;
    weighted += (i * (ascending[i] as number)) / (Math.max(1, n - 1) * n);
  }
  const second = 2 * weighted - mean;
  const estimated = second > 0 ? 2 - mean / second : 0;
  const shape = Math.min(HEAVIEST, Math.max(0, estimated)) * (n / (n + EXPONENTIAL));
  return { level, scale: Math.max(mean, 1e-12) * (1 - shape), shape: shape + 1 / n };
}
