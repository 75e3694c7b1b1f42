/** Do probabilities that were given come true? */
import type { Calibration } from '../model/prediction.ts';
import { normalQuantile } from '../statistics/distributions.ts';

const BINS = 10;

/** `given[i]` was said of what happened where `happened[i]` is 1. NaN for everything of nothing. */
export function calibrationOf(given: ArrayLike<number>, happened: ArrayLike<number>): Calibration {
  const count = given.length;
  let squares = 0;
  let came = 0;
  for (let i = 0; i < count; i++) {
    squares += (given[i]! - happened[i]!) ** 2;
    came += happened[i]!;
  }
  const rate = came / count;
  return {
    count,
    brier: squares / count,
    brierOfBaseRate: rate * (1 - rate),
    z: spiegelhalter(given, happened),
    bins: binsOf(given, happened),
  };
}

function spiegelhalter(given: ArrayLike<number>, happened: ArrayLike<number>): number {
  let difference = 0;
  let spread = 0;
  for (let i = 0; i < given.length; i++) {
    const p = given[i]!;
    difference += (happened[i]! - p) * (1 - 2 * p);
    spread += (1 - 2 * p) ** 2 * p * (1 - p);
  }
  return spread > 0 ? difference / Math.sqrt(spread) : Number.NaN;
}

/** Ten bins of equal width; empty ones are left out. */
function binsOf(given: ArrayLike<number>, happened: ArrayLike<number>): Calibration['bins'] {
  const sums = Array.from({ length: BINS }, () => ({ count: 0, given: 0, happened: 0 }));
  for (let i = 0; i < given.length; i++) {
    const bin = sums[Math.min(BINS - 1, Math.max(0, Math.floor(given[i]! * BINS)))]!;
    bin.count++;
    bin.given += given[i]!;
    bin.happened += happened[i]!;
  }
  return sums.flatMap(({ count, given: sum, happened: came }, i) => {
    if (count === 0) return [];
    const [lower, upper] = wilson(came, count);
    return [{ from: i / BINS, to: (i + 1) / BINS, count, given: sum / count, happened: came / count, lower, upper }];
  });
}

/** The interval of a share (Wilson 1927). */
export function wilson(came: number, count: number, level = 0.95): readonly [number, number] {
  if (count === 0) return [0, 1];
  const z = normalQuantile((1 + level) / 2);
  const share = came / count;
  const centre = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / (1 + (z * z) / count);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
