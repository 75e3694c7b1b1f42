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

/** NaN is left out; NaN of both where a sample is empty. Ties are met together, which makes p too great rather than too small. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const first = sorted(a);
  const second = sorted(b);
  if (first.length === 0 || second.length === 0) return { statistic: Number.NaN, p: Number.NaN };
  const statistic = greatestDistance(first, second);
  const exact = first.length * second.length <= EXACT_UP_TO;
  const p = exact
    ? exactP(statistic, first.length, second.length)
    : asymptoticP(statistic, first.length, second.length);
  return { statistic, p: Math.min(1, Math.max(0, p)) };
}

function greatestDistance(first: Float64Array, second: Float64Array): number {
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

/** Kolmogorov's series with the correction of Stephens 1970 for finite samples. */
function asymptoticP(statistic: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
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
