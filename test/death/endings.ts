/** Other ends: the program's own, the sidecar's, the disk's. Each says what is wrong, or nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  lagOf,
  openCounted,
  readLines,
  recordingIn,
  runPlain,
  sleep,
  startRecorded,
  until,
  type Ended,
  type RunOptions,
} from './kit.ts';

export interface Outcome {
  readonly name: string;
  readonly lag: number;
  readonly faults: readonly string[];
  /** why it was not run */
  readonly skipped?: string;
}

export const MOST_LAG_MS = 20;
/** In these nothing may be missing; elsewhere MOST_LAG_MS may. */
const COMPLETE = ['exit', 'exception', 'rejection'];

export async function programEnding(folder: string, way: string, portable: boolean): Promise<Outcome> {
  const name = `${way}-${portable ? 'portable' : 'ring'}`;
  const nodeArgs = way === 'memory' ? ['--max-old-space-size=40'] : [];
  const options: RunOptions = { folder, name, program: 'end.cjs', args: [way], nodeArgs, portable };
  const plain = await runPlain(options);
  const running = startRecorded(options);
  const ended = await running.ended;
  const faults = differences(plain, ended, way === 'memory' || way === 'abort');
  const lines = readLines(running.lines);
  const { count, problems } = openCounted(running.store);
  const lag = lagOf(lines, count);
  if (problems > 0) faults.push(`${problems} problems in reading`);
  if (COMPLETE.includes(way) && count !== lines.at(-1)?.count)
    faults.push(`last count ${count} instead of ${lines.at(-1)?.count}`);
  if (lag > MOST_LAG_MS) faults.push(`${lag.toFixed(1)} ms are missing`);
  return { name, lag, faults };
}

export async function sidecarKilled(folder: string, portable: boolean): Promise<Outcome> {
  const name = `sidecar-${portable ? 'portable' : 'ring'}`;
  const running = startRecorded({ folder, name, program: 'count.cjs', args: ['timers', '5000'], portable });
  await until(() => readLines(running.lines)[0]);
  // until something is stored
  await until(() => (segmentsIn(running.store) > 0 ? true : undefined));
  const folderOf = recordingIn(running.store)!;
  const pid = Number(readFileSync(path.join(folderOf, 'spool', 'sidecar-0.lock'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  const ended = await running.ended;
  const { count, problems, recording } = openCounted(running.store);
  const lines = readLines(running.lines);
  const faults: string[] = [];
  if (ended.code !== 0) faults.push(`ended with ${ended.signal ?? ended.code}: ${ended.stderr}`);
  if (ended.stdout !== 'counted true\n') faults.push(`printed ${JSON.stringify(ended.stdout)}`);
  if (problems > 0) faults.push(`${problems} problems in reading`);
  if (count !== lines.at(-1)?.count) faults.push(`last count ${count} instead of ${lines.at(-1)?.count}`);
  if ((recording.streams[0]?.segments.length ?? 0) < 2) faults.push('no new segment was begun');
  if (!recording.ledger.some(({ kind }) => kind === 'sidecar')) faults.push('the ledger does not say so');
  return { name, lag: lagOf(lines, count), faults };
}

export async function fullDisk(folder: string, portable: boolean): Promise<Outcome> {
  const name = `disk-${portable ? 'portable' : 'ring'}`;
  const mount = path.join(folder, `${name}.mount`);
  mkdirSync(mount);
  // A ring needs more room than the portable way before it begins.
  const megabytes = portable ? 8 : 32;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    return { name, lag: 0, faults: [], skipped: 'a small file system cannot be mounted here' };
  }
  try {
    const options: RunOptions = { folder, store: mount, name, program: 'fill.cjs', args: [], portable };
    const plain = await runPlain(options);
    const running = startRecorded(options);
    const ended = await running.ended;
    const faults = differences(plain, ended, false);
    const { count, recording } = openCounted(running.store);
    const lines = readLines(running.lines);
    const stopped = recording.ledger.filter(({ kind }) => kind === 'stopped');
    if (stopped.length !== 1) faults.push(`${stopped.length} ledger lines about the stop`);
    const [first] = lines;
    const moment = stopped[0]?.at ?? 0;
    if (first && (moment < first.at - 1000 || moment > lines.at(-1)!.at + 1000))
      faults.push('the ledger names no moment of the run');
    if (count === 0 || count === lines.at(-1)?.count) faults.push(`recorded ${count} of ${lines.at(-1)?.count} counts`);
    return { name, lag: 0, faults };
  } finally {
    await sleep(200);
    execFileSync('umount', ['-l', mount]);
  }
}

function differences(plain: Ended, recorded: Ended, noisy: boolean): string[] {
  const faults: string[] = [];
  const end = ({ code, signal }: Ended): string => String(signal ?? code);
  if (end(plain) !== end(recorded)) faults.push(`ended with ${end(recorded)} instead of ${end(plain)}`);
  if (plain.stdout !== recorded.stdout) faults.push(`printed ${JSON.stringify(recorded.stdout)}`);
  if (!noisy && plain.stderr !== recorded.stderr) faults.push(`printed on stderr ${JSON.stringify(recorded.stderr)}`);
  return faults;
}

function segmentsIn(store: string): number {
  const folder = recordingIn(store);
  const streams = folder && path.join(folder, 'streams');
  if (!streams || !existsSync(streams)) return 0;
  const names = readdirSync(streams).flatMap((name) => readdirSync(path.join(streams, name)));
  return names.filter((name) => name.endsWith('.seg')).length;
}
