/** Where a confidence sequence is drawn: pure. */

export interface IntervalPlaces {
  /** x of each, in the drawing's unit */
  readonly low: number;
  readonly high: number;
  readonly estimate: number;
  /** where canary and baseline are equal */
  readonly neutral: number;
  /** the interval goes on beyond the edge */
  readonly isCutLow: boolean;
  readonly isCutHigh: boolean;
}

/** What ends at the edge is not cut, however it is rounded. */
const SLACK = 1 + 1e-9;

/** The neutral value stands in the middle; `reach` is how far the edges are from it at least. */
export function placeInterval(
  { low, high, estimate, neutral }: { low: number; high: number; estimate: number; neutral: number },
  width: number,
  reach: number,
): IntervalPlaces {
  const away = [low, high, estimate].filter(Number.isFinite).map((value) => Math.abs(value - neutral));
  const half = Math.min(Math.max(reach, ...away), reach * 5);
  const place = (value: number): number =>
    Math.min(width, Math.max(0, (width / 2) * (1 + (Number.isNaN(value) ? 0 : (value - neutral) / half))));
  return {
    low: place(low),
    high: place(high),
    estimate: place(estimate),
    neutral: width / 2,
    isCutLow: low < neutral - half * SLACK,
    isCutHigh: high > neutral + half * SLACK,
  };
}
