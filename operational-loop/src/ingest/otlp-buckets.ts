/** Exponential histograms as buckets with upper bounds. */
import type { ExponentialPoint } from './otlp-messages.ts';

/** Buckets per doubling are 2 to this power at most: bounds stay the same while a sender refines its scale. */
const FINEST = 3;
const MOST_BUCKETS = 160;

/**
 * Cumulative counts by upper bound, ascending, the last `+Inf`. A bucket i of scale s holds what is greater than
 * 2^(i / 2^s) and at most 2^((i + 1) / 2^s) (OpenTelemetry's data model, ExponentialHistogram).
 */
export function exponentialBuckets(point: ExponentialPoint): (readonly [le: string, count: number])[] {
  const { count, zeroCount = 0, zeroThreshold = 0 } = point;
  const scale = coarseScale(point);
  const positive = coarse(point.positive, point.scale ?? 0, scale);
  const negative = coarse(point.negative, point.scale ?? 0, scale);
  const buckets: [string, number][] = [];
  let below = 0;
  for (const [index, found] of negative.toReversed()) {
    below += found;
    buckets.push([bound(-(2 ** (index / 2 ** scale))), below]);
  }
  below += zeroCount;
  buckets.push([bound(zeroThreshold), below]);
  for (const [index, found] of positive) {
    below += found;
    buckets.push([bound(2 ** ((index + 1) / 2 ** scale)), below]);
  }
  buckets.push(['+Inf', count]);
  return buckets;
}

function coarseScale(point: ExponentialPoint): number {
  const widest = Math.max(point.positive?.bucketCounts?.length ?? 0, point.negative?.bucketCounts?.length ?? 0);
  const reduction = Math.max(0, Math.ceil(Math.log2(Math.max(1, widest) / MOST_BUCKETS)));
  return Math.min(FINEST, (point.scale ?? 0) - reduction);
}

/** Indexes and counts at a coarser scale: each step joins neighbours two by two. */
function coarse(buckets: ExponentialPoint['positive'], from: number, to: number): (readonly [number, number])[] {
  const joined = new Map<number, number>();
  for (const [at, count] of (buckets?.bucketCounts ?? []).entries()) {
    const index = Math.floor(((buckets?.offset ?? 0) + at) / 2 ** (from - to));
    joined.set(index, (joined.get(index) ?? 0) + count);
  }
  return [...joined];
}

function bound(value: number): string {
  return String(Number(value.toPrecision(12)));
}
