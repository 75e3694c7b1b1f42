/**
 * `npm run proof:death [-- --kills N] [--json] [--only NAME]`
 *
 * Programs die in all the ways there are, and their recordings must open and hold what was written before. A count that
 * the program wrote unbuffered is compared with the last count in the recording: at most 20 ms may be missing after a
 * kill, nothing after an orderly or unhandled end.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readSidecarLock } from './sidecar-pid.ts';
import { runTrial, sleep, type TrialOptions, type TrialResult } from './trial.ts';
import { continueInReaderNode } from '../support/reader-node.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

const MOST_LOSS_MS = 20;
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-death-'));
const kills = Number(flags.kills);
const rows: Row[] = [];
let trials = 0;

interface Row {
  readonly name: string;
  readonly runs: number;
  readonly failures: readonly string[];
  readonly medianLossMs: number;
  readonly worstLossMs: number;
}

type Variant = Omit<TrialOptions, 'repository' | 'folder'>;
/** What is wrong with a result; undefined where nothing is. */
type Judge = (result: TrialResult) => string | undefined;

const late: Judge = ({ lossMs, recorded }) =>
  recorded.count === 0
    ? 'nothing was recorded'
    : lossMs > MOST_LOSS_MS
      ? `${lossMs.toFixed(1)} ms are missing`
      : undefined;
const complete: Judge = ({ recorded, written }) =>
  recorded.count >= written.count ? undefined : `count ${recorded.count} recorded, ${written.count} written`;

const random = seeded(20_26);
const kill = (signal: NodeJS.Signals) => async (pid: number) => {
  await sleep(20 + random() * 600);
  process.kill(pid, signal);
};

const LOADS = ['full', 'ticks', 'timer'] as const;
for (const portable of [false, true]) {
  const how = portable ? 'portable' : 'helper';
  for (const load of LOADS) {
    const runs = Math.ceil((portable ? kills / 4 : kills) / LOADS.length);
    await proof(`SIGKILL, ${load} load, ${how}`, runs, { load, portable, act: kill('SIGKILL') }, late);
  }
  await proof(`abort, ${how}`, 3, { load: 'full', portable, ending: 'abort', counts: 5000 }, late);
  await proof(
    `out of memory, ${how}`,
    2,
    { load: 'full', portable, ending: 'memory', counts: 500, nodeArgs: ['--max-old-space-size=60'] },
    late,
  );
  for (const ending of ['exit', 'uncaught', 'rejection'] as const) {
    await proof(`${ending}, ${how}`, 3, { load: 'ticks', portable, ending, counts: 3000 }, complete);
  }
  await proof(`SIGTERM, ${how}`, 3, { load: 'ticks', portable, act: kill('SIGTERM') }, late);
  await proof(
    `sidecar killed, ${how}`,
    3,
    { load: 'ticks', portable, counts: 60_000, act: killSidecar },
    (result) => complete(result) ?? (result.ledger.length > 0 ? undefined : 'the ledger is silent'),
  );
  await fullDisk(how, portable);
}
rmSync(scratch, { recursive: true, force: true });
const failed = rows.filter(({ failures }) => failures.length > 0).length;
console.log(`${rows.length - failed} passed, ${failed} failed`);
if (flags.json) console.log(JSON.stringify({ cases: rows }));
process.exitCode = failed === 0 ? 0 : 1;

async function proof(name: string, runs: number, variant: Variant, judge: Judge): Promise<void> {
  if (flags.only && !flags.only.some((part) => name.includes(part))) return;
  const failures: string[] = [];
  const losses: number[] = [];
  for (let run = 0; run < runs; run++) {
    const folder = path.join(scratch, `trial-${trials++}`);
    try {
      const result = await runTrial({ repository, folder, ...variant });
      losses.push(result.lossMs);
      const wrong = judge(result);
      if (wrong !== undefined) failures.push(wrong);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
    rmSync(folder, { recursive: true, force: true });
  }
  losses.sort((a, b) => a - b);
  const row = {
    name,
    runs,
    failures,
    medianLossMs: losses[losses.length >> 1] ?? Number.NaN,
    worstLossMs: losses.at(-1) ?? Number.NaN,
  };
  rows.push(row);
  const loss = `${row.medianLossMs.toFixed(2)} ms, at most ${row.worstLossMs.toFixed(2)} ms missing`;
  console.log(`${failures.length ? 'FAILED' : 'passed'} ${name.padEnd(36)} ${String(runs).padStart(3)} runs  ${loss}`);
  for (const failure of failures.slice(0, 3)) console.log(`       ${failure}`);
}

async function killSidecar(_pid: number, recording: string): Promise<void> {
  await sleep(150);
  const pid = readSidecarLock(recording);
  if (pid === undefined) throw new Error('The sidecar has no lock.');
  process.kill(pid, 'SIGKILL');
}

/** A file system of a few megabytes; where none may be mounted, the case is left out and said to be. */
async function fullDisk(how: string, portable: boolean): Promise<void> {
  const name = `full disk, ${how}`;
  if (flags.only && !flags.only.some((part) => name.includes(part))) return;
  const disk = path.join(scratch, `disk-${how}`);
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    console.log(`left out: ${name} (no file system may be mounted here)`);
    return;
  }
  try {
    const judge: Judge = ({ exitCode, ledger, written }) => {
      if (exitCode !== 0) return `the program ended with ${exitCode}`;
      if (written.count < 400_000) return `the program stopped at ${written.count}`;
      return ledger.some(({ kind, reason }) => /stop|full|space/i.test(`${kind} ${reason}`))
        ? undefined
        : 'the ledger does not tell the moment';
    };
    await proof(name, 1, { load: 'full', portable, counts: 400_000, out: path.join(disk, 'recordings') }, judge);
  } finally {
    execFileSync('umount', [disk], { stdio: 'ignore' });
  }
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}
