/** What detectors say, as observations of drifts. */
import type { DriftEvidence, DriftKind } from '../model/drift.ts';
import type { Milliseconds } from '../model/time.ts';
import type { DistributionAlarm } from './distribution-detector.ts';
import type { Observation } from './finding-book.ts';
import type { Alarm } from './residual-detector.ts';
import { SHAPE_LENGTH } from './shape.ts';
import { watchedSignals } from './watched-signals.ts';

export const WEEK_MS = 604_800_000;
/** a drift is kept as a signature once it has lasted so many steps */
export const KEPT_AFTER = 30;

/** What is observed, and how long a step is. */
export interface Observed {
  readonly kind: DriftKind;
  readonly service: string;
  readonly instance?: string;
  readonly pace: Milliseconds;
}

/** Of values in their signals' units. */
export interface Expecting {
  actual(alarm: Alarm, signal: number): number;
  expected(alarm: Alarm, signal: number): number;
}

export function residualObservation(observed: Observed, alarm: Alarm, detector: Expecting): Observation {
  const evidence = watchedSignals.flatMap(({ name }, signal): readonly DriftEvidence[] => {
    const short = alarm.deviations[signal] as number;
    const long = alarm.deviations[signal + watchedSignals.length] as number;
    const deviation = Math.abs(long) > Math.abs(short) ? long : short;
    const value = detector.actual(alarm, signal);
    const expected = detector.expected(alarm, signal);
    return deviation === 0 || Number.isNaN(value + expected) ? [] : [{ metric: name, deviation, value, expected }];
  });
  return {
    ...observed,
    score: alarm.score,
    rarity: perWeek(alarm.rate, observed.pace),
    evidence: evidence.toSorted((one, other) => Math.abs(other.deviation) - Math.abs(one.deviation)),
    deviations: alarm.deviations,
    moved: new Map(watchedSignals.map(({ name }, signal) => [name as string, alarm.movedAt[signal] as number])),
    lag: (first, second) => alarm.lag(placeOf(first), placeOf(second)),
    keepAfter: KEPT_AFTER,
  };
}

/** What is measured in a detector's terms, in the terms of its signal. */
export interface Measured {
  readonly metric: string;
  readonly value: number;
  readonly expected: number;
}

/** `deviations`: how far the instance is from its peers now, as a shape to be known by. */
export function distributionObservation(
  observed: Observed,
  { score, rate, shifts }: DistributionAlarm,
  measured: (measure: number, value: number, expected: number) => Measured,
  deviations: Float64Array = new Float64Array(SHAPE_LENGTH),
): Observation {
  return {
    ...observed,
    score,
    rarity: perWeek(rate, observed.pace),
    evidence: shifts
      .map(({ measure, value, expected, deviation, shift }) => ({
        ...measured(measure, value, expected),
        deviation,
        shift,
      }))
      .filter(({ value, expected }) => !Number.isNaN(value + expected)),
    deviations,
    moved: new Map(),
    lag: () => undefined,
    keepAfter: KEPT_AFTER,
  };
}

export function perWeek(rate: number, pace: Milliseconds): number {
  return (rate * WEEK_MS) / pace;
}

function placeOf(metric: string): number {
  return watchedSignals.findIndex(({ name }) => name === metric);
}
