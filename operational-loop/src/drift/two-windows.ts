/** The last steps of several measures, and a thinned memory of the steps before them. NaN where nothing was measured. */
export interface WindowSizes {
  readonly measures: number;
  /** steps that are recent */
  readonly recent: number;
  /** every so many-th value that is no longer recent is kept, so many of them */
  readonly thinning: number;
  readonly kept: number;
}

export class TwoWindows {
  readonly #sizes: WindowSizes;
  /** by measure, then step: rings */
  readonly #recent: Float64Array;
  readonly #kept: Float64Array;
  #steps = 0;
  #keptSteps = 0;

  constructor(sizes: WindowSizes) {
    this.#sizes = sizes;
    this.#recent = new Float64Array(sizes.measures * sizes.recent).fill(Number.NaN);
    this.#kept = new Float64Array(sizes.measures * sizes.kept).fill(Number.NaN);
  }

  /** `keeping`: what is no longer recent is kept; false while it may be what is compared. */
  add(values: Float64Array, keeping: boolean): void {
    const { measures, recent, thinning, kept } = this.#sizes;
    const place = this.#steps % recent;
    const isKept = keeping && this.#steps >= recent && this.#steps % thinning === 0;
    for (let measure = 0; measure < measures; measure++) {
      const at = measure * recent + place;
      if (isKept) this.#kept[measure * kept + (this.#keptSteps % kept)] = this.#recent[at] as number;
      this.#recent[at] = values[measure] as number;
    }
    if (isKept) this.#keptSteps++;
    this.#steps++;
  }

  /** In the order of time. */
  recent(measure: number): Float64Array {
    const { recent } = this.#sizes;
    const place = this.#steps % recent;
    const ring = this.#recent.subarray(measure * recent, (measure + 1) * recent);
    const inTime = new Float64Array(recent);
    inTime.set(ring.subarray(place));
    inTime.set(ring.subarray(0, place), recent - place);
    return inTime;
  }

  /** In no order. */
  reference(measure: number): Float64Array {
    const { kept } = this.#sizes;
    return this.#kept.subarray(measure * kept, (measure + 1) * kept);
  }

  /** Nothing is remembered but what is recent. */
  accept(): void {
    const { measures, recent, thinning, kept } = this.#sizes;
    this.#kept.fill(Number.NaN);
    this.#keptSteps = 0;
    for (let step = 0; step < recent; step += thinning) {
      for (let measure = 0; measure < measures; measure++) {
        this.#kept[measure * kept + this.#keptSteps] = this.#recent[measure * recent + step] as number;
      }
      this.#keptSteps = (this.#keptSteps + 1) % kept;
    }
  }
}
