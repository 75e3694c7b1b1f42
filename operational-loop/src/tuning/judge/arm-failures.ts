/** The failures of one arm, and whether they come in clusters. */
import { ProportionBounds } from './proportion-bounds.ts';

/** requests of the arm within which two failures are neighbours */
const NEAR = 5;

export class ArmFailures {
  count = 0;
  failures = 0;
  /** pairs of failures that were neighbours, and how many pairs there were to expect if failures were independent */
  neighbours = 0;
  chance = 0;
  readonly bounds: ProportionBounds;
  readonly #recent: number[] = [];
  #run = 0;
  #last = -Infinity;

  constructor(alpha: number) {
    this.bounds = new ProportionBounds(alpha);
  }

  /** of those seen; there is at least one */
  get share(): number {
    return this.failures / this.count;
  }

  /** How many failures in a row this makes; 0 where it did not fail. */
  add(failed: boolean): number {
    this.count++;
    this.bounds.add(failed);
    if (!failed) return 0;
    this.failures++;
    while (this.#recent.length > 0 && (this.#recent[0] as number) < this.count - NEAR) this.#recent.shift();
    this.neighbours += this.#recent.length;
    this.chance = this.failures * NEAR * this.share;
    this.#recent.push(this.count);
    this.#run = this.#last === this.count - 1 ? this.#run + 1 : 1;
    this.#last = this.count;
    return this.#run;
  }
}
