/** Control of false discoveries among many tests. */

/**
 * Benjamini & Hochberg 1995: each p value adjusted, in the order given, so that taking those of at most q finds no more than
 * the share q of false ones in the mean (for independent tests, or such as depend positively). NaN stays NaN and is not counted.
 */
export function benjaminiHochberg(ps: ArrayLike<number>): Float64Array {
  const adjusted = Float64Array.from(ps);
  const order = Array.from({ length: ps.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(ps[i]!))
    .sort((i, j) => ps[j]! - ps[i]!);
  let least = 1;
  order.forEach((at, fromLast) => {
    least = Math.min(least, (ps[at]! * order.length) / (order.length - fromLast));
    adjusted[at] = least;
  });
  return adjusted;
}
