import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RolloutState } from '../model/rollout.ts';
import { systemClock } from '../model/time.ts';
import { Database } from '../store/sqlite.ts';
import { Journal } from './journal.ts';
import { CgroupKnob } from './knobs/cgroup.ts';
import { TuningStore } from './store.ts';
import { Tuner } from './tuner.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-recovery-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const limit = (): string => readFileSync(path.join(folder, 'memory.max'), 'utf8');

test('a live setting that a daemon left in the middle of a trial goes back to what held before', async () => {
  using database = new Database(':memory:');
  writeFileSync(path.join(folder, 'memory.max'), String(256 * 2 ** 20));
  const knob = await CgroupKnob.open({
    service: 'shop',
    folder,
    limit: 'memory',
    bounds: { least: 16, most: 1024 },
    allowed: true,
  });
  // As the daemon's end leaves it: the baseline is on the disk, the canary's value is set, and its result is not written.
  const store = new TuningStore(database);
  const journal = new Journal(database, systemClock, () => undefined);
  const change = { kind: 'knob', knob: knob.definition.id, value: '256' } as const;
  const left: RolloutState = {
    id: 'rollout-1',
    proposal: 'proposal-1',
    service: 'shop',
    change,
    strategy: 'canary',
    status: 'running',
    steps: [],
    step: 3,
    weight: 0,
    by: 'loop',
    startedAt: 1,
  };
  store.saveRollout(left);
  store.setDesiredKnob(knob.definition.id, '64');
  const interrupted = { key: 'rollout-1/block 14/set', action: 'set', rollout: 'rollout-1', by: 'loop' };
  void journal.act(interrupted, () => new Promise(() => undefined));

  await using tuner = new Tuner({ database, services: [], knobs: [knob], clock: systemClock });
  await tuner.recover();
  expect(limit()).toBe(String(64 * 2 ** 20));
  expect(tuner.history(10).toReversed()).toMatchObject([
    { key: 'rollout-1/block 14/set', result: 'interrupted' },
    { action: 'set', result: 'done', by: 'recovery', detail: { value: '64' } },
    { action: 'roll back', result: 'done', rollout: 'rollout-1' },
  ]);
  const { rollouts } = await tuner.state();
  expect(rollouts).toMatchObject([{ status: 'rolled-back', reason: 'The daemon ended while it was running.' }]);

  const before = tuner.history(10);
  await tuner.recover();
  expect(tuner.history(10)).toEqual(before);
});

test('an action that is done is not done again, and one that failed may be', async () => {
  using database = new Database(':memory:');
  const journal = new Journal(database, systemClock, () => undefined);
  const intent = { key: 'once', action: 'count', by: 'test' };
  let done = 0;
  await expect(journal.act(intent, () => Promise.reject(new Error('not yet')))).rejects.toThrow('not yet');
  for (let time = 0; time < 3; time++) await journal.act(intent, async () => void done++);
  expect(done).toBe(1);
  expect(journal.last(10)).toMatchObject([
    { key: 'once', result: 'done' },
    { key: 'once', result: 'failed', message: 'not yet' },
  ]);
});

test('a decision whose work throws leaves neither its change nor its line', () => {
  using database = new Database(':memory:');
  const store = new TuningStore(database);
  const journal = new Journal(database, systemClock, () => undefined);
  const decide = (): void =>
    journal.decide({ key: 'half', action: 'promote', by: 'test' }, () => {
      store.pin('shop/x', 'test');
      throw new Error('halfway');
    });
  expect(decide).toThrow('halfway');
  expect(store.pinnedBy('shop/x')).toBeUndefined();
  expect(journal.last(10)).toEqual([]);
});
