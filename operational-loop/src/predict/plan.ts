/** What the planned workload multiplies the usual load by. */
import type { FleetHistory, PredictionInput, Workload } from '../model/prediction.ts';
import type { UnixMs } from '../model/time.ts';
import { mean } from '../statistics/robust.ts';
import { numbersOf } from './columns.ts';

const HOUR = 3_600_000;
const MONTH = 30.44 * 24 * HOUR;

/** A factor for each time; 1 throughout without a plan. */
export function plannedFactors(
  { workload, seasons }: PredictionInput,
  history: FleetHistory,
  times: readonly UnixMs[],
): readonly number[] {
  if (!workload) return times.map(() => 1);
  const level = levelFactor(workload, history, seasons.at(-1) ?? 1);
  const from = history.start + history.steps * history.step;
  return times.map((time) => {
    const growth = growthFactor(workload, (time - from) / MONTH);
    return level * growth * peakFactor(workload, time) * eventFactor(workload, time);
  });
}

/** The present load that the plan names, against the one measured over the last season. */
function levelFactor(workload: Workload, { load }: FleetHistory, season: number): number {
  const named = namedLoad(workload);
  const measured = mean(numbersOf(load).subarray(-Math.max(1, season)));
  return named !== undefined && measured > 0 ? named / measured : 1;
}

function namedLoad({ users, requestsPerUser, transactions }: Workload): number | undefined {
  if (users && requestsPerUser !== undefined) return users.now * requestsPerUser;
  return transactions?.reduce((sum, { rate }) => sum + rate, 0);
}

function growthFactor({ users, transactions }: Workload, months: number): number {
  if (users) return (1 + (users.growthPerMonth ?? 0)) ** months;
  const now = transactions?.reduce((sum, { rate }) => sum + rate, 0) ?? 0;
  if (!transactions || now === 0) return 1;
  const then = transactions.reduce(
    (sum, { rate, growthPerMonth = 0 }) => sum + rate * (1 + growthPerMonth) ** months,
    0,
  );
  return then / now;
}

function peakFactor({ peaks = [] }: Workload, time: UnixMs): number {
  const date = new Date(time);
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60;
  let factor = 1;
  for (const { from, to, factor: of, days } of peaks) {
    const within = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
    if (within && (days?.includes(date.getUTCDay()) ?? true)) factor *= of;
  }
  return factor;
}

function eventFactor({ events = [] }: Workload, time: UnixMs): number {
  return events.reduce((factor, event) => (time >= event.from && time < event.to ? factor * event.factor : factor), 1);
}
