/** Step 3 of a prediction: the load to come, and what it uses. */
import { forecast } from '../forecast/forecast.ts';
import type { Forecast } from '../model/forecast.ts';
import type {
  ExpectedSeries,
  FleetHistory,
  FleetParameters,
  MetricRole,
  PlainDistribution,
  PredictionInput,
  UtilisationForecast,
} from '../model/prediction.ts';
import { numbersOf } from './columns.ts';
import { plannedFactors } from './plan.ts';
import { possible } from './possible.ts';
import { AS_IT_IS, Simulation } from './simulation.ts';

type Expected = UtilisationForecast['metrics'][number];

export function predictUtilisation(
  input: PredictionInput,
  history: FleetHistory,
  fleet: FleetParameters,
): UtilisationForecast {
  const end = history.start + history.steps * history.step;
  const times = Array.from({ length: input.horizon }, (_, h) => end + h * history.step);
  const ahead = (values: Float64Array): Forecast =>
    forecast(values, { seasons: input.seasons, horizon: input.horizon, levels: [0.95] });
  const usual = ahead(numbersOf(history.load));
  const planned = plannedFactors(input, history, times);
  const own = fleet.models
    .filter(({ kind }) => kind === 'own-series')
    .map(({ metric }) => ownSeries(metric, ahead(numbersOf(history.metrics[metric] ?? []))));
  const first: UtilisationForecast = {
    times,
    method: usual.method,
    load: { ...cut('throughput', expectedOf(usual, planned)), distribution: plain(usual, planned) },
    planned,
    metrics: own,
  };
  return { ...first, metrics: inOrder(fleet, own, new Simulation(input, fleet, first)) };
}

function inOrder(fleet: FleetParameters, own: readonly Expected[], simulation: Simulation): readonly Expected[] {
  const simulated = simulation.run(AS_IT_IS);
  return fleet.models.map(
    ({ metric }) => own.find((series) => series.metric === metric) ?? { metric, ...simulated.expected(metric) },
  );
}

function ownSeries(metric: MetricRole, forecasted: Forecast): Expected {
  return { metric, ...cut(metric, expectedOf(forecasted)), distribution: plain(forecasted) };
}

function expectedOf({ mean, intervals }: Forecast, factors?: readonly number[]): ExpectedSeries {
  const scaled = (values: Float64Array): readonly number[] =>
    Array.from(values, (value, h) => value * (factors?.[h] ?? 1));
  const [interval] = intervals;
  return { mean: scaled(mean), lower: scaled(interval!.lower), upper: scaled(interval!.upper) };
}

function cut(metric: MetricRole, { mean, lower, upper }: ExpectedSeries): ExpectedSeries {
  const all = (values: readonly number[]): readonly number[] => values.map((value) => possible(metric, value));
  return { mean: all(mean), lower: all(lower), upper: all(upper) };
}

function plain({ distribution }: Forecast, factors?: readonly number[]): PlainDistribution {
  return {
    scale: Array.from(distribution.scale, (value, h) => value * (factors?.[h] ?? 1)),
    quantiles: [...distribution.quantiles],
    persistence: distribution.persistence,
    common: [...distribution.common],
    walk: distribution.walk,
  };
}
