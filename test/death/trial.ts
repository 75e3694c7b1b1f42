import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { openWords } from '../../trace-runtime/src/store/stream.ts';
import { programNode } from '../support/reader-node.ts';

export interface TrialOptions {
  readonly repository: string;
  /** a folder of the trial's own */
  readonly folder: string;
  /** where the recording goes; `folder` unless said */
  readonly out?: string;
  readonly load: 'full' | 'ticks' | 'timer';
  readonly ending?: 'none' | 'abort' | 'exit' | 'uncaught' | 'rejection' | 'memory';
  /** counts before the program ends by itself; 0: never */
  readonly counts?: number;
  readonly portable: boolean;
  readonly nodeArgs?: readonly string[];
  /** what is done to the running program; given its pid once it counts, and the recording's folder */
  readonly act?: (pid: number, recording: string) => Promise<void>;
}

export interface TrialResult {
  readonly written: Count;
  readonly recorded: Count;
  /** milliseconds between the last count recorded and the last written */
  readonly lossMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly ledger: readonly { readonly kind: string; readonly reason: string }[];
  readonly segments: number;
}

interface Count {
  readonly count: number;
  readonly at: number;
}

const NOTHING: Count = { count: 0, at: 0 };

/** Lets the counting program run to its death under `hindcast record`, and reads how far its recording goes. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  mkdirSync(options.folder, { recursive: true });
  const out = options.out ?? path.join(options.folder, 'recordings');
  const log = path.join(options.folder, 'counts.log');
  const program = path.join(options.repository, 'test/death/cases/counter.cjs');
  const cli = path.join(options.repository, 'cli/bin/hindcast.cjs');
  const args = [
    cli,
    'record',
    '--out',
    out,
    ...(options.portable ? ['--portable'] : []),
    '--',
    programNode,
    ...(options.nodeArgs ?? []),
    program,
    options.load,
    log,
    options.ending ?? 'none',
    String(options.counts ?? 0),
  ];
  const child = spawn(programNode, args, { cwd: path.dirname(program), stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const closed = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal })),
  );
  if (options.act) {
    const pid = await firstCount(log, closed);
    await options.act(pid, path.join(out, readdirSync(out)[0] ?? ''));
  }
  const ended = await closed;
  const folder = path.join(out, readdirSync(out)[0] ?? '');
  const opened = openRecording(folder);
  if (!opened.ok) throw new Error(`The recording does not open: ${opened.error.message}\n${stderr}`);
  const written = lastWritten(log);
  const { segments, ...recorded } = lastRecorded(opened.value, program);
  return {
    written,
    recorded,
    lossMs: Math.max(0, written.at - recorded.at),
    ...ended,
    ledger: opened.value.ledger,
    segments,
  };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The program's pid, once it has counted. */
async function firstCount(log: string, closed: Promise<unknown>): Promise<number> {
  let over = false;
  void closed.then(() => (over = true));
  while (!over) {
    const pid = Number(readLines(log)[0]?.split(' ')[2]);
    if (pid > 0) return pid;
    await sleep(5);
  }
  throw new Error('The program ended before it counted.');
}

function lastWritten(log: string): Count {
  const [count = 0, at = 0] = (readLines(log).at(-1) ?? '').split(' ').map(Number);
  return { count, at };
}

/** Whole lines only. */
function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

function lastRecorded(recording: Recording, program: string): Count & { readonly segments: number } {
  const stream = recording.streams.find(({ hello }) => hello?.threadId === 0);
  if (!stream) return { ...NOTHING, segments: 0 };
  const replay = openStream(
    openWords(stream.segments),
    (hash) => recording.table(hash),
    (hash) => recording.source(hash),
  );
  replay.runToEnd();
  const file = replay.files.find((each) => each.path === program);
  const names = file?.table.scopes[file.moduleScope?.scope ?? -1]?.variables.map(
    (index) => file.table.variables[index]?.name,
  );
  const read = (name: string) => Number(file?.moduleScope?.values[names?.indexOf(name) ?? -1] ?? 0);
  return { count: read('count') || 0, at: read('at') || 0, segments: stream.segments.length };
}
