/** What values a metric can have: none is below zero, and not more than all requests fail. */
import type { MetricRole } from '../model/prediction.ts';

export function possible(metric: MetricRole, value: number): number {
  return Math.min(metric === 'errorRatio' ? 1 : Infinity, Math.max(0, value));
}
