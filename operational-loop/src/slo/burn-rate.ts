/**
 * Alerts on the rate at which a budget is spent, over a long and a short window together (Beyer et al. 2018, "The Site
 * Reliability Workbook", chapter 5): the long window says that it matters, the short one that it still goes on.
 */
import type { BurnAlert, BurnRule, EventCounts, Objective } from '../model/objective.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import { CountIndex } from './counts.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';

/** The workbook's, for a window of 30 days: 2 % of the budget in 1 h and 5 % in 6 h page; 10 % in 1 and in 3 days are tickets. */
export const USUAL_RULES: readonly BurnRule[] = [
  { name: 'page 1 h', factor: 14.4, long: HOUR, short: 5 * MINUTE, after: 0, severity: 'page' },
  { name: 'page 6 h', factor: 6, long: 6 * HOUR, short: 30 * MINUTE, after: 0, severity: 'page' },
  { name: 'ticket 1 d', factor: 3, long: DAY, short: 2 * HOUR, after: 0, severity: 'ticket' },
  { name: 'ticket 3 d', factor: 1, long: 3 * DAY, short: 6 * HOUR, after: 0, severity: 'ticket' },
];

/** How many times faster than allowed the budget was spent over the window that ends at `at`; 0 where nothing happened. */
export function burnRate(index: CountIndex, target: number, at: UnixMs, window: Milliseconds): number {
  const { good, total } = index.between(at - window, at);
  return total > 0 ? (total - good) / total / (1 - target) : 0;
}

/** The state of each of the objective's rules at a moment. */
export function burnAlerts(objective: Objective, counts: EventCounts, at: UnixMs): readonly BurnAlert[] {
  const index = new CountIndex(counts);
  return objective.rules.map((rule) => {
    const since = burningSince(index, objective.target, rule, at);
    return {
      objective: objective.name,
      rule,
      longBurn: burnRate(index, objective.target, at, rule.long),
      shortBurn: burnRate(index, objective.target, at, rule.short),
      firing: since !== undefined && at - since >= rule.after,
      since,
    };
  });
}

/** Since when both windows have been above the factor without a pause; undefined: they are not. */
function burningSince(index: CountIndex, target: number, rule: BurnRule, at: UnixMs): UnixMs | undefined {
  if (!burns(index, target, rule, at)) return undefined;
  let since = at;
  for (let i = index.after(at) - 1; i >= 0; i--) {
    const time = index.times[i]!;
    if (!burns(index, target, rule, time)) break;
    since = time;
  }
  return since;
}

function burns(index: CountIndex, target: number, { factor, long, short }: BurnRule, at: UnixMs): boolean {
  return burnRate(index, target, at, long) >= factor && burnRate(index, target, at, short) >= factor;
}
