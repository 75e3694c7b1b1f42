/**
 * `npm run bench:ingest [-- --series N] [--minutes N] [--speed N] [--json]`: a service exposes N series for Prometheus, and the
 * scraper puts them into a store each second, for so many minutes. What processor time that takes, and whether every sample is
 * there afterwards; then the same process doing nothing. `--speed 10` scrapes ten times as often: what is printed is then the
 * share that one second's samples take, times ten.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Scraper } from '../../operational-loop/src/ingest/scraper.ts';
import { systemClock } from '../../operational-loop/src/model/time.ts';
import { SampleStore } from '../../operational-loop/src/store/sample-store.ts';
import { Noise } from '../support/simulated-fleet.ts';

const { values: options } = parseArgs({
  options: {
    serve: { type: 'string' },
    series: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    speed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
if (options.serve) await serve(Number(options.serve));
else await measure();

/** The exposing service, as a process of its own: counters, gauges and a number of the answer by which losses are seen. */
async function serve(series: number): Promise<void> {
  const noise = new Noise(1);
  const values = new Float64Array(series);
  let answered = 0;
  const server = createServer((_, response) => {
    answered++;
    let text = '# TYPE jobs_total counter\n# TYPE depth gauge\n';
    for (let at = 0; at < series; at++) {
      const counter = at % 2 === 0;
      values[at] = counter ? (values[at] as number) + noise.poisson(5) : 0.5 + 0.1 * noise.normal();
      const value = at === 0 ? answered : (values[at] as number);
      text += `${counter ? 'jobs_total' : 'depth'}{queue="q${at}",kind="a"} ${value}\n`;
    }
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log((server.address() as AddressInfo).port);
}

async function measure(): Promise<void> {
  const series = Number(options.series);
  const speed = Number(options.speed);
  const milliseconds = (Number(options.minutes) * 60_000) / speed;
  const service = spawn(process.execPath, [process.argv[1] as string, '--serve', String(series)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(service.stdout, 'data')) as [Buffer];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-ingest-'));
  const retention = { raw: 1e12, s10: 1e12, m1: 1e12 };
  // Kept away from the end of the process: what is measured includes making segments.
  const store = await SampleStore.open({ folder, clock: systemClock, retention });
  const scraper = new Scraper(store, systemClock);
  const url = `http://127.0.0.1:${String(port).trim()}/metrics`;
  const alive = setInterval(() => {}, 60_000);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  scraper.setTargets([{ url, service: 's', instance: 'i', interval: 1000 / speed }]);
  await sleep(milliseconds);
  const used = process.cpuUsage(cpu);
  const share = (used.user + used.system) / 1000 / (performance.now() - begun);
  const rss = process.memoryUsage.rss();
  scraper[Symbol.dispose]();
  service.kill();
  await store.flush();
  const lost = await losses(store, series);
  await store.seal();
  const rawBytes = bytesOf(folder, /^raw/) / store.counts.samples;
  const idle = await idleUse();
  await store[Symbol.asyncDispose]();
  clearInterval(alive);
  rmSync(folder, { recursive: true });
  report({
    series,
    seconds: milliseconds / 1000,
    speed,
    cpuShare: share,
    rssMb: rss / 1e6,
    ...lost,
    rawBytes,
    ...idle,
  });
}

/** The first series counts the service's answers: each of its numbers must be there, and as many samples of each other one. */
async function losses(
  store: SampleStore,
  series: number,
): Promise<{ readonly scrapes: number; readonly scrapesMissing: number; readonly samplesMissing: number }> {
  const [first] = store.series({ labels: { queue: 'q0' } });
  const answers = first ? store.read(first.id, 0, Infinity, 'raw').values : new Float64Array(0);
  const scrapes = answers.length;
  const scrapesMissing = (answers.at(-1) ?? 0) - scrapes;
  let samplesMissing = 0;
  for (const { id } of store.series({ labels: { kind: 'a' } })) {
    samplesMissing += scrapes - store.read(id, 0, Infinity, 'raw').times.length;
  }
  if (store.series({ labels: { kind: 'a' } }).length !== series) throw new Error('there are other series than exposed');
  return { scrapes, scrapesMissing, samplesMissing };
}

async function idleUse(): Promise<{ readonly idleCpuShare: number; readonly idleRssMb: number }> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await sleep(20_000);
  const used = process.cpuUsage(cpu);
  return {
    idleCpuShare: (used.user + used.system) / 1000 / (performance.now() - begun),
    idleRssMb: process.memoryUsage.rss() / 1e6,
  };
}

function bytesOf(directory: string, names: RegExp): number {
  const files = readdirSync(directory).filter((file) => names.test(file));
  return files.reduce((sum, file) => sum + statSync(path.join(directory, file)).size, 0);
}

function report(result: Readonly<Record<string, number>>): void {
  const percent = (value = Number.NaN): string => `${(100 * value).toFixed(2)} %`;
  const { series, seconds, scrapes, scrapesMissing, samplesMissing } = result;
  console.log(
    `${series} series, ${scrapes} scrapes in ${seconds} s; missing: ${scrapesMissing} scrapes, ${samplesMissing} samples`,
  );
  console.log(
    `${percent(result['cpuShare'])} of a core, ${result['rssMb']?.toFixed(0)} MB; ${result['rawBytes']?.toFixed(2)} bytes a sample`,
  );
  console.log(`idle: ${percent(result['idleCpuShare'])} of a core, ${result['idleRssMb']?.toFixed(0)} MB`);
  if (options.json) console.log(JSON.stringify(result));
}
