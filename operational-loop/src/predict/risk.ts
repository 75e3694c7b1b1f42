/** The risk of a forecast and of a canary's step: the chance to violate an objective, and what acting and not acting cost. */
import { passingChance, type Direction } from '../forecast/passing.ts';
import type { Forecast } from '../model/forecast.ts';
import type { Costs, Risk } from '../model/prediction.ts';
import type { Milliseconds } from '../model/time.ts';

const HOUR = 3_600_000;

export interface ForecastLimit {
  readonly limit: number;
  readonly direction?: Direction;
  readonly step: Milliseconds;
  readonly costs: Costs;
  /** the share of the violation that acting takes away; 1 unless given */
  readonly relief?: number;
}

/** Of a metric that is forecast against its limit. Acting costs the change and what of the violation it leaves. */
export function forecastRisk(
  forecasted: Pick<Forecast, 'mean' | 'distribution'>,
  { limit, direction = 'above', step, costs, relief = 1 }: ForecastLimit,
): Risk {
  const { byStep, anywhere } = passingChance(forecasted, limit, direction);
  const expectedViolation = byStep.reduce((sum, chance) => sum + chance * step, 0);
  const notActing = (costs.violationPerHour * expectedViolation) / HOUR;
  return {
    violationProbability: anywhere,
    expectedViolation,
    expectedCost: { acting: costs.perChange + (1 - relief) * notActing, notActing },
  };
}

export interface CanaryStep {
  /** that the canary violates the objective, as the judge has it */
  readonly violationProbability: number;
  /** of the requests that the next step sends to it, 0 to 1 */
  readonly share: number;
  /** how long the step takes until the judge can stop it */
  readonly length: Milliseconds;
  readonly costs: Costs;
  /** what the change is worth if it is good, in the costs' currency */
  readonly benefit: number;
}

/** Acting is taking the next step; not acting is stopping here, which gives the benefit away where the change is good. */
export function canaryRisk({ violationProbability, share, length, costs, benefit }: CanaryStep): Risk {
  const expectedViolation = violationProbability * length;
  return {
    violationProbability,
    expectedViolation,
    expectedCost: {
      acting: (costs.violationPerHour * share * expectedViolation) / HOUR,
      notActing: (1 - violationProbability) * benefit,
    },
  };
}
