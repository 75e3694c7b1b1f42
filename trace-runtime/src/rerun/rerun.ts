/** Runs a recording's command again, in the recorded world, on the code as it is now; itself recorded. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  ARRIVED_FILE,
  CHANGED_FILE,
  CHANGES_FILE,
  DOUBTS_FILE,
  claimFile,
  NOTES_FILE,
  ORDER_FILE,
  SAID_FILE,
  type ChangedSource,
  type LiveKind,
  type OutOfOrder,
  type SaidAfterAll,
  type SaidOtherwise,
  type UnmatchedCall,
} from '../model/recorded-world.ts';
import { cacheFolder, isEnterable, isWritable } from '../base/folders.ts';
import { noProgramFolder } from '../base/errors.ts';
import { HTTP2, NOT_EXECUTABLE } from '../store/materialised.ts';
import type { Recording } from '../store/recording.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { converse } from './parent-talk.ts';
import { startPeers } from './peers.ts';
import { prepareRerun, type PreparedRerun, type PrepareOptions, type RunInputs } from './prepare.ts';
import { makeScratch, shareScratch, sweep } from './scratch.ts';
import { PROGRESS_FILE } from '../wire/spool.ts';
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
  /** nothing is found out but the run: of a recording that is looked at once */
  readonly brief?: boolean;
  /** of the recording that is run again, where it was read before */
  readonly read?: PrepareOptions['read'];
  /** how fully it is recorded; default: as ever */
  readonly level?: 'full';
  /** hears that the command is started: what is done then costs no time of its own */
  readonly begun?: () => void;
  /** hears now and then how many ticks were recorded so far */
  readonly ticksRecorded?: (ticks: number) => void;
  readonly signal: AbortSignal;
}

export interface Rerun {
  /** the rerun's recording; undefined where there is none */
  readonly folder: string | undefined;
  readonly unmatched: readonly UnmatchedCall[];
  readonly missingSecrets: readonly string[];
  /** of an exact run: where the order of arrivals was given up */
  readonly outOfOrder: readonly OutOfOrder[];
  /** of an exact run: what was told others differs */
  readonly said: readonly SaidOtherwise[];
  /** by recorded thread: `pid:threadId` of the one that took its part */
  readonly claims: readonly (string | undefined)[];
  readonly stoppedAfter: number | undefined;
  /** a server, told to end after all recorded requests were answered */
  readonly isToldToEnd: boolean;
  /** none of the texts that were to give way was loaded */
  readonly isUnchanged: boolean;
  readonly milliseconds: number;
}

const LEAST_TIMEOUT = 10_000;
/** Of short runs the start-up is most, and a busy machine needs many times that; of long ones it is little. */
const TIMES = 20;
const LATE = 60_000;

/** Milliseconds after which a rerun of what took so many is taken for one that hangs. */
function generous(recorded: number): number {
  return Math.min(TIMES * recorded, 2 * recorded + LATE);
}

/** A program that is told to end has so long. */
const GRACE = 3000;

/** Rejects where the command cannot be started at all. */
export async function rerun(recording: Recording, options: RerunOptions): Promise<Rerun> {
  const prepared = prepareRerun(recording, options);
  try {
    return await runPrepared(prepared, prepared.inputs, options);
  } finally {
    prepared.dispose();
  }
}

/** One run in a world that was made ready, on the recorded inputs or on others. Several may run at a time. */
export async function runPrepared(prepared: PreparedRerun, inputs: RunInputs, options: RerunOptions): Promise<Rerun> {
  const scratch = makeScratch();
  const unmatched: UnmatchedCall[] = [];
  const tell = (what: string): void => {
    if (!options.live.includes('network')) unmatched.push({ kind: 'network', what, file: undefined, line: undefined });
  };
  for (const what of inputs.unheard) tell(what);
  const asked = (what: string): void =>
    void unmatched.push({ kind: 'network', what, file: undefined, line: undefined, isOfPeer: true });
  const peers = await startPeers(inputs.peers, scratch, asked);
  try {
    const world = prepared.worldOf(inputs);
    writeWorld(world, peers, scratch);
    const { changes = [] } = options;
    if (changes.length > 0) writeFileSync(path.join(scratch, CHANGES_FILE), JSON.stringify(changes), { mode: 0o600 });
    const ran = await runRecorded(prepared.recording, {
      ...options,
      ...endingOf(prepared),
      inputs,
      scratch,
      sources: world.exact?.sources,
      unmatched: tell,
    });
    const pathFile = path.join(scratch, 'recording');
    return {
      folder: existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : undefined,
      unmatched: [
        ...unmatched,
        ...readNotes<UnmatchedCall>(path.join(scratch, NOTES_FILE)),
        ...(options.live.includes('files') ? [] : doubtsIn(scratch)),
      ],
      claims: prepared.recording.streams.map((_, index) => readIfThere(path.join(scratch, claimFile(index)))),
      said: saidOtherwise(readNotes(path.join(scratch, SAID_FILE))),
      outOfOrder: readNotes<OutOfOrder>(path.join(scratch, ORDER_FILE)),
      missingSecrets: [...prepared.missing],
      isUnchanged: changes.length > 0 && !existsSync(path.join(scratch, CHANGED_FILE)),
      ...ran,
    };
  } finally {
    peers.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Run extends RerunOptions, Ending {
  readonly inputs: RunInputs;
  readonly scratch: string;
  /** see `ExactRun` */
  readonly sources: string | undefined;
  /** hears of what came in and cannot come again */
  readonly unmatched: (what: string) => void;
}

interface Ending {
  /** the recorded run is there to its end */
  readonly endsByItself: boolean;
  /** milliseconds that were recorded and are executed, at most */
  readonly recorded: number;
  /** milliseconds of it after the last thing that came in */
  readonly rest: number;
}

/** A window is short, whatever the run was. */
const WINDOW_MS = 10_000;

function endingOf({ recording: { streams, manifest }, windows, lastArrival }: PreparedRerun): Ending {
  const { startedAt, endedAt = startedAt } = manifest;
  const isWindow = windows.some((plan) => plan !== undefined);
  const endsByItself = streams[0]?.ended === true && windows[0]?.isCut !== true;
  const recorded = isWindow ? WINDOW_MS : endedAt - startedAt;
  return { endsByItself, recorded, rest: recorded - lastArrival };
}

async function runRecorded(
  { manifest, ledger }: Recording,
  {
    record,
    out,
    timeout,
    shows,
    signal,
    brief = false,
    level,
    begun: tellBegun,
    ticksRecorded,
    inputs,
    scratch,
    sources,
    endsByItself,
    recorded,
    rest: afterwards,
    unmatched,
  }: Run,
): Promise<Pick<Rerun, 'stoppedAfter' | 'isToldToEnd' | 'milliseconds'>> {
  if (!isEnterable(manifest.cwd)) throw noProgramFolder(manifest.cwd);
  const [node = '', ...rest] = record;
  const own = ['--serve', scratch, '--path-file', path.join(scratch, 'recording'), ...optionsOf(manifest.options)];
  own.push('--rerun-of', manifest.id);
  if (process.platform !== 'win32') own.push('--rerun-by', String(process.pid));
  if (out !== undefined) own.push('--out', out);
  if (brief) own.push('--brief');
  if (level) own.push('--level', level);
  const { root } = manifest.options;
  if (level && typeof root === 'string') own.push('--root', root);
  if (sources !== undefined) own.push('--sources', sources);
  if (inputs.terminal !== undefined) own.push('--terminal', inputs.terminal);
  const { command, env, requests, guests, http2, signals, datagrams, parent } = inputs;
  const isExact = level === 'full';
  const { stdin, stdinPipe, outputPipes } = inputs;
  const input = stdinPipe ? 'pipe' : stdin === undefined ? 'ignore' : openedStdin(stdin, scratch);
  const [print, printErrors] = outputPipes.map((isPipe) => (shows ? 2 : isPipe ? 'pipe' : 'ignore'));
  const begun = performance.now();
  const child = spawn(node, [...rest, ...own, '--', ...command], {
    cwd: manifest.cwd,
    env,
    stdio: [input, print, printErrors, ...(parent ? ['ipc' as const] : [])],
    detached: process.platform !== 'win32',
  });
  shareScratch(scratch, child.pid);
  if (!brief) setImmediate(() => sweep());
  tellBegun?.();
  if (typeof input === 'number') closeSync(input);
  child.stdout?.resume();
  child.stderr?.resume();
  child.stdin?.on('error', () => undefined);
  if (stdin) child.stdin?.write(stdin);
  if (stdinPipe === 'ended') child.stdin?.end();
  // what was ended from outside had its time
  const limit = timeout ?? Math.max(LEAST_TIMEOUT, manifest.signal ? 2 * recorded : generous(recorded));
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
  if (requests.length + guests.length + http2.length + datagrams.length > 0)
    // only now: Node takes long to load its modules for networks
    void import('./arrive.ts')
      .then(({ arrive }) =>
        arrive(
          { requests, guests, http2, signals, datagrams },
          { scratch, over: over.signal, rest: afterwards, unmatched },
        ),
      )
      .then(() => {
        if (over.signal.aborted) return;
        isToldToEnd = true;
        stop(child);
      });
  if (parent)
    void converse(child, parent, { over: over.signal, unmatched })
      .then(async () => {
        await pause(Math.min(LONGEST_REST, Math.max(QUIET_MS, afterwards)), undefined, { signal: over.signal });
        // as its parent did, or ended: a program that only waits for it comes to its end
        if (child.connected) child.disconnect();
        if (!manifest.signal) return;
        isToldToEnd = true;
        stop(child);
      })
      .catch(ignored);
  // what was ended from outside does not end by itself
  if (isExact && (manifest.signal || !endsByItself))
    void stopAfter(ARRIVED_FILE, scratch, over.signal).then((isStill) => void (isStill && stop(child)));
  // nothing is proven of what would follow
  if (isExact && ledger.some(({ kind, subject }) => kind === NOT_EXECUTABLE && subject === HTTP2))
    void stopAfter(ORDER_FILE, scratch, over.signal).then((isStill) => void (isStill && stop(child)));
  if (ticksRecorded) void watchTicks(path.join(scratch, 'recording'), ticksRecorded, over.signal);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => resolve());
    });
  } finally {
    over.abort();
    child.stdout?.destroy();
    child.stderr?.destroy();
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
  return { stoppedAfter, isToldToEnd, milliseconds: performance.now() - begun };
}

function ignored(): void {}

/** What may still be done after the last arrival, in an exact run. */
const QUIET_MS = 1000;
const LONGEST_REST = 5000;

/**
 * Resolves a little after all has arrived in the first thread that did in the recorded run, or after the order was given up; false
 * where it ended before.
 */
async function stopAfter(
  name: typeof ARRIVED_FILE | typeof ORDER_FILE,
  scratch: string,
  over: AbortSignal,
): Promise<boolean> {
  const file = path.join(scratch, name);
  while (!over.aborted && !existsSync(file)) await pause(LOOK_MS);
  if (!over.aborted) await pause(QUIET_MS, undefined, { signal: over }).catch(() => undefined);
  return !over.aborted;
}

const LOOK_MS = 20;
const TELL_MS = 500;

async function watchTicks(pathFile: string, told: (ticks: number) => void, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await pause(TELL_MS, undefined, { signal: over }).catch(() => undefined);
    const folder = readIfThere(pathFile)?.trim();
    const progress = folder === undefined ? undefined : readIfThere(path.join(folder, 'spool', PROGRESS_FILE));
    const ticks = Number(progress?.split(' ')[1]);
    if (ticks > 0 && !over.aborted) told(ticks);
  }
}

/** First politely, so that the recording is finished; then whoever is left of it, processes that it started among them. */
function stop(child: ChildProcess): void {
  const { pid } = child;
  const kill = (): void => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  child.kill('SIGTERM');
  const killer = setTimeout(kill, GRACE);
  child.once('exit', () => {
    clearTimeout(killer);
    kill();
  });
}

/** What was recorded how fully, as it was. */
function optionsOf(options: Readonly<Record<string, unknown>>): string[] {
  const { deps, cache } = options;
  // The recorded one may be another machine's or another user's, and the recorded HOME too.
  const out = ['--cache', typeof cache === 'string' && isWritable(cache) ? cache : cacheFolder()];
  if (typeof deps === 'string') out.push('--deps', deps);
  if (options['portable'] === true) out.push('--portable');
  for (const name of ['include', 'exclude'] as const) {
    const list = options[name];
    if (Array.isArray(list)) for (const glob of list) out.push(`--${name}`, String(glob));
  }
  return out;
}

function openedStdin(bytes: Buffer, scratch: string): number {
  const file = path.join(scratch, 'stdin');
  writeFileSync(file, bytes, { mode: 0o600 });
  return openSync(file, 'r');
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function doubtsIn(scratch: string): readonly UnmatchedCall[] {
  const lines = readIfThere(path.join(scratch, DOUBTS_FILE))?.split('\n') ?? [];
  const files = [...new Set(lines)].filter((file) => file !== '');
  return files.map((file) => ({ kind: 'files', what: `native code reads ${file}`, file: undefined, line: undefined }));
}

function saidOtherwise(notes: readonly (SaidOtherwise | SaidAfterAll)[]): readonly SaidOtherwise[] {
  const made = new Set(notes.flatMap(({ stream, isMissing }) => (isMissing === false ? stream : [])));
  return notes.filter((note) => note.isMissing !== false).filter((note) => !note.isMissing || !made.has(note.stream));
}

function readNotes<T>(file: string): readonly T[] {
  if (!existsSync(file)) return [];
  const notes = new Map<string, T>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      if (line !== '') notes.set(line, JSON.parse(line) as T);
    } catch {
      // A line that a killed process did not finish.
    }
  }
  return [...notes.values()];
}
