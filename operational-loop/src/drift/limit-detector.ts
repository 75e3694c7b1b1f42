/**
 * Tells which instance is on its way to a limit while its peers are not. What is watched is how an instance's distance from its
 * peers' median has grown over the last hours: the slope over its standard error, which counts a series that remembers itself
 * for as many values as it is worth. How rare that is is learned, as is what is an alarm. Told is only what is forecast to pass
 * its limit while the peers' forecasts do not.
 */
import { saturation } from '../forecast/saturation.ts';
import type { Heading } from '../model/drift.ts';
import { effectiveSize } from '../statistics/correlation.ts';
import { median } from '../statistics/robust.ts';
import { OpenAlarms } from './open-alarms.ts';
import { TailScale } from './tail-scale.ts';

export interface LimitSettings {
  readonly alarmsPerStep: number;
  /** in steps, as of other detectors */
  readonly learning: number;
  readonly memory: number;
}

export interface LimitAlarm {
  readonly instance: string;
  /** the place of the measure that heads for its limit */
  readonly measure: number;
  readonly score: number;
  readonly rate: number;
  readonly value: number;
  /** its peers' median */
  readonly expected: number;
  /** the slope, in standard errors */
  readonly deviation: number;
  readonly heading: Heading;
}

interface Tracked {
  readonly name: string;
  /** by measure: means of the last spans, the latest last */
  readonly means: number[][];
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly slopes: Float32Array;
  lastSeen: number;
  heading: { readonly measure: number; readonly heading: Heading } | undefined;
}

/** minutes that are averaged, spans of which a slope is made, how often it is looked at, and how far ahead */
const SPAN = 10;
const SPANS = 36;
const LOOK_EVERY = 3 * SPAN;
const AHEAD_SPANS = 144;
const LEAST_PEERS = 3;
const LEARNED_SCALES = 1 / 4;
const LEVEL = 0.8;
const QUIET_LOOKS = 6;
const GIVEN_UP_LOOKS = 96;
const MINUTE = 60_000;

export class LimitDetector {
  readonly #settings: LimitSettings;
  readonly #measures: number;
  readonly #tracked = new Map<string, Tracked>();
  readonly #tails: readonly TailScale[];
  readonly #alarms: OpenAlarms;
  #steps = 0;

  /** Steps are minutes. `measures`: how many are watched of each instance. */
  constructor(settings: LimitSettings, measures: number) {
    this.#settings = settings;
    this.#measures = measures;
    this.#tails = Array.from({ length: measures }, () => new TailScale());
    this.#alarms = new OpenAlarms({
      perStep: settings.alarmsPerStep * LOOK_EVERY,
      learning: settings.learning / LOOK_EVERY,
      memory: settings.memory / LOOK_EVERY,
      quiet: QUIET_LOOKS,
      isLone: false,
      givenUp: GIVEN_UP_LOOKS,
    });
  }

  /**
   * Takes one minute: `values` by instance, then by measure; NaN is missing. `limits`: of each value; NaN where there is none.
   */
  observe(instances: readonly string[], values: Float64Array, limits: Float64Array): void {
    const now = this.#steps++;
    for (const [at, name] of instances.entries()) {
      const one = this.#track(name);
      one.lastSeen = now;
      for (let measure = 0; measure < this.#measures; measure++) {
        const value = values[at * this.#measures + measure] as number;
        if (Number.isNaN(value)) continue;
        one.sums[measure] = (one.sums[measure] as number) + value;
        one.counts[measure] = (one.counts[measure] as number) + 1;
      }
    }
    if (this.#steps % SPAN === 0) this.#endSpan();
    if (this.#steps % LOOK_EVERY === 0) this.#look(instances, limits, this.#steps / LOOK_EVERY);
  }

  /** The furthest first. */
  alarms(): readonly LimitAlarm[] {
    const present = [...this.#tracked.values()].filter(({ lastSeen }) => this.#steps - lastSeen <= SPAN);
    return present
      .flatMap((one): readonly LimitAlarm[] => {
        if (!one.heading || this.#alarms.since(one.name) === undefined) return [];
        const { measure, heading } = one.heading;
        const score = this.#rarity(one.slopes);
        return [
          {
            instance: one.name,
            measure,
            score: score / this.#alarms.limit,
            rate: this.#alarms.rate(score) / LOOK_EVERY,
            value: latestOf(one, measure),
            expected: median(present.filter((each) => each !== one).map((each) => latestOf(each, measure))),
            deviation: one.slopes[measure] as number,
            heading,
          },
        ];
      })
      .toSorted((a, b) => b.score - a.score);
  }

  accept(instance: string): void {
    for (const means of this.#tracked.get(instance)?.means ?? []) means.length = 0;
    this.#alarms.end(instance);
  }

  #track(name: string): Tracked {
    const known = this.#tracked.get(name);
    if (known) return known;
    const made: Tracked = {
      name,
      means: Array.from({ length: this.#measures }, () => []),
      sums: new Float64Array(this.#measures),
      counts: new Float64Array(this.#measures),
      slopes: new Float32Array(this.#measures),
      lastSeen: this.#steps,
      heading: undefined,
    };
    this.#tracked.set(name, made);
    return made;
  }

  #endSpan(): void {
    for (const [name, one] of this.#tracked) {
      if (this.#steps - one.lastSeen > this.#settings.memory) this.#tracked.delete(name);
      for (const [measure, means] of one.means.entries()) {
        means.push((one.sums[measure] as number) / (one.counts[measure] as number));
        if (means.length > SPANS) means.shift();
      }
      one.sums.fill(0);
      one.counts.fill(0);
    }
  }

  #look(instances: readonly string[], limits: Float64Array, look: number): void {
    const present = instances.map((name) => this.#track(name));
    if (present.length < LEAST_PEERS) return;
    for (let measure = 0; measure < this.#measures; measure++) {
      const isLimited = instances.some((_, at) => !Number.isNaN(limits[at * this.#measures + measure]));
      if (isLimited) this.#measure(present, measure);
    }
    if (look % QUIET_LOOKS === 0) for (const tail of this.#tails) tail.refresh();
    if (this.#steps < this.#settings.learning * LEARNED_SCALES) return;
    for (const [at, one] of present.entries()) {
      const score = this.#rarity(one.slopes);
      if (this.#alarms.take(one.name, look, score, one.slopes)) this.accept(one.name);
      if (score > this.#alarms.limit)
        one.heading = this.#headingOf(one, present, limits.subarray(at * this.#measures)) ?? one.heading;
      if (this.#alarms.since(one.name) === undefined) one.heading = undefined;
    }
    if (look % QUIET_LOOKS === 0) this.#alarms.refresh(look, (slopes) => this.#rarity(slopes));
  }

  #measure(present: readonly Tracked[], measure: number): void {
    const full = present.filter(({ means }) => (means[measure] as number[]).length === SPANS);
    const centres = Array.from({ length: SPANS }, (_, at) =>
      median(full.map(({ means }) => (means[measure] as number[])[at] as number)),
    );
    for (const one of present) {
      if (full.length < LEAST_PEERS || !full.includes(one)) {
        one.slopes[measure] = 0;
        continue;
      }
      const away = centres.map((centre, at) => ((one.means[measure] as number[])[at] as number) - centre);
      one.slopes[measure] = slopeInErrors(away);
      if (this.#alarms.since(one.name) === undefined)
        this.#tail(measure).add(Math.max(0, one.slopes[measure] as number));
    }
  }

  /** Of the measure that is the furthest. */
  #rarity(slopes: Float32Array): number {
    return slopes.reduce((most, slope, measure) => Math.max(most, this.#tail(measure).rarity(Math.max(0, slope))), 0);
  }

  #tail(measure: number): TailScale {
    return this.#tails[measure] as TailScale;
  }

  /** The limit that this instance is expected to pass, and most of its peers are not. */
  #headingOf(one: Tracked, present: readonly Tracked[], limits: Float64Array): Tracked['heading'] {
    const byRarity = Array.from({ length: this.#measures }, (_, measure) => measure).toSorted(
      (a, b) =>
        this.#tail(b).rarity(Math.max(0, one.slopes[b] as number)) -
        this.#tail(a).rarity(Math.max(0, one.slopes[a] as number)),
    );
    for (const measure of byRarity) {
      const limit = limits[measure] as number;
      if (Number.isNaN(limit) || !((one.slopes[measure] as number) > 0)) continue;
      const expected = saturationOf(one, measure, limit);
      if (expected.state === 'not-expected') continue;
      const peers = present.filter((each) => each !== one);
      const alike = peers.filter((each) => saturationOf(each, measure, limit).state !== 'not-expected');
      if (2 * alike.length < peers.length) return { measure, heading: { ...expected, limit } };
    }
    return undefined;
  }
}

function saturationOf({ means }: Tracked, measure: number, limit: number) {
  const values = Float64Array.from(means[measure] ?? []);
  return saturation(values, { step: SPAN * MINUTE, limit, seasons: [], horizon: AHEAD_SPANS, level: LEVEL });
}

function latestOf({ means }: Tracked, measure: number): number {
  return means[measure]?.findLast((value) => !Number.isNaN(value)) ?? Number.NaN;
}

/** The slope of a line through the values over its standard error; 0 where there are too few. */
function slopeInErrors(values: readonly number[]): number {
  const known = values.flatMap((value, at) => (Number.isNaN(value) ? [] : [{ at, value }]));
  const n = known.length;
  if (n < SPANS / 2) return 0;
  const middle = known.reduce((sum, { at }) => sum + at, 0) / n;
  const mean = known.reduce((sum, { value }) => sum + value, 0) / n;
  const squares = known.reduce((sum, { at }) => sum + (at - middle) ** 2, 0);
  const slope = known.reduce((sum, { at, value }) => sum + (at - middle) * (value - mean), 0) / squares;
  const rest = known.map(({ at, value }) => value - mean - slope * (at - middle));
  const variance = rest.reduce((sum, value) => sum + value * value, 0) / (n - 2);
  const error = Math.sqrt((variance / squares) * (n / effectiveSize(rest)));
  return error > 0 ? slope / error : 0;
}
