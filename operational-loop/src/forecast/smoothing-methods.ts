/** Exponential smoothing in its kinds, and the Theta method. */
import { decompose, seasonAhead, seasonallyAdjusted, type Decomposition } from './decomposition.ts';
import type { Forecaster, Method } from './method.ts';
import { continued, fitSmoothing, smoothed, type SmoothingShape } from './smoothing.ts';

const DAMPED: SmoothingShape = { trend: true, error: false };
const DAMPED_WITH_ERROR: SmoothingShape = { trend: true, error: true };

/** A damped trend without seasons (Gardner & McKenzie 1985). */
export const dampedTrend: Method = {
  name: 'damped-trend',
  least: () => 6,
  costly: true,
  train: (values) => smoothing(values, [], DAMPED),
};

/** Of one season, the shortest. */
export const ets: Method = {
  name: 'ets',
  least: (seasons) => (seasons.length > 0 ? 2 * seasons[0]! : Infinity),
  costly: true,
  train: (values, seasons) => smoothing(values, seasons.slice(0, 1), DAMPED_WITH_ERROR),
};

/** Of all seasons at once. */
export const seasonsEts: Method = {
  name: 'seasons-ets',
  least: (seasons) => (seasons.length > 1 ? 2 * seasons.at(-1)! : Infinity),
  costly: true,
  train: (values, seasons) => smoothing(values, seasons, DAMPED_WITH_ERROR),
};

/** Decompositions of one series by the number of its values, so that several methods share them. */
export type Decompositions = Map<number, Decomposition>;

/** The seasons by decomposition, the rest by a damped trend. */
export function mstlEts(shared: Decompositions): Method {
  return {
    name: 'mstl+ets',
    least: decomposable,
    costly: true,
    train: (values, seasons) => {
      const adjusted = seasonallyAdjusted(values, sharedDecomposition(shared, values, seasons));
      const parameters = fitSmoothing(adjusted, [], DAMPED);
      return afterSeasons(shared, seasons, (rest, horizon) =>
        continued(smoothed(rest, [], parameters), parameters, horizon),
      );
    },
  };
}

/**
 * The Theta method (Assimakopoulos & Nikolopoulos 2000), worked out as smoothing with half of the trend's slope as drift
 * (Hyndman & Billah 2003). Seasons go by decomposition, where there are any.
 */
export function theta(shared: Decompositions): Method {
  return {
    name: 'theta',
    least: () => 6,
    costly: true,
    train: (values, seasons) => {
      const adjusted = seasonallyAdjusted(values, sharedDecomposition(shared, values, seasons));
      const parameters = fitSmoothing(adjusted, [], { trend: false, error: false });
      return afterSeasons(shared, seasons, (rest, horizon) => {
        const ahead = continued(smoothed(rest, [], parameters), parameters, horizon);
        const half = slopeOf(rest) / 2;
        const { level } = parameters;
        const lag = (1 - (1 - level) ** rest.length) / level - 1;
        return ahead.map((value, h) => value + half * (h + 1 + lag));
      });
    },
  };
}

/** What is left without the seasons goes on by `tail`, and the seasons are put upon it. */
export function afterSeasons(shared: Decompositions, seasons: readonly number[], tail: Forecaster): Forecaster {
  return (values, horizon) => {
    const decomposition = sharedDecomposition(shared, values, seasons);
    const ahead = seasonAhead(decomposition, seasons, horizon);
    return tail(seasonallyAdjusted(values, decomposition), horizon).map((value, h) => value + ahead[h]!);
  };
}

export function sharedDecomposition(
  shared: Decompositions,
  values: Float64Array,
  seasons: readonly number[],
): Decomposition {
  const known = shared.get(values.length);
  if (known && known.seasonal.length === seasons.length) return known;
  const fresh: Decomposition =
    seasons.length > 0
      ? decompose(values, seasons)
      : { trend: values, seasonal: [], rest: new Float64Array(values.length) };
  shared.set(values.length, fresh);
  return fresh;
}

export function decomposable(seasons: readonly number[]): number {
  return seasons.length > 0 ? 2 * seasons.at(-1)! : Infinity;
}

function smoothing(values: Float64Array, seasons: readonly number[], shape: SmoothingShape): Forecaster {
  const parameters = fitSmoothing(values, seasons, shape);
  return (later, horizon) => continued(smoothed(later, seasons, parameters), parameters, horizon);
}

/** Of the straight line through all values. */
function slopeOf(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  let products = 0;
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    products += (t - middle) * values[t]!;
    squares += (t - middle) ** 2;
  }
  return squares > 0 ? products / squares : 0;
}
