/**
 * What `performance` tells besides clocks: observers are called at their turn, `observer` by its id, and get the times that
 * they got. Only where a run is to be executed again.
 */
import hooks, { PerformanceObserver, performance } from 'node:perf_hooks';
import { types } from 'node:util';
import { arrivalKey, type WorldJson } from '../model/recorded-world.ts';
import { returning, safely, type Crossing } from './calls.ts';
import { packed, unpacked } from './connections/packed.ts';
import { plain } from './dns.ts';
import type { Json } from './json.ts';
import type { BoundaryLog } from './log.ts';
import { ownData, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { isArray } = Array;
const { isMap } = types;
const { entries, set } = Map.prototype;
const { getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, assign, defineProperty } = Object;
const TELLS = /^(?:count|exceeds|min|max|mean|stddev|percentile|skewness|kurtosis|cdf|ewma)/;
const TIMES = ['StartTime', 'Duration'];

export function installPerformance(log: BoundaryLog): void {
  const owner = getPrototypeOf(performance) as object;
  replace(owner, 'eventLoopUtilization', log.hide, (original) => withOwnClocks(log, original));
  returning(log, owner, 'eventLoopUtilization', 'performance.eventLoopUtilization', {
    args: () => ({}),
    result: ([value]) => ({ value: plain(value) }),
    replay: ({ value }) => (value === null ? undefined : [structuredClone(value)]),
  });
  const { prototype } = PerformanceObserver;
  const dispatch = getOwnPropertySymbols(prototype).find(({ description }) => description === 'kDispatch');
  if (dispatch) replace(prototype, dispatch, log.hide, (original) => inTurn(log, original));
  replace(prototype, 'takeRecords', log.hide, (original) => withTimes(log, original));
  replace(
    hooks,
    'monitorEventLoopDelay',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const histogram = apply(original, this, args);
        safely(log, () => delaysOf(log, histogram));
        return histogram;
      },
  );
}

/** What a histogram of delays tells is the machine's matter. Its handle tells numbers, or fills a map with some. */
function delaysOf(log: BoundaryLog, histogram: unknown): void {
  if (typeof histogram !== 'object' || histogram === null) return;
  const symbol = getOwnPropertySymbols(histogram).find(({ description }) => description === 'kHandle');
  const handle = symbol && ownData(histogram, symbol);
  if (typeof handle !== 'object' || handle === null) return;
  const crossing: Crossing = {
    args: () => ({}),
    result: ([value], [map]) => ({ value: packed(isMap(map) ? [...apply(entries, map, [])] : value) }),
    replay({ value }, [map]) {
      const told = unpacked(value);
      if (isMap(map) && isArray(told)) for (const pair of told) apply(set, map, pair as unknown[]);
      return [isMap(map) ? undefined : told];
    },
  };
  for (let owner: unknown = handle; typeof owner === 'object' && owner !== null; owner = getPrototypeOf(owner))
    for (const name of getOwnPropertyNames(owner).filter((each) => TELLS.test(each))) {
      defineProperty(handle, name, { value: ownData(owner, name), configurable: true });
      returning(log, handle, name, 'performance.eventLoopDelay', crossing);
    }
}

function withOwnClocks(log: BoundaryLog, original: AnyFunction): AnyFunction {
  return function (...args) {
    log.ownClocks++;
    try {
      return apply(original, this, args);
    } finally {
      log.ownClocks--;
    }
  };
}

function inTurn(log: BoundaryLog, original: AnyFunction): AnyFunction {
  return function (...args) {
    const id = log.idOf(this as object, 'observer');
    log.arrivals.arrive(arrivalKey('observer', id), () => {
      safely(log, () => log.report('observer', { id }));
      apply(original, this, args);
    });
  };
}

function withTimes(log: BoundaryLog, original: AnyFunction): AnyFunction {
  return function (...args) {
    const entries = apply(original, this, args);
    if (log.depth > 0 || !isArray(entries)) return entries;
    safely(log, () => {
      const told = log.recorded?.returned('observer.entries')?.['entries'];
      if (isArray(told)) told.forEach((times: WorldJson, index) => tell(entries[index], times));
      log.report('observer.entries', { entries: entries.map(timesOf) });
    });
    return entries;
  };
}

function timesOf(entry: unknown): Json {
  return symbolsOf(entry).map((symbol) => plain(ownData(entry, symbol)));
}

function tell(entry: unknown, told: WorldJson): void {
  if (typeof entry !== 'object' || entry === null || !isArray(told)) return;
  symbolsOf(entry).forEach((symbol, index) => assign(entry, { [symbol]: (told as readonly WorldJson[])[index] }));
}

/** Of its times, which an entry keeps under symbols of Node's. */
function symbolsOf(entry: unknown): readonly symbol[] {
  if (typeof entry !== 'object' || entry === null) return [];
  return getOwnPropertySymbols(entry).filter(({ description }) =>
    TIMES.some((name) => description === `PerformanceEntry.${name}`),
  );
}
