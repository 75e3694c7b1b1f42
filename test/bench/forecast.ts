/**
 * `npm run bench:forecast -- TRAIN TEST [--json] [--rows FILE]`: how good forecasts and their intervals are on series of the
 * M4 competition (github.com/Mcompetitions/M4-methods): CSV files with a series a line, its name first. The series count as
 * hourly: seasons of a day and a week, and M4's own measures with a season of 24. Beside it stands seasonal naive. The
 * time is the processor's, of all threads, with the clock's beside it; reading and printing do not count.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { coverage, mase, msis, seasonalScale, smape } from '../../operational-loop/src/forecast/accuracy.ts';
import { forecast } from '../../operational-loop/src/forecast/forecast.ts';
import { seasonalNaive } from '../../operational-loop/src/forecast/seasonal-naive.ts';
import type { Forecast } from '../../operational-loop/src/model/forecast.ts';
import { readSeries, type NamedSeries } from './m4.ts';

const SEASONS = [24, 168];
const LEVELS = [0.8, 0.95];

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string' },
    /** only every so many-th series */
    every: { type: 'string', default: '1' },
  },
});
const [trainFile, testFile] = positionals;
if (!trainFile || !testFile) {
  console.error('usage: npm run bench:forecast -- TRAIN TEST [--every N] [--json] [--rows FILE]');
  process.exit(4);
}

interface Measured {
  readonly series: string;
  readonly method: string;
  readonly smape: number;
  readonly mase: number;
  readonly msis: number;
  readonly coverage80: number;
  readonly coverage95: number;
  /** of the processor */
  readonly ms: number;
  /** by the clock */
  readonly elapsed: number;
  readonly seasonalNaive: { readonly smape: number; readonly mase: number };
}

const known = new Map(readSeries(readFileSync(testFile, 'utf8')).map(({ name, values }) => [name, values]));
const chosen = readSeries(readFileSync(trainFile, 'utf8')).filter((_, i) => i % Number(flags.every) === 0);
const rows: string[] = [];
report(
  chosen.map((series) => {
    const actual = known.get(series.name);
    if (!actual) throw new Error(`${testFile} has no series ${series.name}.`);
    const before = [performance.now(), processorMs()] as const;
    const made = forecast(series.values, { seasons: SEASONS, horizon: actual.length, levels: LEVELS });
    const spent = { elapsed: performance.now() - before[0], ms: processorMs() - before[1] };
    const measured = measure(series, actual, made, spent);
    rows.push(JSON.stringify({ ...measured, mean: [...made.mean], intervals: made.intervals.map(plainInterval) }));
    return measured;
  }),
);
if (flags.rows !== undefined) writeFileSync(flags.rows, `${rows.join('\n')}\n`);

function measure(
  { name, values }: NamedSeries,
  actual: Float64Array,
  made: Forecast,
  spent: Pick<Measured, 'ms' | 'elapsed'>,
): Measured {
  const scale = seasonalScale(values, SEASONS[0]!);
  const naive = seasonalNaive(values, SEASONS[0]!, actual.length);
  const [at80, at95] = made.intervals;
  return {
    series: name,
    method: made.method,
    smape: smape(actual, made.mean),
    mase: mase(actual, made.mean, scale),
    msis: msis(actual, at95!, scale),
    coverage80: coverage(actual, at80!.lower, at80!.upper),
    coverage95: coverage(actual, at95!.lower, at95!.upper),
    ...spent,
    seasonalNaive: { smape: smape(actual, naive), mase: mase(actual, naive, scale) },
  };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function plainInterval({ level, lower, upper }: Forecast['intervals'][number]) {
  return { level, lower: [...lower], upper: [...upper] };
}

function report(all: readonly Measured[]): void {
  const mean = (of: (row: Measured) => number): number => all.reduce((sum, row) => sum + of(row), 0) / all.length;
  const result = {
    series: all.length,
    smape: mean((row) => row.smape),
    mase: mean((row) => row.mase),
    msis: mean((row) => row.msis),
    coverage80: 100 * mean((row) => row.coverage80),
    coverage95: 100 * mean((row) => row.coverage95),
    msPerSeries: mean((row) => row.ms),
    elapsedPerSeries: mean((row) => row.elapsed),
    seasonalNaive: {
      smape: mean((row) => row.seasonalNaive.smape),
      mase: mean((row) => row.seasonalNaive.mase),
    },
  };
  const [ms, elapsed] = [result.msPerSeries.toFixed(0), result.elapsedPerSeries.toFixed(0)];
  console.log(`${result.series} series, ${ms} ms of the processor each, ${elapsed} ms by the clock\n`);
  console.log('                  sMAPE     MASE     MSIS   in 80 %   in 95 %');
  const cells = [result.smape, result.mase, result.msis, result.coverage80, result.coverage95];
  console.log(`forecast       ${cells.map((value) => value.toFixed(3).padStart(8)).join(' ')}`);
  const naive = [result.seasonalNaive.smape, result.seasonalNaive.mase];
  console.log(`seasonal naive ${naive.map((value) => value.toFixed(3).padStart(8)).join(' ')}`);
  if (flags.json) console.log(JSON.stringify(result));
}
