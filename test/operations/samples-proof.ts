/**
 * `npm run proof:samples [-- --kills N] [--seed N] [--json]`: a process writes samples into a store, is killed (SIGKILL) at a
 * random moment, and begun anew on what it left, again and again. After each kill everything must be readable, and nothing
 * missing that had been appended more than a second before; rollups must count what the samples count.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { SeriesKey } from '../../operational-loop/src/model/series.ts';
import { SampleStore } from '../../operational-loop/src/store/sample-store.ts';
import { Random } from '../support/random.ts';

const SERIES = 40;
const MOST_LOST_MS = 1000;
const BEGIN = 1_700_000_000_000;
const keys: readonly SeriesKey[] = Array.from({ length: SERIES }, (_, at) => ({
  name: `metric_${at % 4}`,
  kind: 'gauge',
  labels: { instance: String(at) },
}));

function open(folder: string): Promise<SampleStore> {
  return SampleStore.open({
    folder,
    clock: { now: () => Date.now() },
    retention: { raw: 1e13, s10: 1e13, m1: 1e13 },
    // Often, so that kills hit the making and merging of segments too.
    segment: { ms: 150, samples: 20_000 },
  });
}

/** Appends a round of samples again and again; says after each at what time it was appended. */
async function write(folder: string): Promise<never> {
  const store = await open(folder);
  for (let round = lastRound(store) + 1; ; round++) {
    for (const key of keys) store.append(key, BEGIN + round * 1000, round);
    writeSync(1, `${Date.now()} ${round}\n`);
    await new Promise((resolve) => setTimeout(resolve, round % 7 === 0 ? 15 : 1));
  }
}

/** The last round that is whole; -1 where there is none. */
function lastRound(store: SampleStore): number {
  const last = keys.map((_, id) => store.lastTime(id) ?? BEGIN - 1000);
  return (Math.min(...last) - BEGIN) / 1000;
}

interface Kill {
  readonly after: number;
  /** milliseconds before the kill of the newest sample that is missing */
  readonly lostMs: number;
  readonly rounds: number;
  readonly problems: readonly string[];
  readonly fault?: string;
}

async function kill(folder: string, after: number): Promise<Kill> {
  const child = spawn(process.execPath, [process.argv[1] as string, 'write', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, after));
  const killed = Date.now();
  child.kill('SIGKILL');
  await once(child, 'close');
  const appended = said
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number]);
  await using store = await open(folder);
  const rounds = lastRound(store);
  // The oldest that is missing says how much was lost.
  const missing = appended.find(([, round]) => round > rounds);
  const lostMs = missing ? killed - missing[0] : 0;
  const fault = check(store, rounds);
  return { after, lostMs, rounds, problems: store.problems, ...(fault ? { fault } : {}) };
}

/** What is wrong with a store that must hold all rounds up to this one. */
function check(store: SampleStore, rounds: number): string | undefined {
  for (const [id, key] of keys.entries()) {
    if (store.series({ name: key.name, labels: key.labels })[0]?.id !== id) return `series ${id} is another one`;
    const { times, values } = store.read(id, 0, Infinity, 'raw');
    if (times.length <= rounds || times.length > rounds + 2)
      return `series ${id} has ${times.length} of ${rounds + 1} samples`;
    for (let at = 0; at < times.length; at++) {
      if (times[at] !== BEGIN + at * 1000 || values[at] !== at) return `series ${id}: sample ${at} is another one`;
    }
    for (const resolution of ['10s', '1m'] as const) {
      const counted = store.read(id, 0, Infinity, resolution).count.reduce((sum, count) => sum + count, 0);
      if (counted !== times.length) return `series ${id}: ${resolution} counts ${counted} of ${times.length}`;
    }
  }
  return undefined;
}

if (process.argv[2] === 'write') await write(process.argv[3] as string);
const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-samples-'));
const random = new Random(Number(options.seed));
const kills: Kill[] = [];
for (let at = 0; at < Number(options.kills); at++) {
  const one = await kill(folder, random.between(0, 1500));
  kills.push(one);
  if (one.fault || one.lostMs > MOST_LOST_MS) console.log(`kill ${at} after ${one.after} ms: ${JSON.stringify(one)}`);
}
rmSync(folder, { recursive: true });
const result = {
  kills: kills.length,
  rounds: kills.at(-1)?.rounds,
  faults: kills.filter(({ fault }) => fault !== undefined).length,
  lostMsMax: Math.max(...kills.map(({ lostMs }) => lostMs)),
  lostMsMean: kills.reduce((sum, { lostMs }) => sum + lostMs, 0) / kills.length,
  torn: kills.filter(({ problems }) => problems.length > 0).length,
};
console.log(
  `${result.kills} kills, ${result.faults} faults, ${result.torn} torn tails cut; lost at most ${result.lostMsMax} ms, ` +
    `${Math.round(result.lostMsMean)} ms in the mean (allowed: ${MOST_LOST_MS})`,
);
if (options.json) console.log(JSON.stringify(result));
process.exitCode = result.faults > 0 || result.lostMsMax > MOST_LOST_MS ? 1 : 0;
