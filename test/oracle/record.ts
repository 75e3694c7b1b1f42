import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStream, type StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import {
  isLight,
  materialisedFolder,
  readVerification,
  withValues,
  type Verification,
} from '../../trace-runtime/src/store/materialised.ts';
import { openWords, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { recordingPaths } from '../../trace-runtime/src/store/recording-paths.ts';
import { endGroup, endProcess, startGroup } from '../support/program-group.ts';
import type { Ended } from './inspector.ts';
import { PRELUDE_NAME } from './prelude.ts';
import { snapshotOf } from './recorded.ts';
import type { Snapshot } from './snapshot.ts';

export interface RecordedRun {
  readonly ended: Ended;
  /** undefined where `record` left none */
  readonly folder: string | undefined;
  /** it did not end by itself within its limit */
  readonly stopped: boolean;
}

/** What the command has after the program's end to complete the recording. */
const COMPLETION_MS = 120_000;

/** Runs a program under `hindcast record`; at the limit the program is killed, and its recording completed. */
export function recordRun(
  command: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly out: string;
    readonly repository: string;
    readonly timeoutMs: number;
    readonly level?: 'full' | 'light';
  },
): Promise<RecordedRun> {
  mkdirSync(options.out, { recursive: true });
  const cli = path.join(options.repository, 'cli/bin/hindcast.cjs');
  const args = [
    cli,
    'record',
    '--level',
    options.level ?? 'full',
    '--out',
    options.out,
    '--exclude',
    `**/${PRELUDE_NAME}`,
    '--',
    ...command,
  ];
  const child = startGroup(process.execPath, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopped = false;
  let completion: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    stopped = true;
    recordedProcesses(options.out).forEach(endProcess);
    completion = setTimeout(() => endGroup(child), COMPLETION_MS);
  }, options.timeoutMs);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  // Whoever is left in the group would keep the pipes open.
  child.on('exit', () => endGroup(child));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      clearTimeout(completion);
      const line = /^recording: (.*)\n?$/m.exec(stderr);
      stderr = stderr.replace(/^recording: .*\n?/m, '');
      const [found] = readdirSync(options.out);
      resolve({
        ended: { exitCode, signal, stdout, stderr },
        folder: line?.[1] ?? (found && path.join(options.out, found)),
        stopped,
      });
    });
  });
}

/** Executes a light recording again; says what is not proven then. */
export function materialise(folder: string, repository: string): string | undefined {
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, [cli, 'materialise', folder, '--again', '--json'], {
    encoding: 'utf8',
    maxBuffer: Infinity,
  });
  if (!stdout.startsWith('{')) return stderr.trim();
  const { ticks, verified, divergences, likely } = JSON.parse(stdout) as Verification;
  if (divergences.length === 0) return undefined;
  return [`${verified} of ${ticks} ticks`, ...divergences.map(({ what }) => what), ...likely].join('; ');
}

/** Ids of the processes that the recordings below a folder are of. */
function recordedProcesses(out: string): number[] {
  return readdirSync(out).flatMap((name) => {
    const { spool, streams } = recordingPaths(path.join(out, name));
    return [spool, streams].flatMap((folder) => readdirSync(folder).map((stream) => pidOf(path.join(folder, stream))));
  });
}

function pidOf(stream: string): number {
  try {
    const { pid } = JSON.parse(readFileSync(path.join(stream, 'hello.json'), 'utf8')) as { readonly pid?: unknown };
    if (typeof pid === 'number') return pid;
  } catch {
    // A stream that has no such file yet.
  }
  return Number.NaN;
}

/** An execution of a statement of the program's file. */
export interface Execution {
  readonly start: number;
  readonly hit: number;
}

export interface Executions {
  /** the offset of each statement executed */
  readonly starts: readonly number[];
  /** the run went on after the last of them */
  readonly cut: boolean;
  /** what the reader found wrong */
  readonly problems: readonly string[];
  /** where the ledger declares that code is not recorded */
  readonly degraded: readonly { readonly at: number; readonly end: number }[];
}

const MOST_EXECUTIONS = 20_000_000;
/** of a run that was stopped */
const MOST_EVENTS = 50_000_000;

/** The stream of the program's main thread, which can be replayed as often as wanted. */
/** Of a light recording, the values that were made of it. */
function shown(recording: Recording): Recording {
  const verification = isLight(recording) ? readVerification(recording.folder) : undefined;
  if (!verification) return recording;
  const full = openRecording(materialisedFolder(recording.folder));
  if (!full.ok) throw full.error;
  return withValues(recording, full.value, verification);
}

export class RecordedProgram {
  readonly #recording: Recording;
  readonly #stream: RecordedStream;
  readonly #path: string;

  private constructor(recording: Recording, stream: RecordedStream, file: string) {
    this.#recording = recording;
    this.#stream = stream;
    this.#path = file;
  }

  static open(folder: string, file: string): RecordedProgram {
    const opened = openRecording(folder);
    if (!opened.ok) throw opened.error;
    const recording = shown(opened.value);
    const stream = recording.streams.find((each) => each.hello?.threadId === 0);
    if (!stream) throw new Error(`The recording ${folder} holds no main thread.`);
    return new RecordedProgram(recording, stream, file);
  }

  /** The program's text as the engine was given it: of TypeScript, what the loader made of it. */
  text(): string | undefined {
    const replay = this.#replay();
    let hash: string | undefined;
    replay.onStatement(({ file }) => {
      if (file.path === this.#path) hash = file.hash;
      return hash !== undefined;
    });
    replay.runToEnd();
    return hash === undefined ? undefined : this.#recording.source(hash);
  }

  /**
   * Executions of statements in the run's order. A run that was stopped, or is longer than anyone can compare, is
   * looked at up to where one statement has been executed `busy` times.
   */
  executions(wanted: ReadonlySet<number>, busy: number, stopped: boolean): Executions {
    const starts: number[] = [];
    const counts = new Map<number, number>();
    let prefix: number | undefined;
    const replay = this.#replay();
    replay.onStatement((activation, op) => {
      const start = this.#startOf(activation, op);
      if (!wanted.has(start)) return false;
      starts.push(start);
      const count = (counts.get(start) ?? 0) + 1;
      counts.set(start, count);
      if (count === busy) prefix ??= starts.length;
      return (stopped && prefix !== undefined) || starts.length >= MOST_EXECUTIONS;
    });
    replay.runTo(stopped ? MOST_EVENTS : Number.POSITIVE_INFINITY);
    const cut = stopped || replay.paused;
    if (cut && prefix !== undefined) starts.length = prefix;
    const file = replay.files.find(({ path: name }) => name === this.#path);
    const problems = replay.problems.list.map(({ sentence }) => sentence);
    return { starts, cut, problems, degraded: file?.table.degraded ?? [] };
  }

  /** Steps through the wanted executions in the run's order; each snapshot is good until the next is asked for. */
  *moments(
    wanted: ReadonlyMap<number, ReadonlySet<number>>,
  ): Generator<Execution & { readonly snapshot: Snapshot }, void> {
    const counts = new Map<number, number>();
    const replay = this.#replay();
    const reader = new StateReader(replay);
    let at: Execution | undefined;
    replay.onStatement((activation, op) => {
      const start = this.#startOf(activation, op);
      const hits = wanted.get(start);
      if (!hits) return false;
      const hit = (counts.get(start) ?? 0) + 1;
      counts.set(start, hit);
      if (!hits.has(hit)) return false;
      at = { start, hit };
      return true;
    });
    for (;;) {
      replay.runToEnd();
      if (!replay.paused || !at) return;
      yield { ...at, snapshot: snapshotOf(replay, reader, this.#path) };
    }
  }

  #startOf(activation: Activation, op: number): number {
    if (activation.file.path !== this.#path) return -1;
    return activation.file.code.start[op] ?? -1;
  }

  #replay(): StreamReplay {
    const { table, source } = this.#recording;
    return openStream(
      openWords(this.#stream.segments, () => undefined),
      (hash) => table.call(this.#recording, hash),
      source,
    );
  }
}
