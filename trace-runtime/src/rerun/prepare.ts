/** What a rerun needs of a recording, read once; each run may then be given other inputs than the recorded ones. */
import { rmSync } from 'node:fs';
import { streamKey, type LiveKind, type RecordedWorld } from '../model/recorded-world.ts';
import { withoutReporting } from '../model/reporting-names.ts';
import type { Recording } from '../store/recording.ts';
import { timeZoneOf } from '../store/time-zone.ts';
import { readBoundary, type BoundaryEntry, type ReadStream } from './boundary-entries.ts';
import { Contents } from './contents.ts';
import { findEdits, type Edits } from './edits.ts';
import { peersOf, type Peer } from './exchanges.ts';
import { acceptedConnections } from './accepted.ts';
import { guestsOf, unheardServers, type Guest } from './guests.ts';
import { http2GuestsOf, type Http2Guest } from './http2-guests.ts';
import { unservedHttp2 } from './http2-talks.ts';
import { incomingRequests, type IncomingRequest } from './incoming.ts';
import { parentTalkOf, type ParentTalk } from './parent-talk.ts';
import { leftOut } from './left-out.ts';
import { incomingSignals, type IncomingSignal } from './signals.ts';
import { makeScratch } from './scratch.ts';
import { planWindow, type WindowPlan } from './window.ts';
import { worldOf } from './world.ts';

/** What comes to the program from outside, but for clocks and random numbers. Never changed: a run gets others. */
export interface RunInputs {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Buffer | undefined;
  /** it comes over a pipe; `ended`: and the pipe is closed */
  readonly stdinPipe: 'open' | 'ended' | undefined;
  /** of an exact run: `COLUMNSxROWS:FD,FD` of the terminal that outputs of the first thread went to */
  readonly terminal: string | undefined;
  /** of an exact run: stdout was a pipe or a terminal, and stderr */
  readonly outputPipes: readonly [boolean, boolean];
  readonly requests: readonly IncomingRequest[];
  /** connections that came and carry no requests */
  readonly guests: readonly Guest[];
  readonly http2: readonly Http2Guest[];
  /** that come among these */
  readonly signals: readonly IncomingSignal[];
  /** what came and cannot come again */
  readonly unheard: readonly string[];
  /** whoever forked the command and is not recorded */
  readonly parent: ParentTalk | undefined;
  /** of UDP sockets whose peers speak first: see `arrive` */
  readonly datagrams: readonly { readonly stream: number; readonly talk: number }[];
  readonly peers: readonly Peer[];
  /** their contents are files */
  readonly files: RecordedWorld['files'];
  readonly children: RecordedWorld['children'];
}

export interface PreparedRerun {
  readonly recording: Recording;
  readonly streams: readonly ReadStream[];
  /** of each stream of an exact run: what of it is executed; undefined: all */
  readonly windows: readonly (WindowPlan | undefined)[];
  /** indexes of streams that are not executed */
  readonly left: ReadonlySet<number>;
  /** milliseconds after the begin of a thread that the last thing came in */
  readonly lastArrival: number;
  /** as recorded */
  readonly inputs: RunInputs;
  readonly contents: Contents;
  readonly edits: Edits;
  /** names of secrets that the present environment lacks */
  readonly missing: ReadonlySet<string>;
  /** folder of the recorded contents */
  readonly scratch: string;
  worldOf(inputs: RunInputs): Omit<RecordedWorld, 'peers' | 'scratch'>;
  dispose(): void;
}

export interface PrepareOptions {
  readonly own: readonly string[];
  readonly live: readonly LiveKind[];
  /** the same program on the same inputs: see `ExactRun` */
  readonly exact?: boolean;
  /** of an exact run of a window: see `planWindow` */
  readonly near?: boolean;
  /** of an exact run: indexes of streams that are executed in any case, and many others may be left out; see `leftOut` */
  readonly wanted?: ReadonlySet<number>;
  /** the recording's boundary log, where it was read before */
  readonly read?: readonly ReadStream[];
}

/** To be disposed of by the caller. */
export function prepareRerun(
  recording: Recording,
  { own, live, exact = false, near = false, wanted, read = readBoundary(recording) }: PrepareOptions,
): PreparedRerun {
  const scratch = makeScratch();
  const dispose = (): void => rmSync(scratch, { recursive: true, force: true });
  try {
    const windows = read.map((stream) => (exact ? planWindow(stream, near) : undefined));
    const streams = read.map((stream, index) => ({ ...stream, entries: windows[index]?.entries ?? stream.entries }));
    const left = wanted ? leftOut(recording, read, wanted) : new Set<number>();
    const contents = new Contents(recording, scratch, process.env);
    const edits = findEdits(
      recording,
      streams.flatMap(({ end }) => end.files.slice()),
    );
    const peers = peersOf(streams, contents);
    const accepted = acceptedConnections(streams, contents);
    const requests = incomingRequests(streams, peers, accepted, contents);
    const guests = guestsOf(streams, accepted, contents);
    const http2 = http2GuestsOf(streams, accepted, contents);
    const served = new Set([...requests, ...guests, ...http2].map(({ server }) => server.stream));
    const ours = [...own, scratch];
    const parts = { recording, streams, windows, edits, contents, scratch, own: ours, live, exact, left, served };
    const world = worldOf(parts);
    const command = recording.manifest.command.map((word) => contents.text(word));
    const inputs: RunInputs = {
      command,
      env: environmentOf(recording, streams, contents),
      stdin: stdinOf(streams, contents),
      stdinPipe: exact ? pipeOf(streams) : undefined,
      terminal: exact ? terminalOf(streams) : undefined,
      outputPipes: [exact && isPipe(streams, 'stdout'), exact && isPipe(streams, 'stderr')],
      requests: exact ? [] : requests,
      guests: exact ? [] : guests,
      http2: exact ? [] : http2,
      signals: exact ? [] : incomingSignals(streams, served),
      unheard: exact ? [] : [...unheardServers(guests, streams), ...unservedHttp2(streams)],
      parent: parentTalkOf(recording, streams, contents),
      datagrams: exact ? [] : spokenTo(world.datagrams),
      // an exact run plays its connections itself
      peers: exact ? [] : peers,
      files: world.files,
      children: world.children,
    };
    return {
      recording,
      streams,
      windows,
      left,
      lastArrival: lastArrivalOf(streams),
      inputs,
      contents,
      edits,
      missing: contents.missing,
      scratch,
      worldOf: (given) => ({
        ...world,
        files: given.files,
        children: given.children,
        streams: given.command === command ? world.streams : streamsOf(recording, command, given.command),
      }),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** A thread is known by its arguments: those that the command hands on are others where the command is. */
function streamsOf({ streams }: Recording, was: readonly string[], is: readonly string[]): RecordedWorld['streams'] {
  let same = 0;
  while (same < was.length && was[same] === is[same]) same++;
  const [tail, given] = [was.slice(same), is.slice(same)];
  return streams.map(({ hello }) => {
    const argv = hello?.argv ?? [];
    const at = argv.length - tail.length;
    const isHandedOn = tail.length > 0 && at >= 0 && tail.every((word, index) => argv[at + index] === word);
    return { key: streamKey(isHandedOn ? [...argv.slice(0, at), ...given] : argv, hello?.threadId ?? 0) };
  });
}

function environmentOf(recording: Recording, streams: readonly ReadStream[], contents: Contents): NodeJS.ProcessEnv {
  const first = streams.flatMap(({ entries }) => entries).find(({ kind }) => kind === 'environment');
  const recorded = first?.detail['env'];
  if (typeof recorded !== 'object' || recorded === null) return { ...process.env };
  const env: NodeJS.ProcessEnv = {};
  const met = metSecrets(streams);
  for (const [name, value] of Object.entries(withoutReporting(recorded as Readonly<Record<string, unknown>>))) {
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

/** What came on stdin; undefined where nothing did. */
function stdinOf(streams: readonly ReadStream[], contents: Contents): Buffer | undefined {
  const parts = streams
    .flatMap(({ entries }) => {
      const asked = new Set<unknown>();
      return entries.filter(({ kind, detail }) => {
        const isRead = /^fs\.(?:readFile|readv?)$/.test(kind) && isStdin(detail);
        // where it is a file, its end comes by itself
        if (isRead && typeof detail['id'] === 'number') asked.add(detail['id']);
        return kind === 'stdin' || isRead || (kind.endsWith('.done') && asked.has(detail['id']));
      });
    })
    .flatMap(({ detail }) => [detail['content'], ...((detail['contents'] ?? []) as readonly unknown[])])
    .map((content) => contents.bytes(content))
    .filter((bytes) => bytes !== undefined);
  return parts.length === 0 ? undefined : Buffer.concat(parts);
}

function spokenTo(talks: RecordedWorld['datagrams']): RunInputs['datagrams'] {
  return talks.flatMap((list, stream) =>
    list.flatMap(({ acts }, talk) => (acts[0]?.kind === 'in' ? [{ stream, talk }] : [])),
  );
}

function lastArrivalOf(streams: readonly ReadStream[]): number {
  const times = streams.flatMap(({ entries }) =>
    entries.map(({ kind, detail }) =>
      /^(?:socket|http2?|pipe|datagram)\./.test(kind) ? Number(detail['time'] ?? 0) : 0,
    ),
  );
  return times.reduce((most, time) => Math.max(most, time), 0);
}

function pipeOf(streams: readonly ReadStream[]): RunInputs['stdinPipe'] {
  if (!isPipe(streams, 'stdin')) return undefined;
  const isEnded = streams[0]?.entries.some(({ kind, detail }) => kind === 'pipe.end' && detail['of'] === 'stdin');
  return isEnded ? 'ended' : 'open';
}

/** Where no terminal can be had, a pipe takes its part, as it does for stdin. */
function isPipe(streams: readonly ReadStream[], name: 'stdin' | 'stdout' | 'stderr'): boolean {
  const kind = kindOf(streams, name);
  return kind === 'pipe' || kind === 'terminal';
}

function kindOf(streams: readonly ReadStream[], name: 'stdin' | 'stdout' | 'stderr'): unknown {
  return streams[0]?.entries.find(({ kind }) => kind === 'environment')?.detail[name];
}

/** Its size is not known where nobody asked for it. */
function terminalOf(streams: readonly ReadStream[]): string | undefined {
  const fds = (['stdout', 'stderr'] as const).flatMap((name, at) =>
    kindOf(streams, name) === 'terminal' ? at + 1 : [],
  );
  if (fds.length === 0) return undefined;
  const size = streams[0]?.entries.find(({ kind }) => kind === 'tty.getWindowSize')?.detail['size'] ?? [];
  const [columns = 80, rows = 24] = size as readonly number[];
  return `${columns}x${rows}:${fds.join()}`;
}

function isStdin({ path: file, fd }: BoundaryEntry['detail']): boolean {
  return file === 0 || file === '/dev/stdin' || fd === 0;
}
