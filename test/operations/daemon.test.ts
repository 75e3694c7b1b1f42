/** The daemon as a person has it: `hindcast ops`, with real instances under real load. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { operationsFolder } from '../../operational-loop/src/api/address.ts';
import type { GoldenSignals } from '../../operational-loop/src/model/signals.ts';
import { processLives } from '../../trace-runtime/src/base/processes.ts';
import { hindcast, json } from '../cli/kit.ts';
import { Daemon, load, until, withLatencyMargin } from './kit.ts';

test('a bad release is rolled back, its recording shows why, and it goes out again once the fix is proven', async () => {
  await using daemon = new Daemon(withLatencyMargin(4));
  await daemon.start();
  const service = await daemon.until(({ services }) => services.find(({ instances }) => instances.length === 3));
  using requests = load(service.address!, 60);
  await until(() => (requests.statuses.length > 60 ? true : undefined));
  const out = daemon.run('ops', 'roll-out', 'catalogue', '--folder', 'release-2', '--build', 'release-2');
  expect(out.stderr + out.stdout).toContain('is being rolled out (canary)');
  const rollout = await daemon.until(({ rollouts }) => rollouts.find(({ status }) => status === 'rolled-back'));
  expect(rollout.verdict?.decision).toBe('worse');
  expect(rollout.reason).toMatch(/of the canary's requests fail/);

  const alert = await daemon.until(({ alerts }) =>
    alerts.find(({ kind, exemplars }) => kind === 'rollback' && exemplars.length > 0),
  );
  const { recording, case: name, message } = alert.exemplars[0]!;
  expect(message).toBe("TypeError: Cannot read properties of undefined (reading 'percent')");
  const why = daemon.run('why', `${recording}#${name}`);
  expect(why.stdout).toContain('release-2/prices.js:3');

  const { instances } = (await daemon.state()).services[0]!;
  expect(instances.filter(({ image }) => image?.build === 'release-2')).toEqual([]);
  const before = requests.statuses.length;
  await until(() => (requests.statuses.length > before + 120 ? true : undefined));
  expect(requests.statuses.slice(before + 10).filter((status) => status !== 200)).toEqual([]);

  expect(daemon.run('keep', `${recording}#${name}`).status).toBe(0);
  const refused = daemon.run('ops', 'roll-out', 'catalogue', '--folder', 'release-2');
  expect(refused.stderr).toMatch(
    /is not rolled out: `hindcast validate --all` .* ends with exit code 1: .*still-failing/,
  );
  const prices = path.join(daemon.folder, 'release-2', 'prices.js');
  writeFileSync(prices, readFileSync(prices, 'utf8').replace('discount.percent', '(discount?.percent ?? 0)'));
  expect(daemon.run('ops', 'roll-out', 'catalogue', '--folder', 'release-2').stdout).toContain('is being rolled out');
  const mended = await daemon.until(({ rollouts }) => rollouts.find(({ status }) => status === 'promoted'));
  expect(mended.verdict?.metrics.find((metric) => metric.name === 'errors')?.decision).toBe('not-worse');
});

test('a person applies, pins, and reads what was done; the API lets nobody else in', async () => {
  await using daemon = new Daemon();
  const client = await daemon.start();
  await daemon.until(({ services }) => services.find(({ instances }) => instances.length === 3));
  expect(daemon.run('ops', 'pin', 'catalogue/CACHE_SIZE').stdout).toContain('catalogue/CACHE_SIZE is pinned');
  await expect(client.post('/v1/knobs/catalogue%2FCACHE_SIZE/set', { by: 'me', value: '100' })).rejects.toThrow(
    'pinned by',
  );
  expect(daemon.run('ops', 'knobs').stdout).toMatch(/^catalogue\/CACHE_SIZE .* pinned by /m);
  daemon.run('ops', 'unpin', 'catalogue/CACHE_SIZE');
  expect(daemon.run('ops', 'unpin', 'catalogue/CACHE_SIZE')).toMatchObject({ status: 4 });
  expect(daemon.run('ops', 'set', 'catalogue/CACHE_SIZE', '100').stdout).toContain('catalogue/CACHE_SIZE is 100.');
  const { configurations, services } = await daemon.state();
  expect(configurations[0]?.desired.configuration).toEqual({ CACHE_SIZE: '100' });
  expect(services[0]?.instances.map(({ image }) => image?.configuration['CACHE_SIZE'])).toEqual(['100', '100', '100']);
  const history = json<{ entries: { by: string; action: string; result: string }[] }>(
    daemon.run('ops', 'history', '--json'),
  );
  expect(history.entries.find(({ action }) => action === 'unpin')).toMatchObject({ result: 'done' });
  expect(daemon.run('ops', 'gate', 'catalog').stderr).toContain('There is no service catalog: watched are catalogue.');

  expect((await fetch(`${daemon.address.url}/v1/state`)).status).toBe(401);
  const folder = operationsFolder(daemon.folder);
  expect(statSync(folder).mode & 0o77).toBe(0);
  expect(statSync(path.join(folder, 'daemon.json')).mode & 0o77).toBe(0);
  expect(daemon.run('ops', 'serve').stderr).toMatch(/A daemon with process \d+ already uses/);
});

test('what a daemon left behind that was killed is found again, and an orderly end stops all', async () => {
  await using daemon = new Daemon();
  await daemon.start();
  const first = await daemon.until(({ services }) => services.find(({ instances }) => instances.length === 3));
  const pids = first.instances.map(({ pid }) => pid!);
  process.kill(daemon.address.pid, 'SIGKILL');
  await daemon.stop();
  expect(pids.every(processLives)).toBe(true);
  expect(daemon.run('ops', 'status').stderr).toContain('No daemon runs');
  await daemon.start();
  const again = await daemon.until(({ services }) => services.find(({ instances }) => instances.length === 3));
  expect(again.instances.map(({ pid }) => pid)).toEqual(pids);
  expect(daemon.run('ops', 'stop').stdout).toContain('has ended');
  expect(pids.some(processLives)).toBe(false);
});

test('an instance that is frozen is an alert, which ends when it goes on', async () => {
  await using daemon = new Daemon();
  await daemon.start();
  const { instances } = await daemon.until(({ services }) =>
    services.find((each) => each.instances.length === 3 && each.instances.every(({ signals }) => isMeasured(signals))),
  );
  const [{ id, pid } = { id: '', pid: 0 }] = instances;
  process.kill(-pid!, 'SIGSTOP');
  try {
    const alert = await daemon.until(({ alerts }) => alerts.find(({ kind }) => kind === 'silent'));
    expect(alert).toMatchObject({ instance: id, severity: 'page' });
    expect(alert.text).toContain('it is stopped (SIGSTOP)');
    expect(daemon.run('ops', 'acknowledge', alert.id, '--by', 'Ada').stdout).toBe(`Ada looks after ${alert.id}.\n`);
    expect(daemon.run('ops', 'alerts').stdout).toContain('(Ada looks after it)');
    expect(daemon.run('ops', 'incidents').stdout).toMatch(
      /^1 {2}page .* open {2}catalogue: [^]* tells nothing any more/,
    );
    daemon.run('ops', 'note', '1', 'It was stopped by hand.', '--kind', 'resolved');
    expect(daemon.run('ops', 'postmortem', '1').stdout).toContain('It was stopped by hand.');
  } finally {
    process.kill(-pid!, 'SIGCONT');
  }
  await daemon.until(({ alerts }) => alerts.find(({ kind, endedAt }) => kind === 'silent' && endedAt !== undefined));
});

function isMeasured({ saturation }: GoldenSignals): boolean {
  return saturation.heapUsedBytes !== undefined;
}

test('a daemon that is told twice to end, as by a group of processes that ends, takes its services along', async () => {
  await using daemon = new Daemon();
  await daemon.start();
  const { instances } = await daemon.until(({ services }) => services.find((each) => each.instances.length === 3));
  const { pid } = daemon.address;
  process.kill(pid, 'SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.kill(pid, 'SIGTERM');
  expect(await daemon.stop()).toMatchObject({ status: 0 });
  expect(instances.some((each) => processLives(each.pid!))).toBe(false);
});

test('a signal that the command alone gets ends the daemon and its services', async () => {
  await using daemon = new Daemon();
  await daemon.start();
  const { instances } = await daemon.until(({ services }) => services.find((each) => each.instances.length === 3));
  const { pid } = daemon.address;
  expect(await daemon.stop('SIGINT')).toMatchObject({ status: 0 });
  expect(processLives(pid)).toBe(false);
  expect(instances.some((each) => processLives(each.pid!))).toBe(false);
});

test('an instance that somebody starts is watched, and its failing request is kept', async () => {
  await using daemon = new Daemon({
    'hindcast-ops.yaml': '',
    'shop/package.json': '{"name": "shop"}',
    'shop/server.js': `
      const http = require('node:http');
      const prices = { tea: 250 };
      http.createServer((request, response) => {
        try {
          response.end(prices[request.url.slice(1)].toFixed(2));
        } catch (error) {
          response.writeHead(500).end(error.message);
        }
      }).listen(0, function () { require('node:fs').writeFileSync('port', String(this.address().port)); });`,
  });
  await daemon.start();
  const shop = path.join(daemon.folder, 'shop');
  const child = spawn(
    process.execPath,
    [hindcast, 'ops', 'run', '--data', operationsFolder(daemon.folder), '--', process.execPath, 'server.js'],
    { cwd: shop, stdio: 'ignore' },
  );
  const port = path.join(shop, 'port');
  const url = `http://127.0.0.1:${await until(() => (existsSync(port) && readFileSync(port, 'utf8')) || undefined)}`;
  const ask = setInterval(
    () => void fetch(`${url}/${Math.random() < 0.2 ? 'coffee' : 'tea'}`).catch(() => undefined),
    50,
  );
  try {
    const service = await daemon.until(({ services }) => services.find(({ signals }) => (signals.errorRatio ?? 0) > 0));
    expect(service).toMatchObject({
      name: 'shop',
      instances: [{ image: { build: expect.stringMatching(/^sha256:/) } }],
    });
    const { exemplars } = await daemon.until(({ services }) => services.find((each) => each.exemplars.length > 0));
    expect(exemplars[0]).toMatchObject({ symptom: 'failed', message: expect.stringContaining('toFixed') });
  } finally {
    clearInterval(ask);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.on('exit', resolve));
  }
  const ended = await daemon.until((state) => (state.services[0]?.instances[0]?.pid === undefined ? state : undefined));
  expect(ended.services[0]?.name).toBe('shop');
});
