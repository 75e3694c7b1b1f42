import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import { Database } from '../store/sqlite.ts';
import { ProcessLauncher } from './process-launcher.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-launcher-'));
writeFileSync(
  path.join(folder, 'server.js'),
  `const http = require('node:http');
   if (process.env.MODE === 'broken') throw new Error('no database');
   http.createServer((q, r) => { if (q.url === '/die') process.exit(3); r.end(process.env.MODE); }).listen(process.env.PORT);`,
);

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function newDatabase(): Database {
  const database = new Database(':memory:');
  ends.push(async () => database[Symbol.dispose]());
  return database;
}

function launcherWith(database: Database): ProcessLauncher {
  const launcher = new ProcessLauncher({
    database,
    logs: path.join(folder, 'logs'),
    ready: '/health',
    launch: (_, __, image) => ({
      command: [process.execPath, 'server.js'],
      folder,
      env: { ...process.env, ...image.configuration },
      recordingFile: undefined,
    }),
  });
  ends.push(async () => {
    for (const { id } of launcher.all()) await launcher.stop(id);
    launcher[Symbol.dispose]();
  });
  return launcher;
}

const image = (MODE: string) => ({ build: 'one', configuration: { MODE } });

test('an instance is started with its settings, found by the next launcher, and stopped', async () => {
  const database = newDatabase();
  const { address, pid } = await launcherWith(database).start({
    id: 'shop.1.1',
    service: 'shop',
    image: image('fast'),
  });
  expect(await (await fetch(address)).text()).toBe('fast');
  const next = launcherWith(database);
  expect(await next.running('shop')).toMatchObject([{ id: 'shop.1.1', address, pid, image: image('fast') }]);
  expect(await next.start({ id: 'shop.1.1', service: 'shop', image: image('fast') })).toMatchObject({ pid });
  await next.stop('shop.1.1');
  expect(processLives(pid!)).toBe(false);
  expect(await next.running('shop')).toEqual([]);
});

test('one that ends by itself is told of, one that is stopped is not', async () => {
  const database = newDatabase();
  const launcher = launcherWith(database);
  const told: string[] = [];
  launcher.onExit((id, detail) => void told.push(`${id}: ${detail}`));
  await launcher.start({ id: 'shop.1.2', service: 'shop', image: image('a') });
  const { address } = await launcher.start({ id: 'shop.1.1', service: 'shop', image: image('a') });
  await fetch(`${address}/die`).catch(() => undefined);
  await launcher.stop('shop.1.2');
  await expect.poll(() => told).toEqual(['shop.1.1: It ended with exit code 3.']);
  expect(await launcher.running('shop')).toEqual([]);
});

test('one that does not come up is an error with what it said last', async () => {
  const database = newDatabase();
  const launcher = launcherWith(database);
  const start = launcher.start({ id: 'shop.1.1', service: 'shop', image: image('broken') });
  await expect(start).rejects.toThrow(/shop\.1\.1 of shop ended before it took requests: .*no database/);
  expect(launcher.all()).toEqual([]);
});

test.runIf(process.platform === 'linux')('one whose starter was killed as it started it is found', async () => {
  const database = newDatabase();
  launcherWith(database);
  const env = { ...process.env, PORT: '0', HINDCAST_OPS_INSTANCE: 'shop.1.9' };
  const child = spawn(process.execPath, ['server.js'], { cwd: folder, env, detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  const row = ['shop', JSON.stringify(image('a')), 'http://127.0.0.1:1', 0, '', 1, null] as const;
  database.run('INSERT INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?)', 'shop.1.9', ...row);
  database.run('INSERT INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?)', 'shop.1.10', ...row);
  const next = launcherWith(database);
  expect(await next.running('shop')).toMatchObject([{ id: 'shop.1.9', pid: child.pid }]);
  await next.stop('shop.1.9');
  expect(processLives(child.pid!)).toBe(false);
});
