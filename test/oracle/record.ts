import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStream, type StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { openWords, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { programNode } from '../support/reader-node.ts';
import type { Ended } from './inspector.ts';
import { PRELUDE_NAME } from './prelude.ts';
import { snapshotOf } from './recorded.ts';
import type { Snapshot } from './snapshot.ts';

export interface RecordedRun {
  readonly ended: Ended;
  /** undefined where `record` left none */
  readonly folder: string | undefined;
}

/** Runs a program under `hindcast record`. */
export function recordRun(
  command: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly out: string;
    readonly repository: string;
    readonly timeoutMs: number;
  },
): Promise<RecordedRun> {
  mkdirSync(options.out, { recursive: true });
  const cli = path.join(options.repository, 'cli/bin/hindcast.cjs');
  const args = [cli, 'record', '--out', options.out, '--exclude', `**/${PRELUDE_NAME}`, '--', ...command];
  const child = spawn(programNode, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      const line = /^recording: (.*)\n?$/m.exec(stderr);
      stderr = stderr.replace(/^recording: .*\n?/m, '');
      const [found] = readdirSync(options.out);
      resolve({
        ended: { exitCode, signal, stdout, stderr },
        folder: line?.[1] ?? (found && path.join(options.out, found)),
      });
    });
  });
}

/** An execution of a statement of the program's file. */
export interface Execution {
  readonly start: number;
  readonly hit: number;
}

/** The stream of the program's main thread, which can be replayed as often as wanted. */
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
    const stream = opened.value.streams.find((each) => each.hello?.threadId === 0);
    if (!stream) throw new Error(`The recording ${folder} holds no main thread.`);
    return new RecordedProgram(opened.value, stream, file);
  }

  /** Executions of statements, as the offset of each in the run's order, and what the reader found wrong. */
  executions(wanted: ReadonlySet<number>): {
    readonly starts: readonly number[];
    readonly problems: readonly string[];
    /** where the ledger declares that code is not recorded */
    readonly degraded: readonly { readonly at: number; readonly end: number }[];
  } {
    const starts: number[] = [];
    const replay = this.#replay();
    replay.onStatement((activation, op) => {
      const start = this.#startOf(activation, op);
      if (wanted.has(start)) starts.push(start);
    });
    replay.runToEnd();
    const file = replay.files.find(({ path: name }) => name === this.#path);
    const problems = replay.problems.list.map(({ sentence }) => sentence);
    return { starts, problems, degraded: file?.table.degraded ?? [] };
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
