/**
 * `npm run bench:judge [-- --runs N] [--seed N] [--only PART,…] [--rows FILE] [--json]`: the sequential judge on simulated
 * requests, looked at after every one, with the rule of Kayenta's NetflixACAJudge beside it; how fast errors are seen; and
 * whether the probabilities that it gives come true. Parts: latency, errors, bursts, probabilities.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { LatencyCase, LatencyResult } from './judge/trials.ts';
import { errorRun, latencyRun, probabilityRun } from './judge/trials.ts';

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'latency,errors,bursts,probabilities' },
    rows: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(flags.runs);
const firstSeed = Number(flags.seed) * 1_000_003;
const seeds = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => firstSeed + index * 7919);
if (flags.rows !== undefined) writeFileSync(flags.rows, '');
const row = (line: object): void => {
  if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(line)}\n`);
};
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);
const share = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length / list.length;

function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(at * sorted.length) - 1)] ?? NaN;
}

function latencies(each: LatencyCase): readonly LatencyResult[] {
  return seeds(runs).map((seed) => {
    const result = latencyRun(each, seed);
    row({ ...each, seed, ...result });
    return result;
  });
}

const only = new Set(flags.only.split(','));
/** A part's results; none where it was not asked for. */
const part = <T>(name: string, run: () => readonly T[]): readonly T[] => (only.has(name) ? run() : []);

const latency = part('latency', () => {
  console.log(`latency, coefficient of variation 1, ${runs} runs each`);
  console.log(
    'shape        autocorrelation  requests/arm  identical worse  +10 % found  median   p90    Kayenta: identical  +10 %',
  );
  return (['lognormal', 'exponential'] as const).flatMap((shape) =>
    [0, 0.2, 0.5, 0.8].map((correlation) => {
      const requests = Math.round((10_000 * (1 + correlation)) / (1 - correlation));
      const identical = latencies({ shape, correlation, shift: 0, requests });
      const shifted = latencies({ shape, correlation, shift: 0.1, requests });
      const at = shifted.map(({ foundAt }) => foundAt ?? Infinity);
      const result = {
        shape,
        correlation,
        requests,
        identicalWorse: share(identical, ({ foundAt }) => foundAt !== undefined),
        found: share(shifted, ({ foundAt }) => foundAt !== undefined),
        median: quantile(at, 0.5),
        p90: quantile(at, 0.9),
        kayentaIdentical: share(identical, ({ kayenta }) => kayenta),
        kayentaFound: share(shifted, ({ kayenta }) => kayenta),
      };
      console.log(
        `${shape.padEnd(12)} ${String(correlation).padStart(15)} ${String(requests).padStart(13)} ${percent(result.identicalWorse).padStart(16)} ${percent(result.found).padStart(12)} ${String(result.median).padStart(7)} ${String(result.p90).padStart(6)} ${percent(result.kayentaIdentical).padStart(19)} ${percent(result.kayentaFound)}`,
      );
      return result;
    }),
  );
});

const errorRuns = Math.max(1_000, runs);
const errors = part('errors', () => {
  console.log(`\nerrors, at 1,000 requests a second, ${errorRuns} runs each`);
  const stops = seeds(errorRuns).map((seed) =>
    errorRun({ canary: 0.03, baseline: 0.001, share: 0.1, requests: 30_000 }, seed),
  );
  const stopSeconds = stops.map((requests) => (requests ?? Infinity) / 1000);
  const [stopMedian, stopP95] = [quantile(stopSeconds, 0.5), quantile(stopSeconds, 0.95)];
  console.log(
    `3 % of a canary with a tenth of the requests, 0.1 % of the baseline: stopped after ${stopMedian} s, p95 ${stopP95} s`,
  );
  console.log('worse by errors: canary  baseline  canary has  stopped after  p95 (requests of both)');
  for (const [canary, baseline, canaryShare] of [
    [0.03, 0.001, 0.5],
    [0.1, 0.001, 0.1],
    [0.1, 0.01, 0.1],
    [0.3, 0.001, 0.1],
    [1, 0.001, 0.1],
    [1, 0.001, 0.5],
  ] as const) {
    const each = { canary, baseline, share: canaryShare, requests: 30_000 };
    const found = seeds(errorRuns).map((seed) => errorRun(each, seed) ?? Infinity);
    console.log(
      `${percent(canary).padStart(23)} ${percent(baseline).padStart(9)} ${percent(canaryShare).padStart(11)} ${String(quantile(found, 0.5)).padStart(14)} ${String(quantile(found, 0.95)).padStart(5)}`,
    );
  }
  console.log('of both    canary has  autocorrelation  identical worse');
  const identical = [0.001, 0.02].flatMap((rate) =>
    [0.1, 0.5].flatMap((canaryShare) =>
      [0, 0.5, 0.8].map((correlation) => {
        const each = { canary: rate, baseline: rate, share: canaryShare, requests: 20_000, correlation };
        const results = seeds(errorRuns).map((seed) => errorRun(each, seed));
        const worse = share(results, (found) => found !== undefined);
        console.log(
          `${percent(rate)} ${percent(canaryShare).padStart(12)} ${String(correlation).padStart(16)} ${percent(worse).padStart(16)}`,
        );
        return { rate, share: canaryShare, correlation, worse };
      }),
    ),
  );

  return [{ stopMedian, stopP95, identical }];
});

const bursts = part('bursts', () => {
  console.log('of both    canary has   bursts of  of which fail  autocorrelation  identical worse');
  return [0.001, 0.005, 0.02].flatMap((rate) =>
    [0.1, 0.5].flatMap((canaryShare) =>
      [
        { length: 2, failing: 1 },
        { length: 5, failing: 1 },
        { length: 20, failing: 1 },
        { length: 20, failing: 0.5 },
        { length: 20, failing: 0.2 },
        { length: 100, failing: 0.5 },
      ].map((bursts) => {
        const each = { canary: rate, baseline: rate, share: canaryShare, requests: 20_000, bursts };
        const worse = share(
          seeds(errorRuns).map((seed) => errorRun(each, seed)),
          (found) => found !== undefined,
        );
        const correlation = bursts.failing * (1 - 1 / bursts.length);
        console.log(
          `${percent(rate)} ${percent(canaryShare).padStart(12)} ${String(bursts.length).padStart(11)} ${percent(bursts.failing).padStart(14)} ${correlation.toFixed(2).padStart(16)} ${percent(worse).padStart(16)}`,
        );
        return { rate, share: canaryShare, ...bursts, correlation, worse };
      }),
    ),
  );
});

const [probabilities] = part('probabilities', () => {
  const forecasts = seeds(Math.max(1_000, runs)).map((seed) => {
    const forecast = probabilityRun(seed);
    row({ seed, ...forecast });
    return forecast;
  });
  const brier =
    forecasts.reduce((sum, { probability, worse }) => sum + (probability - Number(worse)) ** 2, 0) / forecasts.length;
  console.log(
    `\nprobability of being worse: Brier score ${brier.toFixed(3)} over ${forecasts.length} runs (half worse, by 2 to 20 %)`,
  );
  console.log('said        runs   were worse');
  const calibration = Array.from({ length: 10 }, (_, bin) => {
    const inside = forecasts.filter(({ probability }) => Math.min(9, Math.floor(probability * 10)) === bin);
    const said = inside.reduce((sum, { probability }) => sum + probability, 0) / inside.length;
    const worse = share(inside, (forecast) => forecast.worse);
    if (inside.length > 0)
      console.log(`${percent(said)} ${String(inside.length).padStart(7)} ${percent(worse).padStart(12)}`);
    return { runs: inside.length, said, worse };
  }).filter((bin) => bin.runs > 0);
  const error = calibration.reduce((sum, bin) => sum + bin.runs * Math.abs(bin.said - bin.worse), 0) / forecasts.length;
  console.log(`on average ${percent(error).trim()} off`);
  return [{ brier, calibrationError: error, calibration }];
});

const [error] = errors;
const fine =
  latency.every(({ identicalWorse, found }) => identicalWorse <= 0.01 && found >= 0.9) &&
  errors.every(({ identical, stopP95 }) => stopP95 <= 3 && identical.every(({ worse }) => worse <= 0.01)) &&
  bursts.every(({ length, worse }) => length > 5 || worse <= 0.01);
if (flags.json) console.log(JSON.stringify({ latency, errors: { ...error, bursts }, ...probabilities }));
process.exitCode = fine ? 0 : 1;
