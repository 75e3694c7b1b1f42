import { expect, test } from 'vitest';
import type { Prediction } from '../model/prediction.ts';
import type { JudgeVerdict, RolloutState } from '../model/rollout.ts';
import { ProbabilityStore } from '../predict/probability-store.ts';
import { predictOptimalConfiguration } from '../predict/predict.ts';
import { Database } from '../store/sqlite.ts';
import { GivenProbabilities } from './given-probabilities.ts';
import { PredictionKeeper } from './prediction-keeper.ts';

const HOUR = 3_600_000;

/** Of a service whose CPU is at 0.5 throughout, with a limit of it. */
function predictionOf(atMost: number): Prediction {
  const column = Array.from({ length: 48 }, (_, t) => 0.5 + 0.02 * Math.sin(t));
  return predictOptimalConfiguration({
    version: 1,
    service: 'shop',
    at: 48 * HOUR,
    history: {
      start: 0,
      step: HOUR,
      steps: 48,
      instances: [{ instance: 'a', metrics: { throughput: column, cpu: column } }],
    },
    seasons: [],
    horizon: 4,
    knobs: [],
    catalogue: { currency: '', machines: [] },
    limits: [{ name: 'cpuCores', metric: 'cpu', atMost }],
    costs: { violationPerHour: 1, perChange: 0 },
    constraints: { leastInstances: 1, mostInstances: 1, acceptedRisk: 0.01 },
    seed: 1,
  });
}

function kit(values: readonly (number | null)[]) {
  const database = new Database(':memory:');
  let now = 48 * HOUR;
  const store = new ProbabilityStore(database);
  const keeper = new PredictionKeeper(database);
  const given = new GivenProbabilities({ store, keeper, clock: { now: () => now }, observed: () => values });
  return { database, store, keeper, given, pass: (hours: number) => void (now += hours * HOUR) };
}

test('what was said of a limit is kept once, and settled by what came', () => {
  const { given, pass } = kit([0.5, 0.95, 0.5, 0.5]);
  given.predicted(predictionOf(0.9));
  given.predicted(predictionOf(0.9));
  given.look();
  expect(given.calibration().kinds).toEqual([{ kind: 'forecast', pending: 1, calibration: undefined }]);
  pass(5);
  given.look();
  const [forecast] = given.calibration().kinds;
  expect(forecast).toMatchObject({ kind: 'forecast', pending: 0, calibration: { count: 1, bins: [{ happened: 1 }] } });
});

test('where too little was measured, nothing is said to have come true or not', () => {
  const { given, pass } = kit([0.5, null, null, 0.5]);
  given.predicted(predictionOf(0.9));
  pass(5);
  given.look();
  expect(given.calibration().kinds).toEqual([]);
});

test('a canary is found worse or not; what a person ends tells nothing', () => {
  const { given } = kit([]);
  const verdict: JudgeVerdict = {
    decision: 'worse',
    reason: '',
    metrics: [],
    requests: { canary: 1, baseline: 1 },
    probabilityWorse: 0.7,
  };
  const running = {
    id: 'r1',
    proposal: 'p',
    service: 'shop',
    status: 'running',
    step: 0,
    verdict,
  } as unknown as RolloutState;
  given.heard({ kind: 'rollout', rollout: running });
  given.heard({ kind: 'rollout', rollout: running });
  given.heard({ kind: 'rolled-back', rollout: running, reason: 'worse' });
  expect(given.calibration().kinds[0]).toMatchObject({
    kind: 'canary',
    calibration: { count: 1, bins: [{ given: 0.7, happened: 1 }] },
  });
  const stopped = { ...running, id: 'r2', verdict: { ...verdict, decision: 'not-enough' } } as RolloutState;
  given.heard({ kind: 'rollout', rollout: stopped });
  given.heard({ kind: 'rolled-back', rollout: stopped, reason: 'a person' });
  expect(given.calibration().kinds[0]).toMatchObject({ pending: 0, calibration: { count: 1 } });
});

test('decisions are listed, and found by their number and by the proposal that they led to', () => {
  const { keeper } = kit([]);
  const number = keeper.add(predictionOf(0.9), 'proposal-7');
  expect(keeper.list('shop', 10)).toMatchObject([{ id: number, proposal: 'proposal-7', chosen: 'nothing' }]);
  expect(keeper.list('other', 10)).toEqual([]);
  expect(keeper.stored('proposal-7')).toBe(keeper.stored(String(number)));
  expect(keeper.stored('99')).toBeUndefined();
});
