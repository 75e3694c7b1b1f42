/**
 * `npm run proof:scale [-- --events 1e8] [--json]`
 *
 * A recording of that many events of a real program: its size at once and after it was packed in the background (without
 * the index that is made there, too, which has a line of its own), the sidecar's memory and the time to open it.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';
import { folderBytes } from '../../trace-runtime/src/store/folder-size.ts';
import { highestLock } from '../../trace-runtime/src/wire/sidecar-lock.ts';
import { lockFileName } from '../../trace-runtime/src/wire/spool.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { sizeOfRecording } from './events.ts';

const MOST_SIDECAR_MB = 500;
const SAMPLE_MS = 50;
/** the index and the packing of 10^8 events, on a busy machine */
const BACKGROUND_MS = 1_800_000;
/** rounds whose events are counted, to know how many rounds make the wanted number */
const PROBE_ROUNDS = 20_000;

continueInReaderNode();
const { values: flags } = parseArgs({
  options: { events: { type: 'string', default: '1e8' }, json: { type: 'boolean', default: false } },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-scale-'));
try {
  const probe = await recordRounds('probe', PROBE_ROUNDS);
  const none = await recordRounds('none', 0);
  const base = sizeOfRecording(none.recording).events;
  const eventsOfRound = (sizeOfRecording(probe.recording).events - base) / PROBE_ROUNDS;
  const rounds = Math.ceil(Number(flags.events) / eventsOfRound);
  const run = await recordRounds('scale', rounds);
  const started = performance.now();
  const opened = openRecording(run.recording);
  const openMs = performance.now() - started;
  if (!opened.ok) throw opened.error;
  const [stream] = opened.value.streams;
  const events = base + rounds * eventsOfRound;
  const isIndexed = await backgroundEnds(run.recording);
  const packed = openRecording(run.recording);
  if (!packed.ok) throw packed.error;
  const indexBytes = folderBytes(path.join(run.recording, 'index'));
  const bytes = folderBytes(run.recording) - indexBytes;
  const result = {
    events: Math.round(events),
    storedEvents: stream?.counts.sites ?? 0,
    words: stream?.words ?? 0,
    segments: stream?.segments.length ?? 0,
    bytesAtOnce: opened.value.bytes,
    bytes,
    bytesPerEvent: bytes / events,
    indexBytes,
    isIndexed,
    sidecarPeakMb: run.sidecarPeakKb / 1024,
    recordSeconds: run.ms / 1000,
    openMs,
    ended: stream?.ended ?? false,
    problems:
      (stream?.problems.length ?? 0) + packed.value.streams.reduce((sum, each) => sum + each.problems.length, 0),
  };
  if (flags.json) console.log(JSON.stringify(result));
  else
    for (const [name, value] of Object.entries(result))
      console.log(name.padEnd(15), typeof value === 'number' ? Number(value.toFixed(2)) : value);
  if (!result.ended || !isIndexed || result.problems > 0 || result.sidecarPeakMb > MOST_SIDECAR_MB)
    process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Run {
  readonly recording: string;
  readonly ms: number;
  readonly sidecarPeakKb: number;
}

async function recordRounds(name: string, rounds: number): Promise<Run> {
  const store = path.join(folder, name);
  const own = [
    path.join(repository, 'cli/bin/hindcast.cjs'),
    'record',
    '--out',
    store,
    '--cache',
    path.join(folder, 'cache'),
  ];
  const program = path.join(repository, 'test/bench/cases/scale.cjs');
  const started = performance.now();
  const child = spawn(programNode, [...own, '--', programNode, program, String(rounds)], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  let sidecarPeakKb = 0;
  const sampling = setInterval(() => (sidecarPeakKb = Math.max(sidecarPeakKb, peakOfSidecar(store))), SAMPLE_MS);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearInterval(sampling);
  if (code !== 0) throw new Error(`record ended with ${code}: ${stderr.slice(-800)}`);
  return { recording: path.join(store, readdirSync(store)[0]!), ms: performance.now() - started, sidecarPeakKb };
}

/** Waits for what works beside the recording after its run; false where that takes too long. */
async function backgroundEnds(recording: string): Promise<boolean> {
  const until = performance.now() + BACKGROUND_MS;
  while (performance.now() < until) {
    await sleep(SAMPLE_MS * 10);
    if (!isInBackground(recording)) return true;
  }
  return false;
}

function isInBackground(recording: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      const command = readFileSync(path.join('/proc', pid, 'cmdline'), 'utf8').split('\0');
      return command.includes(recording) && command.some((each) => each.endsWith('indexer.cjs'));
    } catch {
      return false;
    }
  });
}

/** VmHWM in kB: the process's own peak so far. */
function peakOfSidecar(store: string): number {
  try {
    const spool = path.join(store, existsSync(store) ? readdirSync(store)[0]! : '', 'spool');
    const pid = Number(readFileSync(path.join(spool, lockFileName(highestLock(spool))), 'utf8'));
    const [, peak = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(peak);
  } catch {
    return 0;
  }
}
