/** A canary whose requests fail too often, behind a traffic port under load: when it is stopped, and whether it stays so. */
import { systemClock } from '../../../operational-loop/src/model/time.ts';
import { Database } from '../../../operational-loop/src/store/sqlite.ts';
import type { TrafficPort } from '../../../operational-loop/src/tuning/traffic/port.ts';
import { Tuner } from '../../../operational-loop/src/tuning/tuner.ts';
import { Random } from '../../support/random.ts';
import { ServerInstances } from '../../support/server-instances.ts';
import { Load } from './load.ts';

export interface StopResult {
  /** from its first request to the moment when its weight was 0; Infinity where it was not stopped */
  readonly seconds: number;
  /** of the canary, that the judge had seen when it found it worse: this is chance alone, however fast the machine is */
  readonly requests: number;
  /** from the arrival of the last of these at the canary to the moment when its weight was 0: this is the machine alone */
  readonly effectMs: number;
  /** requests sent afterwards that it got */
  readonly after: number;
  /** of the load */
  readonly perSecond: number;
  readonly reason: string;
}

/** The baseline fails a thousandth of its requests and the canary 3 %, at a tenth of 1,000 requests a second. */
export async function stopBadCanary(traffic: TrafficPort, address: string, seed: number): Promise<StopResult> {
  const random = new Random(seed);
  using database = new Database(':memory:');
  using launcher = new ServerInstances(() => random.below(2 ** 30) / 2 ** 30);
  const image = { build: 'shop', configuration: { FAILS: '0.001' } };
  await using tuner = new Tuner({
    database,
    services: [{ name: 'shop', traffic, launcher, replicas: 1, image }],
    knobs: [],
    clock: systemClock,
  });
  await tuner.recover();
  await using load = new Load(address, 1_000);
  const worse = { kind: 'image', image: { build: 'shop', configuration: { FAILS: '0.03' } } } as const;
  const proposal = tuner.recommend({ service: 'shop', change: worse, reason: 'It fails.' });
  let requests = NaN;
  let stopped = Infinity;
  tuner.on((event) => {
    if (event.kind === 'rollout' && event.rollout.status === 'rolling-back' && Number.isNaN(requests)) {
      requests = event.rollout.verdict?.requests.canary ?? NaN;
    }
    if (event.kind !== 'journal' || event.entry.action !== 'set weights' || event.entry.result !== 'done') return;
    if (event.entry.key.includes('/back/weights')) stopped = performance.now();
  });
  const steps = [
    { weight: 10, least: 20_000 },
    { weight: 100, least: 0 },
  ];
  const { id } = await tuner.apply(proposal.id, { strategy: 'canary', steps, by: 'test' });
  const { reason = '' } = await tuner.finished(id);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { arrivals = [], sent = [] } = launcher.all[1] ?? {};
  const after = sent.filter((time) => !(time <= stopped)).length;
  const seconds = (stopped - (arrivals[0] ?? NaN)) / 1000;
  const effectMs = stopped - (arrivals[requests - 1] ?? NaN);
  return { seconds, requests, effectMs, after, perSecond: load.rate, reason };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
