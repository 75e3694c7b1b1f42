import { expect, test } from 'vitest';
import { Database } from '../store/sqlite.ts';
import { ProbabilityStore } from './probability-store.ts';

test('probabilities wait for their outcome, and are scored by it', () => {
  using database = new Database(':memory:');
  const store = new ProbabilityStore(database);
  const first = store.keep({ kind: 'forecast', subject: 'cpu', probability: 0.8, givenAt: 0, dueAt: 100 });
  const second = store.keep({ kind: 'canary', subject: 'errors', probability: 0.3, givenAt: 0, dueAt: 200 });
  expect(store.due(50)).toEqual([]);
  expect(store.due(150).map(({ id }) => id)).toEqual([first]);
  store.settle(first, true);
  store.settle(first, false);
  expect(store.due(1000).map(({ id }) => id)).toEqual([second]);
  store.settle(second, false);
  const again = new ProbabilityStore(database);
  expect(again.calibration('forecast')).toMatchObject({ count: 1, brier: expect.closeTo(0.04, 12) });
  expect(again.calibration().brier).toBeCloseTo((0.04 + 0.09) / 2, 12);
  expect(again.calibration('none').count).toBe(0);
});
