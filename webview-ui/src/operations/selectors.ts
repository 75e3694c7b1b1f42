/** What is shown of a state: pure. */
import type {
  Alert,
  DriftState,
  Exemplar,
  ForecastState,
  InstanceState,
  OperationsState,
  ProposalState,
  ServiceState,
} from '../../../operational-loop/src/api/messages.ts';
import type { DistributionShift } from '../../../operational-loop/src/model/drift.ts';
import type { Action, Recommendation, Risk } from '../../../operational-loop/src/model/prediction.ts';
import type { Saturation } from '../../../operational-loop/src/model/forecast.ts';
import {
  finishedStatuses,
  type Change,
  type Decision,
  type KnobState,
  type MetricState,
  type RolloutState,
  type RolloutStatus,
  type ServiceConfiguration,
} from '../../../operational-loop/src/model/rollout.ts';
import type { SignalName } from '../../../operational-loop/src/model/signals.ts';
import type { Subject } from './messages.ts';
import { formatSpan } from './times.ts';
import { formatMoney, formatNumber, formatRough, formatProbability, isSignal, measureOfMetric } from './units.ts';

/** Open ones first; those that page before those that can wait; the latest first. */
export function sortAlerts(alerts: readonly Alert[]): readonly Alert[] {
  const rank = ({ endedAt, severity }: Alert): number =>
    (endedAt === undefined ? 0 : 2) + (severity === 'page' ? 0 : 1);
  return alerts.toSorted((a, b) => rank(a) - rank(b) || b.since - a.since);
}

/** Without log lines. */
export function openAlerts({ alerts }: OperationsState): readonly Alert[] {
  return alerts.filter(({ endedAt, severity }) => endedAt === undefined && severity !== 'log');
}

/** How long a rollback is shown beside what is open: it ends as it begins. */
const FRESH = 15 * 60_000;

/** Those that are open, and rollbacks that a person may not have seen. */
export function urgentAlerts(state: OperationsState): readonly Alert[] {
  const isFresh = ({ kind, endedAt }: Alert): boolean =>
    kind === 'rollback' && endedAt !== undefined && state.time - endedAt < FRESH;
  return sortAlerts([...openAlerts(state), ...state.alerts.filter(isFresh)]);
}

/** What is about to be said to who does not see it: alerts that are open now and were not before. */
export function newAlerts(before: OperationsState | undefined, state: OperationsState): readonly Alert[] {
  if (!before) return [];
  const known = new Set(before.alerts.map(({ id }) => id));
  return openAlerts(state).filter(({ id }) => !known.has(id));
}

/** What an alert is about, else its service, where that is shown. */
export function subjectOf({ about, service }: Alert, state: OperationsState): Subject | undefined {
  const { drifts, proposals, rollouts, services } = state;
  const has = (those: readonly { readonly id: string }[]): boolean => those.some(({ id }) => id === about);
  if (about !== undefined && has(drifts)) return { kind: 'drift', id: about };
  if (about !== undefined && has(rollouts)) return { kind: 'rollout', id: about };
  if (about !== undefined && has(proposals)) return { kind: 'proposal', id: about };
  return services.some(({ name }) => name === service) ? { kind: 'service', id: service } : undefined;
}

/** The service that is shown: the chosen one, else the first with an open drift, else the first. */
export function shownService(state: OperationsState, chosen: string | undefined): ServiceState | undefined {
  const { services } = state;
  return (
    services.find(({ name }) => name === chosen) ??
    services.find(({ instances }) => instances.some(({ drift }) => drift !== undefined)) ??
    services[0]
  );
}

/** The signal that is drawn where none was chosen: what drifts in the service, else its latency. */
export function signalOfDrift(service: ServiceState | undefined, { drifts }: OperationsState): SignalName {
  const metric = drifts.find(({ id }) => service?.instances.some(({ drift }) => drift === id))?.metric;
  return metric !== undefined && isSignal(metric) ? metric : 'latencyP95';
}

/** In words: `3.2× the threshold on memory`. */
export function driftWords({ score, metric }: DriftState): string {
  return `${formatRough(score)}× the threshold on ${lower(measureOfMetric(metric).label)}`;
}

export function driftTitle({ kind, service, instance, metric }: DriftState): string {
  const who = instance ?? service;
  const what = measureOfMetric(metric).label;
  switch (kind) {
    case 'peer':
      return `${what} of ${who} is away from its peers`;
    case 'past':
      return `${what} of ${who} is away from its own past`;
    case 'model':
      return `${what} of ${who} is no longer forecast as well as before`;
    case 'future':
      return `${what} of ${who} is on its way to its limit`;
    case 'data':
      return `${what} of ${who} is distributed otherwise than before`;
    case 'configuration':
      return `${what} of ${who} is not what it shall be`;
  }
}

/** How a distribution differs from the one before. */
export function shiftText({ stability, distance, moved, spread }: DistributionShift): string {
  return (
    `distributed otherwise than before (PSI ${formatNumber(stability)}, Kolmogorov-Smirnov ${formatNumber(distance)}, ` +
    `Wasserstein ${formatNumber(moved)} σ), its spread is ${formatRough(spread)} times that of before`
  );
}

/** Of a past in which some values are not explained by chance; else nothing. */
export function unusualText({ past: { unusual, scores } }: ForecastState): string {
  if (unusual.length === 0) return '';
  const furthest = Math.max(...unusual.map((at) => Math.abs(scores[at] ?? 0)));
  const many = unusual.length === 1 ? 'One measured value is' : `${unusual.length} measured values are`;
  return `${many} unusual: up to ${formatRough(furthest)} σ from what those before let expect.`;
}

/** How often a healthy fleet would be as far away. `rarity`: alarms a week. */
export function rarityText(rarity: number): string {
  if (!(rarity > 0)) return 'never seen in a healthy fleet';
  if (rarity < 1 / 52) return `a healthy fleet shows this once in ${formatRough(1 / rarity / 52)} years`;
  if (rarity < 1) return `a healthy fleet shows this once in ${formatRough(1 / rarity)} weeks`;
  return `a healthy fleet shows this ${formatRough(rarity)} times a week`;
}

/** Instances that are away from the others, by their id. */
export function driftedInstances(instances: readonly InstanceState[]): ReadonlySet<string> {
  return new Set(instances.filter(({ drift }) => drift !== undefined).map(({ id }) => id));
}

/** A proposal that waits for a person, before those that were decided. */
export function openProposals({ proposals }: OperationsState): readonly ProposalState[] {
  return proposals.filter(({ state }) => state === 'open');
}

export function decidedProposals({ proposals }: OperationsState): readonly ProposalState[] {
  return proposals.filter(({ state }) => state !== 'open').toSorted((a, b) => b.proposedAt - a.proposedAt);
}

export function isFinished({ status }: RolloutState): boolean {
  return finishedStatuses.includes(status);
}

export interface ChangeParts {
  readonly what: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly unit: string;
}

/** What a change changes, from what, to what. `known`: from what it changed, where it has been done. */
export function changeParts(change: Change, service: string, state: OperationsState, known?: string): ChangeParts {
  if (change.kind === 'image') {
    const desired = state.configurations.find((each) => each.service === service)?.desired;
    const from = desired?.build === change.image.build ? undefined : desired?.build;
    return { what: 'Build', from: from && shortBuild(from), to: shortBuild(change.image.build), unit: '' };
  }
  const knob = state.knobs.find(({ definition }) => definition.id === change.knob);
  const from = known ?? knob?.desired ?? knob?.observed;
  return {
    what: knob?.definition.name ?? change.knob,
    from: from === change.value ? undefined : from,
    to: change.value,
    unit: knob?.definition.unit ?? '',
  };
}

export function knobOf({ change }: { readonly change: Change }, { knobs }: OperationsState): KnobState | undefined {
  return change.kind === 'knob' ? knobs.find(({ definition }) => definition.id === change.knob) : undefined;
}

/** Whether results can differ, not only their speed. */
export function changesSemantics(proposal: ProposalState, state: OperationsState): boolean {
  return (
    proposal.recommendation?.proposal.changesSemantics === true ||
    knobOf(proposal, state)?.definition.changesSemantics === true
  );
}

export interface Odds {
  /** of violating an objective, with and without the change */
  readonly ifDone: number | undefined;
  readonly ifNot: number | undefined;
  readonly costOfActing: number | undefined;
  readonly costOfNotActing: number | undefined;
  readonly confidence: number | undefined;
}

/** From the tuner's prediction, else the recommendation's. */
export function oddsOf({ predicted, recommendation }: ProposalState): Odds {
  const known = recommendation && oddsOfRecommendation(recommendation);
  return {
    ifDone: predicted?.violationIfDone ?? known?.ifDone,
    ifNot: predicted?.violationIfNot,
    costOfActing: predicted?.costOfActing ?? known?.costOfActing,
    costOfNotActing: predicted?.costOfNotActing ?? known?.costOfNotActing,
    confidence: predicted?.confidence ?? known?.confidence,
  };
}

export function oddsOfRecommendation({ violationProbability, expectedCost, confidence }: Recommendation): Odds {
  return {
    ifDone: violationProbability,
    ifNot: undefined,
    costOfActing: expectedCost.acting,
    costOfNotActing: expectedCost.notActing,
    confidence,
  };
}

/** `4 instances in place of 3` */
export function actionText(action: Action): string {
  switch (action.kind) {
    case 'nothing':
      return 'leave it as it is';
    case 'knob':
      return `${action.knob} from ${action.from} to ${action.to} ${action.unit}`.trim();
    case 'instances':
      return `${action.to} instances in place of ${action.from}`;
    case 'machine':
      return `${action.instances} × ${action.to} in place of ${action.from}`;
  }
}

const STATUSES: Readonly<Record<RolloutStatus, string>> = {
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  promoting: 'Promoting',
  'rolling-back': 'Rolling back',
  promoted: 'Promoted',
  'rolled-back': 'Rolled back',
};

export function statusText({ status }: RolloutState): string {
  return STATUSES[status];
}

const DECISIONS: Readonly<Record<Decision, string>> = {
  worse: 'Worse',
  'not-worse': 'Not worse',
  'not-enough': 'Not enough yet',
};

export function decisionText(decision: Decision): string {
  return DECISIONS[decision];
}

/** The value at which the canary is as good as its baseline. */
export function neutralOf({ name }: MetricState): number {
  return name === 'latency' ? 1 : 0;
}

/** `sha256:1f0c9a7b` of a longer one; a name as it is. */
export function shortBuild(build: string): string {
  const [, hash] = /^sha256:([0-9a-f]{8})[0-9a-f]+$/.exec(build) ?? [];
  return hash === undefined ? build : `sha256:${hash}`;
}

/** The settings in which what runs is not what shall run, each `NAME: is A, shall be B`. */
export function deviations(
  { desired }: ServiceConfiguration,
  { image }: ServiceConfiguration['observed'][number],
): readonly string[] {
  const names = new Set([...Object.keys(desired.configuration), ...Object.keys(image.configuration)]);
  const build =
    desired.build === image.build ? [] : [differs('Build', shortBuild(image.build), shortBuild(desired.build))];
  const settings = [...names]
    .filter((name) => desired.configuration[name] !== image.configuration[name])
    .map((name) => differs(name, image.configuration[name], desired.configuration[name]));
  return [...build, ...settings];
}

function differs(name: string, is: string | undefined, shall: string | undefined): string {
  return `${name} is ${is ?? 'not set'}, shall be ${shall ?? 'not set'}`;
}

/** When a signal reaches its limit, in a sentence. */
export function saturationText(saturation: Saturation | undefined): string | undefined {
  if (!saturation) return undefined;
  const { state, after, earliest, latest, level, probability, horizon } = saturation;
  const percent = `${Math.round(level * 100)} %`;
  if (state === 'passed') return 'The limit is passed already.';
  const chance = `The chance that it is within ${formatSpan(horizon)} is ${formatProbability(probability)}.`;
  if (state === 'not-expected' || after === undefined) return `The limit is not expected to be reached. ${chance}`;
  const from = earliest === undefined ? undefined : formatSpan(earliest);
  const to = latest === undefined ? `later than ${formatSpan(horizon)}` : formatSpan(latest);
  const interval = from === undefined ? '' : ` (${percent}: ${from} to ${to})`;
  return `The limit is reached in about ${formatSpan(after)}${interval}. ${chance}`;
}

/** What a forecast risks, and what acting and not acting are expected to cost. */
export function riskText({ violationProbability, expectedCost }: Risk, currency: string | undefined): string {
  const [acting, notActing] = [expectedCost.acting, expectedCost.notActing].map((cost) => formatMoney(cost, currency));
  return `An objective is violated with a probability of ${formatProbability(violationProbability)} if nothing is done; that is expected to cost ${notActing}, and acting ${acting}.`;
}

/** What a rollout changes; from what, its proposal may tell. */
export function rolloutParts({ change, service, proposal }: RolloutState, state: OperationsState): ChangeParts {
  const action = state.proposals.find(({ id }) => id === proposal)?.recommendation?.proposal.action;
  return changeParts(change, service, state, action?.kind === 'knob' ? String(action.from) : undefined);
}

/** Of a rollout: those of the alerts that are about it, each once. */
export function exemplarsOf({ id }: RolloutState, { alerts }: OperationsState): readonly Exemplar[] {
  const all = alerts.filter(({ about }) => about === id).flatMap(({ exemplars }) => exemplars);
  return [...new Map(all.map((each) => [`${each.recording}#${each.case}`, each])).values()];
}

/** An interval whose bound is not known, or not finite, which JSON cannot say, is open on that side. */
export function boundsOf({ low, high }: MetricState): { readonly low: number; readonly high: number } {
  return { low: low ?? -Infinity, high: high ?? Infinity };
}

/** Tells when something was done, so that the journal is asked for again. */
export function journalMark({ proposals, rollouts, knobs }: OperationsState): string {
  return JSON.stringify([
    proposals.map(({ id, state }) => [id, state]),
    rollouts.map(({ id, status, step }) => [id, status, step]),
    knobs.map(({ definition, desired, pinnedBy }) => [definition.id, desired, pinnedBy]),
  ]);
}

function lower(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
