import { describe, expect, test } from 'vitest';
import type { Alert, OperationsState, ServiceState } from '../../../operational-loop/src/api/messages.ts';
import type { Saturation } from '../../../operational-loop/src/model/forecast.ts';
import type { MetricState, RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import {
  boundsOf,
  changeParts,
  deviations,
  exemplarsOf,
  journalMark,
  newAlerts,
  oddsOf,
  rarityText,
  rolloutParts,
  riskText,
  saturationText,
  shortBuild,
  shownService,
  signalOfDrift,
  sortAlerts,
  subjectOf,
  urgentAlerts,
} from './selectors.ts';

const nothing: OperationsState = {
  version: 1,
  time: 0,
  daemon: { pid: 1, startedAt: 0, acts: false },
  services: [],
  drifts: [],
  alerts: [],
  proposals: [],
  advice: [],
  rollouts: [],
  risks: {},
  knobs: [],
  configurations: [],
};

function alert(id: string, rest: Partial<Alert> = {}): Alert {
  return {
    id,
    kind: 'drift',
    severity: 'ticket',
    service: 'checkout',
    instance: undefined,
    text: id,
    since: 0,
    endedAt: undefined,
    about: undefined,
    acknowledgedBy: undefined,
    exemplars: [],
    ...rest,
  };
}

function service(name: string, drift?: string): ServiceState {
  const signals = { service: name, from: 0, to: 1, saturation: {} };
  const none = { startedAt: undefined, image: undefined, pid: undefined, address: undefined, recording: undefined };
  const instances = [{ id: `${name}-1`, signals, drift, ...none }];
  return {
    name,
    environment: 'test',
    address: undefined,
    signals,
    instances,
    objectives: [],
    exemplars: [],
    problems: [],
  };
}

function rollout(id: string, rest: Partial<RolloutState> = {}): RolloutState {
  return {
    id,
    proposal: 'p',
    service: 'checkout',
    change: { kind: 'knob', knob: 'checkout/CACHE', value: '400' },
    strategy: 'canary',
    status: 'running',
    steps: [],
    step: 0,
    weight: 10,
    by: 'ana',
    startedAt: 0,
    ...rest,
  };
}

test('open alerts come before ended ones, those that page first, the latest first', () => {
  const alerts = [
    alert('ended', { endedAt: 9, severity: 'page' }),
    alert('ticket'),
    alert('early page', { severity: 'page', since: 1 }),
    alert('late page', { severity: 'page', since: 2 }),
  ];
  expect(sortAlerts(alerts).map(({ id }) => id)).toEqual(['late page', 'early page', 'ticket', 'ended']);
});

test('a rollback stands beside what is open for a while, though it is over', () => {
  const MINUTE = 60_000;
  const alerts = [
    alert('open', { since: 1 }),
    alert('over', { endedAt: 10 * MINUTE }),
    alert('rolled back', { kind: 'rollback', severity: 'page', endedAt: 10 * MINUTE }),
    alert('in vain', { severity: 'log' }),
  ];
  const at = (time: number): readonly string[] => urgentAlerts({ ...nothing, time, alerts }).map(({ id }) => id);
  expect(at(11 * MINUTE)).toEqual(['open', 'rolled back']);
  expect(at(26 * MINUTE)).toEqual(['open']);
});

test('a change that was done is told from what it changed, where that is known', () => {
  const action = { kind: 'knob' as const, knob: 'CACHE', from: 100, to: 400, unit: '' };
  const proposal = { id: 'p', action, reason: '', changesSemantics: false, relieves: [] };
  const expectedCost = { acting: 0, notActing: 0 };
  const rest = { effects: [], violationProbability: 0, expectedCost, confidence: 1, feasible: true };
  const change = { kind: 'knob' as const, knob: 'checkout/CACHE', value: '400' };
  const applied = { id: 'p', service: 'checkout', change, reason: '', proposedAt: 0, state: 'applied' as const };
  const proposals = [{ ...applied, recommendation: { proposal, ...rest }, effects: [] }];
  expect(rolloutParts(rollout('r1'), { ...nothing, proposals }).from).toBe('100');
  expect(rolloutParts(rollout('r1'), nothing).from).toBeUndefined();
});

test('only an alert that is open and was not known is new, and none is when the panel opens', () => {
  const before = { ...nothing, alerts: [alert('known')] };
  const after = { ...nothing, alerts: [alert('known'), alert('new'), alert('over', { endedAt: 1 })] };
  expect(newAlerts(before, after).map(({ id }) => id)).toEqual(['new']);
  expect(newAlerts(undefined, after)).toEqual([]);
});

test('an alert leads to what it is about, where that is shown', () => {
  const state = { ...nothing, rollouts: [rollout('r1')] };
  expect(subjectOf(alert('a', { about: 'r1' }), state)).toEqual({ kind: 'rollout', id: 'r1' });
  expect(subjectOf(alert('a', { about: 'gone' }), state)).toBeUndefined();
});

test('an alert about nothing else leads to its service', () => {
  const state = { ...nothing, services: [service('checkout')] };
  expect(subjectOf(alert('a'), state)).toEqual({ kind: 'service', id: 'checkout' });
  expect(subjectOf(alert('a'), nothing)).toBeUndefined();
});

test('what drifts in a service is drawn, where it is a signal', () => {
  const drift = {
    id: 'd1',
    kind: 'peer' as const,
    service: 'checkout',
    instance: 'checkout-1',
    metric: 'memoryBytes',
    score: 2,
    rarity: 0,
    since: 0,
    endedAt: undefined,
    evidence: [],
    heading: undefined,
    nearest: [],
    exemplars: [],
  };
  const drifting = service('checkout', 'd1');
  expect(signalOfDrift(drifting, { ...nothing, drifts: [drift] })).toBe('memoryBytes');
  expect(signalOfDrift(drifting, { ...nothing, drifts: [{ ...drift, metric: 'queue.length' }] })).toBe('latencyP95');
  expect(signalOfDrift(service('web'), { ...nothing, drifts: [drift] })).toBe('latencyP95');
});

test('a service that drifts is shown first, unless one was chosen', () => {
  const state = { ...nothing, services: [service('web'), service('checkout', 'd1')] };
  expect(shownService(state, undefined)?.name).toBe('checkout');
  expect(shownService(state, 'web')?.name).toBe('web');
  expect(shownService(state, 'gone')?.name).toBe('checkout');
  expect(shownService(nothing, undefined)).toBeUndefined();
});

test('how rare a drift is, in words', () => {
  expect(rarityText(3)).toBe('a healthy fleet shows this 3 times a week');
  expect(rarityText(0.1)).toBe('a healthy fleet shows this once in 10 weeks');
  expect(rarityText(0.01)).toBe('a healthy fleet shows this once in 1.9 years');
  expect(rarityText(0)).toBe('never seen in a healthy fleet');
});

describe('when a limit is reached', () => {
  const DAY = 86_400_000;
  const expected: Saturation = {
    state: 'expected',
    after: 3.2 * DAY,
    earliest: 2.1 * DAY,
    latest: undefined,
    level: 0.95,
    probability: 0.71,
    horizon: 7 * DAY,
  };

  test('is said with its interval and its chance', () => {
    expect(saturationText(expected)).toBe(
      'The limit is reached in about 3.2 days (95 %: 2.1 days to later than 7 days). The chance that it is within 7 days is 71 %.',
    );
  });

  test('is said where it is not expected, or is passed', () => {
    expect(saturationText({ ...expected, state: 'not-expected', after: undefined, probability: 0.02 })).toBe(
      'The limit is not expected to be reached. The chance that it is within 7 days is 2 %.',
    );
    expect(saturationText({ ...expected, state: 'passed' })).toBe('The limit is passed already.');
    expect(saturationText(undefined)).toBeUndefined();
  });
});

test('a change of a knob is told with its unit, and from what it shall be now', () => {
  const definition = {
    id: 'checkout/CACHE',
    target: 'node' as const,
    service: 'checkout',
    name: 'CACHE',
    unit: 'entries',
    bounds: { kind: 'range' as const, least: 1, most: 9, whole: true },
    applied: 'restart' as const,
    changesSemantics: false,
    allowed: true,
    description: '',
  };
  const state = { ...nothing, knobs: [{ definition, desired: '100', observed: '90' }] };
  const change = { kind: 'knob' as const, knob: 'checkout/CACHE', value: '400' };
  expect(changeParts(change, 'checkout', state)).toEqual({ what: 'CACHE', from: '100', to: '400', unit: 'entries' });
  expect(changeParts(change, 'checkout', nothing)).toEqual({
    what: 'checkout/CACHE',
    from: undefined,
    to: '400',
    unit: '',
  });
});

test('the tuner’s own prediction goes before the recommendation’s', () => {
  const recommendation = {
    proposal: { id: 'x', action: { kind: 'nothing' as const }, reason: '', changesSemantics: false, relieves: [] },
    effects: [],
    violationProbability: 0.2,
    expectedCost: { acting: 1, notActing: 2 },
    confidence: 0.9,
    feasible: true,
  };
  const proposal = {
    id: 'p',
    service: 'checkout',
    change: { kind: 'knob' as const, knob: 'k', value: '1' },
    reason: '',
    predicted: { violationIfNot: 0.6, confidence: 0.8 },
    proposedAt: 0,
    state: 'open' as const,
    recommendation,
    effects: [],
  };
  expect(oddsOf(proposal)).toEqual({ ifDone: 0.2, ifNot: 0.6, costOfActing: 1, costOfNotActing: 2, confidence: 0.8 });
});

test('what runs is held against what shall run: its build and each setting', () => {
  const configuration = {
    service: 'checkout',
    slot: 'blue',
    desired: { build: 'v2', configuration: { A: '1', B: '2' } },
    observed: [],
    weights: {},
  };
  const observed = { instance: 'i', image: { build: 'v1', configuration: { A: '1', C: '3' } } };
  expect(deviations(configuration, observed)).toEqual([
    'Build is v1, shall be v2',
    'B is not set, shall be 2',
    'C is 3, shall be not set',
  ]);
  expect(deviations(configuration, { instance: 'i', image: configuration.desired })).toEqual([]);
});

test('a hash is shortened, a name is not', () => {
  expect(shortBuild(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('sha256:01234567');
  expect(shortBuild('release-2')).toBe('release-2');
});

test('a rollout’s exemplars are those of the alerts about it, each once', () => {
  const exemplar = {
    recording: 'r',
    case: '1',
    symptom: 'failed' as const,
    service: 'checkout',
    instance: 'i',
    message: '',
    milliseconds: undefined,
    seenAt: 0,
  };
  const alerts = [
    alert('a', { about: 'r1', exemplars: [exemplar] }),
    alert('b', { about: 'r1', exemplars: [exemplar, { ...exemplar, case: '2' }] }),
    alert('c', { about: 'r2', exemplars: [{ ...exemplar, case: '3' }] }),
  ];
  expect(exemplarsOf(rollout('r1'), { ...nothing, alerts }).map((each) => each.case)).toEqual(['1', '2']);
});

test('an interval is open on the side whose bound is not known', () => {
  const metric: MetricState = { name: 'latency', decision: 'not-enough', high: 1.2, pWorse: 1, probabilityWorse: 0.5 };
  expect(boundsOf(metric)).toEqual({ low: -Infinity, high: 1.2 });
});

test('the journal is asked for again when something was done, and not when time goes on', () => {
  const state = { ...nothing, rollouts: [rollout('r1')] };
  expect(journalMark({ ...state, time: 5 })).toBe(journalMark(state));
  expect(journalMark({ ...state, rollouts: [rollout('r1', { status: 'promoted' })] })).not.toBe(journalMark(state));
});

test('a forecast says its risk, and what acting and not acting cost', () => {
  const risk = { violationProbability: 0.25, expectedViolation: 0, expectedCost: { acting: 1, notActing: 12.5 } };
  expect(riskText(risk, 'EUR')).toMatch(/probability of 25 % if nothing is done.* cost .*12\.5.*, and acting .*1\b/);
});
