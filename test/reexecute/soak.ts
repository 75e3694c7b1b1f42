/**
 * `npm run proof:always -- [MINUTES] [KEEP]`: a service under load with a rolling window. Prints disk and memory each 15 s, then cuts a
 * failing request out and executes it again. Fails where they grow, or where the request is not proven.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Program } from '../rerun/program.ts';
import { Service, SHOP_FILES } from './service.ts';

const [minutes = '5', keep = '30s'] = process.argv.slice(2);
const EVERY_MS = 15_000;
/** The last third may not need more than this many times what the middle one did. */
const GROWTH = 1.15;

interface Sample {
  readonly disk: number;
  readonly program: number;
  readonly sidecar: number;
}

const program = new Program(SHOP_FILES);
const service = await Service.start(program, keep);
await pause(1500);
const milliseconds = Number(minutes) * 60_000;
const loaded = service.load(milliseconds + 10_000);
const samples: Sample[] = [];
console.log('seconds  disk MB  program MB  sidecar MB');
for (let at = 0; at < milliseconds; at += EVERY_MS) {
  await pause(EVERY_MS);
  const sample = {
    disk: diskOf(service.folder),
    program: rssOf(service.pid),
    sidecar: rssOf(sidecarOf(service.folder)),
  };
  samples.push(sample);
  const cells = [sample.disk, sample.program, sample.sidecar].map((mb) => mb.toFixed(1).padStart(10));
  console.log(String((at + EVERY_MS) / 1000).padStart(7), ...cells);
}
await service.ask('/melon?count=7');
const cut = JSON.parse((await program.hindcast(['cut', service.folder, '--json'])).stdout) as { recording: string };
const asked = await loaded;
await service.kill('SIGTERM');
const begun = performance.now();
const { stdout } = await program.hindcast(['materialise', cut.recording, '--json']);
const { ticks, verified } = JSON.parse(stdout) as { readonly ticks: number; readonly verified: number };
const state = await program.hindcast(['state', cut.recording, '--at', 'failure']);
const isShown = state.stdout.includes('no price of melon') && state.stdout.includes('count = 7');
console.log(
  `${asked} requests; cut: ${verified} of ${ticks} ticks equal, in ${Math.round(performance.now() - begun)} ms`,
);
console.log(isShown ? 'the failing request is shown' : 'the failing request is NOT shown');
const grown = (['disk', 'program', 'sidecar'] as const).filter((name) => third(name, 2) > GROWTH * third(name, 1));
for (const name of grown) console.log(`${name} has grown`);
process.exitCode = isShown && grown.length === 0 ? 0 : 1;

/** The most in a third of the time, from 0. */
function third(name: keyof Sample, which: number): number {
  const length = Math.floor(samples.length / 3);
  return Math.max(...samples.slice(which * length, (which + 1) * length).map((sample) => sample[name]));
}

/** Without the ring, whose size never changes. */
function diskOf(folder: string): number {
  const files = ['streams', 'blobs', 'sites', 'sources'].map((name) => path.join(folder, name)).filter(existsSync);
  const sizes = files.flatMap((each) =>
    readdirSync(each, { recursive: true, withFileTypes: true }).map((entry) => sizeOf(entry.parentPath, entry.name)),
  );
  return sizes.reduce((sum, size) => sum + size, sizeOf(folder, 'ledger.jsonl')) / 1e6;
}

function sizeOf(folder: string, name: string): number {
  try {
    const stats = statSync(path.join(folder, name));
    return stats.isFile() ? stats.size : 0;
  } catch {
    return 0;
  }
}

function rssOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}

function sidecarOf(folder: string): number {
  const spool = path.join(folder, 'spool');
  const [lock] = readdirSync(spool).filter((name) => name.endsWith('.lock'));
  return Number(readFileSync(path.join(spool, lock!), 'utf8'));
}
