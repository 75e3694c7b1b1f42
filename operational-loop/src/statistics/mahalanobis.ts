/** How far a point is from a cloud of points, in the cloud's own terms. */
import { cholesky, solveLower } from './matrix.ts';
import { mean } from './robust.ts';

/** A cloud's centre and spread. */
export interface Cloud {
  readonly centre: Float64Array;
  /** of its covariance: the lower triangle, rows one after another */
  readonly cholesky: Float64Array;
}

/**
 * `columns`: a variable each, all of one length, without NaN. `shrinkage` (0 to 1) draws the covariance towards its diagonal,
 * which keeps it of full rank where there are few points; unless given it is that of Schäfer & Strimmer 2005 (target D).
 */
export function cloudOf(columns: readonly Float64Array[], shrinkage = shrinkageOf(columns)): Cloud {
  const size = columns.length;
  const centre = Float64Array.from(columns, (column) => mean(column));
  const covariance = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const kept = a === b ? 1 : 1 - shrinkage;
      covariance[a * size + b] = kept * covarianceOf(columns[a]!, columns[b]!, centre[a]!, centre[b]!);
    }
  }
  return { centre, cholesky: cholesky(covariance, size) };
}

/** The distance of a point (as many values as the cloud has variables). */
export function mahalanobis({ centre, cholesky: lower }: Cloud, point: Float64Array): number {
  const away = new Float64Array(point.length);
  for (let i = 0; i < away.length; i++) away[i] = point[i]! - centre[i]!;
  const scaled = solveLower(lower, away);
  let squares = 0;
  for (let i = 0; i < scaled.length; i++) squares += scaled[i]! ** 2;
  return Math.sqrt(squares);
}

function covarianceOf(a: Float64Array, b: Float64Array, centreA: number, centreB: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - centreA) * (b[i]! - centreB);
  return sum / Math.max(1, a.length - 1);
}

/** The share that brings the expected squared error of the correlations to its least. */
function shrinkageOf(columns: readonly Float64Array[]): number {
  const n = columns[0]?.length ?? 0;
  if (n < 4) return 1;
  const standard = columns.map(standardised);
  let uncertain = 0;
  let squares = 0;
  for (let a = 0; a < standard.length; a++) {
    for (let b = 0; b < a; b++) {
      const products = standard[a]!.map((value, i) => value * standard[b]![i]!);
      const centre = mean(products);
      const spread = products.reduce((sum, value) => sum + (value - centre) ** 2, 0);
      uncertain += (n / (n - 1) ** 3) * spread;
      squares += ((n / (n - 1)) * centre) ** 2;
    }
  }
  return squares > 0 ? Math.min(1, uncertain / squares) : 1;
}

function standardised(column: Float64Array): Float64Array {
  const centre = mean(column);
  const sd = Math.sqrt(covarianceOf(column, column, centre, centre)) || 1;
  return column.map((value) => (value - centre) / sd);
}
