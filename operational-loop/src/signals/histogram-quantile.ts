/** Quantiles of a histogram whose buckets count what is less than or equal to their bound. */

export interface Buckets {
  /** ascending; the last is Infinity */
  readonly bounds: Float64Array;
  /** cumulative: of everything up to the bound */
  readonly counts: Float64Array;
}

/**
 * As Prometheus defines `histogram_quantile` for classic histograms (promql/quantile.go, bucketQuantile): linear within the
 * bucket, the second highest bound where the quantile lies above it. NaN without observations or without a bucket `+Inf`.
 */
export function histogramQuantile(quantile: number, { bounds, counts }: Buckets): number {
  const last = bounds.length - 1;
  if (last < 1 || bounds[last] !== Infinity) return Number.NaN;
  const monotone = runningMaximum(counts);
  const all = monotone[last] as number;
  if (!(all > 0)) return Number.NaN;
  const rank = quantile * all;
  const found = monotone.findIndex((count) => count >= rank);
  const bucket = found < 0 ? last : found;
  if (bucket === last) return bounds[last - 1] as number;
  const end = bounds[bucket] as number;
  if (bucket === 0 && end <= 0) return end;
  const start = bucket === 0 ? 0 : (bounds[bucket - 1] as number);
  const below = bucket === 0 ? 0 : (monotone[bucket - 1] as number);
  return start + (end - start) * ((rank - below) / ((monotone[bucket] as number) - below));
}

/** Buckets by bound from text such as `0.25` and `+Inf`, in whatever order. */
export function bucketsFrom(counts: ReadonlyMap<string, number>): Buckets {
  const pairs = [...counts].map(([le, count]) => [parseBound(le), count] as const);
  const sorted = pairs.filter(([bound]) => !Number.isNaN(bound)).toSorted(([one], [other]) => one - other);
  return {
    bounds: Float64Array.from(sorted, ([bound]) => bound),
    counts: Float64Array.from(sorted, ([, count]) => count),
  };
}

/** A bound in Prometheus' notation; NaN for what is none. */
export function parseBound(le: string): number {
  return le === '+Inf' || le === 'Inf' ? Infinity : Number(le || Number.NaN);
}

function runningMaximum(counts: Float64Array): Float64Array {
  let most = 0;
  return counts.map((count) => (most = Math.max(most, count)));
}
