import { expect, test } from 'vitest';
import type { EventCounts, Objective } from '../model/objective.ts';
import { errorBudget } from './budget.ts';
import { burnAlerts, burnRate, USUAL_RULES } from './burn-rate.ts';
import { CountIndex, countsOfValues, increments } from './counts.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import { gate } from './gate.ts';
import { intervalOf } from './windows.ts';

const START = Date.UTC(2026, 0, 1);

/** A request a second for so many minutes; `bad` says how many of a minute's 60 fail. */
function minutes(count: number, bad: (minute: number) => number): EventCounts {
  const times = Float64Array.from({ length: count }, (_, i) => START + (i + 1) * MINUTE);
  const total = new Float64Array(count).fill(60);
  return { times, total, good: total.map((value, i) => value - bad(i)) };
}

function objective(change: Partial<Objective> = {}): Objective {
  return {
    name: 'availability',
    title: 'Availability',
    service: 'shop',
    description: '',
    indicator: { kind: 'threshold', value: { source: '', query: '' }, op: 'lte', limit: 1 },
    target: 0.999,
    window: { kind: 'rolling', length: 30 * DAY },
    budgeting: { kind: 'occurrences' },
    rules: USUAL_RULES,
    ...change,
  };
}

test('a budget is the share of events that may be bad', () => {
  const counts = minutes(1000, (minute) => (minute === 10 ? 30 : 0));
  const budget = errorBudget(objective(), counts, START + 1000 * MINUTE);
  expect(budget).toMatchObject({ total: 60_000, good: 59_970, sli: 0.9995 });
  expect(budget.allowed).toBeCloseTo(60, 9);
  expect(budget.consumed).toBeCloseTo(0.5, 9);
  expect(budget.remaining).toBeCloseTo(0.5, 9);
});

test('nothing happened: nothing is used', () => {
  expect(
    errorBudget(
      objective(),
      minutes(0, () => 0),
      START,
    ),
  ).toMatchObject({ sli: 1, consumed: 0, remaining: 1 });
});

test('slices of time are good or bad as a whole', () => {
  const sliced = objective({
    target: 0.9,
    window: { kind: 'rolling', length: 100 * MINUTE },
    budgeting: { kind: 'timeslices', slice: 5 * MINUTE, sliceTarget: 0.95 },
  });
  // one slice all bad, one with 4 % bad
  const counts = minutes(100, (minute) => (minute < 5 ? 60 : minute === 7 ? 12 : 0));
  expect(errorBudget(sliced, counts, START + 100 * MINUTE)).toMatchObject({ total: 20, good: 19 });
});

// The Site Reliability Workbook, table 5-2: at a target of 99.9 % over 30 days, a burn rate of 14.4 uses 2 % of the budget in
// an hour, 6 uses 5 % in 6 hours, 1 uses 10 % in 3 days.
test('the usual factors use the shares of the budget that the workbook says', () => {
  const used = USUAL_RULES.map(({ factor, long }) => (factor * long) / (30 * DAY));
  expect(used.map((share) => Number(share.toFixed(6)))).toEqual([0.02, 0.05, 0.1, 0.1]);
});

test('an outage of 1.5 % pages over both windows, and stops when it ends', () => {
  // three days of calm, then 1.5 % bad: a burn rate of 15
  const calm = 3 * 24 * 60;
  const counts = minutes(calm + 120, (minute) => (minute >= calm && minute < calm + 60 ? 0.9 : 0));
  const at = (minute: number) => burnAlerts(objective(), counts, START + minute * MINUTE);
  const [page] = at(calm + 60);
  expect(page!.longBurn).toBeCloseTo(15, 6);
  expect(page!.firing).toBe(true);
  // the hour's burn rate passes 14.4 after 57.6 minutes
  expect(page!.since).toBe(START + (calm + 58) * MINUTE);
  expect(at(calm + 57)[0]!.firing).toBe(false);
  expect(at(calm + 66)[0]!.firing).toBe(false);
  expect(at(calm + 66)[0]!.shortBurn).toBe(0);
});

test('a condition that has to last is told after it has', () => {
  const rules = [{ ...USUAL_RULES[0]!, after: 10 * MINUTE }];
  const counts = minutes(300, (minute) => (minute >= 60 ? 6 : 0));
  const firing = (minute: number) => burnAlerts(objective({ rules }), counts, START + minute * MINUTE)[0]!;
  const since = firing(200).since!;
  expect(firing((since - START) / MINUTE + 9).firing).toBe(false);
  expect(firing((since - START) / MINUTE + 10).firing).toBe(true);
});

test('sums over an index equal plain sums', () => {
  const counts = minutes(50, (minute) => minute % 7);
  const index = new CountIndex(counts);
  for (const [from, to] of [
    [0, 50],
    [3, 4],
    [10, 10],
    [-5, 7],
    [40, 99],
  ] as const) {
    let bad = 0;
    for (let i = 0; i < 50; i++) if (i + 1 > from && i + 1 <= to) bad += i % 7;
    const { good, total } = index.between(START + from * MINUTE, START + to * MINUTE);
    expect(total - good).toBe(bad);
  }
  expect(burnRate(index, 0.999, START, HOUR)).toBe(0);
});

test('a counter that began anew counts from 0', () => {
  expect([...increments(Float64Array.of(5, 7, 3, 3, 10))]).toEqual([0, 2, 3, 0, 7]);
  expect([...countsOfValues(Float64Array.of(1, 2, 3), Float64Array.of(1, Number.NaN, 5), 'lte', 2).good]).toEqual([
    1, 0, 0,
  ]);
});

test('a calendar window begins at its turn, by the clock of its zone', () => {
  const window = {
    kind: 'calendar',
    unit: 'month',
    count: 1,
    start: Date.UTC(2025, 11, 31, 23),
    timeZone: 'Europe/Berlin',
  } as const;
  // summer time: midnight of 1 June is 22:00 UTC of the day before
  expect(intervalOf(window, Date.UTC(2026, 5, 15)).from).toBe(Date.UTC(2026, 4, 31, 22));
  expect(intervalOf(window, Date.UTC(2026, 1, 1)).from).toBe(Date.UTC(2026, 0, 31, 23));
  const weeks = { kind: 'calendar', unit: 'week', count: 2, start: START, timeZone: 'UTC' } as const;
  expect(intervalOf(weeks, START + 20 * DAY).from).toBe(START + 14 * DAY);
});

test('the gate freezes on a spent budget and while a page fires, and says why', () => {
  const spent = minutes(100, (minute) => (minute < 20 ? 30 : 0));
  const at = START + 100 * MINUTE;
  const budgets = [errorBudget(objective(), spent, at)];
  const frozen = gate(budgets, burnAlerts(objective(), spent, at));
  expect(frozen).toMatchObject({ decision: 'frozen', exitCode: 1 });
  expect(frozen.reasons).toEqual(['availability: 10000 % of its error budget is used.']);
  const calm = minutes(100, () => 0);
  expect(gate([errorBudget(objective(), calm, at)], burnAlerts(objective(), calm, at))).toMatchObject({
    decision: 'open',
    exitCode: 0,
    reasons: [],
  });
  const outage = minutes(100, (minute) => (minute > 60 ? 10 : 0));
  expect(gate([], burnAlerts(objective(), outage, at)).reasons[0]).toMatch('times as fast as allowed (page 1 h)');
});
