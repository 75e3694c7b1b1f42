/** Drifts and the signatures by which they are known again. */
import type { Saturation } from './forecast.ts';
import type { SignalName } from './signals.ts';
import type { UnixMs } from './time.ts';

/**
 * `peer`: an instance away from the rest of its fleet; `past`: a service away from what its own past let expect; `future`: an
 * instance on its way to a limit, which its peers are not; `data`: inputs or measurements distributed otherwise than before;
 * `model`: forecasts that miss otherwise than when they were validated; `configuration`: actual away from desired settings.
 */
export type DriftKind = 'peer' | 'past' | 'future' | 'data' | 'model' | 'configuration';

/** How a distribution differs from the one before, with what a series that remembers itself is worth of independent values. */
export interface DistributionShift {
  /** the population stability index: above 0.25 it is usually called shifted */
  readonly stability: number;
  /** the greatest distance of the distribution functions (Kolmogorov-Smirnov), 0 to 1 */
  readonly distance: number;
  /** the chance of such a distance were the distribution the same */
  readonly p: number;
  /** the Wasserstein distance, in standard deviations of the one before */
  readonly moved: number;
  /** its spread over the spread before */
  readonly spread: number;
}

/** What one metric says of a drift. */
export interface DriftEvidence {
  readonly metric: SignalName | string;
  /** robust standard deviations away from what is usual for this instance among its peers; signed */
  readonly deviation: number;
  readonly value: number;
  /** what its peers, or its past, let expect */
  readonly expected: number;
  /** where distributions were compared; value and expected are medians then */
  readonly shift?: DistributionShift;
}

/** A limit that is being approached, and when it is expected to be passed. */
export interface Heading extends Saturation {
  readonly limit: number;
}

export interface SignatureMatch {
  readonly signature: number;
  readonly name: string;
  /** 1 is the same shape, 0 is none in common, -1 the opposite */
  readonly similarity: number;
}

export interface DriftFinding {
  /** stable from opening to end */
  readonly id: string;
  readonly kind: DriftKind;
  readonly service: string;
  readonly instance?: string;
  /** the metric that stands out most */
  readonly metric: SignalName | string;
  /** how rare: the alarms a week of a healthy fleet that are at least as far away; 0.01 is once in 100 weeks */
  readonly rarity: number;
  /** how far, in the unit of the detector's threshold: 1 is the threshold */
  readonly score: number;
  readonly since: UnixMs;
  readonly endedAt?: UnixMs;
  readonly state: 'open' | 'ended';
  /** the furthest first */
  readonly evidence: readonly DriftEvidence[];
  /** of a drift of the future */
  readonly heading?: Heading;
  /** the nearest first; empty where nothing like it has been seen */
  readonly nearestSignatures: readonly SignatureMatch[];
  /** its shape, to be kept as a signature: see `signatureFeatures` */
  readonly shape: Float32Array;
}

/** A drift's characteristic pattern, as the drift signature database keeps it. */
export interface DriftSignature {
  readonly id: number;
  /** given by a person, or the metric and direction that stand out */
  readonly name: string;
  readonly kind: DriftKind;
  readonly service: string;
  readonly seenAt: UnixMs;
  /** how often it has been seen */
  readonly seen: number;
  /** normalised residual shape, of `SHAPE_LENGTH` */
  readonly shape: Float32Array;
  readonly metrics: readonly string[];
  /** by how many milliseconds each of `metrics` moved after the first */
  readonly lags: readonly number[];
  /** how busy the fleet was: 0 its quietest tenth to 9 its busiest */
  readonly workload: number;
  readonly environment: string;
  readonly build: string;
  /** what became of it, such as `restarted` or `rolled back` */
  readonly outcome?: string;
  /** names of recordings that show it */
  readonly recordings: readonly string[];
  /** what made it go away, in a person's words */
  readonly fix?: string;
}
