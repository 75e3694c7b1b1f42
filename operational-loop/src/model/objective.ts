/** Objectives of a service (SLOs), their budgets, alerts and incidents. */
import type { Milliseconds, UnixMs } from './time.ts';

/** Where a number comes from: a query in the language of a source, as an OpenSLO file names it. */
export interface MetricQuery {
  /** such as `Prometheus` */
  readonly source: string;
  readonly query: string;
}

/** What is good, in counts of events or in values against a limit. */
export type Indicator =
  | { readonly kind: 'ratio'; readonly good: MetricQuery; readonly total: MetricQuery; readonly counter: boolean }
  | { readonly kind: 'bad-ratio'; readonly bad: MetricQuery; readonly total: MetricQuery; readonly counter: boolean }
  /** a share from 0 to 1 that the source has worked out, of good events or, as `failure`, of bad ones */
  | { readonly kind: 'raw-ratio'; readonly value: MetricQuery; readonly of: 'success' | 'failure' }
  | { readonly kind: 'threshold'; readonly value: MetricQuery; readonly op: ThresholdOp; readonly limit: number };

export type ThresholdOp = 'lte' | 'gte' | 'lt' | 'gt';

/** How a budget is counted: by events, or by slices of time that are good or bad as a whole. */
export type Budgeting =
  | { readonly kind: 'occurrences' }
  | { readonly kind: 'timeslices'; readonly slice: Milliseconds; readonly sliceTarget: number }
  | { readonly kind: 'ratio-timeslices'; readonly slice: Milliseconds };

export type BudgetWindow =
  | { readonly kind: 'rolling'; readonly length: Milliseconds }
  | {
      readonly kind: 'calendar';
      readonly unit: 'day' | 'week' | 'month' | 'quarter' | 'year';
      readonly count: number;
      readonly start: UnixMs;
      /** an IANA name, such as `Europe/Berlin` */
      readonly timeZone: string;
    };

export interface Objective {
  /** unique: the SLO's name, with the objective's where it has several */
  readonly name: string;
  readonly title: string;
  readonly service: string;
  readonly description: string;
  readonly indicator: Indicator;
  /** the share that has to be good, between 0 and 1 */
  readonly target: number;
  readonly window: BudgetWindow;
  readonly budgeting: Budgeting;
  /** from the file's alert policies; the usual four where it has none */
  readonly rules: readonly BurnRule[];
}

/**
 * Events of a service over time, as columns of one length: in the interval that ended at `times[i]` (ascending), `total[i]`
 * events happened, of which `good[i]` were good.
 */
export interface EventCounts {
  /** UnixMs */
  readonly times: Float64Array;
  readonly good: Float64Array;
  readonly total: Float64Array;
}

/** What is left to spend in a window. */
export interface ErrorBudget {
  readonly objective: string;
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly good: number;
  readonly total: number;
  /** the share that was good; 1 where nothing happened */
  readonly sli: number;
  /** events (or slices) that may be bad, of those that happened */
  readonly allowed: number;
  /** the share of the allowed that is used; above 1 the objective is missed */
  readonly consumed: number;
  readonly remaining: number;
}

/** A burn rate that is told about: it must be passed over both windows. */
export interface BurnRule {
  readonly name: string;
  readonly factor: number;
  readonly long: Milliseconds;
  readonly short: Milliseconds;
  /** how long it has to last before it is told */
  readonly after: Milliseconds;
  readonly severity: 'page' | 'ticket';
}

export interface BurnAlert {
  readonly objective: string;
  readonly rule: BurnRule;
  /** how many times faster than allowed the budget is spent; 0 where nothing happened */
  readonly longBurn: number;
  readonly shortBurn: number;
  readonly firing: boolean;
  /** since when the alert has been firing, as far as the counts reach back */
  readonly since: UnixMs | undefined;
}

/** May a change go out? */
export interface GateResult {
  readonly decision: 'open' | 'frozen';
  /** 0 open, 1 frozen */
  readonly exitCode: 0 | 1;
  /** a sentence each; why it is frozen, or what is close */
  readonly reasons: readonly string[];
  readonly budgets: readonly ErrorBudget[];
}

export type IncidentEventKind =
  | 'opened'
  | 'alert'
  | 'drift'
  | 'action'
  | 'recording'
  | 'note'
  | 'mitigated'
  | 'resolved'
  | 'reopened';

export interface IncidentEvent {
  readonly time: UnixMs;
  readonly kind: IncidentEventKind;
  /** one sentence */
  readonly text: string;
  /** a role or a tool, such as `judge`; no person's name is needed */
  readonly by: string;
  /** the path of a recording, for `recording` */
  readonly link?: string;
}

export interface Incident {
  readonly id: number;
  readonly service: string;
  readonly title: string;
  readonly severity: 'page' | 'ticket';
  readonly state: 'open' | 'mitigated' | 'resolved';
  readonly openedAt: UnixMs;
  readonly mitigatedAt?: UnixMs;
  readonly resolvedAt?: UnixMs;
  /** the objective that was in danger, if one was */
  readonly objective?: string;
  readonly timeline: readonly IncidentEvent[];
}
