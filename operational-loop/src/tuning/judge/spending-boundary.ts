/**
 * An exact sequential test of "each event is the canary's with the probability of its share": how likely each number of events
 * is without having been called before is kept as the events come, so that no chance of a false alarm is lost to an
 * approximation. How much of it may be spent after so many events grows by a rule (Lan and DeMets, "Discrete sequential
 * boundaries for clinical trials", 1983), most of it early: a bad canary has to be stopped after a few failures. (For binomial
 * counts as in Kulldorff et al., "A maximized sequential probability ratio test for drug and vaccine safety surveillance", 2011.)
 */

/** events after which half of the level may be spent: few, as what is rare and bad has to be seen by three or four failures */
const HALF = 0.5;
/** less likely numbers of events are left out */
const NEGLIGIBLE = 1e-15;

export class SpendingBoundary {
  readonly #alpha: number;
  /** probability of `#least + index` events of the canary, without having been called */
  #chances: Float64Array = new Float64Array([1]);
  #least = 0;
  #canary = 0;
  #events = 0;
  #spent = 0;
  #crossed = false;
  #isBeyond = false;

  /** `alpha`: of ever crossing, if each event is the canary's with the probability of its share */
  constructor(alpha: number) {
    this.#alpha = alpha;
  }

  /** Once crossed, it stays so. */
  get crossed(): boolean {
    return this.#crossed;
  }

  /** Whether it is crossed by the events so far, all of them: what was crossed once may not be so any more. */
  get isBeyond(): boolean {
    return this.#isBeyond;
  }

  /** `share`: probability that this event is the canary's, known before it was seen; 0 to 1, exclusive. */
  add(isCanary: boolean, share: number): void {
    this.#events++;
    if (isCanary) this.#canary++;
    this.#chances = this.#drawn(share);
    this.#isBeyond = this.#canary >= this.#spend();
    this.#crossed ||= this.#isBeyond;
  }

  #drawn(share: number): Float64Array {
    const before = this.#chances;
    const after = new Float64Array(before.length + 1);
    for (const [index, chance] of before.entries()) {
      after[index] = (after[index] as number) + chance * (1 - share);
      after[index + 1] = chance * share;
    }
    return after;
  }

  /** From how many events of the canary on it is called now. What is called is not there for the next events. */
  #spend(): number {
    const allowed = (this.#alpha * this.#events) / (this.#events + HALF);
    const chances = this.#chances;
    let end = chances.length;
    while (end > 1 && this.#spent + (chances[end - 1] as number) <= allowed) this.#spent += chances[--end] as number;
    let begin = 0;
    while (begin < end - 1 && (chances[begin] as number) < NEGLIGIBLE) begin++;
    this.#chances = chances.slice(begin, end);
    this.#least += begin;
    return this.#least - begin + end;
  }
}
