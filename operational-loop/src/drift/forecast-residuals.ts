/**
 * What forecasts of a service miss by. From time to time the coming hours of the signals that predictions are made from are
 * forecast as predictions do it; each value that then comes is a normal score by the distribution that the forecast gave, which
 * is made of the errors of its validation on the past (rolling origins). While the model holds, the scores go on as they were.
 */
import { forecastScore } from '../forecast/anomaly.ts';
import { forecast } from '../forecast/forecast.ts';
import type { Forecast } from '../model/forecast.ts';
import type { SignalName } from '../model/signals.ts';
import { watchedSignals } from './watched-signals.ts';

export const forecastSignals: readonly SignalName[] = ['traffic', 'latencyP95', 'cpuCores'];

/** minutes that make up a step, steps a day, steps that are forecast at a time, and that are known at most */
export const STEP_MINUTES = 10;
const DAY = 144;
const AHEAD = 36;
const KNOWN = 3 * DAY;
const LEAST = DAY;

/** What came in the steps since the forecast, with what was expected. */
export interface Missed {
  readonly value: number;
  readonly expected: number;
}

export class ForecastResiduals {
  readonly #places = forecastSignals.map((signal) => watchedSignals.findIndex(({ name }) => name === signal));
  readonly #values = forecastSignals.map(() => [] as number[]);
  readonly #sums = new Float64Array(forecastSignals.length);
  readonly #counts = new Float64Array(forecastSignals.length);
  readonly #expected = forecastSignals.map(() => [] as number[]);
  #forecasts: readonly (Forecast | undefined)[] = [];
  #minutes = 0;
  #ahead = AHEAD;

  /**
   * Takes one minute: the service's signals in the order of `watchedSignals`. The scores of the step that ends with it, in the
   * order of `forecastSignals`, NaN where there is none; undefined within a step.
   */
  observe(values: Float64Array): Float64Array | undefined {
    for (const [at, place] of this.#places.entries()) {
      const value = values[place] as number;
      if (Number.isNaN(value)) continue;
      this.#sums[at] = (this.#sums[at] as number) + value;
      this.#counts[at] = (this.#counts[at] as number) + 1;
    }
    if (++this.#minutes % STEP_MINUTES !== 0) return undefined;
    const means = this.#sums.map((sum, at) => sum / (this.#counts[at] as number));
    this.#sums.fill(0);
    this.#counts.fill(0);
    return this.#endStep(means);
  }

  /** Over the last `steps`, by the place in `forecastSignals`. */
  missed(at: number, steps: number): Missed {
    const mean = (values: readonly number[]): number => {
      const known = values.slice(-steps).filter((value) => !Number.isNaN(value));
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    };
    return { value: mean(this.#values[at] ?? []), expected: mean(this.#expected[at] ?? []) };
  }

  #endStep(means: Float64Array): Float64Array {
    if (this.#ahead >= AHEAD) this.#forecast();
    const scores = means.map((value, at) => {
      const made = this.#forecasts[at];
      const expected = made?.mean[this.#ahead] ?? Number.NaN;
      remember(this.#expected[at] ?? [], expected);
      return made === undefined ? Number.NaN : forecastScore(made, this.#ahead, value);
    });
    for (const [at, values] of this.#values.entries()) remember(values, means[at] as number);
    this.#ahead++;
    return scores;
  }

  #forecast(): void {
    this.#ahead = 0;
    this.#forecasts = this.#values.map((values) => {
      if (values.filter((value) => !Number.isNaN(value)).length < LEAST) return undefined;
      return forecast(Float64Array.from(values), { seasons: [DAY], horizon: AHEAD, levels: [] });
    });
  }
}

function remember(values: number[], value: number): void {
  values.push(value);
  if (values.length > KNOWN) values.shift();
}
