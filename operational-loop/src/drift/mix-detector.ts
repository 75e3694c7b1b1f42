/**
 * Tells when the inputs of a service are others than those seen: the population stability index of the last hour's mix of
 * requests against that of the last week. What index is an alarm is learned from the service itself (AlarmThreshold), since how
 * much a mix wanders differs from service to service.
 */
import type { DriftEvidence } from '../model/drift.ts';
import { stabilityOfCounts } from '../statistics/distances.ts';
import { AlarmThreshold } from './alarm-threshold.ts';
import type { DetectorSettings } from './residual-detector.ts';
import { SHAPE_LENGTH } from './shape.ts';

/** steps over which mixes are averaged */
const SHORT = 60;
const LONG = 7 * 1440;
/** shares of the usual mix for the index: with a thousand requests a part that is gone is not infinitely far */
const COUNTED = 1000;
const QUIET = 120;
const REFRESH = 240;
/** beyond this all agree that a population has shifted: the threshold until one is learned */
const SHIFTED = 0.25;

export interface MixAlarm {
  readonly score: number;
  /** alarms a week of a service with the usual mix that are as high */
  readonly rarity: number;
  /** the kinds of requests that changed most; values are shares */
  readonly evidence: readonly DriftEvidence[];
  readonly deviations: Float64Array;
  readonly moved: ReadonlyMap<string, number>;
}

export class MixDetector {
  readonly #settings: DetectorSettings;
  readonly #threshold: AlarmThreshold;
  readonly #short = new Map<string, number>();
  readonly #long = new Map<string, number>();
  #steps = 0;
  #index = 0;
  #lastAbove = -Infinity;
  #open = false;

  constructor(settings: DetectorSettings) {
    this.#settings = settings;
    this.#threshold = new AlarmThreshold(QUIET, settings.memory);
  }

  /** Takes one step's requests by kind; a step without any is left out. */
  observe(mix: ReadonlyMap<string, number>): void {
    const all = [...mix.values()].reduce((sum, count) => sum + count, 0);
    if (!(all > 0)) return;
    const now = this.#steps++;
    average(this.#short, mix, all, Math.min(now + 1, SHORT));
    if (!this.#open) average(this.#long, mix, all, Math.min(now + 1, LONG));
    this.#index = this.#distance();
    if (now >= this.#settings.learning / 2) this.#threshold.add(0, now, this.#index);
    if (now % REFRESH === 0) this.#threshold.refresh(this.#settings.alarmsPerStep, now);
    if (now >= this.#settings.learning / 4 && this.#index > this.#limit()) this.#lastAbove = now;
    this.#open = now - this.#lastAbove <= QUIET;
  }

  /** Undefined while inputs are as usual. */
  alarm(): MixAlarm | undefined {
    if (!this.#open) return undefined;
    const kinds = [...this.#long.keys()].map((kind) => {
      const expected = this.#long.get(kind) ?? 0;
      const value = this.#short.get(kind) ?? 0;
      // As many standard deviations as the counts of an hour would scatter.
      return { metric: kind, value, expected, deviation: (value - expected) / Math.sqrt((expected + 1e-3) / COUNTED) };
    });
    const rate = this.#threshold.rate(this.#index);
    return {
      score: this.#index / this.#limit(),
      rarity: (Number.isNaN(rate) ? this.#settings.alarmsPerStep : rate) * LONG,
      evidence: kinds.toSorted((one, other) => Math.abs(other.deviation) - Math.abs(one.deviation)).slice(0, 10),
      deviations: new Float64Array(SHAPE_LENGTH),
      moved: new Map(),
    };
  }

  /** The mix of the last hour is what is usual. */
  accept(): void {
    this.#long.clear();
    for (const [kind, share] of this.#short) this.#long.set(kind, share);
    this.#open = false;
    this.#lastAbove = -Infinity;
  }

  #limit(): number {
    return this.#threshold.limit < Infinity ? this.#threshold.limit : SHIFTED;
  }

  #distance(): number {
    const kinds = [...this.#long.keys()];
    if (kinds.length < 2) return 0;
    const counts = (mix: ReadonlyMap<string, number>): number[] => kinds.map((kind) => (mix.get(kind) ?? 0) * COUNTED);
    const index = stabilityOfCounts(counts(this.#long), counts(this.#short));
    return Number.isNaN(index) ? 0 : index;
  }
}

function average(means: Map<string, number>, mix: ReadonlyMap<string, number>, all: number, steps: number): void {
  for (const kind of new Set([...means.keys(), ...mix.keys()])) {
    const mean = means.get(kind) ?? 0;
    means.set(kind, mean + ((mix.get(kind) ?? 0) / all - mean) / steps);
  }
}
