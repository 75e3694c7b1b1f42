/**
 * Tells which instance of a fleet goes away from the others: what is expected of a signal is the fleet's median in the same
 * step, which load and time of day move as they move every instance.
 */
import { ResidualDetector, type Alarm, type DetectorSettings } from './residual-detector.ts';
import { fromScale, toScale, watchedSignals } from './watched-signals.ts';

const SIGNALS = watchedSignals.length;
/** an instance is compared with two others at least */
const LEAST_INSTANCES = 3;

export class PeerDetector {
  readonly #residuals: ResidualDetector;
  /** by signal, on its scale, in the last step */
  readonly #centres = new Float64Array(SIGNALS).fill(Number.NaN);
  #distances = new Float64Array(0);

  constructor(settings: DetectorSettings) {
    this.#residuals = new ResidualDetector(settings);
  }

  /** The score that is an alarm now; Infinity while learning. */
  get limit(): number {
    return this.#residuals.limit;
  }

  /** How far each instance was from the fleet's median in the last step: by instance, then signal, on its scale. */
  get distances(): Float64Array {
    return this.#distances;
  }

  /** The fleet's median in the last step, on the signal's scale. */
  centre(signal: number): number {
    return this.#centres[signal] as number;
  }

  /** See `ResidualDetector`. */
  deviations(instance: string): Float64Array | undefined {
    return this.#residuals.deviations(instance);
  }

  /**
   * Takes one step: `values` by instance, then by signal in the order of `watchedSignals`; NaN is missing. Steps that are left
   * out do no harm.
   */
  observe(instances: readonly string[], values: Float64Array): void {
    const distances = new Float64Array(values.length).fill(Number.NaN);
    for (const [signal, watched] of watchedSignals.entries()) {
      const present: number[] = [];
      for (let at = signal; at < values.length; at += SIGNALS) {
        const value = toScale(watched, values[at] as number);
        distances[at] = value;
        if (!Number.isNaN(value)) present.push(value);
      }
      const centre = present.length < LEAST_INSTANCES ? Number.NaN : middle(present);
      this.#centres[signal] = centre;
      for (let at = signal; at < values.length; at += SIGNALS) distances[at] = (distances[at] as number) - centre;
    }
    this.#distances = distances;
    this.#residuals.observe(instances, distances);
  }

  /** Those away from their peers after the last step, the furthest first. */
  alarms(): readonly Alarm[] {
    return this.#residuals.alarms();
  }

  /** From now on it is usual for this instance to be where it is. */
  accept(instance: string): void {
    this.#residuals.accept(instance);
  }

  /** What the peers let expect of an instance's signal, in the signal's unit. */
  expected(alarm: Alarm, signal: number): number {
    const watched = watchedSignals[signal] as (typeof watchedSignals)[number];
    return fromScale(watched, (this.#centres[signal] as number) + (alarm.usual[signal] as number));
  }

  /** What the instance's signal was over the last steps. */
  actual(alarm: Alarm, signal: number): number {
    const watched = watchedSignals[signal] as (typeof watchedSignals)[number];
    const usual = (this.#centres[signal] as number) + (alarm.usual[signal] as number);
    return fromScale(watched, usual + (alarm.residuals[signal] as number));
  }
}

/** The median; `values` are sorted by it. */
function middle(values: number[]): number {
  values.sort((one, other) => one - other);
  const half = values.length >>> 1;
  return values.length % 2 === 1
    ? (values[half] as number)
    : ((values[half - 1] as number) + (values[half] as number)) / 2;
}
