/**
 * Splits a series into a trend, a profile for each season that may change over time, and what is left: STL (Cleveland,
 * Cleveland, McRae & Terpenning 1990) for one season, taken in turn for several as in MSTL (Bandara, Hyndman & Bergmeir 2021).
 */
import { loess } from './loess.ts';

export interface Decomposition {
  readonly trend: Float64Array;
  /** of each season, as long as the series */
  readonly seasonal: readonly Float64Array[];
  readonly rest: Float64Array;
}

/** Rounds over all seasons; within one, rounds of seasonal and trend smoothing. */
const ROUNDS = 2;
const INNER_ROUNDS = 2;

/** `seasons` ascend, and the series is at least twice as long as each. */
export function decompose(values: Float64Array, seasons: readonly number[]): Decomposition {
  const seasonal: Float64Array[] = seasons.map(() => new Float64Array(values.length));
  const adjusted = values.slice();
  let trend: Float64Array = new Float64Array(values.length);
  const rounds = seasons.length > 1 ? ROUNDS : 1;
  for (let round = 0; round < rounds; round++) {
    seasons.forEach((season, k) => {
      add(adjusted, seasonal[k]!);
      const split = stl(adjusted, season, 11 + 4 * k);
      seasonal[k] = split.seasonal;
      trend = split.trend;
      subtract(adjusted, split.seasonal);
    });
  }
  if (seasons.length === 0) trend = loess(values, { window: values.length | 1, degree: 1, jump: 4 });
  return { trend, seasonal, rest: adjusted.map((value, t) => value - trend[t]!) };
}

/** A series of which each season has gone. */
export function seasonallyAdjusted(values: Float64Array, { seasonal }: Decomposition): Float64Array {
  const adjusted = values.slice();
  for (const profile of seasonal) subtract(adjusted, profile);
  return adjusted;
}

/** The last turn of each season, going on. */
export function seasonAhead({ seasonal }: Decomposition, seasons: readonly number[], horizon: number): Float64Array {
  const ahead = new Float64Array(horizon);
  seasonal.forEach((profile, k) => {
    const season = seasons[k]!;
    for (let h = 0; h < horizon; h++) ahead[h]! += profile[profile.length - season + (h % season)]!;
  });
  return ahead;
}

function stl(
  values: Float64Array,
  season: number,
  seasonalWindow: number,
): { readonly trend: Float64Array; readonly seasonal: Float64Array } {
  const trendWindow = Math.ceil((1.5 * season) / (1 - 1.5 / seasonalWindow)) | 1;
  let trend: Float64Array = new Float64Array(values.length);
  let seasonal: Float64Array = new Float64Array(values.length);
  for (let round = 0; round < INNER_ROUNDS; round++) {
    const detrended = values.map((value, t) => value - trend[t]!);
    seasonal = seasonalOf(detrended, season, seasonalWindow);
    const adjusted = values.map((value, t) => value - seasonal[t]!);
    trend = loess(adjusted, { window: trendWindow, degree: 1, jump: Math.ceil(trendWindow / 10) });
  }
  return { trend, seasonal };
}

/** Each place's values smoothed over the turns, less what they share with the trend. */
function seasonalOf(detrended: Float64Array, season: number, window: number): Float64Array {
  const n = detrended.length;
  const extended = new Float64Array(n + 2 * season);
  for (let place = 0; place < season; place++) {
    const turns = Float64Array.from(
      { length: Math.ceil((n - place) / season) },
      (_, i) => detrended[place + i * season]!,
    );
    const smooth = loess(turns, { window, degree: 0 }, 1, 1);
    for (let i = 0; i < smooth.length; i++) {
      const at = place + i * season;
      if (at < extended.length) extended[at] = smooth[i]!;
    }
  }
  const low = loess(movingMean(movingMean(movingMean(extended, season), season), 3), {
    window: season | 1,
    degree: 1,
    jump: Math.ceil(season / 10),
  });
  return Float64Array.from({ length: n }, (_, t) => extended[t + season]! - low[t]!);
}

/** As long as the values less the window, plus one. */
function movingMean(values: Float64Array, window: number): Float64Array {
  const result = new Float64Array(Math.max(0, values.length - window + 1));
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    if (i >= window) sum -= values[i - window]!;
    if (i >= window - 1) result[i - window + 1] = sum / window;
  }
  return result;
}

function add(to: Float64Array, values: Float64Array): void {
  for (let t = 0; t < to.length; t++) to[t]! += values[t]!;
}

function subtract(from: Float64Array, values: Float64Array): void {
  for (let t = 0; t < from.length; t++) from[t]! -= values[t]!;
}
