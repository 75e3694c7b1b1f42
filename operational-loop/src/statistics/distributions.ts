/**
 * Distribution functions and quantiles, by jStat: within 1e-8 of tabulated values. `cdf` is P(X ≤ x); probabilities outside
 * [0, 1] and degrees of freedom of 0 or less give NaN.
 */
import jstat from 'jstat';

const { jStat } = jstat;

export function normalCdf(x: number): number {
  // erfc keeps the far tail's digits, where 1 + erf would lose them
  return jStat.erfc(-x / Math.SQRT2) / 2;
}

export function normalQuantile(p: number): number {
  return quantileOf(p, -Infinity, Infinity, (inside) => jStat.normal.inv(inside, 0, 1));
}

export function tCdf(x: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  return Number.isFinite(degrees) ? jStat.studentt.cdf(x, degrees) : normalCdf(x);
}

export function tQuantile(p: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  return quantileOf(p, -Infinity, Infinity, (inside) => jStat.studentt.inv(inside, degrees));
}

export function chiSquareCdf(x: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  return x <= 0 ? 0 : jStat.chisquare.cdf(x, degrees);
}

export function chiSquareQuantile(p: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  return quantileOf(p, 0, Infinity, (inside) => jStat.chisquare.inv(inside, degrees));
}

export function fCdf(x: number, numerator: number, denominator: number): number {
  if (!(numerator > 0 && denominator > 0)) return Number.NaN;
  return x <= 0 ? 0 : jStat.centralF.cdf(x, numerator, denominator);
}

export function fQuantile(p: number, numerator: number, denominator: number): number {
  if (!(numerator > 0 && denominator > 0)) return Number.NaN;
  return quantileOf(p, 0, Infinity, (inside) => jStat.centralF.inv(inside, numerator, denominator));
}

export function betaQuantile(p: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) return Number.NaN;
  return quantileOf(p, 0, 1, (inside) => jStat.beta.inv(inside, a, b));
}

function quantileOf(p: number, least: number, most: number, inside: (p: number) => number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return least;
  return p === 1 ? most : inside(p);
}
