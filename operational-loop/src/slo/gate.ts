/** The freeze policy: while a budget is spent, or burns fast, only what restores it goes out. */
import type { BurnAlert, ErrorBudget, GateResult } from '../model/objective.ts';

export interface FreezePolicy {
  /** frozen where no more than this share of a budget remains; 0 unless given */
  readonly leastRemaining?: number;
  /** frozen while an alert of severity `page` fires; yes unless given */
  readonly whilePaging?: boolean;
}

export function gate(
  budgets: readonly ErrorBudget[],
  alerts: readonly BurnAlert[],
  { leastRemaining = 0, whilePaging = true }: FreezePolicy = {},
): GateResult {
  const spent = budgets
    .filter(({ remaining }) => remaining <= leastRemaining)
    .map(({ objective, consumed }) => `${objective}: ${percent(consumed)} of its error budget is used.`);
  const burning = alerts
    .filter(({ firing, rule }) => whilePaging && firing && rule.severity === 'page')
    .map(
      ({ objective, rule, longBurn }) =>
        `${objective}: the budget burns ${longBurn.toFixed(1)} times as fast as allowed (${rule.name}).`,
    );
  const reasons = [...spent, ...burning];
  const frozen = reasons.length > 0;
  return { decision: frozen ? 'frozen' : 'open', exitCode: frozen ? 1 : 0, reasons, budgets };
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(100 * share)} %` : 'all';
}
