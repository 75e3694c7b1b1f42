/** Does one column move with another? Pairs with a NaN are left out. */
import { tCdf } from './distributions.ts';

export interface CorrelationTest {
  /** −1 to 1; NaN where a column is constant or fewer than three pairs are left */
  readonly r: number;
  /** two-sided, of no correlation */
  readonly p: number;
  readonly pairs: number;
}

/** Pearson's correlation; p by Student's t, exact for normal values that are independent in time. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): CorrelationTest {
  const [x, y] = completePairs(a, b);
  return tested(correlationOf(x, y), x.length);
}

/** Spearman's rank correlation, ties with their mean rank; p by Student's t. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): CorrelationTest {
  const [x, y] = completePairs(a, b);
  return tested(correlationOf(ranks(x), ranks(y)), x.length);
}

/**
 * Spearman's correlation where the columns are series in time, whose neighbouring values are alike: p counts as many pairs as
 * independent ones would tell as much (Bartlett 1946; Pyper & Peterman 1998).
 */
export function spearmanOfSeries(a: ArrayLike<number>, b: ArrayLike<number>): CorrelationTest {
  const [x, y] = completePairs(a, b);
  const [rankX, rankY] = [ranks(x), ranks(y)];
  return tested(correlationOf(rankX, rankY), effectivePairs(rankX, rankY));
}

export interface LagCorrelation {
  /** steps by which `b` follows `a`; negative where it leads */
  readonly lag: number;
  readonly r: number;
}

/** Pearson's correlation of a[t] with b[t + lag] for each lag from −most to most. */
export function crossCorrelation(a: ArrayLike<number>, b: ArrayLike<number>, most: number): readonly LagCorrelation[] {
  const all: LagCorrelation[] = [];
  for (let lag = -most; lag <= most; lag++) {
    const x: number[] = [];
    const y: number[] = [];
    for (let t = Math.max(0, -lag); t < Math.min(a.length, b.length - lag); t++) {
      if (Number.isNaN(a[t]!) || Number.isNaN(b[t + lag]!)) continue;
      x.push(a[t]!);
      y.push(b[t + lag]!);
    }
    all.push({ lag, r: x.length < 3 ? Number.NaN : correlationOf(x, y) });
  }
  return all;
}

/** The lag of the greatest correlation by amount; undefined where there is none. */
export function bestLag(a: ArrayLike<number>, b: ArrayLike<number>, most: number): LagCorrelation | undefined {
  let best: LagCorrelation | undefined;
  for (const found of crossCorrelation(a, b, most)) {
    if (!Number.isNaN(found.r) && (best === undefined || Math.abs(found.r) > Math.abs(best.r))) best = found;
  }
  return best;
}

/** Ranks from 1, equal values with the mean of theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let k = from; k <= to; k++) result[order[k]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return result;
}

/**
 * How many independent values would tell as much of the mean as these, whose neighbours are alike: n over 1 + 2·Σρ, summed up to
 * the first lag at which the correlation is gone (Geyer 1992, initial positive sequence). Between 1 and n.
 */
export function effectiveSize(values: ArrayLike<number>): number {
  const n = values.length;
  const centred = new Float64Array(n);
  let centre = 0;
  for (let i = 0; i < n; i++) centre += values[i]! / n;
  for (let i = 0; i < n; i++) centred[i] = values[i]! - centre;
  const total = laggedProducts(centred, 0);
  let inflation = 1;
  for (let lag = 1; total > 0 && lag < n / 3; lag += 2) {
    const pair = (laggedProducts(centred, lag) + laggedProducts(centred, lag + 1)) / total;
    if (pair <= 0) break;
    inflation += 2 * pair;
  }
  return Math.max(1, Math.min(n, n / inflation));
}

function laggedProducts(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < values.length; i++) sum += values[i]! * values[i - lag]!;
  return sum;
}

/** The correlation of a series with itself one step later, and so on: values[0] is lag 1. */
export function autocorrelations(values: ArrayLike<number>, most: number): Float64Array {
  let centre = 0;
  for (let i = 0; i < values.length; i++) centre += values[i]! / values.length;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i]! - centre) ** 2;
  return Float64Array.from({ length: most }, (_, k) => {
    let sum = 0;
    for (let i = k + 1; i < values.length; i++) sum += (values[i]! - centre) * (values[i - k - 1]! - centre);
    return total > 0 ? sum / total : 0;
  });
}

function effectivePairs(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  const most = Math.min(n - 1, Math.max(1, Math.floor(n / 5)));
  const ofX = autocorrelations(x, most);
  const ofY = autocorrelations(y, most);
  let inflation = 1;
  for (let k = 1; k <= most; k++) inflation += 2 * ((n - k) / n) * ofX[k - 1]! * ofY[k - 1]!;
  return n / Math.max(1, inflation);
}

function tested(r: number, pairs: number): CorrelationTest {
  if (Number.isNaN(r) || pairs < 3) return { r: pairs < 3 ? Number.NaN : r, p: Number.NaN, pairs };
  const rest = 1 - r * r;
  if (rest <= 1e-15) return { r, p: 0, pairs };
  const t = Math.abs(r) * Math.sqrt((pairs - 2) / rest);
  return { r, p: Math.min(1, 2 * tCdf(-t, pairs - 2)), pairs };
}

function correlationOf(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i]! / n;
    meanY += y[i]! / n;
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}

function completePairs(a: ArrayLike<number>, b: ArrayLike<number>): readonly [readonly number[], readonly number[]] {
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (Number.isNaN(a[i]!) || Number.isNaN(b[i]!)) continue;
    x.push(a[i]!);
    y.push(b[i]!);
  }
  return [x, y];
}
