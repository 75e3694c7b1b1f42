/** Local regression over evenly spaced points (Cleveland 1979), as seasonal decomposition needs it. */

export interface LoessOptions {
  /** points that a neighbourhood holds */
  readonly window: number;
  /** 0: a local mean, 1: a local line */
  readonly degree: 0 | 1;
  /** it is worked out at every so many-th point, with straight lines between */
  readonly jump?: number;
}

/** The smoothed values at the places from −`before` to the values' length + `after`, both excluded beyond. */
export function loess(
  values: Float64Array,
  { window, degree, jump = 1 }: LoessOptions,
  before = 0,
  after = 0,
): Float64Array {
  const length = values.length + before + after;
  const result = new Float64Array(length);
  let last = 0;
  for (let i = 0; i < length; i = i === length - 1 ? length : Math.min(i + jump, length - 1)) {
    result[i] = localFit(values, i - before, window, degree);
    for (let k = last + 1; k < i; k++) {
      result[k] = result[last]! + ((result[i]! - result[last]!) * (k - last)) / (i - last);
    }
    last = i;
  }
  return result;
}

function localFit(values: Float64Array, at: number, window: number, degree: 0 | 1): number {
  const n = values.length;
  const size = Math.min(window, n);
  const from = Math.max(0, Math.min(n - size, Math.round(at) - (size >> 1)));
  const to = from + size;
  let reach = Math.max(at - from, to - 1 - at);
  // a window that is longer than the series reaches as far as it would
  if (window > n) reach += (window - n) / 2;
  if (reach <= 0) return values[from]!;
  let weights = 0;
  let centre = 0;
  let sum = 0;
  let products = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const distance = Math.abs(i - at) / reach;
    if (distance >= 0.999) continue;
    const cube = 1 - distance * distance * distance;
    const weight = cube * cube * cube;
    const x = i - at;
    const y = values[i]!;
    weights += weight;
    centre += weight * x;
    sum += weight * y;
    products += weight * x * y;
    squares += weight * x * x;
  }
  if (!(weights > 0)) return values[Math.min(n - 1, Math.max(0, Math.round(at)))]!;
  const meanX = centre / weights;
  const meanY = sum / weights;
  if (degree === 0) return meanY;
  const spread = squares / weights - meanX * meanX;
  if (!(spread > 1e-9 * size * size)) return meanY;
  const slope = (products / weights - meanX * meanY) / spread;
  return meanY - slope * meanX;
}
