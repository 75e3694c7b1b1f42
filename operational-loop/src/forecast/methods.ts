/** The ways to forecast that are tried. */
import {
  autoregression,
  logAutoregression,
  longDifference,
  mstlAutoregression,
  shortDifference,
} from './autoregressive-methods.ts';
import type { Method } from './method.ts';
import { drift, lastValue, longNaive, movedNaive, shortNaive, trendLine } from './simple-methods.ts';
import { dampedTrend, ets, mstlEts, seasonsEts, theta, type Decompositions } from './smoothing-methods.ts';

/** For one series: some of them share what they work out. */
export function methodsForOneSeries(): readonly Method[] {
  const shared: Decompositions = new Map();
  return [
    lastValue,
    drift,
    trendLine,
    shortNaive,
    longNaive,
    movedNaive,
    dampedTrend,
    ets,
    seasonsEts,
    mstlEts(shared),
    theta(shared),
    autoregression,
    logAutoregression,
    shortDifference,
    longDifference,
    mstlAutoregression(shared),
  ];
}
