/** Distances of two samples: the population stability index and the Wasserstein distance. NaN is left out. */
import { quantileOfSorted, sorted } from './robust.ts';

/**
 * The population stability index of `actual` against `expected`, over bins of equal share of `expected`: Σ (a − e)·ln(a / e).
 * Usual reading: below 0.1 stable, above 0.25 shifted. Empty bins count as half a value. NaN where a sample is empty.
 */
export function populationStability(expected: ArrayLike<number>, actual: ArrayLike<number>, bins = 10): number {
  return stabilityOfSorted(sorted(expected), sorted(actual), bins);
}

/** The same of ascending samples without NaN. */
export function stabilityOfSorted(reference: Float64Array, actual: Float64Array, bins = 10): number {
  const edges: number[] = [];
  for (let i = 1; i < bins; i++) {
    const edge = quantileOfSorted(reference, i / bins);
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  return stabilityOfCounts(countsOf(reference, edges), countsOf(actual, edges));
}

/** The same of counts by bin (or category), both in one order. */
export function stabilityOfCounts(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  const expectedTotal = sum(expected);
  const actualTotal = sum(actual);
  if (expectedTotal === 0 || actualTotal === 0) return Number.NaN;
  let index = 0;
  for (let i = 0; i < expected.length; i++) {
    const e = (expected[i]! || 0.5) / expectedTotal;
    const a = (actual[i]! || 0.5) / actualTotal;
    if (expected[i] || actual[i]) index += (a - e) * Math.log(a / e);
  }
  return index;
}

/** The Wasserstein-1 (earth mover's) distance, in the samples' unit: the area between their distribution functions. */
export function wasserstein(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return wassersteinOfSorted(sorted(a), sorted(b));
}

/** The same of ascending samples without NaN. */
export function wassersteinOfSorted(first: Float64Array, second: Float64Array): number {
  if (first.length === 0 || second.length === 0) return Number.NaN;
  let i = 0;
  let j = 0;
  let area = 0;
  let before = Math.min(first[0]!, second[0]!);
  while (i < first.length || j < second.length) {
    const next = Math.min(first[i] ?? Infinity, second[j] ?? Infinity);
    area += Math.abs(i / first.length - j / second.length) * (next - before);
    before = next;
    while (first[i] === next) i++;
    while (second[j] === next) j++;
  }
  return area;
}

function countsOf(ascending: Float64Array, edges: readonly number[]): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  let bin = 0;
  for (const value of ascending) {
    while (bin < edges.length && value > edges[bin]!) bin++;
    counts[bin]!++;
  }
  return counts;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
