/** Runs the counting programs under `hindcast record` and reads what the recording says they counted. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { openWords } from '../../trace-runtime/src/store/stream.ts';
import { programNode } from '../support/reader-node.ts';

export const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const cli = path.join(repository, 'cli/bin/hindcast.cjs');
const programs = path.join(repository, 'test/death/programs');

export interface Place {
  /** everything is written below it */
  readonly folder: string;
  /** where the recordings go; inside `folder` unless told */
  readonly store?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** the program's count file */
  readonly lines: string;
  readonly store: string;
  readonly ended: Promise<Ended>;
}

export interface RunOptions extends Place {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly portable: boolean;
}

export function startRecorded(options: RunOptions): Running {
  const lines = path.join(options.folder, `${options.name}.lines`);
  const store = path.join(options.store ?? options.folder, `${options.name}.store`);
  const own = ['record', '--out', store, '--cache', path.join(options.folder, 'cache')];
  const record = [cli, ...own, ...(options.portable ? ['--portable'] : []), '--'];
  return { lines, store, ended: run(options.folder, [...record, programNode, ...commandOf(options, lines)]) };
}

export function runPlain(options: RunOptions): Promise<Ended> {
  return run(options.folder, commandOf(options, path.join(options.folder, `${options.name}.plain-lines`)));
}

function commandOf({ nodeArgs = [], program, args }: RunOptions, lines: string): readonly string[] {
  return [...nodeArgs, path.join(programs, program), lines, ...args];
}

function run(cwd: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(programNode, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr: stderr.replace(/recording: .*\n$/, '') });
    });
  });
}

/** The folder of the only recording in a store, as soon as it is there. */
export function recordingIn(store: string): string | undefined {
  const [name] = existsSync(store) ? readdirSync(store) : [];
  return name === undefined ? undefined : path.join(store, name);
}

/** The recorded program's pid, as soon as it has said hello. */
export function programPid(store: string): number | undefined {
  const folder = recordingIn(store);
  const streams = folder && path.join(folder, 'streams');
  for (const name of streams && existsSync(streams) ? readdirSync(streams) : []) {
    const hello = path.join(streams!, name, 'hello.json');
    if (existsSync(hello)) return (JSON.parse(readFileSync(hello, 'utf8')) as { readonly pid: number }).pid;
  }
  return undefined;
}

export interface Line {
  readonly count: number;
  readonly at: number;
}

/** Whole lines only. */
export function readLines(file: string): readonly Line[] {
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => {
    const [count = 0, at = 0] = line.split(' ').map(Number);
    return { count, at };
  });
}

export interface Opened {
  readonly recording: Recording;
  /** the last value of `count`; 0 where none is recorded */
  readonly count: number;
  /** what the reader could not make sense of */
  readonly problems: number;
}

/** Throws where the recording does not open. */
export function openCounted(store: string): Opened {
  const folder = recordingIn(store);
  if (folder === undefined) throw new Error(`There is no recording in ${store}.`);
  const opened = openRecording(folder);
  if (!opened.ok) throw opened.error;
  const recording = opened.value;
  const [stream] = recording.streams;
  if (stream === undefined) return { recording, count: 0, problems: 0 };
  const replay = openStream(
    openWords(stream.segments),
    (hash) => recording.table(hash),
    (hash) => recording.source(hash),
  );
  replay.runToEnd();
  const reader = new StateReader(replay);
  const variables = replay.files.flatMap((file) =>
    file.moduleScope === undefined ? [] : reader.scopes(file.moduleScope).flatMap((scope) => scope.variables),
  );
  const value = variables.find(({ name }) => name === 'count')?.value;
  return {
    recording,
    count: typeof value === 'number' ? value : 0,
    problems: replay.problems.count + stream.problems.length,
  };
}

/** Milliseconds by which the recording's end is older than the program's last unbuffered line. */
export function lagOf(lines: readonly Line[], count: number): number {
  const last = lines.at(-1);
  if (last === undefined || count >= last.count) return 0;
  const known = lines.findLast((line) => line.count <= count);
  return last.at - (known?.at ?? lines[0]!.at);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function until<T>(look: () => T | undefined, ms = 30_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(3)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error('Waited in vain.');
}
