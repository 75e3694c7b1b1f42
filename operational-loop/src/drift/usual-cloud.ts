/**
 * How far an instance is from where instances usually are, all its signals together: the Mahalanobis distance of its deviations
 * from a cloud of earlier ones. Signals that go together, as more requests and more CPU do, count once; signals that part count.
 */
import { cloudOf, mahalanobis, type Cloud } from '../statistics/mahalanobis.ts';
import { variance } from '../statistics/robust.ts';

/** deviations that are remembered, and that are needed for each signal */
const KEPT = 3000;
const LEAST_EACH = 5;
/** every so many-th step of an instance is remembered: neighbours tell the same again */
const THINNING = 60;
/** a signal that hardly ever moves has no place in a cloud */
const LEAST_VARIANCE = 0.05;

export class UsualCloud {
  readonly #width: number;
  /** a column a signal */
  readonly #columns: readonly Float64Array[];
  #count = 0;
  #cloud: Cloud | undefined;
  /** places of the signals that the cloud has */
  #places: readonly number[] = [];

  constructor(width: number) {
    this.#width = width;
    this.#columns = Array.from({ length: width }, () => new Float64Array(KEPT));
  }

  /** Takes the deviations of a healthy instance after `step`. */
  add(step: number, deviations: Float64Array): void {
    if (step % THINNING !== 0) return;
    const row = this.#count++ % KEPT;
    for (const [at, column] of this.#columns.entries()) column[row] = deviations[at] as number;
  }

  /** Takes what was added into account. */
  refresh(): void {
    const rows = Math.min(KEPT, this.#count);
    if (rows < LEAST_EACH * this.#width) return;
    const columns = this.#columns.map((column) => column.subarray(0, rows));
    this.#places = columns.flatMap((column, at) => (variance(column) >= LEAST_VARIANCE ? [at] : []));
    this.#cloud = cloudOf(this.#places.map((at) => columns[at] as Float64Array));
  }

  /** 0 while nothing is known. */
  distance(deviations: Float64Array): number {
    if (!this.#cloud || this.#places.length === 0) return 0;
    const point = new Float64Array(this.#places.length);
    for (let at = 0; at < point.length; at++) point[at] = deviations[this.#places[at] as number] as number;
    return mahalanobis(this.#cloud, point);
  }
}
