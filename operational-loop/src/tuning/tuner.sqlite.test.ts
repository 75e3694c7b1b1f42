import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ServerInstances } from '../../../test/support/server-instances.ts';
import type { RolloutStep, TunerEvent } from '../model/rollout.ts';
import { systemClock } from '../model/time.ts';
import { Database } from '../store/sqlite.ts';
import { CgroupKnob } from './knobs/cgroup.ts';
import { threadPoolKnob } from './knobs/environment.ts';
import { ProxyPort } from './traffic/proxy.ts';
import type { TunerParts } from './tuner.ts';
import { Tuner } from './tuner.ts';

const LIMIT = 'memory.max';
const THREADS = { least: 1, most: 64 };

/** A tuner with real servers in this process behind the real proxy, with requests that never stop, and a memory limit. */
class Bench implements AsyncDisposable {
  readonly tuner: Tuner;
  readonly events: TunerEvent[] = [];
  readonly #ending: (() => Promise<void>)[] = [];
  #loads = true;

  /** A request takes `slowness` milliseconds over the MiB of the limit. */
  static async open(parts: Partial<TunerParts> = {}, slowness = 400): Promise<Bench> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-tuner-'));
    writeFileSync(path.join(folder, LIMIT), `${64 * 2 ** 20}\n`);
    const settings = {
      service: 'shop',
      folder,
      limit: 'memory',
      bounds: { least: 16, most: 1024 },
      allowed: true,
    } as const;
    const limit = await CgroupKnob.open(settings);
    const traffic = await ProxyPort.listen({ host: '127.0.0.1', port: 0, slots: ['blue', 'green'] }, systemClock);
    const bench = new Bench(folder, traffic, limit, parts, slowness);
    await bench.tuner.recover();
    return bench;
  }

  private constructor(
    readonly folder: string,
    readonly traffic: ProxyPort,
    limit: CgroupKnob,
    parts: Partial<TunerParts>,
    slowness: number,
  ) {
    const database = new Database(':memory:');
    // A service that is slower the less memory it has.
    const slow = ({ SLOW = '0' }): number => Number(SLOW) + slowness / this.limit;
    this.instances = new ServerInstances(() => 0.4, slow);
    const image = { build: 'shop', configuration: {} };
    this.tuner = new Tuner({
      database,
      services: [{ name: 'shop', traffic, launcher: this.instances, replicas: 2, image }],
      knobs: [limit, threadPoolKnob('shop', THREADS, true), threadPoolKnob('other', THREADS, false)],
      clock: systemClock,
      judge: { alpha: 0.01, beta: 0.05, latencyMargin: 3, errorMargin: 0.2 },
      blocks: { block: 60, settle: 10, most: 20 },
      ...parts,
    });
    this.tuner.on((event) => this.events.push(event));
    const clients = [this.#ask(), this.#ask(), this.#ask(), this.#ask()];
    this.#ending.push(
      () => this.tuner[Symbol.asyncDispose](),
      async () => void (this.#loads = false),
      async () => void (await Promise.all(clients)),
      () => traffic[Symbol.asyncDispose](),
      async () => this.instances[Symbol.dispose](),
      async () => database[Symbol.dispose](),
      async () => rmSync(folder, { recursive: true }),
    );
  }

  readonly instances: ServerInstances;

  /** MiB, as the file says */
  get limit(): number {
    return Number(readFileSync(path.join(this.folder, LIMIT), 'utf8')) / 2 ** 20;
  }

  set limit(mib: number) {
    writeFileSync(path.join(this.folder, LIMIT), String(mib * 2 ** 20));
  }

  /** Rolls an image of this configuration out. */
  async roll(configuration: Readonly<Record<string, string>>, ...steps: readonly RolloutStep[]): Promise<string> {
    const change = { kind: 'image', image: { build: 'shop', configuration } } as const;
    const proposal = this.tuner.recommend({ service: 'shop', change, reason: 'It is new.' });
    const request = { strategy: 'canary', steps: [...steps, { weight: 100, least: 0 }], by: 'a person' } as const;
    return (await this.tuner.apply(proposal.id, request)).id;
  }

  /** What the running instances have as configuration, and where the traffic goes. */
  async configuration(): Promise<object> {
    const [shop] = (await this.tuner.state()).services;
    const running = shop?.observed.map(({ image }) => image.configuration);
    return { running, weight: shop?.weights[shop.slot] };
  }

  actions(): readonly string[] {
    return this.tuner
      .history(1_000)
      .toReversed()
      .map(({ action }) => action);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ending) await end();
  }

  async #ask(): Promise<void> {
    while (this.#loads) {
      await fetch(this.traffic.address).then(
        (response) => response.text(),
        () => undefined,
      );
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

const half = { weight: 50, least: 50 };

test('a recommendation changes nothing', async () => {
  await using bench = await Bench.open();
  const before = bench.actions();
  const change = { kind: 'knob', knob: 'shop/UV_THREADPOOL_SIZE', value: '16' } as const;
  bench.tuner.recommend({ service: 'shop', change, reason: 'Its pool is full.' });
  expect(bench.actions()).toEqual(before);
  expect(await bench.configuration()).toEqual({ running: [{}, {}], weight: 100 });
  expect((await bench.tuner.state()).proposals).toMatchObject([{ state: 'open', reason: 'Its pool is full.' }]);
});

test('what is not allowed, pinned, out of bounds or behind a closed gate is refused with a reason', async () => {
  await using bench = await Bench.open();
  const { tuner } = bench;
  const propose = (knob: string, value: string): string =>
    tuner.recommend({ service: 'shop', change: { kind: 'knob', knob, value }, reason: 'why not' }).id;
  const by = { strategy: 'canary', by: 'loop' } as const;
  expect(() => propose('shop/UV_THREADPOOL_SIZE', '65')).toThrow('from 1 to 64 threads');
  expect(() => propose('shop/none', '1')).toThrow(
    'There is no knob shop/none: the knobs are shop/memory.max, shop/UV_THREADPOOL_SIZE, other/UV_THREADPOOL_SIZE.',
  );
  await expect(tuner.apply(propose('other/UV_THREADPOOL_SIZE', '8'), by)).rejects.toThrow('not allowed');
  tuner.pin('shop/UV_THREADPOOL_SIZE', 'Ada');
  const pinned = propose('shop/UV_THREADPOOL_SIZE', '8');
  await expect(tuner.apply(pinned, by)).rejects.toThrow('pinned by Ada');
  tuner.unpin('shop/UV_THREADPOOL_SIZE', 'Ada');
  const gate = async (): Promise<{ ok: boolean; reason: string }> => ({
    ok: false,
    reason: 'No error budget is left.',
  });
  await expect(tuner.apply(pinned, by, [gate])).rejects.toThrow('No error budget is left.');
  expect(bench.actions().slice(-2)).toEqual(['pin', 'unpin']);
});

test('a good canary grows by steps, is promoted, and takes the place of what ran', async () => {
  await using bench = await Bench.open();
  const id = await bench.roll({ VERSION: '2' }, { weight: 10, least: 50 }, half);
  const finished = await bench.tuner.finished(id);
  expect(finished).toMatchObject({ status: 'promoted', weight: 100, verdict: { decision: 'not-worse' } });
  expect(await bench.configuration()).toEqual({ running: [{ VERSION: '2' }, { VERSION: '2' }], weight: 100 });
  const weights = bench.tuner.history(100).filter(({ action }) => action === 'set weights');
  expect(weights.toReversed().map(({ detail }) => detail['green'])).toEqual([undefined, 10, 50, 100]);
  expect(bench.actions().slice(-3)).toEqual(['promote', 'stop', 'stop']);
  expect(bench.events.filter(({ kind }) => kind === 'promoted')).toHaveLength(1);
});

test('the next rollout waits for the instances that a promoted one still stops', async () => {
  await using bench = await Bench.open();
  const promoted = new Promise<void>((resolve) => {
    bench.tuner.on(({ kind }) => kind === 'promoted' && resolve());
  });
  await bench.roll({ VERSION: '2' }, half);
  await promoted;
  const id = await bench.roll({ VERSION: '3' }, half);
  expect(await bench.tuner.finished(id)).toMatchObject({ status: 'promoted' });
});

test('a canary that fails or is slow is rolled back, and nothing of it stays', async () => {
  await using bench = await Bench.open();
  for (const [name, value] of [
    ['FAILS', '0.5'],
    ['SLOW', '60'],
  ] as const) {
    const finished = await bench.tuner.finished(await bench.roll({ [name]: value }, { weight: 50, least: 20_000 }));
    expect(finished).toMatchObject({ status: 'rolled-back', weight: 0, verdict: { decision: 'worse' } });
    expect(finished.reason).toMatch(/^(100|The canary's requests take)/);
    expect(await bench.configuration()).toEqual({ running: [{}, {}], weight: 100 });
  }
  expect(bench.events.filter(({ kind }) => kind === 'rolled-back')).toHaveLength(2);
});

test('a canary that crashes is rolled back', async () => {
  await using bench = await Bench.open();
  const id = await bench.roll({}, { weight: 10, least: 20_000 });
  await expect.poll(() => bench.instances.all.length).toBe(3);
  bench.instances.crash(bench.instances.all[2]?.id ?? '');
  expect(await bench.tuner.finished(id)).toMatchObject({
    status: 'rolled-back',
    reason: expect.stringContaining('it crashed'),
  });
});

test('a canary that answers nothing any more is rolled back; an instance of another service, or of the baseline, is not it', async () => {
  await using bench = await Bench.open();
  const id = await bench.roll({}, { weight: 10, least: 20_000 });
  await expect.poll(() => bench.instances.all.length).toBe(3);
  const [baseline, , canary] = bench.instances.all.map((instance) => instance.id);
  bench.tuner.instanceSilent('shop', baseline!);
  bench.tuner.instanceSilent('other', canary!);
  expect((await bench.tuner.state()).rollouts[0]?.status).toMatch(/starting|running/);
  bench.tuner.instanceSilent('shop', canary!);
  expect(await bench.tuner.finished(id)).toMatchObject({
    status: 'rolled-back',
    reason: `The canary ${canary} answers nothing any more.`,
  });
});

test('an image that does not start leaves everything as it was', async () => {
  await using bench = await Bench.open();
  const start = bench.instances.start.bind(bench.instances);
  bench.instances.start = async (request) => {
    if (request.image.configuration['BROKEN'] !== undefined) throw new Error('It ended at once.');
    return start(request);
  };
  const id = await bench.roll({ BROKEN: '1' }, half);
  expect(await bench.tuner.finished(id)).toMatchObject({ status: 'rolled-back', reason: 'It ended at once.' });
  expect(await bench.configuration()).toEqual({ running: [{}, {}], weight: 100 });
  expect(bench.tuner.history(100).filter(({ result }) => result === 'failed')).toHaveLength(1);
});

test('a person pauses, resumes and rolls back; one service has one rollout at a time', async () => {
  await using bench = await Bench.open();
  const id = await bench.roll({}, half);
  bench.tuner.pause(id, 'Ada');
  await expect(bench.roll({}, half)).rejects.toThrow(`shop has a rollout already: ${id}`);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await bench.tuner.state()).rollouts[0]).toMatchObject({ id, status: 'paused', weight: 50 });
  bench.tuner.resume(id, 'Ada');
  expect(await bench.tuner.finished(id)).toMatchObject({ status: 'promoted' });
  const second = await bench.roll({}, { weight: 50, least: 20_000 });
  expect(await bench.tuner.rollBack(second, 'Ada does not like it.', 'Ada')).toMatchObject({
    status: 'rolled-back',
    reason: 'Ada does not like it.',
  });
  const asked = bench.tuner.history(100).filter(({ key }) => key.includes('asked'));
  expect(asked.toReversed()).toMatchObject([
    { action: 'pause', by: 'Ada', rollout: id },
    { action: 'resume', by: 'Ada', rollout: id },
    { action: 'ask for the way back', by: 'Ada', rollout: second, detail: { reason: 'Ada does not like it.' } },
  ]);
});

test('a knob that an instance takes when it starts is an image of its own', async () => {
  await using bench = await Bench.open();
  const change = { kind: 'knob', knob: 'shop/UV_THREADPOOL_SIZE', value: '16' } as const;
  const { id } = bench.tuner.recommend({ service: 'shop', change, reason: 'Its pool is full.' });
  const steps = [half, { weight: 100, least: 0 }];
  const rollout = await bench.tuner.apply(id, { strategy: 'blue-green', steps, by: 'loop' });
  expect(await bench.tuner.finished(rollout.id)).toMatchObject({ status: 'promoted' });
  const running = [{ UV_THREADPOOL_SIZE: '16' }, { UV_THREADPOOL_SIZE: '16' }];
  expect(await bench.configuration()).toEqual({ running, weight: 100 });
  await bench.tuner.override('shop/UV_THREADPOOL_SIZE', '8', 'Ada');
  const knob = (await bench.tuner.state()).knobs.find(({ definition }) => definition.id === 'shop/UV_THREADPOOL_SIZE');
  expect(knob).toMatchObject({ desired: '8', observed: '8' });
});

test('a live setting is tried in turns with what holds: the better one stays, the worse one goes', async () => {
  // Far apart, and as many fours as it takes: a busy machine makes every request slower, and some much slower.
  await using bench = await Bench.open({ blocks: { block: 60, settle: 10, most: 1000 } }, 1600);
  const apply = async (value: string): Promise<object> => {
    const change = { kind: 'knob', knob: `shop/${LIMIT}`, value } as const;
    const { id } = bench.tuner.recommend({ service: 'shop', change, reason: 'It may be too little.' });
    return bench.tuner.finished((await bench.tuner.apply(id, { strategy: 'canary', by: 'loop' })).id);
  };
  expect(await apply('256')).toMatchObject({ status: 'promoted' });
  expect(bench.limit).toBe(256);
  expect(await apply('16')).toMatchObject({ status: 'rolled-back', reason: expect.stringMatching(/^It is worse/) });
  expect(bench.limit).toBe(256);
});

test('what deviates from the desired configuration is told of, or restored', async () => {
  for (const restores of [false, true]) {
    await using bench = await Bench.open({ restores });
    await bench.tuner.override(`shop/${LIMIT}`, '128', 'Ada');
    bench.limit = 512;
    bench.instances.crash(bench.instances.all[0]?.id ?? '');
    await bench.tuner.correct();
    const deviations = bench.events.filter((event) => event.kind === 'deviation');
    expect(deviations).toMatchObject([
      { subject: 'shop', detail: '1 of 2 instances of its last good image run.', restored: restores },
      { subject: `shop/${LIMIT}`, detail: 'It is 512 and should be 128.', restored: restores },
    ]);
    expect(bench.limit).toBe(restores ? 128 : 512);
    expect(await bench.configuration()).toMatchObject({ running: restores ? [{}, {}] : [{}] });
    await bench.tuner.correct();
    expect(bench.events.filter((event) => event.kind === 'deviation')).toHaveLength(restores ? 2 : 4);
  }
});
