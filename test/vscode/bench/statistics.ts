/** Quantiles of a few measurements. */

/** By nearest rank; `share` from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function rounded(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}
