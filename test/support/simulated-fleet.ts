/**
 * A fleet whose instances' signals look like those of real services, a minute a step: load with a daily and a weekly shape and
 * surges that all share; counts that scatter as counts do; noise that lasts (autocorrelated) and noise with heavy tails;
 * instances that differ for good; memory that wanders slowly; heaps that are filled and collected. Into one instance a drift of
 * one of eight kinds can be put.
 */
import type { SignalName } from '../../operational-loop/src/model/signals.ts';
import { Random } from './random.ts';

export const driftKinds = [
  'leak',
  'slow-down',
  'cache-loss',
  'error-bursts',
  'cpu-hog',
  'gc-pressure',
  'io-stall',
  'load-imbalance',
] as const;
export type SimulatedDrift = (typeof driftKinds)[number];

export interface Injection {
  readonly kind: SimulatedDrift;
  readonly instance: number;
  /** the step at which it begins */
  readonly at: number;
  /** steps until it is there in full; a leak grows on */
  readonly ramp: number;
  /** 0 mild to 1 strong */
  readonly strength: number;
}

/** Normal and other numbers from a seed. */
export class Noise {
  readonly #random: Random;
  #spare: number | undefined;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** 0 to 1, neither included */
  uniform(): number {
    return (this.#random.below(2 ** 31) + 0.5) / 2 ** 31;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.uniform();
  }

  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** normal, but now and then several times as wide */
  heavy(): number {
    return this.uniform() < 0.03 ? this.normal() * 3 : this.normal();
  }

  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let count = 0;
    for (let product = this.uniform(), limit = Math.exp(-mean); product > limit; product *= this.uniform()) count++;
    return count;
  }
}

/** Noise in time: each value remembers this share of the one before; of unit variance. */
class Lasting {
  #value: number;
  readonly #noise: Noise;
  readonly #memory: number;

  constructor(noise: Noise, memory: number) {
    this.#noise = noise;
    this.#memory = memory;
    this.#value = noise.normal();
  }

  next(): number {
    this.#value = this.#memory * this.#value + Math.sqrt(1 - this.#memory ** 2) * this.#noise.normal();
    return this.#value;
  }
}

/** The requests of a service by their kind: shares that a day moves a little, and that wander. */
class SimulatedMix {
  readonly #noise: Noise;
  readonly #shares: readonly number[];
  readonly #wander: readonly Lasting[];
  readonly #phases: readonly number[];

  constructor(seed: number) {
    this.#noise = new Noise(seed);
    this.#shares = Array.from({ length: 6 }, () => this.#noise.between(0.2, 2));
    this.#wander = this.#shares.map(() => new Lasting(this.#noise, 0.99));
    this.#phases = this.#shares.map(() => this.#noise.between(0, 1440));
  }

  /** Requests a second in a minute with so many altogether. */
  next(step: number, traffic: number): ReadonlyMap<string, number> {
    const weights = this.#shares.map((share, at) => {
      const day = 0.15 * Math.sin((2 * Math.PI * (step - (this.#phases[at] as number))) / 1440);
      return share * Math.exp(day + 0.08 * (this.#wander[at] as Lasting).next());
    });
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return new Map(
      weights.map((weight, at) => [`route=${at}`, this.#noise.poisson((60 * traffic * weight) / all) / 60]),
    );
  }
}

class SimulatedInstance {
  readonly noise: Noise;
  readonly speed: number;
  readonly memory: number;
  readonly weight: number;
  readonly errorProneness: number;
  readonly balance: Lasting;
  readonly latency: Lasting;
  readonly tail: Lasting;
  readonly cpu: Lasting;
  readonly wander: Lasting;
  readonly io: Lasting;
  readonly gc: Lasting;
  heapPhase: number;
  burstUntil = 0;
  calmUntil = 0;

  constructor(seed: number) {
    const noise = new Noise(seed);
    this.noise = noise;
    this.speed = Math.exp(0.08 * noise.normal());
    this.memory = Math.exp(0.06 * noise.normal());
    this.weight = Math.exp(0.03 * noise.normal());
    this.errorProneness = Math.exp(0.2 * noise.normal());
    this.balance = new Lasting(noise, 0.9);
    this.latency = new Lasting(noise, 0.8);
    this.tail = new Lasting(noise, 0.5);
    this.cpu = new Lasting(noise, 0.7);
    this.wander = new Lasting(noise, 0.995);
    this.io = new Lasting(noise, 0.6);
    this.gc = new Lasting(noise, 0.4);
    this.heapPhase = noise.uniform();
  }
}

export interface FleetOptions {
  readonly seed: number;
  readonly instances: number;
}

export type SimulatedValues = Readonly<Partial<Record<SignalName, number>>>;

/** A service's signals from those of its instances: what users feel by request, what machines use added up. */
export function wholeOf(instances: readonly SimulatedValues[]): SimulatedValues {
  const traffic = instances.reduce((sum, each) => sum + (each.traffic ?? 0), 0);
  const names = new Set(instances.flatMap((each) => Object.keys(each) as SignalName[]));
  const whole: Partial<Record<SignalName, number>> = { traffic };
  for (const name of names) {
    if (name === 'traffic') continue;
    const isFelt = name === 'errorRatio' || name.startsWith('latency');
    const sum = instances.reduce((all, each) => all + (each[name] ?? 0) * (isFelt ? (each.traffic ?? 0) : 1), 0);
    const isAdded = name === 'cpuCores' || name.endsWith('Bytes') || name === 'ioBytesPerSecond';
    whole[name] = isFelt ? sum / Math.max(traffic, 1e-9) : isAdded ? sum : sum / instances.length;
  }
  return whole;
}

export class SimulatedFleet {
  readonly names: readonly string[];
  readonly #instances: readonly SimulatedInstance[];
  readonly #noise: Noise;
  readonly #mix: SimulatedMix;
  readonly #common: Lasting;
  readonly #slowness: Lasting;
  readonly #perInstance: number;
  readonly #swing: number;
  readonly #phase: number;
  readonly #latency: number;
  readonly #errors: number;
  readonly #injections: Injection[] = [];
  #surgeUntil = 0;
  #surge = 1;
  #step = 0;

  constructor({ seed, instances }: FleetOptions) {
    this.#noise = new Noise(seed);
    this.names = Array.from({ length: instances }, (_, at) => `instance-${at}`);
    this.#instances = this.names.map((_, at) => new SimulatedInstance(seed * 1009 + at * 31 + 17));
    this.#mix = new SimulatedMix(seed * 7919 + 5);
    this.#common = new Lasting(this.#noise, 0.97);
    this.#slowness = new Lasting(this.#noise, 0.9);
    this.#perInstance = Math.exp(this.#noise.between(Math.log(5), Math.log(200)));
    this.#swing = this.#noise.between(0.2, 0.6);
    this.#phase = this.#noise.between(0, 1440);
    this.#latency = Math.exp(this.#noise.between(Math.log(0.005), Math.log(0.2)));
    this.#errors = Math.exp(this.#noise.between(Math.log(0.0005), Math.log(0.005)));
  }

  get step(): number {
    return this.#step;
  }

  inject(injection: Injection): void {
    this.#injections.push(injection);
  }

  /** The signals of each instance in the next minute. */
  next(): readonly SimulatedValues[] {
    const step = this.#step++;
    const load = this.#load(step);
    const slowness = Math.exp(0.05 * this.#slowness.next());
    const shares = this.#instances.map((one, at) => this.#share(one, at, step));
    const all = shares.reduce((sum, share) => sum + share, 0);
    return this.#instances.map((one, at) => {
      const traffic = (load * this.#instances.length * (shares[at] as number)) / all;
      return this.#signals(one, at, step, traffic, slowness);
    });
  }

  /** The requests a second by their kind in the minute that `next` gave last. */
  mix(values: readonly SimulatedValues[]): ReadonlyMap<string, number> {
    return this.#mix.next(this.#step, wholeOf(values).traffic ?? 0);
  }

  /** 0 to 1 and on: how far a drift of this kind has come in this instance. */
  #extent(kind: SimulatedDrift, instance: number, step: number): number {
    let extent = 0;
    for (const injection of this.#injections) {
      if (injection.kind !== kind || injection.instance !== instance || step < injection.at) continue;
      const grown = (step - injection.at + 1) / injection.ramp;
      extent += (0.3 + 0.7 * injection.strength) * (kind === 'leak' ? grown : Math.min(1, grown));
    }
    return extent;
  }

  #load(step: number): number {
    const day = Math.sin((2 * Math.PI * (step - this.#phase)) / 1440);
    const weekend = Math.floor(step / 1440) % 7 >= 5 ? 0.75 : 1;
    if (step >= this.#surgeUntil && this.#noise.uniform() < 1 / 2000) {
      this.#surgeUntil = step + this.#noise.between(5, 40);
      this.#surge = this.#noise.between(1.2, 2);
    }
    const surge = step < this.#surgeUntil ? this.#surge : 1;
    return this.#perInstance * (1 + this.#swing * day) * weekend * surge * Math.exp(0.08 * this.#common.next());
  }

  #share(one: SimulatedInstance, at: number, step: number): number {
    return one.weight * Math.exp(0.03 * one.balance.next()) * (1 + 1.2 * this.#extent('load-imbalance', at, step));
  }

  #signals(one: SimulatedInstance, at: number, step: number, traffic: number, slowness: number): SimulatedValues {
    const { noise, speed } = one;
    const extent = (kind: SimulatedDrift): number => this.#extent(kind, at, step);
    const [leak, slow, cache, hog] = [extent('leak'), extent('slow-down'), extent('cache-loss'), extent('cpu-hog')];
    const [gc, stall] = [extent('gc-pressure'), extent('io-stall')];
    const requests = noise.poisson(traffic * 60);
    const utilisation = Math.min(0.9, (0.35 * traffic * speed) / this.#perInstance);
    const queueing = 1 + (0.5 * utilisation) / (1 - utilisation);
    const few = 1 / Math.sqrt(Math.max(4, requests));
    const base = this.#latency * speed * slowness * queueing * Math.exp(0.04 * one.latency.next());
    const dependency = (1 + 1.5 * slow) * (1 + 0.8 * cache);
    const p50 = base * dependency * (1 + 0.15 * hog + 0.1 * gc + 0.2 * stall) * Math.exp(1.2 * few * noise.normal());
    const stretched = (1 + 1.2 * hog) * (1 + 1.3 * gc) * (1 + 2.5 * stall) * (1 + 0.15 * Math.min(3, leak));
    const tail = Math.exp(0.08 * one.tail.next());
    const p95 = base * 2.5 * dependency * stretched ** 0.6 * tail * Math.exp(2.5 * few * noise.heavy());
    const p99 = base * 5 * dependency * stretched * tail ** 1.5 * Math.exp(6 * few * noise.heavy());
    const mean = base * 1.3 * dependency * stretched ** 0.35 * Math.exp(1.5 * few * noise.normal());
    const failing = this.#failing(one, step, extent('error-bursts'));
    const errors = noise.poisson(requests * (this.#errors * one.errorProneness + failing));
    const cpu =
      (0.02 + 0.004 * traffic * speed * (1 + 0.35 * cache) * (1 + 0.25 * gc) * (1 - 0.1 * stall)) *
        Math.exp(0.04 * one.cpu.next()) +
      0.6 * hog * Math.exp(0.1 * noise.normal());
    one.heapPhase = (one.heapPhase + 0.05 + 0.3 * utilisation * noise.uniform()) % 1;
    const live = 60e6 * one.memory * Math.exp(0.03 * one.wander.next()) * (1 - (0.35 * cache) / (1 + cache));
    const grown = 30e6 * leak;
    const heap = live + grown + 40e6 * one.heapPhase * (1 + 0.8 * gc) + 40e6 * 0.5 * gc;
    const memory = 90e6 * one.memory + live * 1.3 + grown + 60e6 + 35e6 * gc + 3e6 * noise.normal();
    return {
      traffic: requests / 60,
      ...(requests === 0 ? {} : { errorRatio: Math.min(1, errors / requests) }),
      latencyP50: p50,
      latencyP95: Math.max(p50, p95),
      latencyP99: Math.max(p50, p95, p99),
      latencyMean: mean,
      cpuCores: cpu,
      memoryBytes: memory,
      heapUsedBytes: heap,
      eventLoopDelayP99:
        0.004 *
        (1 + utilisation) *
        (1 + 2.5 * hog) *
        (1 + 1.2 * gc) *
        Math.exp(0.15 * noise.heavy() + 0.1 * one.tail.next()),
      gcShare:
        (0.002 + 0.01 * utilisation) *
        (1 + 4 * gc + 0.3 * Math.min(4, leak)) *
        Math.exp(0.12 * one.gc.next() + 0.08 * noise.heavy()),
      ioBytesPerSecond:
        (2e4 + 3e3 * traffic * (1 + 3 * cache)) * (1 - 0.35 * Math.min(1, stall)) * Math.exp(0.12 * one.io.next()),
      ioWaitShare: Math.min(
        1,
        0.004 * Math.exp(0.5 * noise.heavy()) * (1 + 0.5 * cache) + 0.25 * stall * Math.exp(0.3 * noise.normal()),
      ),
    };
  }

  /** The share of requests that fail in a burst: there are some of a few minutes, with calm between. */
  #failing(one: SimulatedInstance, step: number, extent: number): number {
    if (extent === 0) return 0;
    if (step >= one.calmUntil) {
      one.burstUntil = step + one.noise.between(2, 8);
      one.calmUntil = one.burstUntil + one.noise.between(3, 12);
    }
    return step < one.burstUntil ? 0.12 * extent : 0;
  }
}
