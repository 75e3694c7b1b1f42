/** Good and total events over time, from what sources give. */
import type { EventCounts, ThresholdOp } from '../model/objective.ts';
import type { UnixMs } from '../model/time.ts';

/**
 * What a counter grew by at each sample since the one before; the first counts as 0. Where it fell the process began anew,
 * and its value is what came since (as in Prometheus).
 */
export function increments(counter: Float64Array): Float64Array {
  return counter.map((value, i) => {
    const before = i === 0 ? value : counter[i - 1]!;
    return value >= before ? value - before : value;
  });
}

/** Each value is an event, good where it keeps the limit; NaN is none. */
export function countsOfValues(times: Float64Array, values: Float64Array, op: ThresholdOp, limit: number): EventCounts {
  return {
    times,
    good: values.map((value) => Number(keeps(value, op, limit))),
    total: values.map((value) => (Number.isNaN(value) ? 0 : 1)),
  };
}

export interface Sums {
  readonly good: number;
  readonly total: number;
}

/** Sums over any interval of time in logarithmic time. */
export class CountIndex {
  readonly #counts: EventCounts;
  readonly #good: Float64Array;
  readonly #total: Float64Array;

  constructor(counts: EventCounts) {
    this.#counts = counts;
    this.#good = runningSum(counts.good);
    this.#total = runningSum(counts.total);
  }

  get times(): Float64Array {
    return this.#counts.times;
  }

  /** Events after `from`, up to and with `to`. */
  between(from: UnixMs, to: UnixMs): Sums {
    const low = this.after(from);
    const high = Math.max(low, this.after(to));
    return { good: this.#good[high]! - this.#good[low]!, total: this.#total[high]! - this.#total[low]! };
  }

  /** The place of the first sample later than `time`. */
  after(time: UnixMs): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle]! > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function keeps(value: number, op: ThresholdOp, limit: number): boolean {
  switch (op) {
    case 'lte':
      return value <= limit;
    case 'lt':
      return value < limit;
    case 'gte':
      return value >= limit;
    case 'gt':
      return value > limit;
  }
}

function runningSum(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + (Number.isNaN(values[i]!) ? 0 : values[i]!);
  return sums;
}
