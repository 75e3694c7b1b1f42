/** Runs a recording's command again, in the recorded world, on the code as it is now; itself recorded. */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CHANGED_FILE,
  CHANGES_FILE,
  NOTES_FILE,
  type ChangedSource,
  type LiveKind,
  type UnmatchedCall,
} from '../model/recorded-world.ts';
import type { Recording } from '../store/recording.ts';
import { timeZoneOf } from '../store/time-zone.ts';
import { readBoundary, type ReadStream } from './boundary-entries.ts';
import { Contents } from './contents.ts';
import { findEdits } from './edits.ts';
import { peersOf } from './exchanges.ts';
import { incomingRequests, makeRequests, type IncomingRequest } from './incoming.ts';
import { startPeers } from './peers.ts';
import { writeWorld } from './world.ts';

export interface RerunOptions {
  /** how `hindcast record` is started, up to its own options */
  readonly record: readonly string[];
  /** Hindcast's folders that the program's writes into are no overlay's */
  readonly own: readonly string[];
  readonly live: readonly LiveKind[];
  /** milliseconds; default: a generous multiple of the recorded time */
  readonly timeout: number | undefined;
  /** folder for the rerun's recording; default: where recordings of its folder go */
  readonly out: string | undefined;
  /** what the program prints goes to stderr */
  readonly shows: boolean;
  /** what is tried: recorded texts that give way to others where they are loaded */
  readonly changes?: readonly ChangedSource[];
  readonly signal: AbortSignal;
}

export interface Rerun {
  /** the rerun's recording; undefined where there is none */
  readonly folder: string | undefined;
  readonly unmatched: readonly UnmatchedCall[];
  readonly missingSecrets: readonly string[];
  readonly stoppedAfter: number | undefined;
  /** a server, told to end after all recorded requests were answered */
  readonly isToldToEnd: boolean;
  /** none of the texts that were to give way was loaded */
  readonly isUnchanged: boolean;
  readonly milliseconds: number;
}

const LEAST_TIMEOUT = 10_000;
const TIMES = 20;
/** A program that is told to end has so long. */
const GRACE = 3000;

/** Rejects where the command cannot be started at all. */
export async function rerun(recording: Recording, options: RerunOptions): Promise<Rerun> {
  const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hc')));
  const streams = readBoundary(recording);
  const contents = new Contents(recording, scratch, process.env);
  const edits = findEdits(
    recording,
    streams.flatMap(({ end }) => end.files.slice()),
  );
  const unmatched: UnmatchedCall[] = [];
  const recordedPeers = peersOf(streams, contents);
  const requests = incomingRequests(streams, recordedPeers, contents);
  const peers = await startPeers(recordedPeers, scratch, (what) => {
    if (!options.live.includes('network')) unmatched.push({ kind: 'network', what, file: undefined, line: undefined });
  });
  try {
    writeWorld({ recording, streams, edits, contents, peers, scratch, own: options.own, live: options.live });
    const { changes = [] } = options;
    if (changes.length > 0) writeFileSync(path.join(scratch, CHANGES_FILE), JSON.stringify(changes), { mode: 0o600 });
    const command = recording.manifest.command.map((word) => contents.text(word));
    const env = environmentOf(recording, streams, contents);
    const stdin = stdinOf(streams, contents, scratch);
    const ran = await runRecorded(recording, { ...options, command, env, stdin, scratch, requests });
    const pathFile = path.join(scratch, 'recording');
    return {
      folder: existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined,
      unmatched: [...unmatched, ...readNotes(scratch)],
      missingSecrets: [...contents.missing],
      isUnchanged: changes.length > 0 && !existsSync(path.join(scratch, CHANGED_FILE)),
      ...ran,
    };
  } finally {
    peers.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Run extends RerunOptions {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: string | undefined;
  readonly scratch: string;
  readonly requests: readonly IncomingRequest[];
}

async function runRecorded(
  { manifest }: Recording,
  { record, out, timeout, shows, signal, command, env, stdin, scratch, requests }: Run,
): Promise<Pick<Rerun, 'stoppedAfter' | 'isToldToEnd' | 'milliseconds'>> {
  const [node = '', ...rest] = record;
  const own = ['--serve', scratch, '--path-file', path.join(scratch, 'recording'), ...optionsOf(manifest.options)];
  own.push('--rerun-of', manifest.id);
  if (out !== undefined) own.push('--out', out);
  const input = stdin === undefined ? ('ignore' as const) : openSync(stdin, 'r');
  const print = shows ? 2 : ('ignore' as const);
  const begun = performance.now();
  const child = spawn(node, [...rest, ...own, '--', ...command], {
    cwd: manifest.cwd,
    env,
    stdio: [input, print, print],
    detached: process.platform !== 'win32',
  });
  if (typeof input === 'number') closeSync(input);
  const recorded = (manifest.endedAt ?? manifest.startedAt) - manifest.startedAt;
  // what was ended from outside had its time
  const times = manifest.signal ? 2 : TIMES;
  const limit = timeout ?? Math.max(LEAST_TIMEOUT, times * recorded);
  let stoppedAfter: number | undefined;
  let isToldToEnd = false;
  const timer = setTimeout(() => {
    stoppedAfter = limit;
    stop(child);
  }, limit);
  const abort = (): void => stop(child);
  signal.addEventListener('abort', abort, { once: true });
  const over = new AbortController();
  // a server goes on: when all is answered, it is told to end as somebody had told it then
  if (requests.length > 0)
    void makeRequests(requests, scratch, over.signal).then(() => {
      if (over.signal.aborted) return;
      isToldToEnd = true;
      stop(child);
    });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => resolve());
    });
  } finally {
    over.abort();
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
  return { stoppedAfter, isToldToEnd, milliseconds: performance.now() - begun };
}

/** First politely, so that the recording is finished; then whoever is left of it. */
function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  const killer = setTimeout(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  }, GRACE);
  child.once('exit', () => clearTimeout(killer));
}

/** What was recorded how fully, as it was. */
function optionsOf(options: Readonly<Record<string, unknown>>): string[] {
  const out: string[] = [];
  for (const name of ['deps', 'cache'] as const) {
    const value = options[name];
    // a cache that another machine had is none here
    if (typeof value === 'string' && (name !== 'cache' || existsSync(value))) out.push(`--${name}`, value);
  }
  for (const name of ['include', 'exclude'] as const) {
    const list = options[name];
    if (Array.isArray(list)) for (const glob of list) out.push(`--${name}`, String(glob));
  }
  return out;
}

function environmentOf(recording: Recording, streams: readonly ReadStream[], contents: Contents): NodeJS.ProcessEnv {
  const first = streams.flatMap(({ entries }) => entries).find(({ kind }) => kind === 'environment');
  const recorded = first?.detail['env'];
  if (typeof recorded !== 'object' || recorded === null) return { ...process.env };
  const env: NodeJS.ProcessEnv = {};
  const met = metSecrets(streams);
  for (const [name, value] of Object.entries(recorded)) {
    const text = String(value);
    const secrets = contents.secretsIn(text);
    const isMissed = secrets.some((secret) => process.env[secret] === undefined);
    // what the program never looked at, it does not miss
    if (!isMissed || met === undefined || secrets.some((secret) => met.has(secret))) env[name] = contents.text(text);
  }
  // elsewhere, programs and folders of the machine lie elsewhere, too
  if (recording.placed) for (const name of OF_MACHINE) env[name] = process.env[name];
  if (env['NODE_OPTIONS'] === '') delete env['NODE_OPTIONS'];
  const timeZone = timeZoneOf(recording);
  const isOther = timeZone !== undefined && timeZone !== Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (env['TZ'] === undefined && isOther) env['TZ'] = timeZone;
  return env;
}

/** Secrets that the program met; undefined where a thread was killed before it could tell. */
function metSecrets(streams: readonly ReadStream[]): ReadonlySet<string> | undefined {
  const met = new Set<string>();
  for (const { end } of streams) {
    if (end.exitCode === undefined) return undefined;
    for (const line of end.ledger) {
      const { kind, subject } = JSON.parse(line) as { readonly kind?: unknown; readonly subject?: unknown };
      if (kind === 'redacted') met.add(String(subject));
    }
  }
  return met;
}

const OF_MACHINE = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'USER', 'LOGNAME', 'SHELL'];

/** A file with what came on stdin; undefined where nothing did. */
function stdinOf(streams: readonly ReadStream[], contents: Contents, scratch: string): string | undefined {
  const parts = streams
    .flatMap(({ entries }) => entries)
    .filter(({ kind, detail }) => {
      if (kind === 'stdin') return true;
      const isInput = detail['path'] === 0 || detail['path'] === '/dev/stdin' || detail['fd'] === 0;
      return isInput && (kind === 'fs.readFile' || kind === 'fs.read');
    })
    .map(({ detail }) => contents.bytes(detail['content']))
    .filter((bytes) => bytes !== undefined);
  if (parts.length === 0) return undefined;
  const file = path.join(scratch, 'stdin');
  writeFileSync(file, Buffer.concat(parts), { mode: 0o600 });
  return file;
}

function readNotes(scratch: string): readonly UnmatchedCall[] {
  const file = path.join(scratch, NOTES_FILE);
  if (!existsSync(file)) return [];
  const notes = new Map<string, UnmatchedCall>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      if (line !== '') notes.set(line, JSON.parse(line) as UnmatchedCall);
    } catch {
      // A line that a killed process did not finish.
    }
  }
  return [...notes.values()];
}
