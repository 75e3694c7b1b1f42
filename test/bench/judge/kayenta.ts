/**
 * The rule of Kayenta's NetflixACAJudge (github.com/spinnaker/kayenta, `MannWhitneyClassifier`): a metric is too high where the
 * Mann-Whitney confidence interval (98 %) of the difference between the arms' data points lies above a quarter of its
 * Hodges-Lehmann estimate. A data point is the mean of some requests.
 */
const CRITICAL = 2.326_347_874;
const TOLERANCE = 0.25;
/** fewer data points are not judged */
const LEAST_POINTS = 10;

export class Kayenta {
  readonly #requestsAPoint: number;
  readonly #arms = { baseline: new Points(), canary: new Points() };

  constructor(requestsAPoint: number) {
    this.#requestsAPoint = requestsAPoint;
  }

  add(arm: 'baseline' | 'canary', latencyMs: number): void {
    this.#arms[arm].add(latencyMs, this.#requestsAPoint);
  }

  /** Whether it would fail the canary now. */
  fails(): boolean {
    const baseline = this.#arms.baseline.sorted();
    const canary = this.#arms.canary.sorted();
    if (Math.min(baseline.length, canary.length) < LEAST_POINTS) return false;
    const pairs = baseline.length * canary.length;
    const spread = Math.sqrt((pairs * (baseline.length + canary.length + 1)) / 12);
    const estimate = differenceOfRank(canary, baseline, pairs / 2);
    const low = differenceOfRank(canary, baseline, pairs / 2 - CRITICAL * spread);
    return low > TOLERANCE * Math.abs(estimate);
  }
}

class Points {
  readonly #means: number[] = [];
  #sum = 0;
  #count = 0;

  add(value: number, size: number): void {
    this.#sum += value;
    if (++this.#count < size) return;
    this.#means.push(this.#sum / size);
    this.#sum = 0;
    this.#count = 0;
  }

  sorted(): Float64Array {
    return Float64Array.from(this.#means).sort();
  }
}

/** The pairwise difference with so many below it. (by bisection, counting along both sorted lists) */
function differenceOfRank(left: Float64Array, right: Float64Array, rank: number): number {
  const ends = (list: Float64Array): [number, number] => [list[0] as number, list[list.length - 1] as number];
  const [[leftLow, leftHigh], [rightLow, rightHigh]] = [ends(left), ends(right)];
  let [low, high] = [leftLow - rightHigh, leftHigh - rightLow];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (countBelow(left, right, middle) < rank) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function countBelow(left: Float64Array, right: Float64Array, difference: number): number {
  let count = 0;
  let above = 0;
  for (const value of left) {
    while (above < right.length && (right[above] as number) < value - difference) above++;
    count += right.length - above;
  }
  return count;
}
