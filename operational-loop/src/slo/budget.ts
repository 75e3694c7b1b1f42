/** Error budgets: how much may still go wrong in an objective's window. */
import type { ErrorBudget, EventCounts, Objective } from '../model/objective.ts';
import type { UnixMs } from '../model/time.ts';
import { CountIndex, type Sums } from './counts.ts';
import { intervalOf, type Interval } from './windows.ts';

/** The budget at a moment. Counts before the window are not looked at. */
export function errorBudget(objective: Objective, counts: EventCounts, at: UnixMs): ErrorBudget {
  const interval = intervalOf(objective.window, at);
  const { good, total } = sumsOf(objective, new CountIndex(counts), interval);
  const sli = total > 0 ? good / total : 1;
  const allowed = (1 - objective.target) * total;
  const bad = total - good;
  const consumed = bad === 0 ? 0 : allowed > 0 ? bad / allowed : Infinity;
  return { objective: objective.name, ...interval, good, total, sli, allowed, consumed, remaining: 1 - consumed };
}

/** Events, or slices that count as an event each. */
function sumsOf({ budgeting }: Objective, index: CountIndex, { from, to }: Interval): Sums {
  if (budgeting.kind === 'occurrences') return index.between(from, to);
  let good = 0;
  let total = 0;
  for (let start = from; start < to; start += budgeting.slice) {
    const slice = index.between(start, Math.min(to, start + budgeting.slice));
    if (slice.total === 0) continue;
    const share = slice.good / slice.total;
    total++;
    good += budgeting.kind === 'timeslices' ? Number(share >= budgeting.sliceTarget) : share;
  }
  return { good, total };
}
