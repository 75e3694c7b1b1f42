/** Light recordings of services that run for long: a bound of disk, cuts, and requests that are executed again out of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { nodes } from '../support/nodes.ts';
import { CACHING_SHOP, Service, SHOP_FILES } from './service.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Proven {
  readonly ticks: number;
  readonly verified: number;
  readonly window?: object;
}

async function proven(program: Program, recording: string): Promise<Proven> {
  const { stdout, stderr } = await program.hindcast(['materialise', recording, '--json']);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return JSON.parse(stdout) as Proven;
}

test('a request that failed late is cut out of a window under load and executed again, while the service goes on', async () => {
  const program = new Program(SHOP_FILES);
  const service = await Service.start(program, '3s');
  await pause(1200);
  const loaded = service.load(9000);
  await pause(8000);
  expect(await service.ask('/melon?count=7')).toBe(500);
  const cut = JSON.parse((await program.hindcast(['cut', service.folder, '--json'])).stdout) as {
    readonly recording: string;
  };
  expect(await loaded).toBeGreaterThan(500);
  await service.kill('SIGTERM');

  const { ticks, verified, window } = await proven(program, cut.recording);
  expect(window).toBeDefined();
  expect(verified).toBe(ticks);
  const state = await program.hindcast(['state', cut.recording, '--at', 'failure']);
  expect(state.stdout).toContain('no price of melon');
  expect(state.stdout).toContain('count = 7');
  const info = await program.hindcast(['info', cut.recording]);
  expect(info.stdout).toContain('depends on what happened before');
});

test('where memory from before the window decides, the request is executed alone; what still differs is not shown', async () => {
  const program = new Program({ ...SHOP_FILES, 'shop.js': CACHING_SHOP });
  const service = await Service.start(program, '2s');
  await pause(1200);
  await service.loadUntilDropped(6000);
  await service.ask('/melon');
  await pause(300);
  const alone = JSON.parse((await program.hindcast(['cut', service.folder, '--json'])).stdout) as {
    readonly recording: string;
  };
  await service.ask('/count');
  await pause(300);
  await service.kill('SIGTERM');

  const reached = await proven(program, alone.recording);
  expect(reached.verified).toBe(reached.ticks);
  expect(reached.ticks).toBeLessThan(10);
  expect((await program.hindcast(['events', alone.recording])).stdout).toContain('/melon');
  const other = await proven(program, service.folder);
  expect(other.verified).toBeLessThan(other.ticks);
  expect((await program.hindcast(['events', service.folder, '--limit', '0'])).stdout).not.toContain('no 1');
});

test('killed under load: the last request that was answered before can be replayed, however long it took', async () => {
  const program = new Program(SHOP_FILES);
  const service = await Service.start(program, '3s');
  await pause(1200);
  const loaded = service.load(8000).catch(() => 0);
  await pause(6000);
  await service.ask('/pear?count=123456&wait=1500');
  // others are answered before this process hears of it, on a slow machine
  await pause(100);
  await service.kill('SIGKILL');
  await loaded;
  const { ticks, verified } = await proven(program, service.folder);
  expect(verified).toBeGreaterThanOrEqual(ticks - 1);
  const found = await program.hindcast(['search', '123456', service.folder, '--json']);
  expect(found.stdout).toContain('123456');
});

test('what goes between the start-up and the window goes from disk', async () => {
  const program = new Program(SHOP_FILES);
  const service = await Service.start(program, '2s');
  await pause(1200);
  const streams = path.join(service.folder, 'streams');
  const [stream] = readdirSync(streams);
  const filesNow = (): readonly string[] => readdirSync(path.join(streams, stream!));
  const seen = new Set(filesNow());
  const loaded = service.load(10_000);
  for (let looks = 0; looks < 50; looks++) {
    await pause(200);
    for (const file of filesNow()) seen.add(file);
  }
  await loaded;
  await service.kill('SIGTERM');
  const left = filesNow();
  const gone = [...seen].filter((file) => !left.includes(file)).toSorted();
  // the busier the machine, the less is written
  expect(gone.length).toBeGreaterThan(0);
  const [startUp, ...window] = left.filter((file) => file.endsWith('.seg')).toSorted();
  expect(startUp! < gone[0]!).toBe(true);
  expect(gone.at(-1)! < window[0]!).toBe(true);
  expect(left.length).toBeLessThan(16);
});

test.each(nodes())(
  'SIGUSR2 cuts unheard by the program, whose own listener has it to itself: $version',
  async ({ file }) => {
    const program = new Program(SHOP_FILES);
    const service = await Service.start(program, '5s', file);
    await service.ask('/apple?count=1');
    const store = path.dirname(service.folder);
    process.kill(service.pid, 'SIGUSR2');
    for (let left = 100; readdirSync(store).filter((name) => /^\d/.test(name)).length < 2 && left > 0; left--)
      await pause(50);
    expect(service.lives).toBe(true);
    await service.kill('SIGTERM');
    const cut = readdirSync(store).find((name) => /^\d/.test(name) && name !== path.basename(service.folder));
    const manifest = JSON.parse(readFileSync(path.join(store, cut!, 'manifest.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ state: 'complete', cutOf: path.basename(service.folder) });

    const own = new Program({
      'main.js': `
      console.log(process.listenerCount('SIGUSR2'), process.getActiveResourcesInfo().length);
      process.on('SIGUSR2', () => { console.log('mine'); clearInterval(timer); });
      const timer = setInterval(() => undefined, 1000);
      process.kill(process.pid, 'SIGUSR2');
    `,
    });
    const record = ['record', '--level', 'light', '--keep', '5s', '--', file, 'main.js'];
    const { stdout, stderr } = await own.hindcast(record);
    expect(stdout).toMatch(/^0 \d\nmine\n$/);
    const folder = /recording: (.*)\n$/.exec(stderr)?.[1] ?? '';
    expect(readdirSync(path.dirname(folder)).filter((name) => /^\d/.test(name))).toHaveLength(1);
    expect(existsSync(path.join(folder, 'cut'))).toBe(false);
  },
);
