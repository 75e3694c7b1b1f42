/**
 * Drawn futures of the fleet: loads from the forecast's distribution, resources and latency from the models, each with what it
 * leaves over. All scenarios see the same futures, so that they are compared pair by pair, and equal seeds draw alike.
 */
import { Draws, ScoreTable, type PathShape } from '../forecast/draws.ts';
import type {
  ExpectedSeries,
  FleetParameters,
  LoadModel,
  MetricRole,
  PlainDistribution,
  PredictionInput,
  UtilisationForecast,
} from '../model/prediction.ts';
import { quantileOfSorted, sorted } from '../statistics/robust.ts';
import { queueingTerm } from './load-model.ts';
import { possible } from './possible.ts';

/** Futures that are drawn. */
export const FUTURES = 400;

/** A logarithm of a factor on a metric, known to within a standard deviation. */
export interface LogFactor {
  readonly metric: MetricRole;
  readonly mean: number;
  readonly sd: number;
}

export interface Scenario {
  /** undefined: as many as now */
  readonly instances?: number;
  /** a share used is multiplied by this: a machine with twice the memory has 0.5 for `memory` */
  readonly shares?: Readonly<Partial<Record<MetricRole, number>>>;
  /** what a knob does */
  readonly factors?: readonly LogFactor[];
}

export const AS_IT_IS: Scenario = {};

/** Values of metrics: future by future, within each step by step. */
export class Futures {
  readonly #values: ReadonlyMap<MetricRole, Float64Array>;
  readonly horizon: number;

  constructor(values: ReadonlyMap<MetricRole, Float64Array>, horizon: number) {
    this.#values = values;
    this.horizon = horizon;
  }

  /** Undefined where the metric is not known. */
  of(metric: MetricRole): Float64Array | undefined {
    return this.#values.get(metric);
  }

  /** One step's values over all futures, ascending. */
  at(metric: MetricRole, step: number): Float64Array {
    const values = this.#values.get(metric);
    return sorted(
      Float64Array.from({ length: FUTURES }, (_, future) => values?.[future * this.horizon + step] ?? Number.NaN),
    );
  }

  /** The mean and the 95 % interval of each step. */
  expected(metric: MetricRole): ExpectedSeries {
    const steps = Array.from({ length: this.horizon }, (_, step) => this.at(metric, step));
    return {
      mean: steps.map((values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)),
      lower: steps.map((values) => quantileOfSorted(values, 0.025)),
      upper: steps.map((values) => quantileOfSorted(values, 0.975)),
    };
  }
}

export class Simulation {
  readonly #fleet: FleetParameters;
  readonly #utilisation: UtilisationForecast;
  readonly #horizon: number;
  /** requests a second, over all instances */
  readonly #load: Float64Array;
  /** what each model leaves over; for an own series its value */
  readonly #rest: ReadonlyMap<MetricRole, Float64Array>;
  /** a normal score a future: how far a knob's effect is from the one expected */
  readonly #luck: Float64Array;

  constructor({ seed }: PredictionInput, fleet: FleetParameters, utilisation: UtilisationForecast) {
    this.#fleet = fleet;
    this.#utilisation = utilisation;
    this.#horizon = utilisation.times.length;
    const { mean, distribution } = utilisation.load;
    this.#load = drawn(new Draws(seed), mean, distribution);
    this.#rest = new Map(
      fleet.models.map((model, i) => [model.metric, this.#restOf(model, new Draws(seed + 7919 * (i + 1)))]),
    );
    const draws = new Draws(seed - 7919);
    this.#luck = Float64Array.from({ length: FUTURES }, () => draws.normal());
  }

  run(scenario: Scenario): Futures {
    const values = new Map<MetricRole, Float64Array>();
    // resources come first: latency waits for them
    for (const model of this.#fleet.models) values.set(model.metric, this.#valuesOf(model, scenario, values));
    return new Futures(values, this.#horizon);
  }

  #valuesOf(model: LoadModel, scenario: Scenario, known: ReadonlyMap<MetricRole, Float64Array>): Float64Array {
    const instances = scenario.instances ?? this.#fleet.instances;
    const share = scenario.shares?.[model.metric] ?? 1;
    const rest = this.#rest.get(model.metric)!;
    const queue = model.resource === undefined ? undefined : known.get(model.resource);
    const factor = this.#factorOf(model.metric, scenario);
    return rest.map((left, at) => {
      const raw = this.#central(model, at, instances, queue) + left;
      return possible(model.metric, raw * share * factor[Math.floor(at / this.#horizon)]!);
    });
  }

  #central(
    { kind, intercept, slope }: LoadModel,
    at: number,
    instances: number,
    queue: Float64Array | undefined,
  ): number {
    if (kind === 'own-series') return 0;
    if (kind === 'linear') return intercept + (slope * this.#load[at]!) / Math.max(1, instances);
    return intercept + slope * queueingTerm(queue?.[at] ?? 0);
  }

  #factorOf(metric: MetricRole, { factors = [] }: Scenario): Float64Array {
    const own = factors.filter((factor) => factor.metric === metric);
    return this.#luck.map((luck) => Math.exp(own.reduce((sum, { mean, sd }) => sum + mean + sd * luck, 0)));
  }

  #restOf(model: LoadModel, draws: Draws): Float64Array {
    if (model.kind !== 'own-series') {
      const table = new ScoreTable(Float64Array.from(model.residuals));
      return paths(draws, this.#horizon, model, (_, score) => table.at(score));
    }
    const own = this.#utilisation.metrics.find(({ metric }) => metric === model.metric);
    if (!own?.distribution) return new Float64Array(FUTURES * this.#horizon);
    return drawn(draws, own.mean, own.distribution);
  }
}

function drawn(draws: Draws, mean: readonly number[], distribution: PlainDistribution): Float64Array {
  const { scale, quantiles } = distribution;
  const table = new ScoreTable(Float64Array.from(quantiles));
  return paths(draws, mean.length, distribution, (h, score) => Math.max(0, mean[h]! + scale[h]! * table.at(score)));
}

function paths(
  draws: Draws,
  horizon: number,
  shape: PathShape,
  value: (h: number, score: number) => number,
): Float64Array {
  const all = new Float64Array(FUTURES * horizon);
  for (let future = 0; future < FUTURES; future++) {
    const path = draws.path(horizon, shape);
    for (let h = 0; h < horizon; h++) all[future * horizon + h] = value(h, path[h]!);
  }
  return all;
}
