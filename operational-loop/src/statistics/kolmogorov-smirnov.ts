/** The two-sample Kolmogorov-Smirnov test: do two samples come from one distribution? */
import { sorted } from './robust.ts';

export interface KolmogorovSmirnov {
  /** the greatest distance of the two distribution functions, 0 to 1 */
  readonly statistic: number;
  /** the chance of so great a distance where both come from one distribution (two-sided) */
  readonly p: number;
}

/** Above this product of the sample sizes the asymptotic distribution is used. */
const EXACT_UP_TO = 10_000;

/** How many independent values two samples, whose neighbours in time are alike, are worth: see `effectiveSize`. */
export interface EffectiveSizes {
  readonly first: number;
  readonly second: number;
}

/** √(nm / (n + m)): what a distance of two samples is multiplied by so that it means the same whatever their sizes. */
export function jointSize({ first, second }: EffectiveSizes): number {
  return Math.sqrt((first * second) / (first + second));
}

/** The greatest distance of the distribution functions of two ascending samples, neither empty. */
export function greatestDistance(first: Float64Array, second: Float64Array): number {
  let i = 0;
  let j = 0;
  let greatest = 0;
  while (i < first.length && j < second.length) {
    const value = Math.min(first[i]!, second[j]!);
    while (i < first.length && first[i] === value) i++;
    while (j < second.length && second[j] === value) j++;
    greatest = Math.max(greatest, Math.abs(i / first.length - j / second.length));
  }
  return greatest;
}

/** NaN is left out; NaN of both where a sample is empty. Ties are met together, which makes p too great rather than too small. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const first = sorted(a);
  const second = sorted(b);
  if (first.length === 0 || second.length === 0) return { statistic: Number.NaN, p: Number.NaN };
  const statistic = greatestDistance(first, second);
  const exact = first.length * second.length <= EXACT_UP_TO;
  const p = exact
    ? exactP(statistic, first.length, second.length)
    : distanceP(statistic, { first: first.length, second: second.length });
  return { statistic, p: Math.min(1, Math.max(0, p)) };
}

/**
 * One minus the share of lattice paths that stay nearer than the statistic (Hodges 1958), as shares so that nothing overflows:
 * each cell holds the probability that a path through it has stayed inside.
 */
function exactP(statistic: number, n: number, m: number): number {
  const edge = statistic - 1e-12;
  const inside = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (i === 0 && j === 0) inside[0] = 1;
      else if (Math.abs(i / n - j / m) >= edge) inside[j] = 0;
      else {
        // the last step came from the first sample with the chance i / (i + j)
        const fromFirst = i === 0 ? 0 : inside[j]!;
        const fromSecond = j === 0 ? 0 : inside[j - 1]!;
        inside[j] = (i * fromFirst + j * fromSecond) / (i + j);
      }
    }
  }
  return 1 - inside[m]!;
}

/**
 * The chance of so great a distance of large samples from one distribution: Kolmogorov's series with the correction of Stephens
 * 1970 for finite samples.
 */
export function distanceP(statistic: number, sizes: EffectiveSizes): number {
  const root = jointSize(sizes);
  const lambda = (root + 0.12 + 0.11 / root) * statistic;
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
    sum += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return sum;
}
