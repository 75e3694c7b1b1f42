import { expect, test } from 'vitest';
import { systemClock } from '../../operational-loop/src/model/time.ts';
import { HaproxyPort } from '../../operational-loop/src/tuning/traffic/haproxy.ts';
import { ProxyPort } from '../../operational-loop/src/tuning/traffic/proxy.ts';
import { ServerInstances } from '../support/server-instances.ts';
import type { StopResult } from './support/bad-canary.ts';
import { quantile, stopBadCanary } from './support/bad-canary.ts';
import { Haproxy } from './support/haproxy.ts';

const TIMES = Number(process.env['TIMES'] ?? 20);

const spread = (values: readonly number[], digits: number): string =>
  [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)]
    .map((value) => value.toFixed(digits))
    .join(' / ');

function check(results: readonly StopResult[]): void {
  const seconds = results.map((result) => result.seconds);
  const rates = results.map(({ perSecond }) => perSecond);
  console.log(`${results.length} canaries, median / p95 / worst of each
stopped ${spread(seconds, 2)} s after the first request
requests of the canary that the judge needed: ${spread(
    results.map(({ requests }) => requests),
    0,
  )} (of about 100 a second)
from the last of them to weight 0: ${spread(
    results.map(({ effectMs }) => effectMs),
    0,
  )} ms
requests answered a second: ${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)}`);
  expect(results.filter(({ after }) => after > 0)).toEqual([]);
  // Of 20, more than 4 would be above 3 s in one of 400 such tests if a twentieth of all are.
  const late = seconds.filter((each) => each > 3).length;
  expect(late).toBeLessThanOrEqual(0.05 * TIMES + 3 * Math.sqrt(0.05 * TIMES));
}

test('a canary that fails is stopped in time behind HAProxy', { timeout: TIMES * 20_000 }, async () => {
  await using haproxy = await Haproxy.start();
  await using traffic = await HaproxyPort.open(haproxy.settings, systemClock);
  const results: StopResult[] = [];
  for (let seed = 1; seed <= TIMES; seed++) results.push(await stopBadCanary(traffic, haproxy.address, seed));
  check(results);
});

test(
  'a canary that fails is stopped in time behind the proxy in this process',
  { timeout: TIMES * 20_000 },
  async () => {
    await using traffic = await ProxyPort.listen({ host: '127.0.0.1', port: 0, slots: ['blue', 'green'] }, systemClock);
    const results: StopResult[] = [];
    for (let seed = 1; seed <= TIMES; seed++) results.push(await stopBadCanary(traffic, traffic.address, seed));
    check(results);
  },
);

test('HAProxy gives a canary its share, and nothing at weight 0', async () => {
  await using haproxy = await Haproxy.start();
  await using traffic = await HaproxyPort.open(haproxy.settings, systemClock);
  const result = await shares(traffic, haproxy.address);
  expect(result).toMatchObject({ placed: 0, none: 0, weights: { blue: 100, green: 0 } });
  // Each of its threads goes round by itself.
  expect(result.ten).toBeGreaterThan(80);
  expect(result.ten).toBeLessThan(120);
});

interface Shares {
  readonly placed: number;
  readonly ten: number;
  readonly none: number;
  readonly weights: Readonly<Record<string, number>>;
}

/** Of 100 requests when it is placed, of 1,000 at weight 10, and of 200 at weight 0, those that the canary got; it has one instance, the baseline two. */
async function shares(traffic: HaproxyPort, address: string): Promise<Shares> {
  using instances = new ServerInstances(() => 1);
  const image = { build: 'shop', configuration: {} };
  const start = async (id: string): Promise<string> => (await instances.start({ id, service: 'shop', image })).address;
  await traffic.place('blue', [await start('shop.1.1'), await start('shop.1.2')]);
  const ask = async (times: number): Promise<number> => {
    let canary = 0;
    for (let index = 0; index < times; index++) {
      if ((await (await fetch(address)).text()) === 'shop.2.3') canary++;
    }
    return canary;
  };
  await traffic.setWeights({ blue: 100 });
  await traffic.place('green', [await start('shop.2.3')]);
  const placed = await ask(100);
  await traffic.setWeights({ blue: 90, green: 10 });
  const ten = await ask(1_000);
  await traffic.setWeights({ blue: 100 });
  return { placed, ten, none: await ask(200), weights: await traffic.weights() };
}
