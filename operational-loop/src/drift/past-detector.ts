/**
 * Tells when a service as a whole goes away from the future that its past let expect: of each signal the mean at this time of
 * the day over the last days, moved by where the last hours were (a seasonal forecast whose level adapts).
 */
import { ResidualDetector, type Alarm, type DetectorSettings } from './residual-detector.ts';
import { fromScale, toScale, watchedSignals } from './watched-signals.ts';

const SIGNALS = watchedSignals.length;
const DAY_MS = 86_400_000;
/** parts of the day that have a mean of their own */
const PARTS = 96;
/** days over which a part's mean is taken, and steps over which the level adapts */
const DAYS = 7;
const LEVEL_STEPS = 720;

export class PastDetector {
  readonly #residuals: ResidualDetector;
  readonly #name: string;
  /** by part of the day, then signal */
  readonly #means = new Float64Array(PARTS * SIGNALS);
  readonly #days = new Float64Array(PARTS * SIGNALS);
  readonly #sums = new Float64Array(SIGNALS);
  readonly #counts = new Float64Array(SIGNALS);
  readonly #level = new Float64Array(SIGNALS);
  readonly #forecasts = new Float64Array(SIGNALS).fill(Number.NaN);
  #distances = new Float64Array(SIGNALS).fill(Number.NaN);
  #part = -1;

  /** `name`: of the service; its alarms have it as their instance */
  constructor(name: string, settings: DetectorSettings) {
    this.#name = name;
    this.#residuals = new ResidualDetector({ ...settings, isLone: true });
  }

  /** Takes one step: the service's signals in the order of `watchedSignals`; NaN is missing. Times must ascend. */
  observe(time: number, values: Float64Array): void {
    const part = Math.floor(((time % DAY_MS) / DAY_MS) * PARTS);
    if (part !== this.#part) this.#endPart();
    this.#part = part;
    const distances = new Float64Array(SIGNALS);
    for (const [signal, watched] of watchedSignals.entries()) {
      distances[signal] = this.#distance(part * SIGNALS + signal, signal, toScale(watched, values[signal] as number));
    }
    this.#distances = distances;
    this.#residuals.observe([this.#name], distances);
  }

  /** How far the last step was from what was expected: by signal, on its scale. */
  get distances(): Float64Array {
    return this.#distances;
  }

  /** What was expected in the last step, on the signal's scale. */
  forecast(signal: number): number {
    return this.#forecasts[signal] as number;
  }

  /** At most one. */
  alarms(): readonly Alarm[] {
    return this.#residuals.alarms();
  }

  accept(): void {
    this.#residuals.accept(this.#name);
  }

  expected(alarm: Alarm, signal: number): number {
    return this.#unscaled(signal, (this.#forecasts[signal] as number) + (alarm.usual[signal] as number));
  }

  actual(alarm: Alarm, signal: number): number {
    const usual = (this.#forecasts[signal] as number) + (alarm.usual[signal] as number);
    return this.#unscaled(signal, usual + (alarm.residuals[signal] as number));
  }

  #unscaled(signal: number, scaled: number): number {
    return fromScale(watchedSignals[signal] as (typeof watchedSignals)[number], scaled);
  }

  /** NaN while this part of the day has not been seen. */
  #distance(at: number, signal: number, value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    this.#sums[signal] = (this.#sums[signal] as number) + value;
    this.#counts[signal] = (this.#counts[signal] as number) + 1;
    if (this.#days[at] === 0) return Number.NaN;
    const seasonal = this.#means[at] as number;
    const level = this.#level[signal] as number;
    this.#forecasts[signal] = seasonal + level;
    this.#level[signal] = level + (value - seasonal - level) / LEVEL_STEPS;
    // a mean of few days is off itself: what it is missed by is brought to what is missed when it is known
    return (value - seasonal - level) / Math.sqrt(1 + 1 / (this.#days[at] as number));
  }

  #endPart(): void {
    for (let signal = 0; signal < SIGNALS && this.#part >= 0; signal++) {
      const count = this.#counts[signal] as number;
      if (count === 0) continue;
      const at = this.#part * SIGNALS + signal;
      const days = Math.min(DAYS, (this.#days[at] as number) + 1);
      this.#days[at] = days;
      const mean = (this.#sums[signal] as number) / count;
      this.#means[at] = (this.#means[at] as number) + (mean - (this.#means[at] as number)) / days;
    }
    this.#sums.fill(0);
    this.#counts.fill(0);
  }
}
