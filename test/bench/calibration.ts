/**
 * `npm run bench:calibration [-- --services N] [--json]`: do the probabilities that predictions give come true? Services are
 * drawn: load with a day, a week, growth and noise that remembers; CPU that follows it; a knob that does to the CPU what its
 * entry says, to within the spread that its entry says. Their first four weeks are predicted from, and the next day tells what
 * happened. Nothing of the drawn service is known to the prediction but its measurements.
 */
import { parseArgs } from 'node:util';
import { Draws } from '../../operational-loop/src/forecast/draws.ts';
import { forecast } from '../../operational-loop/src/forecast/forecast.ts';
import { passingChance } from '../../operational-loop/src/forecast/passing.ts';
import type { Calibration, Knob, PredictionInput } from '../../operational-loop/src/model/prediction.ts';
import { calibrationOf } from '../../operational-loop/src/predict/calibration.ts';
import { predictOptimalConfiguration } from '../../operational-loop/src/predict/predict.ts';
import { saturationRows, type SaturationRow } from './saturation.ts';

const { values: flags } = parseArgs({
  options: { services: { type: 'string', default: '300' }, json: { type: 'boolean', default: false } },
});

const HOUR = 3_600_000;
const KNOWN = 28 * 24;
const HORIZON = 24;
const ELASTICITY = { metric: 'cpu', elasticity: -0.3, sd: 0.15 } as const;

/** Probabilities by what they were said of, with 1 where it happened. */
class Given {
  readonly given: number[] = [];
  readonly happened: number[] = [];

  add(probability: number, happened: boolean): void {
    this.given.push(probability);
    this.happened.push(Number(happened));
  }
}

const kinds = {
  'a step passes its limit': new Given(),
  'the day passes its limit': new Given(),
  'the objective is violated, as it is': new Given(),
  'the objective is violated, after acting': new Given(),
};

for (let i = 0; i < Number(flags.services); i++) observe(i);
report();

function observe(service: number): void {
  const draws = new Draws(1000 + service);
  const { load, cpu } = drawn(draws);
  const limit = limitFor(draws, cpu);
  const future = cpu.slice(KNOWN);

  const made = forecast(cpu.slice(0, KNOWN), { seasons: [24, 168], horizon: HORIZON, levels: [0.95] });
  const { byStep, anywhere } = passingChance(made, limit);
  // one step a service: neighbours would be one outcome told twice
  const step = Math.floor(draws.uniform() * HORIZON);
  kinds['a step passes its limit'].add(byStep[step]!, future[step]! > limit);
  kinds['the day passes its limit'].add(
    anywhere,
    future.some((value) => value > limit),
  );

  const { estimates } = predictOptimalConfiguration(inputOf(load, cpu, limit, service)).steps;
  const idle = estimates.find(({ proposal }) => proposal === 'nothing')!;
  kinds['the objective is violated, as it is'].add(
    idle.violationProbability,
    future.some((value) => value > limit),
  );
  const acting = estimates.find(({ proposal }) => proposal === 'workers=150');
  if (!acting) return;
  const elasticity = ELASTICITY.elasticity + ELASTICITY.sd * draws.normal();
  const changed = future.map((value) => value * 1.5 ** elasticity);
  kinds['the objective is violated, after acting'].add(
    acting.violationProbability,
    changed.some((value) => value > limit),
  );
}

/** A service: requests a second and the share of the CPU, an hour each. */
function drawn(draws: Draws): { readonly load: Float64Array; readonly cpu: Float64Array } {
  const between = (least: number, most: number): number => least + (most - least) * draws.uniform();
  const [day, week, growth] = [between(0.1, 0.5), between(0, 0.3), between(-0.0003, 0.0006)];
  const [memory, noise, wander] = [between(0, 0.9), between(0.01, 0.08), between(0, 0.004)];
  const [intercept, slope, jitter] = [between(0.02, 0.2), between(0.003, 0.005), between(0.003, 0.02)];
  const peak = between(0, 24);
  // the day that is predicted may be any of the week
  const begin = Math.floor(between(0, 168));
  let level = 0;
  let left = 0;
  const load = Float64Array.from({ length: KNOWN + HORIZON }, (_, t) => {
    level += wander * draws.normal();
    left = memory * left + noise * Math.sqrt(1 - memory * memory) * draws.normal();
    const weekend = Math.floor((t + begin) / 24) % 7 >= 5 ? 1 - week : 1;
    return 100 * weekend * (1 + day * Math.sin((2 * Math.PI * (t - peak)) / 24)) * Math.exp(growth * t + level + left);
  });
  return { load, cpu: load.map((value) => Math.max(0, intercept + slope * value + jitter * draws.normal())) };
}

/** Around the greatest value of the last days, so that both outcomes happen. */
function limitFor(draws: Draws, cpu: Float64Array): number {
  return Math.max(...cpu.subarray(KNOWN - 72, KNOWN)) * (0.9 + 0.25 * draws.uniform());
}

function inputOf(load: Float64Array, cpu: Float64Array, limit: number, seed: number): PredictionInput {
  const knob: Knob = {
    name: 'workers',
    unit: '',
    bounds: { least: 10, most: 1000, scale: 'log', integer: true },
    current: 100,
    changesSemantics: false,
    applied: { kind: 'environment', variable: 'WORKERS' },
    reverted: 'restart',
    effects: [ELASTICITY],
  };
  const metrics = { throughput: [...load.subarray(0, KNOWN)], cpu: [...cpu.subarray(0, KNOWN)] };
  return {
    version: 1,
    service: 'drawn',
    at: KNOWN * HOUR,
    history: { start: 0, step: HOUR, steps: KNOWN, instances: [{ instance: 'a', metrics }] },
    seasons: [24, 168],
    horizon: HORIZON,
    knobs: [knob],
    catalogue: { currency: '', machines: [] },
    limits: [{ name: 'cpu', metric: 'cpu', atMost: limit }],
    costs: { violationPerHour: 1, perChange: 0 },
    constraints: { leastInstances: 1, mostInstances: 1, acceptedRisk: 0.01 },
    seed,
  };
}

function report(): void {
  const all = Object.entries(kinds).map(([kind, { given, happened }]) => ({ kind, ...calibrationOf(given, happened) }));
  for (const one of all) print(one);
  const saturations = saturationRows(Number(flags.services));
  printSaturations(saturations);
  if (flags.json) console.log(JSON.stringify({ services: Number(flags.services), kinds: all, saturations }));
}

function printSaturations(rows: readonly SaturationRow[]): void {
  console.log('\nwhen a limit is passed, by the 80 % interval: series, share within it, sooner, later');
  for (const { kind, given, held, sooner, later } of rows) {
    const shares = [held, sooner, later].map((share) => `${(share * 100).toFixed(1)} %`.padStart(8));
    console.log(`  ${kind.padEnd(36)} ${String(given).padStart(5)} ${shares.join(' ')}`);
  }
}

function print({ kind, count, brier, brierOfBaseRate, z, bins }: Calibration & { readonly kind: string }): void {
  console.log(
    `\n${kind}: ${count} given, Brier score ${brier.toFixed(3)} (always the mean: ${brierOfBaseRate.toFixed(3)}), z ${z.toFixed(1)}`,
  );
  console.log('  given     count  mean given  happened (95 % interval)');
  for (const bin of bins) {
    const range = `${bin.from.toFixed(1)}-${bin.to.toFixed(1)}`;
    const held = bin.given >= bin.lower && bin.given <= bin.upper ? '' : '  outside';
    console.log(
      `  ${range}  ${String(bin.count).padStart(7)}  ${bin.given.toFixed(3).padStart(10)}  ${bin.happened.toFixed(3)} ` +
        `(${bin.lower.toFixed(3)}-${bin.upper.toFixed(3)})${held}`,
    );
  }
}
