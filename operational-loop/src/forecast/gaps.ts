/** Missing values of a series. */

/**
 * A copy in which each NaN is filled: from the values a season before and after where there are any, else between its
 * neighbours by a straight line. Infinities count as missing. Of a series without a value, all are 0.
 */
export function filled(values: Float64Array, season: number): Float64Array {
  const result = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  if (!result.some(Number.isNaN)) return result;
  const known = Float64Array.from(result);
  if (season > 1) {
    for (let i = 0; i < known.length; i++) if (Number.isNaN(known[i]!)) result[i] = seasonAround(known, i, season);
  }
  drawLines(result);
  return result;
}

/** How many values a series has before its end that are not there at its beginning. */
export function withoutLeadingGap(values: Float64Array): Float64Array {
  const first = values.findIndex((value) => Number.isFinite(value));
  return first <= 0 ? values : values.subarray(first);
}

function seasonAround(values: Float64Array, at: number, season: number): number {
  const around = [values[at - season], values[at + season]].filter(
    (value): value is number => value !== undefined && !Number.isNaN(value),
  );
  return around.length === 0 ? Number.NaN : around.reduce((sum, value) => sum + value, 0) / around.length;
}

function drawLines(values: Float64Array): void {
  let last = -1;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && Number.isNaN(values[i]!)) continue;
    const before = last < 0 ? values[i] : values[last];
    const after = i < values.length ? values[i] : before;
    for (let k = last + 1; k < i; k++) {
      values[k] = (before ?? 0) + (((after ?? 0) - (before ?? 0)) * (k - last)) / (i - last);
    }
    last = i;
  }
}
