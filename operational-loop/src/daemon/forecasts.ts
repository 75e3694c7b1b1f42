/** Forecasts of a service's signals, as clients show them. */
import type { ForecastState } from '../api/messages.ts';
import { residualScores } from '../forecast/anomaly.ts';
import { forecast } from '../forecast/forecast.ts';
import { saturation } from '../forecast/saturation.ts';
import type { Costs } from '../model/prediction.ts';
import type { SignalName } from '../model/signals.ts';
import type { Clock, Milliseconds } from '../model/time.ts';
import { forecastRisk } from '../predict/risk.ts';
import { tQuantile } from '../statistics/distributions.ts';
import type { GoldenSignalsReader } from '../signals/golden-signals.ts';
import type { SignalLimit } from './configuration.ts';
import { shares, signalKinds } from '../model/signal-units.ts';

/** How far back is looked, in steps of what length, and how far ahead; the longest that the past fills comes first. */
const SPANS = [
  { step: 3_600_000, past: 336, ahead: 48, seasons: [24, 168], least: 96 },
  { step: 600_000, past: 432, ahead: 72, seasons: [144], least: 288 },
  { step: 60_000, past: 240, ahead: 60, seasons: [], least: 60 },
  { step: 10_000, past: 180, ahead: 60, seasons: [], least: 0 },
] as const;

const LEVELS = [0.8, 0.95] as const;

export interface ForecastParts {
  readonly reader: GoldenSignalsReader;
  readonly clock: Clock;
  readonly costs: Costs;
}

export function forecastOf(
  { reader, clock, costs }: ForecastParts,
  service: string,
  signal: SignalName,
  limits: readonly SignalLimit[],
): ForecastState {
  const { times, values, span } = pastOf(reader, clock, service, signal);
  const { step, ahead: horizon, seasons } = span;
  const expected = forecast(values, { seasons, horizon, levels: LEVELS });
  const limit = limits.find((each) => each.signal === signal)?.atMost;
  const begin = times.at(-1) ?? clock.now();
  const most = shares.has(signal) ? 1 : Infinity;
  const possible = (each: number): number => Math.min(most, Math.max(0, each));
  return {
    service,
    signal,
    unit: signalKinds[signal].unit,
    method: expected.method,
    past: {
      times: [...times],
      values: [...values].map((each) => (Number.isNaN(each) ? null : each)),
      ...unusualIn(values, seasons),
    },
    future: {
      times: Array.from(expected.mean, (_, index) => begin + (index + 1) * step),
      mean: [...expected.mean].map(possible),
      intervals: expected.intervals.map(({ level, lower, upper }) => ({
        level,
        lower: [...lower].map(possible),
        upper: [...upper].map(possible),
      })),
    },
    limit,
    risk: limit === undefined ? undefined : forecastRisk(expected, { limit, step, costs }),
    saturation: limit === undefined ? undefined : saturation(values, { limit, step, seasons, horizon, level: 0.95 }),
  };
}

/** A past without anything unusual has a value so far off with this chance. */
const BY_CHANCE = 0.05;

function unusualIn(
  values: Float64Array,
  seasons: readonly number[],
): Pick<ForecastState['past'], 'scores' | 'unusual'> {
  const scores = residualScores(values, seasons);
  const bar = tQuantile(1 - BY_CHANCE / (2 * Math.max(1, values.length)), TAIL_DEGREES);
  return { scores: [...scores], unusual: [...scores.keys()].filter((at) => Math.abs(scores[at]!) > bar) };
}

/** Residuals of services have heavier tails than normal ones. */
const TAIL_DEGREES = 5;

function pastOf(reader: GoldenSignalsReader, clock: Clock, service: string, signal: SignalName) {
  for (const span of SPANS) {
    const to = Math.floor(clock.now() / span.step) * span.step;
    const column = reader.column(service, undefined, signal, { from: to - span.past * span.step, to, step: span.step });
    const first = column.values.findIndex((value) => !Number.isNaN(value));
    const length = first < 0 ? 0 : column.values.length - first;
    if (length < span.least) continue;
    const begin = Math.max(0, first);
    return { span, times: column.times.slice(begin) as Float64Array<ArrayBuffer>, values: column.values.slice(begin) };
  }
  throw new Error('The shortest span takes any length.');
}

/** How far ahead a signal is looked at for its limit. */
export const LOOK_AHEAD: Milliseconds = 60 * 60_000;
