/**
 * Tells when what is measured goes away from what is expected. Residuals, less the distance that is usual for an instance, are
 * averaged over a short and a long stretch, and each average is put on the scale of how rare it has been (TailScale). The score
 * is the rarest of them, of their sum over the signals, where many small ones go together, or of their distance from where
 * they usually are together (UsualCloud). What score is an alarm is learned
 * from the scores themselves: AlarmThreshold.
 */
import { AlarmThreshold } from './alarm-threshold.ts';
import { bestLag } from '../statistics/correlation.ts';
import { TailScale } from './tail-scale.ts';
import { UsualCloud } from './usual-cloud.ts';
import { watchedSignals } from './watched-signals.ts';

export interface DetectorSettings {
  /** alarms in a healthy fleet, all its instances together */
  readonly alarmsPerStep: number;
  /** from a third of so many steps on there are alarms, at first fewer than wanted; after all of them as many as wanted */
  readonly learning: number;
  /** how many steps are remembered for the threshold */
  readonly memory: number;
  /**
   * One series is watched: while the scales are learned each of its few excursions is beyond all that was known when it came, so
   * that scores of then are made again. Not so unless given.
   */
  readonly isLone?: boolean;
  /**
   * Steps after which a signal that stays far from usual is no longer learned from, so that what moves slowly does not become
   * usual before it is told. Never unless given: a signal that wanders by itself is far for long.
   */
  readonly heldAfter?: number;
  /**
   * How many times as rare as wanted, on the logarithm, a score has to be before the threshold is known. 2.5 unless given; less
   * where something else keeps false alarms away.
   */
  readonly provisional?: number;
}

/** An instance that is away from what is expected of it. */
export interface Alarm {
  readonly instance: string;
  /** 1 at the threshold */
  readonly score: number;
  /** alarms a step that a healthy fleet has of this height */
  readonly rate: number;
  /** the step */
  readonly beganAt: number;
  /** in standard deviations; by signal those of the short stretch, then those of the long one */
  readonly deviations: Float64Array;
  /** by signal, on its scale: what is usual for this instance, and how far from it the short stretch is */
  readonly usual: Float64Array;
  readonly residuals: Float64Array;
  /** by signal: the step at which it began to move; NaN where it does not */
  readonly movedAt: Float64Array;
  /** steps by which the second of two signals goes after the first, by the course of both; undefined where they do not go together */
  lag(first: number, second: number): number | undefined;
}

/** Steps over which residuals are averaged: exponentially weighted, with these means. */
const STRETCHES = [5, 60] as const;
const SIGNALS = watchedSignals.length;
/** length of `Alarm.deviations` */
export const WIDTH = SIGNALS * STRETCHES.length;
/** steps that make up what is usual for an instance: two days of minutes */
const USUAL = 2880;
/** spread between instances of which nothing is known, on the signals' scales */
const UNKNOWN_SPREAD = 0.15;
/** steps after which an instance's own usual distance counts as much as what is usual among instances */
const KNOWN_AFTER = 30;
const QUIET = 60;
/** deviations at which a signal has begun to move, and has ended */
const MOVED = 4;
const STILL = 2;
const REFRESH = 240;
/** shares of the time of learning after which something is known of what is usual, and all of how rare deviations are */
const LEARNED_USUAL = 1 / 4;
const LEARNED_SCALES = 1 / 2;
const PROVISIONAL = 2.5;
/** steps of residuals that lags are found in, the longest of them, and the least correlation that tells one */
const COURSE = 120;
const LONGEST_LAG = 30;
const TOGETHER = 0.5;
/** an instance that told nothing for so long is none that drifts */
const GONE = 10;
/** a drift that stays so long is what is usual now */
const GIVEN_UP = 2880;

interface Tracked {
  readonly name: string;
  readonly number: number;
  /** how many steps each signal has been seen */
  readonly seen: Float64Array;
  readonly usual: Float64Array;
  /** averages of residuals, by stretch, then signal */
  readonly averages: Float64Array;
  readonly deviations: Float64Array;
  readonly movedAt: Float64Array;
  /** by signal: the step since which either average is far from usual; NaN where none is */
  readonly farSince: Float64Array;
  /** the last short averages, by signal, then step: a ring */
  readonly course: Float64Array;
  score: number;
  lastSeen: number;
  alarmAt: number | undefined;
  lastAbove: number;
}

export class ResidualDetector {
  readonly #settings: DetectorSettings;
  readonly #tracked = new Map<string, Tracked>();
  readonly #threshold: AlarmThreshold;
  readonly #tails = Array.from({ length: WIDTH }, () => new TailScale());
  readonly #sumTail = new TailScale();
  readonly #cloud = new UsualCloud(WIDTH);
  readonly #cloudTail = new TailScale();
  /** mean absolute residual by signal */
  readonly #spread = new RunningMeans(SIGNALS);
  /** mean square of each average */
  readonly #squares = new RunningMeans(WIDTH);
  /** mean square of what is usual, between instances */
  readonly #between = new RunningMeans(SIGNALS);
  readonly #detail = new Float32Array(WIDTH + 1);
  #steps = 0;
  #numbers = 0;

  constructor(settings: DetectorSettings) {
    this.#settings = settings;
    this.#threshold = new AlarmThreshold(QUIET, settings.memory);
  }

  /** The score that is an alarm now; Infinity while learning. */
  get limit(): number {
    if (this.#threshold.limit < Infinity || this.#steps < this.#settings.learning * LEARNED_USUAL) {
      return this.#threshold.limit;
    }
    // Too little was seen to say how often: only what is far beyond what was wanted counts.
    const { provisional = PROVISIONAL, alarmsPerStep } = this.#settings;
    return provisional * Math.log(1 / alarmsPerStep);
  }

  /** Takes one step: distances from what is expected, by instance, then by signal; NaN is missing. One without any counts for nothing. */
  observe(instances: readonly string[], distances: Float64Array): void {
    if (distances.every(Number.isNaN)) return;
    const now = this.#steps++;
    const tracked = instances.map((name) => this.#track(name, now));
    for (let signal = 0; signal < SIGNALS; signal++) {
      const spread = this.#spread.of(signal);
      for (let at = 0; at < tracked.length; at++) {
        const distance = distances[at * SIGNALS + signal] as number;
        if (!Number.isNaN(distance)) this.#residual(tracked[at] as Tracked, signal, distance, spread, now);
      }
    }
    if (now % this.#refreshEvery(now) === 0) this.#refresh(now);
    for (const one of tracked) this.#score(one, now);
  }

  /** Those away from what is expected after the last step, the furthest first. */
  alarms(): readonly Alarm[] {
    const isHere = ({ lastSeen }: Tracked): boolean => this.#steps - lastSeen <= GONE;
    const open = [...this.#tracked.values()].filter((one) => one.alarmAt !== undefined && isHere(one));
    return open
      .toSorted((one, other) => other.score - one.score)
      .map((one) => ({
        instance: one.name,
        score: one.score / this.limit,
        rate: this.#threshold.rate(one.score),
        beganAt: one.alarmAt ?? this.#steps,
        deviations: one.deviations,
        usual: one.usual,
        residuals: one.averages.subarray(0, SIGNALS),
        movedAt: one.movedAt,
        lag: (first, second) => lagOf(one.course, this.#steps, first, second),
      }));
  }

  /** How far an instance is now, as `Alarm.deviations`; undefined for one that is not known. */
  deviations(instance: string): Float64Array | undefined {
    return this.#tracked.get(instance)?.deviations;
  }

  /** From now on it is usual for this instance to be where it is. */
  accept(instance: string): void {
    const one = this.#tracked.get(instance);
    if (!one) return;
    for (let signal = 0; signal < SIGNALS; signal++) {
      one.usual[signal] = (one.usual[signal] as number) + (one.averages[signal] as number);
    }
    one.averages.fill(0);
    one.alarmAt = undefined;
  }

  #track(name: string, now: number): Tracked {
    let one = this.#tracked.get(name);
    if (!one) {
      one = {
        name,
        number: this.#numbers++,
        seen: new Float64Array(SIGNALS),
        usual: new Float64Array(SIGNALS),
        averages: new Float64Array(WIDTH),
        deviations: new Float64Array(WIDTH),
        movedAt: new Float64Array(SIGNALS).fill(Number.NaN),
        farSince: new Float64Array(SIGNALS).fill(Number.NaN),
        course: new Float64Array(SIGNALS * COURSE).fill(Number.NaN),
        score: 0,
        lastSeen: now,
        alarmAt: undefined,
        lastAbove: -Infinity,
      };
      this.#tracked.set(name, one);
    }
    one.lastSeen = now;
    return one;
  }

  #residual(one: Tracked, signal: number, distance: number, spread: number, now: number): void {
    const seen = one.seen[signal] as number;
    const usual = one.usual[signal] as number;
    const residual = clip(distance - usual, spread > 0 ? 20 * spread : Infinity);
    const healthy = one.alarmAt === undefined && !this.#isHeld(one, signal, now);
    one.seen[signal] = seen + 1;
    if (healthy) {
      one.usual[signal] = usual + clip(residual, spread > 0 ? 3 * spread : Infinity) / Math.min(seen + 1, USUAL);
      this.#spread.add(signal, Math.min(Math.abs(residual), spread > 0 ? 5 * spread : Infinity));
      if (seen > KNOWN_AFTER) this.#between.add(signal, usual * usual);
    }
    const known = seen / (seen + KNOWN_AFTER);
    const between = seen > 10 * KNOWN_AFTER ? 0 : (this.#between.of(signal) || UNKNOWN_SPREAD ** 2) * (1 - known) ** 2;
    for (const [stretch, length] of STRETCHES.entries()) {
      const at = stretch * SIGNALS + signal;
      const average = (one.averages[at] as number) + (residual - (one.averages[at] as number)) / length;
      one.averages[at] = average;
      const square = this.#squares.of(at);
      if (healthy) this.#squares.add(at, Math.min(average * average, square > 0 ? 16 * square : Infinity));
      one.deviations[at] = square > 0 ? average / Math.sqrt(square + between) : 0;
    }
    one.course[signal * COURSE + (now % COURSE)] = one.averages[signal] as number;
    const short = Math.abs(one.deviations[signal] as number);
    const long = Math.abs(one.deviations[SIGNALS + signal] as number);
    mark(one.movedAt, signal, short, now);
    mark(one.farSince, signal, Math.max(short, long), now);
  }

  #score(one: Tracked, now: number): void {
    // First what is usual is learned, then how rare deviations are, then how often scores are high.
    const learned = now / this.#settings.learning;
    const detail = this.#detail;
    for (let at = 0; at < WIDTH; at++) detail[at] = Math.abs(one.deviations[at] as number);
    detail[WIDTH] = this.#cloud.distance(one.deviations);
    const isHeld = one.farSince.some((_, signal) => this.#isHeld(one, signal, now));
    if (one.alarmAt === undefined && !isHeld && learned >= LEARNED_USUAL / 2) this.#count(one, detail, now);
    one.score = learned >= LEARNED_USUAL ? this.#scoreOf(detail) : 0;
    if (learned >= LEARNED_USUAL && !isHeld) this.#threshold.add(one.number, now, one.score, detail);
    this.#alarm(one, now);
  }

  #isHeld({ farSince }: Tracked, signal: number, now: number): boolean {
    return now - (farSince[signal] as number) >= (this.#settings.heldAfter ?? Infinity);
  }

  /** To what is usual. */
  #count(one: Tracked, detail: Float32Array, now: number): void {
    for (let at = 0; at < WIDTH; at++) (this.#tails[at] as TailScale).add(detail[at] as number);
    this.#sumTail.add(this.#sumOf(detail));
    const together = detail[WIDTH] as number;
    if (together > 0) this.#cloudTail.add(together);
    this.#cloud.add(now, one.deviations);
  }

  /** `detail`: the deviations' amounts, and how far they are together. */
  #scoreOf(detail: Float32Array): number {
    let rarest = this.#cloudTail.rarity(detail[WIDTH] as number);
    for (let at = 0; at < WIDTH; at++) {
      rarest = Math.max(rarest, (this.#tails[at] as TailScale).rarity(detail[at] as number));
    }
    return Math.max(rarest, this.#sumTail.rarity(this.#sumOf(detail)));
  }

  /** Of each signal the rarer of its stretches. */
  #sumOf(detail: Float32Array): number {
    let sum = 0;
    for (let signal = 0; signal < SIGNALS; signal++) {
      let rarer = 0;
      for (let at = signal; at < WIDTH; at += SIGNALS) {
        rarer = Math.max(rarer, (this.#tails[at] as TailScale).rarity(detail[at] as number));
      }
      sum += rarer;
    }
    return sum / 4;
  }

  #alarm(one: Tracked, now: number): void {
    if (one.score > this.limit) {
      one.alarmAt ??= now;
      one.lastAbove = now;
      if (now - one.alarmAt > GIVEN_UP) this.accept(one.name);
    } else if (now - one.lastAbove > QUIET) {
      one.alarmAt = undefined;
    }
  }

  /** Often at first. */
  #refreshEvery(now: number): number {
    return now < 4 * REFRESH ? REFRESH / 12 : REFRESH;
  }

  #refresh(now: number): void {
    for (const tail of this.#tails) tail.refresh();
    this.#sumTail.refresh();
    this.#cloud.refresh();
    this.#cloudTail.refresh();
    const { alarmsPerStep, learning, isLone = false } = this.#settings;
    if (now - REFRESH < learning && now >= learning) this.#threshold.forgetBefore(learning * LEARNED_SCALES);
    const isLearning = isLone && now - REFRESH <= learning;
    this.#threshold.refresh(alarmsPerStep, now, isLearning ? (detail) => this.#scoreOf(detail) : undefined);
    for (const [name, { lastSeen }] of this.#tracked) if (now - lastSeen > USUAL) this.#tracked.delete(name);
  }
}

/** Means over the newest values, about as many as are in two days of a fleet of ten. */
class RunningMeans {
  readonly #means: Float64Array;
  readonly #counts: Float64Array;

  constructor(length: number) {
    this.#means = new Float64Array(length);
    this.#counts = new Float64Array(length);
  }

  /** 0 of nothing */
  of(at: number): number {
    return this.#means[at] as number;
  }

  add(at: number, value: number): void {
    const count = Math.min((this.#counts[at] as number) + 1, USUAL * 10);
    this.#counts[at] = count;
    this.#means[at] = (this.#means[at] as number) + (value - (this.#means[at] as number)) / count;
  }
}

/** Notes since when a signal is `away` so many deviations. */
function mark(since: Float64Array, signal: number, away: number, now: number): void {
  if (away < STILL) since[signal] = Number.NaN;
  else if (away > MOVED && Number.isNaN(since[signal])) since[signal] = now;
}

function lagOf(course: Float64Array, steps: number, first: number, second: number): number | undefined {
  const place = steps % COURSE;
  const inTime = (signal: number): Float64Array => {
    const ring = course.subarray(signal * COURSE, (signal + 1) * COURSE);
    return Float64Array.from({ length: COURSE }, (_, at) => ring[(place + at) % COURSE] as number);
  };
  const found = bestLag(inTime(first), inTime(second), LONGEST_LAG);
  return found && Math.abs(found.r) >= TOGETHER ? found.lag : undefined;
}

function clip(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
