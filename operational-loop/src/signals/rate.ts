/** Counters as rates. A counter that falls was reset to zero, as when its process began anew. */
import { firstAtLeast, type Columns } from '../store/columns.ts';

/** Equal steps of time, in unix milliseconds and milliseconds: the first begins at `from`. */
export interface Steps {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** By how much a counter grew from the first to the last sample. */
export function growth(values: Float64Array): number {
  let sum = 0;
  for (let at = 1; at < values.length; at++) sum += growthBetween(values[at - 1] as number, values[at] as number);
  return sum;
}

function growthBetween(before: number, after: number): number {
  return after >= before ? after - before : after;
}

/**
 * A second's growth over `from` to `to`, both included, as Prometheus 2 defines `rate()`: the growth between the first and
 * the last sample, extrapolated to the ends of the range where they are near (promql/functions.go, extrapolatedRate).
 * Undefined with fewer than two samples.
 */
export function rate(columns: Columns, from: number, to: number): number | undefined {
  const start = firstAtLeast(columns.times, from);
  const end = firstAtLeast(columns.times, to + 1);
  if (end - start < 2) return undefined;
  const times = columns.times.subarray(start, end);
  const values = columns.values.subarray(start, end);
  const grown = growth(values);
  const first = times[0] as number;
  const last = times.at(-1) as number;
  const sampled = last - first;
  const between = sampled / (times.length - 1);
  const toZero = grown > 0 && (values[0] as number) >= 0 ? sampled * ((values[0] as number) / grown) : Infinity;
  const before = Math.min(first - from, toZero);
  const reach = (gap: number): number => (gap < between * 1.1 ? gap : between / 2);
  const covered = sampled + reach(before) + reach(to - last);
  return (grown * (covered / sampled)) / ((to - from) / 1000);
}

/**
 * A counter's growth a second in each step, since the sample before; NaN where a step has no sample or none is before it.
 * `columns` should begin one step early.
 */
export function ratesInSteps(columns: Columns, { from, step, count }: Steps): Float64Array {
  const rates = new Float64Array(count).fill(Number.NaN);
  const { times, values } = columns;
  let grown = 0;
  let since = 0;
  for (let at = 1; at < times.length; at++) {
    grown += growthBetween(values[at - 1] as number, values[at] as number);
    const now = Math.floor(((times[at] as number) - from) / step);
    const next = at + 1 < times.length ? Math.floor(((times[at + 1] as number) - from) / step) : Infinity;
    if (next === now) continue;
    const spent = (times[at] as number) - (times[since] as number);
    if (now >= 0 && now < count) rates[now] = (grown / spent) * 1000;
    grown = 0;
    since = at;
  }
  return rates;
}

/** A gauge's mean in each step; NaN where there is no sample. */
export function meansInSteps(columns: Columns, { from, step, count }: Steps): Float64Array {
  const sums = new Float64Array(count);
  const samples = new Float64Array(count);
  for (const [at, time] of columns.times.entries()) {
    const now = Math.floor((time - from) / step);
    if (now < 0 || now >= count) continue;
    sums[now] = (sums[now] as number) + (columns.sum[at] as number);
    samples[now] = (samples[now] as number) + (columns.count[at] as number);
  }
  return sums.map((sum, at) => sum / (samples[at] as number));
}

/** gaps between samples after which a series has not begun, or has ended */
const LONG_GAP = 2.5;

/**
 * The share of each step in which a series was there: less than 1 where its first or last sample is well inside the step. An
 * instance that is there for half a step adds half of what it does to its service.
 */
export function presenceInSteps({ times }: Columns, { from, step, count }: Steps): Float64Array {
  const presence = new Float64Array(count).fill(1);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || times.length < 2) return presence;
  const gap = (last - first) / (times.length - 1);
  const leave = (moment: number, absent: number): void => {
    const at = Math.floor((moment - from) / step);
    if (at < 0 || at >= count || absent <= (LONG_GAP - 1) * gap) return;
    presence[at] = Math.max(0, (presence[at] as number) - absent / step);
  };
  const within = (moment: number): number => moment - from - Math.floor((moment - from) / step) * step;
  leave(first, within(first));
  // a row of a rollup is named by its begin
  leave(last, step - within(last) - gap);
  return presence;
}

/** Sums that leave out what is missing; NaN where all are. */
export function addColumns(columns: readonly Float64Array[], count: number): Float64Array {
  const sums = new Float64Array(count).fill(Number.NaN);
  for (const column of columns) {
    for (const [at, value] of column.entries()) {
      if (Number.isNaN(value)) continue;
      const sum = sums[at] as number;
      sums[at] = Number.isNaN(sum) ? value : sum + value;
    }
  }
  return sums;
}
