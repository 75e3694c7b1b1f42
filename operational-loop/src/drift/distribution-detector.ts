/**
 * Tells when what is measured is distributed otherwise than before: the last hours against the days before them, by the
 * Kolmogorov-Smirnov and Wasserstein distances and the population stability index (see `compareDistributions`). Means may be
 * where they were: a spread that grew or a second hump counts. An instance of a fleet has to differ from what its peers have
 * come to as well, so that what happens to all is not told of each. How rare the statistics are is learned (TailScale), and
 * what is an alarm, too (AlarmThreshold).
 */
import type { DistributionShift } from '../model/drift.ts';
import { effectiveSize } from '../statistics/correlation.ts';
import { greatestDistance, jointSize, type EffectiveSizes } from '../statistics/kolmogorov-smirnov.ts';
import { quantileOfSorted, sorted } from '../statistics/robust.ts';
import { compareDistributions, spreadOf, STATISTICS, type Compared } from './distribution-shift.ts';
import { OpenAlarms } from './open-alarms.ts';
import { TailScale } from './tail-scale.ts';
import { TwoWindows } from './two-windows.ts';

export interface DistributionSettings {
  /** how many are measured of each name */
  readonly measures: number;
  /** steps of the recent window; it is looked at four times in its length */
  readonly recent: number;
  /** every so many-th value that is no longer recent is kept, so many of them */
  readonly thinning: number;
  readonly kept: number;
  /** steps until alarms come as often as wanted; there are some from half of them on */
  readonly learning: number;
  readonly memory: number;
  readonly alarmsPerStep: number;
  /** see `DetectorSettings` */
  readonly isLone: boolean;
}

export interface DistributionAlarm {
  readonly name: string;
  /** 1 at the threshold */
  readonly score: number;
  /** alarms a step that are as high */
  readonly rate: number;
  /** by measure, the furthest first */
  readonly shifts: readonly MeasureShift[];
}

export interface MeasureShift {
  readonly measure: number;
  /** medians, in the measure's unit */
  readonly value: number;
  readonly expected: number;
  /** of the medians, in standard deviations of before */
  readonly deviation: number;
  readonly rarity: number;
  readonly shift: DistributionShift;
}

interface Tracked {
  readonly name: string;
  readonly windows: TwoWindows;
  /** by measure, ascending: taken anew once a window */
  references: readonly Float64Array[];
  /** by measure: the statistics, then the distance from peers; see `scoreOf` */
  readonly statistics: Float32Array;
  score: number;
  shifts: readonly MeasureShift[];
  lastSeen: number;
}

/** numbers of each measure */
const EACH = STATISTICS + 1;
const LOOKS = 4;
/** values of before that are enough to compare with */
const LEAST_KEPT = 72;
const LEAST_PEERS = 3;
/** shares of the time of learning after which the scales are learned, and scores are taken for the threshold */
const LEARNED_SCALES = 1 / 2;
/** steps of the recent window that a peer tells of */
const PEER_THINNING = 4;
const GIVEN_UP_WINDOWS = 24;
const USUAL_SHARE = 0.01;

export class DistributionDetector {
  readonly #settings: DistributionSettings;
  readonly #tracked = new Map<string, Tracked>();
  readonly #alarms: OpenAlarms;
  /** by measure, then statistic; the last of each is of the distance from peers */
  readonly #tails: readonly TailScale[];
  /** how many steps tell as much as one independent value, by measure */
  readonly #memory: Float64Array;
  #steps = 0;

  constructor(settings: DistributionSettings) {
    const { measures, recent, learning, memory, alarmsPerStep, isLone } = settings;
    this.#settings = settings;
    const every = recent / LOOKS;
    this.#alarms = new OpenAlarms({
      perStep: alarmsPerStep * every,
      learning: learning / every,
      memory: memory / every,
      quiet: LOOKS,
      isLone,
      givenUp: LOOKS * GIVEN_UP_WINDOWS,
    });
    this.#tails = Array.from({ length: EACH * measures }, () => new TailScale());
    this.#memory = new Float64Array(measures).fill(1);
  }

  /** Takes one step: `values` by name, then by measure; NaN is missing. */
  observe(names: readonly string[], values: Float64Array): void {
    const { measures, recent } = this.#settings;
    const now = this.#steps++;
    for (const [at, name] of names.entries()) {
      const one = this.#track(name);
      one.lastSeen = now;
      one.windows.add(values.subarray(at * measures, (at + 1) * measures), this.#alarms.since(name) === undefined);
    }
    if (this.#steps % (recent / LOOKS) === 0) this.#look(names, this.#steps / (recent / LOOKS));
  }

  /** The furthest first. */
  alarms(): readonly DistributionAlarm[] {
    const { recent } = this.#settings;
    return this.#alarms
      .names()
      .flatMap((name): readonly DistributionAlarm[] => {
        const one = this.#tracked.get(name);
        if (!one || this.#steps - one.lastSeen > recent) return [];
        const rate = this.#alarms.rate(one.score) / (recent / LOOKS);
        return [{ name, score: one.score / this.#alarms.limit, rate, shifts: one.shifts }];
      })
      .toSorted((a, b) => b.score - a.score);
  }

  /** As it is now it is usual. */
  accept(name: string): void {
    const one = this.#tracked.get(name);
    if (one) forget(one);
    this.#alarms.end(name);
  }

  #track(name: string): Tracked {
    const { measures, recent, thinning, kept } = this.#settings;
    const known = this.#tracked.get(name);
    if (known) return known;
    const windows = new TwoWindows({ measures, recent, thinning, kept });
    const made: Tracked = {
      name,
      windows,
      references: [],
      statistics: new Float32Array(measures * EACH),
      score: 0,
      shifts: [],
      lastSeen: this.#steps,
    };
    this.#tracked.set(name, made);
    return made;
  }

  #look(names: readonly string[], look: number): void {
    const learned = this.#steps / this.#settings.learning;
    const present = names.map((name) => this.#track(name));
    for (const one of present) {
      one.shifts = [];
      one.statistics.fill(0);
      if (look % LOOKS === 0 || one.references.length === 0) one.references = this.#referencesOf(one);
    }
    for (let measure = 0; measure < this.#settings.measures; measure++) this.#compare(present, measure);
    if (look % LOOKS === 0) for (const tail of this.#tails) tail.refresh();
    if (learned < LEARNED_SCALES) return;
    for (const [at, one] of present.entries()) {
      one.shifts = one.shifts.toSorted((a, b) => b.rarity - a.rarity);
      one.score = this.#scoreOf(one.statistics);
      if (this.#alarms.take(names[at] as string, look, one.score, one.statistics)) forget(one);
    }
    if (look % LOOKS === 0) this.#alarms.refresh(look, (statistics) => this.#scoreOf(statistics));
    for (const [name, { lastSeen }] of this.#tracked)
      if (this.#steps - lastSeen > this.#settings.memory) this.#tracked.delete(name);
  }

  #compare(present: readonly Tracked[], measure: number): void {
    const { recent, thinning } = this.#settings;
    const compared = present.map((one) => {
      const reference = one.references[measure] as Float64Array;
      const inTime = one.windows.recent(measure);
      const values = sorted(inTime);
      if (reference.length < LEAST_KEPT || values.length < recent / 2) return undefined;
      this.#learnMemory(measure, values.length / effectiveSize(inTime.filter((value) => !Number.isNaN(value))));
      const memory = this.#memory[measure] as number;
      const sizes = {
        first: Math.max(1, Math.min(reference.length, (reference.length * thinning) / memory)),
        second: Math.max(1, values.length / memory),
      };
      return { one, reference, values, inTime, sizes, ...compareDistributions(reference, values, sizes) };
    });
    const known = compared.filter((each) => each !== undefined);
    const peers = known.length >= LEAST_PEERS ? this.#peerDistances(known) : undefined;
    for (const [at, each] of known.entries()) this.#rate(measure, each, peers?.[at]);
  }

  #referencesOf({ windows }: Tracked): readonly Float64Array[] {
    return Array.from({ length: this.#settings.measures }, (_, measure) => sorted(windows.reference(measure)));
  }

  #learnMemory(measure: number, memory: number): void {
    const usual = this.#memory[measure] as number;
    this.#memory[measure] = usual + (memory - usual) * USUAL_SHARE;
  }

  /** How far each is from the others, each in its own terms of before: what has become of all is far from none. */
  #peerDistances(known: readonly Known[]): readonly number[] {
    const own = known.map(({ reference, inTime }) => {
      const centre = quantileOfSorted(reference, 0.5);
      const spread = spreadOf(reference) || 1;
      const thinned = inTime.filter((_, at) => at % PEER_THINNING === 0);
      return sorted(thinned.map((value) => (value - centre) / spread));
    });
    const all = sorted(Float64Array.from(own.flatMap((values) => [...values])));
    return own.map((values, at) => {
      if (values.length === 0) return 0;
      const { second } = (known[at] as Known).sizes;
      // it is one of all: from the others it is further by this
      const distance = (greatestDistance(all, values) * known.length) / (known.length - 1);
      return distance * jointSize({ first: second * (known.length - 1), second });
    });
  }

  #rate(measure: number, { one, reference, values, statistics, shift }: Known, peers: number | undefined): void {
    const all = [...statistics, peers ?? Infinity];
    one.statistics.set(all, measure * EACH);
    const rarity = this.#rarityOf(one.statistics, measure);
    if (this.#alarms.since(one.name) === undefined) {
      for (const [at, value] of all.entries()) if (value < Infinity) this.#tail(measure, at).add(value);
    }
    const expected = quantileOfSorted(reference, 0.5);
    const value = quantileOfSorted(values, 0.5);
    const deviation = (value - expected) / (spreadOf(reference) || 1);
    one.shifts = [...one.shifts, { measure, value, expected, deviation, rarity, shift }];
  }

  /** Of the measure that is the furthest. */
  #scoreOf(statistics: Float32Array): number {
    let score = 0;
    for (let measure = 0; measure < this.#settings.measures; measure++) {
      score = Math.max(score, this.#rarityOf(statistics, measure));
    }
    return score;
  }

  /** The rarest of the statistics, but no rarer than the distance from peers, where there are any. */
  #rarityOf(statistics: Float32Array, measure: number): number {
    let own = 0;
    for (let at = 0; at < STATISTICS; at++) {
      own = Math.max(own, this.#tail(measure, at).rarity(statistics[measure * EACH + at] as number));
    }
    const peers = statistics[measure * EACH + STATISTICS] as number;
    return peers === Infinity ? own : Math.min(own, this.#tail(measure, STATISTICS).rarity(peers));
  }

  #tail(measure: number, statistic: number): TailScale {
    return this.#tails[measure * EACH + statistic] as TailScale;
  }
}

function forget(one: Tracked): void {
  one.windows.accept();
  one.references = [];
}

interface Known extends Compared {
  readonly one: Tracked;
  readonly reference: Float64Array;
  readonly values: Float64Array;
  readonly inTime: Float64Array;
  readonly sizes: EffectiveSizes;
}
