import { expect, test } from 'vitest';
import pg from 'pg';
import { PostgresqlKnob } from '../../operational-loop/src/tuning/knobs/postgresql.ts';
import { RedisKnob } from '../../operational-loop/src/tuning/knobs/redis.ts';
import { Postgresql } from './support/postgresql.ts';
import { RedisServer } from './support/redis.ts';
import { Baskets } from './tuning/baskets.ts';
import { Orders } from './tuning/orders.ts';
import type { TunedStore } from './tuning/tuned-shop.ts';
import { TunedShop } from './tuning/tuned-shop.ts';

test('a setting of PostgreSQL is set, seen by other sessions, and reset', async () => {
  await using postgresql = await Postgresql.start();
  const { connection } = postgresql;
  const knob = await PostgresqlKnob.open({ service: 'orders', connection, name: 'work_mem', allowed: true });
  expect(knob.definition).toMatchObject({ unit: 'kB', changesSemantics: false, bounds: { least: 64 } });
  const session = new pg.Client({ connectionString: connection });
  await session.connect();
  const before = await knob.read();
  await knob.apply('8192');
  expect(await knob.read()).toBe('8192');
  const seen = async (): Promise<unknown> => (await session.query('SHOW work_mem')).rows[0];
  await expect.poll(seen).toEqual({ work_mem: '8MB' });
  await expect(knob.apply('1')).rejects.toThrow('takes whole numbers from 64');
  await knob.reset();
  await expect.poll(() => knob.read()).toBe(before);
  await session.end();
});

test('what a setting of PostgreSQL may cost is known: durability, or a restart', async () => {
  await using postgresql = await Postgresql.start();
  const open = (name: string): Promise<PostgresqlKnob> =>
    PostgresqlKnob.open({ service: 'orders', connection: postgresql.connection, name, allowed: false });
  const commit = await open('synchronous_commit');
  expect(commit.definition).toMatchObject({ changesSemantics: true, bounds: { kind: 'choices' } });
  await commit.apply('off');
  expect(await commit.read()).toBe('off');
  await expect(open('shared_buffers')).rejects.toThrow('takes effect with a restart only');
  await expect(open('no_such')).rejects.toThrow('has no setting no_such');
});

test('a setting of Redis is set, read back and reset', async () => {
  await using redis = await RedisServer.start();
  const settings = { service: 'cache', connection: redis.connection, unit: '', allowed: true, description: '' };
  const policies = ['noeviction', 'allkeys-lru', 'allkeys-lfu'];
  const policy = await RedisKnob.open({
    ...settings,
    name: 'maxmemory-policy',
    bounds: { kind: 'choices', values: policies },
  });
  expect(policy.definition).toMatchObject({ id: 'cache/maxmemory-policy', changesSemantics: true });
  await policy.apply('allkeys-lru');
  expect(await policy.read()).toBe('allkeys-lru');
  await policy.reset();
  expect(await policy.read()).toBe('noeviction');
  const range = { kind: 'range', least: 0, most: 10_000, whole: true } as const;
  const entries = await RedisKnob.open({ ...settings, name: 'hash-max-listpack-entries', bounds: range });
  await entries.apply('512');
  expect(await entries.read()).toBe('512');
  await expect(entries.apply('many')).rejects.toThrow('takes whole numbers from 0 to 10000');
  await expect(RedisKnob.open({ ...settings, name: 'no-such', bounds: range })).rejects.toThrow('no setting no-such');
});

test('a server that is not there is an error, not a wait', async () => {
  const range = { kind: 'range', least: 0, most: 1, whole: true } as const;
  const settings = { service: 'cache', name: 'x', bounds: range, unit: '', allowed: true, description: '' };
  await expect(RedisKnob.open({ ...settings, connection: 'redis://127.0.0.1:1' })).rejects.toThrow();
});

test('tuning a real PostgreSQL finds the better work_mem and refuses the worse', { timeout: 120_000 }, () =>
  checkTuning(Orders.start()),
);

test('tuning a real Redis finds the better encoding of hashes and refuses the worse', { timeout: 120_000 }, () =>
  checkTuning(Baskets.start()),
);

async function checkTuning(starting: Promise<TunedStore>): Promise<void> {
  await using store = await starting;
  await using shop = await TunedShop.open(store);
  const [better, worse] = store.cases;
  expect(await shop.try(better)).toMatchObject({ status: 'promoted' });
  expect(await shop.try(worse)).toMatchObject({ status: 'rolled-back' });
  expect(await store.knob.read()).toBe(better.to);
}
