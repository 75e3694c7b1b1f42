import { expect, test } from 'vitest';
import { normalQuantile } from '../statistics/distributions.ts';
import { canaryRisk, forecastRisk } from './risk.ts';

const HOUR = 3_600_000;
const costs = { violationPerHour: 100, perChange: 8 };

test('a forecast’s risk is the chance of each hour times what an hour costs', () => {
  const quantiles = Float64Array.from({ length: 400 }, (_, i) => normalQuantile((i + 0.5) / 400));
  const distribution = {
    scale: Float64Array.of(1, 1),
    quantiles,
    persistence: 0,
    common: new Float64Array(2),
    walk: false,
  };
  // at 2 deviations below and at the limit: 0.0228 and 0.5
  const risk = forecastRisk(
    { mean: Float64Array.of(8, 10), distribution },
    { limit: 10, step: HOUR, costs, relief: 0.9 },
  );
  expect(risk.expectedViolation / HOUR).toBeCloseTo(0.5228, 2);
  expect(risk.expectedCost.notActing).toBeCloseTo(52.28, 0);
  expect(risk.expectedCost.acting).toBeCloseTo(8 + 5.228, 1);
  expect(risk.violationProbability).toBeCloseTo(1 - 0.5 * 0.9772, 1);
});

test('a canary’s next step costs what its share of the requests may suffer, and stopping what it is worth', () => {
  const risk = canaryRisk({ violationProbability: 0.2, share: 0.1, length: HOUR / 2, costs, benefit: 5 });
  expect(risk.expectedCost.acting).toBeCloseTo(1, 12);
  expect(risk.expectedCost.notActing).toBe(4);
});
