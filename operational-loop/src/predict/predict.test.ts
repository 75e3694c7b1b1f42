import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import type { InstanceColumns, Knob, PredictionInput, Workload } from '../model/prediction.ts';
import { parseCatalogue, parseWorkload } from './files.ts';
import { predictOptimalConfiguration } from './predict.ts';
import { replayPrediction } from './replay.ts';

const HOUR = 3_600_000;
const DAYS = 21;

/** Three weeks of hours: load with a daily rhythm, CPU that follows it, latency that waits for the CPU. */
function instance(name: string, level: number, seed: number): InstanceColumns {
  const random = new Random(seed);
  const noise = (): number => (random.below(2000) - 1000) / 1000;
  const throughput: number[] = [];
  const cpu: number[] = [];
  const latency: number[] = [];
  const memory: number[] = [];
  for (let t = 0; t < DAYS * 24; t++) {
    const load = level * (100 + 40 * Math.sin((2 * Math.PI * t) / 24) + 3 * noise());
    const used = 0.05 + 0.004 * load + 0.005 * noise();
    throughput.push(load);
    cpu.push(used);
    latency.push(20 + (15 * used) / (1 - used) + 0.5 * noise());
    memory.push(0.4 + 0.005 * noise());
  }
  return { instance: name, metrics: { throughput, cpu, latency, memory } };
}

const heap: Knob = {
  name: 'heap',
  unit: 'MiB',
  bounds: { least: 64, most: 1024, scale: 'log', integer: true },
  current: 128,
  changesSemantics: false,
  applied: { kind: 'environment', variable: 'NODE_OPTIONS' },
  reverted: 'restart',
  effects: [{ metric: 'latency', elasticity: -0.5, sd: 0.1 }],
};

function input(change: Partial<PredictionInput> & { readonly level?: number } = {}): PredictionInput {
  const { level = 1, ...rest } = change;
  return {
    version: 1,
    service: 'shop',
    at: DAYS * 24 * HOUR,
    history: { start: 0, step: HOUR, steps: DAYS * 24, instances: [instance('a', level, 1), instance('b', level, 2)] },
    seasons: [24],
    horizon: 48,
    knobs: [],
    catalogue: {
      currency: 'EUR',
      machines: [
        { name: 'small', cpu: 2, memory: 4, io: 100, price: 0.1 },
        { name: 'large', cpu: 4, memory: 8, io: 200, price: 0.19 },
      ],
    },
    machine: 'small',
    limits: [{ name: 'CPU below 80 %', metric: 'cpu', atMost: 0.8 }],
    costs: { violationPerHour: 10, perChange: 0.5 },
    constraints: { leastInstances: 2, mostInstances: 8, acceptedRisk: 0.05 },
    seed: 1,
    ...rest,
  };
}

const double: Workload = { events: [{ name: 'sale', from: DAYS * 24 * HOUR, to: (DAYS + 3) * 24 * HOUR, factor: 2 }] };

test('the models find how the CPU follows the load and latency the CPU', () => {
  const { models } = predictOptimalConfiguration(input()).steps.aggregate;
  const cpu = models.find(({ metric }) => metric === 'cpu')!;
  expect(cpu.kind).toBe('linear');
  expect(cpu.slope).toBeCloseTo(0.004, 4);
  const latency = models.find(({ metric }) => metric === 'latency')!;
  expect(latency).toMatchObject({ kind: 'queueing', resource: 'cpu' });
  expect(latency.slope).toBeGreaterThan(13);
  expect(latency.slope).toBeLessThan(17);
  expect(models.find(({ metric }) => metric === 'memory')!.kind).toBe('own-series');
});

test('a fleet that is well within its limits is left alone', () => {
  const { steps } = predictOptimalConfiguration(
    input({ constraints: { leastInstances: 2, mostInstances: 8, acceptedRisk: 0.05 } }),
  );
  expect(steps.bottlenecks[0]).toMatchObject({ tight: false, violationProbability: 0 });
  expect(steps.choice.chosen).toBe('nothing');
});

test('a sale that doubles the load makes the CPU tight, and instances are added until the risk is accepted', () => {
  const { steps } = predictOptimalConfiguration(input({ workload: double }));
  const [cpu] = steps.bottlenecks;
  expect(cpu).toMatchObject({ tight: true, cause: 'cpu', from: expect.any(Number) });
  // 0.05 + 0.004 · 2 · 140 = 1.17 of the CPU
  expect(cpu!.peak.value).toBeGreaterThan(1.1);
  expect(cpu!.violationProbability).toBeGreaterThan(0.95);
  expect(steps.choice.chosen).toBe('machine=large');
  const [best] = steps.choice.recommendations;
  expect(best!.expectedCost.acting).toBeLessThan(best!.expectedCost.notActing);
  expect(best!.violationProbability).toBeLessThanOrEqual(0.05);
  expect(best!.confidence).toBeGreaterThan(0.95);
  const effect = best!.effects.find(({ metric }) => metric === 'cpu')!;
  expect(effect.change.value).toBeCloseTo(-0.5, 2);
});

test('without a catalogue instances are what is left', () => {
  const { steps } = predictOptimalConfiguration(input({ workload: double, catalogue: { currency: '', machines: [] } }));
  // 0.05 + 0.004 · 560 / n ≤ 0.8 − noise: four instances
  expect(steps.choice.chosen).toBe('instances=4');
});

test('a knob is proposed within its bounds, and what its canaries measured overrules what was said of it', () => {
  const limits = [{ name: 'latencyMean', metric: 'latency' as const, atMost: 30 }];
  const of = (knob: Knob) =>
    predictOptimalConfiguration(
      input({
        knobs: [knob],
        limits,
        catalogue: { currency: '', machines: [] },
        constraints: { leastInstances: 2, mostInstances: 2, acceptedRisk: 0.05 },
      }),
    ).steps;
  const said = of(heap);
  expect(said.choice.chosen).toMatch(/^heap=/);
  expect(said.proposals.filter(({ action }) => action.kind === 'knob').map(({ id }) => id)).toEqual([
    'heap=160',
    'heap=192',
    'heap=256',
    'heap=384',
    'heap=512',
    'heap=1024',
  ]);
  expect(said.proposals.at(-1)?.reason).toBe('A greater heap relieves the mean latency.');
  const outcomes = [{ from: 128, to: 256, metric: 'latency' as const, logRatio: 0, se: 0.005 }];
  expect(of({ ...heap, outcomes }).choice.chosen).toBe('nothing');
  const forbidden = of({ ...heap, changesSemantics: true }).choice;
  expect(forbidden.chosen).toBe('nothing');
  expect(forbidden.recommendations.at(-1)).toMatchObject({
    feasible: false,
    obstacle: expect.stringContaining('person'),
  });
});

test('a decision that was kept is replayed and comes out the same', () => {
  const kept = JSON.stringify(predictOptimalConfiguration(input({ workload: double, knobs: [heap] })));
  expect(replayPrediction(kept).state).toBe('same');
  const other = kept.replace('"chosen":"machine=large"', '"chosen":"nothing"');
  expect(replayPrediction(other)).toMatchObject({ state: 'different', differences: ['steps.choice.chosen'] });
  expect(replayPrediction('{"version":2}')).toMatchObject({
    state: 'unreadable',
    message: expect.stringContaining('2'),
  });
  expect(replayPrediction('nonsense').state).toBe('unreadable');
});

test('a fleet of which nothing was measured gets an answer, not an error', () => {
  const history = {
    start: 0,
    step: HOUR,
    steps: 3,
    instances: [{ instance: 'a', metrics: { throughput: [null, null, null] } }],
  };
  expect(predictOptimalConfiguration(input({ history })).steps.choice.chosen).toBe('nothing');
  const none = { start: 0, step: HOUR, steps: 0, instances: [] };
  expect(predictOptimalConfiguration(input({ history: none })).steps.choice.chosen).toBe('nothing');
});

test('a setting that goes with latency is discovered among many that do not', () => {
  const random = new Random(4);
  const steps = 400;
  const column = (): number[] => Array.from({ length: steps }, () => random.below(100));
  const cache = column();
  const latency = cache.map((value) => 50 - 0.2 * value + random.below(10));
  const others = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`other${i}`, column()]));
  const history = {
    start: 0,
    step: HOUR,
    steps,
    instances: [{ instance: 'a', metrics: { throughput: column(), latency }, parameters: { cache, ...others } }],
  };
  const { correlations } = predictOptimalConfiguration(input({ history })).steps.aggregate;
  expect(correlations[0]).toMatchObject({ parameter: 'cache', metric: 'latency', discovered: true });
  expect(correlations[0]!.rho).toBeLessThan(-0.8);
  expect(correlations.filter(({ discovered }) => discovered).length).toBeLessThanOrEqual(3);
});

test('workloads and catalogues are read, and what is wrong in them is named', () => {
  const workload = parseWorkload(
    'load.yaml',
    'users: { now: 100, growthPerMonth: 0.1 }\nrequestsPerUser: 2\npeaks: [{ from: 18, to: 21, factor: 1.5 }]\nevents: [{ name: sale, from: 2026-11-27T00:00Z, to: tomorrow, factor: 3 }]',
  );
  expect(workload.value).toEqual({
    users: { now: 100, growthPerMonth: 0.1 },
    requestsPerUser: 2,
    peaks: [{ from: 18, to: 21, factor: 1.5 }],
  });
  expect(workload.problems).toEqual([{ file: 'load.yaml', where: 'events[0].to', message: 'is no time' }]);
  const catalogue = parseCatalogue(
    'm.yaml',
    'machines: [{ name: a, cpu: 2, memory: 4, io: 1, price: 1 }, { name: b, cpu: 0 }]',
  );
  expect(catalogue.value.machines.map(({ name }) => name)).toEqual(['a']);
  expect(catalogue.problems[0]).toMatchObject({ where: 'machines[1].cpu', message: 'is not above 0' });
});

test('no more than all requests are expected to fail, however fast failures have grown', () => {
  const { history } = input();
  const [one] = history.instances;
  const steps = history.steps;
  const errorRatio = Array.from({ length: steps }, (_, at) => (at < steps - 12 ? 0 : (0.9 * (at - steps + 12)) / 12));
  const failing = { ...one!, metrics: { ...one!.metrics, errorRatio } };
  const limits = [{ name: 'errorRatio', metric: 'errorRatio', atMost: 0.01 }] as const;
  const { steps: done } = predictOptimalConfiguration(input({ history: { ...history, instances: [failing] }, limits }));
  const expected = done.utilisation.metrics.find(({ metric }) => metric === 'errorRatio');
  expect(Math.max(...expected!.mean)).toBeGreaterThan(0.5);
  expect(Math.max(...expected!.mean, ...expected!.upper)).toBeLessThanOrEqual(1);
  expect(Math.max(...done.bottlenecks.map(({ peak }) => peak.value))).toBeLessThanOrEqual(1);
});
