/** What the predictive analytics engine takes and gives: plain JSON, so that a decision can be kept and replayed. */
import type { Milliseconds, UnixMs } from './time.ts';

/**
 * What is measured of an instance, by its part in a prediction. Units: `throughput` requests a second, `latency` milliseconds
 * (the quantile that the objectives speak of), `errorRatio` 0 to 1; resources are the share of their limit that is used, 0 to 1.
 */
export const RESOURCES = ['cpu', 'memory', 'io', 'network', 'connections'] as const;
export type Resource = (typeof RESOURCES)[number];
export type MetricRole = 'throughput' | 'latency' | 'errorRatio' | Resource;

/** A value a step; null where none was measured. */
export type Column = readonly (number | null)[];

export interface InstanceColumns {
  readonly instance: string;
  /** all of the length of `steps`; a metric that is not measured is left out */
  readonly metrics: Readonly<Partial<Record<MetricRole, Column>>>;
  /** numeric settings over time by knob, for correlations; a metric that is not measured is left out */
  readonly parameters?: Readonly<Record<string, Column>>;
}

/** Aligned measurements of a service's instances: value i belongs to the step that begins at `start + i × step`. */
export interface MetricsHistory {
  readonly start: UnixMs;
  readonly step: Milliseconds;
  readonly steps: number;
  readonly instances: readonly InstanceColumns[];
}

/** The load that is expected, as its YAML says; what it leaves out is inferred from the history. */
export interface Workload {
  /** users that are active, now and later */
  readonly users?: { readonly now: number; readonly growthPerMonth?: number };
  /** requests a second that an active user makes */
  readonly requestsPerUser?: number;
  /** transactions by name: requests a second, at the present load */
  readonly transactions?: readonly { readonly name: string; readonly rate: number; readonly growthPerMonth?: number }[];
  /** times of day (UTC, 0 to 24) at which the load is `factor` times the usual */
  readonly peaks?: readonly {
    readonly from: number;
    readonly to: number;
    readonly factor: number;
    readonly days?: readonly number[];
  }[];
  /** once: campaigns, launches, closures */
  readonly events?: readonly {
    readonly name: string;
    readonly from: UnixMs;
    readonly to: UnixMs;
    readonly factor: number;
  }[];
}

/** How a setting reaches what runs. */
export type KnobPath =
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'postgres'; readonly setting: string }
  | { readonly kind: 'redis'; readonly setting: string }
  | { readonly kind: 'cgroup'; readonly file: string }
  | { readonly kind: 'replicas' }
  | { readonly kind: 'machine' };

/**
 * What a knob does to a metric: where its value is multiplied by x, the metric is multiplied by x to the power `elasticity`,
 * which is known to within the standard deviation `sd`. For a resource the metric is the share used.
 */
export interface KnobEffect {
  readonly metric: MetricRole;
  readonly elasticity: number;
  readonly sd: number;
}

/** What a change of a knob did, measured by a canary: the natural logarithm of the metric's ratio and its standard error. */
export interface KnobOutcome {
  readonly from: number;
  readonly to: number;
  readonly metric: MetricRole;
  readonly logRatio: number;
  readonly se: number;
}

export interface Knob {
  readonly name: string;
  readonly unit: string;
  readonly bounds: {
    readonly least: number;
    readonly most: number;
    readonly scale: 'linear' | 'log';
    readonly integer: boolean;
  };
  readonly current: number;
  /** true where results of requests may differ, and not only their speed: never proposed without a person */
  readonly changesSemantics: boolean;
  readonly applied: KnobPath;
  /** `live`: the old value takes effect at once; `restart`: by a restart of the instance */
  readonly reverted: 'live' | 'restart';
  /** what is known before anything was measured */
  readonly effects: readonly KnobEffect[];
  readonly outcomes?: readonly KnobOutcome[];
}

/** A kind of machine that instances can run on. */
export interface MachineType {
  readonly name: string;
  /** cores */
  readonly cpu: number;
  /** GiB */
  readonly memory: number;
  /** MB/s of storage */
  readonly io: number;
  /** an hour, in the catalogue's currency */
  readonly price: number;
}

export interface MachineCatalogue {
  readonly currency: string;
  readonly machines: readonly MachineType[];
}

/** A limit that a metric of the fleet has to keep: of `latency`, `errorRatio` or a resource. */
export interface Limit {
  readonly name: string;
  readonly metric: Exclude<MetricRole, 'throughput'>;
  readonly atMost: number;
  /** the share of steps that may be above it; 0 unless said */
  readonly tolerated?: number;
}

/** What decisions cost, in the catalogue's currency. */
export interface Costs {
  /** an hour in which an objective is missed */
  readonly violationPerHour: number;
  /** one change: people's time and the risk of the change itself */
  readonly perChange: number;
}

export interface Constraints {
  readonly leastInstances: number;
  readonly mostInstances: number;
  /** an hour, over all instances */
  readonly mostPrice?: number;
  /** the knobs that may be proposed; all where left out */
  readonly allowedKnobs?: readonly string[];
  /** the probability of missing an objective that is accepted */
  readonly acceptedRisk: number;
}

export interface PredictionInput {
  readonly version: 1;
  readonly service: string;
  /** the moment of the decision: the end of the history */
  readonly at: UnixMs;
  readonly history: MetricsHistory;
  /** lengths of the load's seasons in steps */
  readonly seasons: readonly number[];
  /** steps to look ahead */
  readonly horizon: number;
  readonly workload?: Workload;
  readonly knobs: readonly Knob[];
  readonly catalogue: MachineCatalogue;
  /** the type that the instances run on now, by name */
  readonly machine?: string;
  readonly limits: readonly Limit[];
  readonly costs: Costs;
  readonly constraints: Constraints;
  /** of the simulation: equal inputs give equal predictions */
  readonly seed: number;
}

/** A number with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Step 1: the history as it is used: each metric of the fleet, gaps counted. */
export interface FleetHistory {
  readonly start: UnixMs;
  readonly step: Milliseconds;
  readonly steps: number;
  readonly instances: readonly string[];
  /** requests a second of all instances together */
  readonly load: Column;
  /** the mean of the instances, weighted by their load for `latency` and `errorRatio` */
  readonly metrics: Readonly<Partial<Record<MetricRole, Column>>>;
  /** instances that reported, a step */
  readonly reporting: readonly number[];
  readonly missing: number;
}

/**
 * How a metric of one instance comes about. `linear`: `intercept + slope × load`, the load in requests a second and instance;
 * `queueing`: `intercept + slope × ρ / (1 − ρ)`, with ρ the share used of the resource; `own-series`: it does not follow the
 * load, and is forecast from its own past.
 */
export interface LoadModel {
  readonly metric: MetricRole;
  readonly kind: 'linear' | 'queueing' | 'own-series';
  /** of a queueing model: the resource that is waited for */
  readonly resource?: Resource;
  readonly intercept: number;
  readonly slope: number;
  /** quantiles of what the model leaves over, at (i + ½) / length */
  readonly residuals: readonly number[];
  /** the correlation of neighbouring residuals, 0 to 1 */
  readonly persistence: number;
  /** the share of the variance that it explains, 0 to 1 */
  readonly explained: number;
  readonly samples: number;
}

export interface Correlation {
  readonly parameter: string;
  readonly metric: MetricRole;
  /** Spearman's */
  readonly rho: number;
  readonly p: number;
  /** p, adjusted for all that were looked at (Benjamini-Hochberg) */
  readonly q: number;
  /** q is at most 0.05 */
  readonly discovered: boolean;
}

/** Step 2: what the fleet is like. */
export interface FleetParameters {
  readonly instances: number;
  readonly summaries: readonly {
    readonly metric: MetricRole;
    readonly median: number;
    readonly p95: number;
    readonly latest: number;
  }[];
  readonly models: readonly LoadModel[];
  readonly correlations: readonly Correlation[];
}

/** A series over the horizon, a value a step, with its 95 % interval. */
export interface ExpectedSeries {
  readonly mean: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** As `ForecastDistribution`, in plain JSON. */
export interface PlainDistribution {
  readonly scale: readonly number[];
  readonly quantiles: readonly number[];
  readonly persistence: number;
  readonly common: readonly number[];
  readonly walk: boolean;
}

/** Step 3: what is expected if nothing is done. */
export interface UtilisationForecast {
  readonly times: readonly UnixMs[];
  /** how the load was forecast */
  readonly method: string;
  /** requests a second of all instances together */
  readonly load: ExpectedSeries & { readonly distribution: PlainDistribution };
  /** what the workload's plan multiplied the load by, a value a step; 1 without one */
  readonly planned: readonly number[];
  readonly metrics: readonly (ExpectedSeries & {
    readonly metric: MetricRole;
    /** of a metric that does not follow the load */
    readonly distribution?: PlainDistribution;
  })[];
}

/** Step 4: where it gets tight if nothing is done. */
export interface Bottleneck {
  readonly limit: string;
  readonly metric: MetricRole;
  readonly atMost: number;
  readonly peak: Estimate;
  /** that the limit is violated within the horizon: more of its steps above than are tolerated */
  readonly violationProbability: number;
  /** the risk is more than is accepted */
  readonly tight: boolean;
  /** the expected time above the limit */
  readonly expectedViolation: Milliseconds;
  /** the first step at which a violation is more likely than not; undefined: none */
  readonly from: UnixMs | undefined;
  /** the resource that stands behind it, where one does */
  readonly cause: Resource | undefined;
}

/** What could be done. */
export type Action =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'knob'; readonly knob: string; readonly from: number; readonly to: number; readonly unit: string }
  | { readonly kind: 'instances'; readonly from: number; readonly to: number }
  | { readonly kind: 'machine'; readonly from: string; readonly to: string; readonly instances: number };

/** Step 5: a proposal, and why. */
export interface Proposal {
  readonly id: string;
  readonly action: Action;
  readonly reason: string;
  readonly changesSemantics: boolean;
  /** the bottlenecks that it is meant for, by their limit's name */
  readonly relieves: readonly string[];
}

export interface PredictedEffect {
  readonly metric: MetricRole;
  /** the metric at its worst step of the horizon: as it is, and with the action */
  readonly before: Estimate;
  readonly after: Estimate;
  /** relative: −0.2 is 20 % less */
  readonly change: Estimate;
}

/** Step 6: a proposal with what it would do. */
export interface PerformanceEstimate {
  readonly proposal: string;
  readonly effects: readonly PredictedEffect[];
  readonly violationProbability: number;
  readonly byLimit: readonly {
    readonly limit: string;
    readonly probability: number;
    readonly expectedViolation: Milliseconds;
  }[];
  /** over the horizon: machines, the change, and violations by their probability */
  readonly expectedCost: number;
  /** an hour, over all instances; 0 where the present machine is not in the catalogue */
  readonly price: number;
  readonly instances: number;
  /** that it costs less than doing nothing */
  readonly pays: number;
}

/** A proposal with its estimate: what is shown and kept. */
export interface Recommendation {
  readonly proposal: Proposal;
  readonly effects: readonly PredictedEffect[];
  /** of violating an objective within the horizon, after acting */
  readonly violationProbability: number;
  readonly expectedCost: { readonly acting: number; readonly notActing: number };
  /** the probability that acting costs less than not acting */
  readonly confidence: number;
  readonly feasible: boolean;
  /** why not, where it is not */
  readonly obstacle?: string;
}

/** Step 7: what is best, with all that was weighed, the best first. */
export interface OptimalChoice {
  /** the proposal's id; `nothing` where acting does not pay */
  readonly chosen: string;
  readonly reason: string;
  readonly recommendations: readonly Recommendation[];
  /** of doing nothing */
  readonly baseline: { readonly violationProbability: number; readonly expectedCost: number };
}

/** A decision with each step's outputs; each step's inputs are `input` and the outputs before it. */
export interface Prediction {
  readonly version: 1;
  readonly input: PredictionInput;
  readonly steps: {
    readonly history: FleetHistory;
    readonly aggregate: FleetParameters;
    readonly utilisation: UtilisationForecast;
    readonly bottlenecks: readonly Bottleneck[];
    readonly proposals: readonly Proposal[];
    readonly estimates: readonly PerformanceEstimate[];
    readonly choice: OptimalChoice;
  };
}

/** A probability that was given, and what happened: for its calibration. */
export interface KeptProbability {
  readonly id: number;
  /** what gave it: `forecast`, `recommendation`, `canary` */
  readonly kind: string;
  readonly subject: string;
  readonly probability: number;
  readonly givenAt: UnixMs;
  readonly dueAt: UnixMs;
  /** what tells whether it came true, in the giver's own terms */
  readonly about: Readonly<Record<string, unknown>>;
  readonly outcome?: boolean;
}

export interface Calibration {
  readonly count: number;
  /** mean squared difference of probability and outcome */
  readonly brier: number;
  /** of always giving the share that came true */
  readonly brierOfBaseRate: number;
  /** about standard normal where the probabilities are true (Spiegelhalter 1986); NaN where all were 0 or 1 */
  readonly z: number;
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly given: number;
    readonly happened: number;
    /** 95 %, of the share that happened (Wilson) */
    readonly lower: number;
    readonly upper: number;
  }[];
}

/** What a forecast or a step of a canary risks, in the costs' currency. */
export interface Risk {
  /** of violating the objective */
  readonly violationProbability: number;
  readonly expectedViolation: Milliseconds;
  readonly expectedCost: { readonly acting: number; readonly notActing: number };
}
