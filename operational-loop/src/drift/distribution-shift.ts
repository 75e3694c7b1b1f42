/**
 * How a sample is distributed beside another one of before. A series remembers itself, so its values are worth fewer
 * independent ones; each statistic is multiplied by the root of how many, and means the same for each series then.
 */
import type { DistributionShift } from '../model/drift.ts';
import { chiSquareCdf } from '../statistics/distributions.ts';
import { stabilityOfSorted, wassersteinOfSorted } from '../statistics/distances.ts';
import { distanceP, greatestDistance, jointSize, type EffectiveSizes } from '../statistics/kolmogorov-smirnov.ts';
import { quantileOfSorted } from '../statistics/robust.ts';

/** The normal distribution's interquartile range, in its standard deviations. */
const QUARTILES_TO_SD = 1.349;
const BINS = 10;

/** The statistics, each on a scale on which large is unusual. */
export const STATISTICS = 3;

export interface Compared {
  /** Kolmogorov-Smirnov, population stability, Wasserstein: of no fixed distribution, so how rare they are is learned */
  readonly statistics: readonly [number, number, number];
  readonly shift: DistributionShift;
}

/** Both ascending, without NaN, not empty. */
export function compareDistributions(reference: Float64Array, recent: Float64Array, sizes: EffectiveSizes): Compared {
  const joint = jointSize(sizes);
  const distance = greatestDistance(reference, recent);
  const stability = stabilityOfSorted(reference, recent, BINS);
  const spread = spreadOf(reference);
  const moved = spread > 0 ? wassersteinOfSorted(reference, recent) / spread : 0;
  return {
    // n·PSI is about chi-square, so its root is on the scale of the others (Yurdakul 2018, "Statistical properties of PSI")
    statistics: [joint * distance, joint * Math.sqrt(stability), joint * moved],
    shift: {
      stability,
      distance,
      p: Math.min(1, Math.max(0, distanceP(distance, sizes)), stabilityP(stability, joint)),
      moved,
      spread: spread > 0 ? spreadOf(recent) / spread : 1,
    },
  };
}

/** By the quartiles, as a normal distribution's standard deviation. */
export function spreadOf(ascending: Float64Array): number {
  return (quantileOfSorted(ascending, 0.75) - quantileOfSorted(ascending, 0.25)) / QUARTILES_TO_SD;
}

function stabilityP(stability: number, joint: number): number {
  return 1 - chiSquareCdf(stability * joint * joint, BINS - 1);
}
