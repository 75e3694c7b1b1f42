/** Columns for charts, in seconds and in the signal's unit: pure. */
import type { ForecastState, SignalHistory } from '../../../operational-loop/src/api/messages.ts';
import { measureOf } from './units.ts';

export interface Columns {
  /** Unix time in seconds, ascending */
  readonly times: readonly number[];
  /** each of the length of `times` */
  readonly values: readonly (readonly (number | null)[])[];
}

export interface LineColumns extends Columns {
  /** instances, in the order of `values`: the drifted ones last, so that they are drawn in front */
  readonly names: readonly string[];
}

export function lineColumns(history: SignalHistory, drifted: ReadonlySet<string>): LineColumns {
  const { factor } = measureOf(history.signal);
  const begin = firstMeasured(history);
  const ordered = history.instances.toSorted((a, b) => Number(drifted.has(a.id)) - Number(drifted.has(b.id)));
  return {
    times: history.times.slice(begin).map((time) => time / 1000),
    names: ordered.map(({ id }) => id),
    values: ordered.map(({ values }) => values.slice(begin).map((value) => scaled(value, factor))),
  };
}

/** A daemon that is younger than what is asked for has measured nothing before. */
function firstMeasured({ times, instances }: SignalHistory): number {
  const begin = times.findIndex((_, i) => instances.some(({ values }) => isMeasured(values[i])));
  return begin < 0 ? times.length : begin;
}

export interface Fan extends Columns {
  /** columns of `values` */
  readonly past: number;
  readonly mean: number;
  /** columns of their edges, the widest first; they come before the lines, which are drawn in front of them */
  readonly bands: readonly { readonly level: number; readonly lower: number; readonly upper: number }[];
  /** Unix time in seconds of the last measurement */
  readonly now: number;
}

/** The mean and the bands begin at the last measured value, so that the fan opens there. */
export function fanColumns({ signal, past, future }: ForecastState): Fan {
  const { factor } = measureOf(signal);
  const known = past.times.length;
  const last = past.values.findLast((value) => value !== null) ?? null;
  const lead = (column: readonly number[]): (number | null)[] => [
    ...Array.from({ length: Math.max(0, known - 1) }, () => null),
    ...(known > 0 ? [scaled(last, factor)] : []),
    ...column.map((value) => scaled(value, factor)),
  ];
  const intervals = future.intervals.toSorted((a, b) => b.level - a.level);
  return {
    times: [...past.times, ...future.times].map((time) => time / 1000),
    values: [
      ...intervals.flatMap(({ lower, upper }) => [lead(lower), lead(upper)]),
      [...past.values.map((value) => scaled(value, factor)), ...future.times.map(() => null)],
      lead(future.mean),
    ],
    past: 2 * intervals.length,
    mean: 2 * intervals.length + 1,
    bands: intervals.map(({ level }, i) => ({ level, lower: 2 * i, upper: 2 * i + 1 })),
    now: (past.times.at(-1) ?? 0) / 1000,
  };
}

function scaled(value: number | null | undefined, factor: number): number | null {
  return isMeasured(value) ? value * factor : null;
}

function isMeasured(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Indices of at most `most` rows, evenly spread, the last one with them. */
export function spreadRows(length: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => length - 1 - i * step).toReversed();
}

/** Moves labels apart that would cover each other: their places, at least `gap` apart where `height` has room for them. */
export function spreadLabels(places: readonly number[], gap: number, height: number): readonly number[] {
  const order = places.map((_, i) => i).toSorted((a, b) => places[a]! - places[b]!);
  const spread = [...places];
  let least = 0;
  for (const i of order) {
    spread[i] = Math.max(spread[i]!, least);
    least = spread[i]! + gap;
  }
  let most = height;
  for (const i of order.toReversed()) {
    spread[i] = Math.min(spread[i]!, most);
    most = spread[i]! - gap;
  }
  return spread;
}
