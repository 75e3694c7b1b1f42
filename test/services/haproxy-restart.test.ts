import { expect, test } from 'vitest';
import { systemClock } from '../../operational-loop/src/model/time.ts';
import { Database } from '../../operational-loop/src/store/sqlite.ts';
import { HaproxyPort } from '../../operational-loop/src/tuning/traffic/haproxy.ts';
import { Tuner } from '../../operational-loop/src/tuning/tuner.ts';
import { ServerInstances } from '../support/server-instances.ts';
import { Haproxy } from './support/haproxy.ts';

test('a rollout whose HAProxy goes away and comes back empty ends at the last good image', async () => {
  await using haproxy = await Haproxy.start();
  await using traffic = await HaproxyPort.open(haproxy.settings, systemClock);
  using database = new Database(':memory:');
  using launcher = new ServerInstances(() => 1);
  const image = { build: 'shop', configuration: {} };
  const services = [{ name: 'shop', traffic, launcher, replicas: 2, image }];
  await using tuner = new Tuner({ database, services, knobs: [], clock: systemClock, restores: true });
  await tuner.recover();
  const change = { kind: 'image', image: { build: 'shop', configuration: { VERSION: '2' } } } as const;
  const proposal = tuner.recommend({ service: 'shop', change, reason: 'It is new.' });
  const steps = [
    { weight: 50, least: 60_000 },
    { weight: 100, least: 0 },
  ];
  const { id } = await tuner.apply(proposal.id, { strategy: 'canary', steps, by: 'test' });
  await expect.poll(async () => (await tuner.state()).rollouts[0]?.weight, { timeout: 5_000 }).toBe(50);

  await haproxy.stop();
  const finished = tuner.rollBack(id, 'HAProxy is gone.', 'test');
  await expect
    .poll(() => tuner.history(6).map(({ action, result }) => `${action} ${result}`), { timeout: 5_000 })
    .toContain('set weights failed');
  await haproxy.startAgain();
  expect(await finished).toMatchObject({ status: 'rolled-back' });
  const ask = async (): Promise<string> => (await fetch(haproxy.address)).text();
  expect(new Set([await ask(), await ask(), await ask(), await ask()])).toEqual(new Set(['shop.1.1', 'shop.1.2']));

  await haproxy.stop();
  await haproxy.startAgain();
  expect((await fetch(haproxy.address)).status).toBe(503);
  await tuner.correct();
  expect(await ask()).toMatch(/^shop\.1\./);
});
