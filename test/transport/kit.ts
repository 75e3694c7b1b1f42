/** Real processes around a real recording, for tests. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { startDetached } from '../../trace-runtime/src/base/processes.ts';
import { RECORDING_FORMAT, writeManifest } from '../../trace-runtime/src/store/manifest.ts';
import { FINISH_FILE, parseLockName } from '../../trace-runtime/src/wire/spool.ts';
import type { Check } from './reader.ts';

const root = path.resolve(import.meta.dirname, '../..');
const built = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'hindcast-transport-'));
const newest = path.join(root, 'node_modules/node24/bin/node');

export const helper = path.join(root, 'trace-runtime/dist/helper.node');
export const hasHelper = existsSync(helper);
export const sidecarNode = existsSync(newest) ? newest : process.execPath;
export const sidecarScript = bundle('trace-runtime/src/sidecar/collect.ts', 'sidecar.cjs');
const readerScript = bundle('test/transport/reader.ts', 'reader.cjs');
const feederScript = bundle('test/transport/feeder.ts', 'feeder.cjs');

function bundle(entry: string, name: string): string {
  const outfile = path.join(built, name);
  buildSync({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    external: ['msgpackr-extract'],
  });
  return outfile;
}

export function newRecording(folder = mkdtempSync(path.join(built, 'r-')), keep?: { readonly bytes: number }): string {
  for (const name of ['spool', 'streams', 'sites', 'sources']) mkdirSync(path.join(folder, name), { mode: 0o700 });
  writeManifest(folder, {
    format: RECORDING_FORMAT,
    id: path.basename(folder),
    command: ['feeder'],
    cwd: folder,
    startedAt: Date.now(),
    state: 'recording',
    recorder: process.pid,
    options: { cache: path.join(built, 'cache') },
    environment: {},
    ...(keep ? { keep } : {}),
  });
  return folder;
}

export function startSidecar(recording: string, node: string = sidecarNode): void {
  startDetached(node, [sidecarScript, recording], process.env);
}

/** The sidecar that collects now, once it is another than `before`. */
export async function sidecarPid(recording: string, before = 0): Promise<number> {
  const spool = path.join(recording, 'spool');
  for (;;) {
    const locks = readdirSync(spool).filter((name) => parseLockName(name) >= 0);
    locks.sort((a, b) => parseLockName(b) - parseLockName(a));
    const pid = locks[0] === undefined ? 0 : Number(readText(path.join(spool, locks[0])));
    if (pid && pid !== before) return pid;
    await sleep(5);
  }
}

export interface Feeder {
  readonly child: ChildProcess;
  /** the last number that it wrote to stdout */
  readonly said: () => number;
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

export function feed(order: Readonly<Record<string, unknown>>, node: string = process.execPath): Feeder {
  const child = spawn(node, [feederScript, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const said = (): number => Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1) || '0');
  return { child, said, output: () => output, ended };
}

/** Tells the sidecar to finish and waits until it has. */
export async function finish(recording: string): Promise<void> {
  writeFileSync(path.join(recording, FINISH_FILE), '', { mode: 0o600 });
  const spool = path.join(recording, 'spool');
  const since = Date.now();
  for (; existsSync(spool); await sleep(5)) {
    if (Date.now() - since > 30_000) throw new Error('the sidecar does not finish');
  }
}

export function check(recording: string): readonly Check[] {
  return JSON.parse(execFileSync(sidecarNode, [readerScript, recording], { encoding: 'utf8' })) as Check[];
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
