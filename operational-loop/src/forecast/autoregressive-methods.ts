/** Regression of a series on its own past: of its values, their logarithms, their differences over a season, or what MSTL leaves. */
import { continueAutoregression, fitAutoregression, lagsFor } from './autoregression.ts';
import { seasonallyAdjusted } from './decomposition.ts';
import type { Forecaster, Method } from './method.ts';
import { afterSeasons, decomposable, sharedDecomposition, type Decompositions } from './smoothing-methods.ts';

/** Shares of the regressors' mean square: enough to keep the system of full rank, or to hold noisy coefficients down. */
const LIGHT = 1e-5;
const FIRM = 1e-3;

export const autoregression: Method = {
  name: 'autoregression',
  least: regressable,
  costly: false,
  train: (_, seasons) => onItsPast(seasons, LIGHT),
};

/** For series whose swings grow with their level; of others that reach 0 it is the plain one. */
export const logAutoregression: Method = {
  name: 'log-autoregression',
  least: regressable,
  costly: false,
  train: (_, seasons) => {
    const tail = onItsPast(seasons, LIGHT);
    return (values, horizon) =>
      values.every((value) => value > 0) ? tail(values.map(Math.log), horizon).map(Math.exp) : tail(values, horizon);
  },
};

/** Of the change since the same place in the shortest season, as in ARIMA's seasonal differences (Box & Jenkins 1970). */
export const shortDifference: Method = {
  name: 'short-difference',
  least: (seasons) => (seasons.length > 0 ? 4 * seasons[0]! : Infinity),
  costly: false,
  train: (_, seasons) => overDifferences(seasons[0] ?? 1, onItsPast(seasons, FIRM)),
};

/** Of the change since the same place in the longest season. */
export const longDifference: Method = {
  name: 'long-difference',
  least: (seasons) => (seasons.length > 1 ? 2 * seasons.at(-1)! : Infinity),
  costly: false,
  train: (_, seasons) => overDifferences(seasons.at(-1) ?? 1, onItsPast(seasons.slice(0, 1), FIRM)),
};

export function mstlAutoregression(shared: Decompositions): Method {
  return {
    name: 'mstl+autoregression',
    least: decomposable,
    costly: false,
    train: (values, seasons) => {
      const lags = lagsFor(seasons.slice(0, 1), values.length);
      const adjusted = seasonallyAdjusted(values, sharedDecomposition(shared, values, seasons));
      const fitted = fitAutoregression(adjusted, lags, LIGHT);
      return afterSeasons(shared, seasons, (rest, horizon) => continueAutoregression(fitted, rest, horizon));
    },
  };
}

function onItsPast(seasons: readonly number[], ridge: number): Forecaster {
  return (values, horizon) => {
    const fitted = fitAutoregression(values, lagsFor(seasons, values.length), ridge);
    return continueAutoregression(fitted, values, horizon);
  };
}

function overDifferences(season: number, tail: Forecaster): Forecaster {
  return (values, horizon) => {
    const changes = values.slice(season).map((value, i) => value - values[i]!);
    const ahead = tail(changes, horizon);
    const all = new Float64Array(values.length + horizon);
    all.set(values);
    for (let h = 0; h < horizon; h++) all[values.length + h] = all[values.length + h - season]! + ahead[h]!;
    return all.slice(values.length);
  };
}

function regressable(seasons: readonly number[]): number {
  return Math.max(24, 2 * (seasons[0] ?? 0));
}
