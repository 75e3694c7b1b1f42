import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

export interface Measured {
  /** milliseconds from start to end of the whole command */
  readonly wall: number;
  /** milliseconds of the workload itself, as the program says */
  readonly work: number;
  /** peak memory of the program in kB */
  readonly maxRss: number;
  /** what the workload computed: equal in all runs */
  readonly result: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export class RunFailed extends Error {}

/** Runs a command whose program writes what BENCH_REPORT asks for. */
export async function measure(command: readonly string[], options: RunOptions): Promise<Measured> {
  const file = path.join(options.cwd, `report-${process.pid}.json`);
  rmSync(file, { force: true });
  const started = performance.now();
  const child = start(command, { ...options, env: { ...options.env, BENCH_REPORT: file } });
  const { stdout } = await ended(child, options.timeoutMs, command);
  return { ...readReport(file, command), wall: performance.now() - started, stdout };
}

export function readReport(file: string, command: readonly string[]): Pick<Measured, 'work' | 'maxRss' | 'result'> {
  if (!existsSync(file)) throw new RunFailed(`${command.join(' ')} reported nothing.`);
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly ms: number;
    readonly maxRSS: number;
    readonly result: unknown;
  };
  rmSync(file);
  return { work: report.ms, maxRss: report.maxRSS, result: JSON.stringify(report.result) };
}

export function start([program = '', ...args]: readonly string[], options: RunOptions): ChildProcess {
  return spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function ended(
  child: ChildProcess,
  timeoutMs: number,
  command: readonly string[],
): Promise<{ readonly stdout: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new RunFailed(`${command.join(' ')} took longer than ${timeoutMs / 1000} s.`));
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve({ stdout });
      else reject(new RunFailed(`${command.join(' ')} ended with ${signal ?? code}: ${stderr.slice(-800)}`));
    });
  });
}

/** The recording that `hindcast record --out FOLDER` left. */
export function findRecording(out: string): string {
  const [name] = readdirSync(out);
  if (name === undefined) throw new RunFailed(`There is no recording in ${out}.`);
  return path.join(out, name);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
