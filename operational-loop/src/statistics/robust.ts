/** Measures of place and spread that a few wild values do not move. NaN stands for a missing value and is left out. */

/** The normal distribution's standard deviation over its median absolute deviation. */
const MAD_TO_SD = 1.482602218505602;

/** A sorted copy without NaN. */
export function sorted(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) kept[count++] = values[i]!;
  return kept.slice(0, count).sort();
}

/**
 * The quantile of ascending values, between neighbours by a straight line (type 7 of Hyndman & Fan 1996, as R and NumPy do
 * unless told otherwise). NaN of nothing.
 */
export function quantileOfSorted(ascending: Float64Array, p: number): number {
  const last = ascending.length - 1;
  if (last < 0) return Number.NaN;
  const at = Math.min(1, Math.max(0, p)) * last;
  const below = ascending[Math.floor(at)]!;
  const above = ascending[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(sorted(values), p);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** The sample's variance (n − 1); NaN of fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sum += (value - centre) ** 2;
    count++;
  }
  return count < 2 ? Number.NaN : sum / (count - 1);
}

/** The median absolute deviation, scaled so that it estimates a normal distribution's standard deviation. */
export function mad(values: ArrayLike<number>): number {
  const centre = median(values);
  return MAD_TO_SD * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}
