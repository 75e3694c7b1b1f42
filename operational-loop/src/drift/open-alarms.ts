/** Which of the watched are in alarm: by a threshold that is learned from their own scores, and for as long as they stay high. */
import { AlarmThreshold } from './alarm-threshold.ts';

export interface AlarmSettings {
  /** alarms while nothing drifts, of all that are watched together */
  readonly perStep: number;
  /** steps until a threshold is known; before it only what is far beyond counts */
  readonly learning: number;
  /** steps that are remembered for the threshold */
  readonly memory: number;
  /** steps without a high score after which an alarm is over */
  readonly quiet: number;
  /** steps after which an alarm is given up: what it tells of is usual now */
  readonly givenUp: number;
  /** see `DetectorSettings` */
  readonly isLone: boolean;
}

interface Open {
  readonly since: number;
  lastAbove: number;
}

/** Scores are logarithms of how rare something is. */
export class OpenAlarms {
  readonly #settings: AlarmSettings;
  readonly #threshold: AlarmThreshold;
  readonly #numbers = new Map<string, number>();
  readonly #open = new Map<string, Open>();

  constructor(settings: AlarmSettings) {
    this.#settings = settings;
    this.#threshold = new AlarmThreshold(settings.quiet, settings.memory);
  }

  /** How many times as rare as wanted, on the logarithm, a score has to be before the threshold is known. */
  static readonly #PROVISIONAL = 2.5;

  get limit(): number {
    const { limit } = this.#threshold;
    return limit < Infinity ? limit : OpenAlarms.#PROVISIONAL * Math.log(1 / this.#settings.perStep);
  }

  /** Takes a score with what it is made of; true where the alarm was given up with it. `step` must not descend. */
  take(name: string, step: number, score: number, detail?: Float32Array): boolean {
    const number = this.#numbers.get(name) ?? this.#numbers.size;
    this.#numbers.set(name, number);
    this.#threshold.add(number, step, score, detail);
    const open = this.#open.get(name);
    if (score > this.limit) {
      if (!open) this.#open.set(name, { since: step, lastAbove: step });
      else if (step - open.since <= this.#settings.givenUp) open.lastAbove = step;
      else return this.#open.delete(name);
    } else if (open && step - open.lastAbove > this.#settings.quiet) {
      this.#open.delete(name);
    }
    return false;
  }

  /** After all scores of a step. `rescore`: see `AlarmThreshold`; asked of a lone series while its scales are learned. */
  refresh(step: number, rescore: (detail: Float32Array) => number): void {
    const isLearning = this.#settings.isLone && step <= this.#settings.learning;
    this.#threshold.refresh(this.#settings.perStep, step, isLearning ? rescore : undefined);
  }

  /** The step at which an alarm began; undefined where there is none. */
  since(name: string): number | undefined {
    return this.#open.get(name)?.since;
  }

  names(): readonly string[] {
    return [...this.#open.keys()];
  }

  end(name: string): void {
    this.#open.delete(name);
  }

  /** Alarms a step of this height while nothing drifts; where that is not known yet, as many as are wanted. */
  rate(score: number): number {
    const rate = this.#threshold.rate(score);
    return Number.isNaN(rate) ? this.#settings.perStep : rate;
  }
}
