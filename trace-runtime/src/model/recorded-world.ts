/**
 * What a rerun answers a program from: made by `rerun` out of a recording's boundary log, read by `boundary/serve` inside
 * the program. It is one JSON file in the scratch folder; contents of files stand beside it.
 */
import { channelOf, messagesOf, stdioOf } from './channel-keys.ts';
import type { Http2Peer } from './http2-talk.ts';

export type WorldJson =
  | string
  | number
  | boolean
  | null
  | readonly WorldJson[]
  | { readonly [key: string]: WorldJson | undefined };

/** Kinds of calls that may go to the real world where nothing recorded matches (`--live`). */
export const LIVE_KINDS = ['random', 'files', 'processes', 'network'] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];

export interface RecordedWorld {
  readonly version: 1;
  /** folder of the overlay, of contents, and of what the program's side notes */
  readonly scratch: string;
  /** never redirected: Hindcast's own folders */
  readonly own: readonly string[];
  readonly live: readonly LiveKind[];
  /** when the recorded run began, in milliseconds since the epoch */
  readonly startedAt: number;
  /**
   * The same program on the same inputs, exactly: answers come by their order alone, and what arrives later waits for its
   * turn. Absent where the code may be another.
   */
  readonly exact?: ExactRun;
  readonly streams: readonly WorldStream[];
  readonly sites: readonly WorldSite[];
  /** by the path of a file that was edited since: for each line of it now, the recorded one */
  readonly lines: Readonly<Record<string, readonly RecordedLine[]>>;
  /** loaded texts were made from other ones: lines do not tell, functions do */
  readonly generated: readonly string[];
  readonly series: readonly AnswerSeries[];
  /** by absolute path */
  readonly files: Readonly<Record<string, FileFacts>>;
  /** paths of what was loaded as code: it is always the present one */
  readonly sources: readonly string[];
  readonly children: readonly ChildRun[];
  /** of each thread, in the order in which they were made */
  readonly watches: readonly (readonly Watch[])[];
  /** of each thread: keys of the messages that came from threads and processes, in order */
  readonly messages: readonly (readonly string[])[];
  /** of each thread: signals from others than the program, in order */
  readonly signals: readonly (readonly OutsideSignal[])[];
  /** of each thread, in the order in which they were first used */
  readonly datagrams: readonly (readonly DatagramTalk[])[];
  /** a folder with what native code found: files in `recorded`, marks of what was not there in `absent` */
  readonly native?: NativeFiles;
  /** sockets on which recorded peers answer, by `host:port` or path */
  readonly peers: Readonly<Record<string, PeerAnswers>>;
}

export interface NativeFiles {
  readonly folder: string;
  /** that it got at */
  readonly paths: readonly string[];
  /** of each thread: the boundary log's `native.file`, contents unpacked: a rerun's recording has them, too */
  readonly found: readonly (readonly RecordedCall['detail'][])[];
}

export interface OutsideSignal {
  readonly name: string;
  /** milliseconds since the thread's ticks began to be counted */
  readonly at: number;
}

export interface ExactRun {
  /** of each stream, in order: `arrivalKey` of what reached the program */
  readonly arrivals: readonly (readonly string[])[];
  /** of each of them: ticks that had begun before it; empty where only a part of the stream is executed */
  readonly arrivalTicks: readonly (readonly number[])[];
  /** of each stream: the places in `arrivals` of messages that were read at once with the one before */
  readonly readAtOnce: readonly (readonly number[])[];
  /** of each stream, in order: calls into Node and what they brought, contents unpacked */
  readonly calls: readonly (readonly RecordedCall[])[];
  /** of each stream, in order: what came over its connections, contents unpacked */
  readonly connections: readonly (readonly RecordedCall[])[];
  /** of each stream, in order: the numbers of the processes that it started, null of those that did not start */
  readonly started: readonly (readonly (number | null)[])[];
  /** of each stream */
  readonly told: readonly ToldStream[];
  /** samples of values are in Runtime.check */
  readonly samples: boolean;
  /** by the path of a file that was loaded as code and is not there any more: where its text is now */
  readonly gone: Readonly<Record<string, string>>;
  /** folder of files that loaders and tools find in the place of what is gone or changed; undefined: nothing is */
  readonly sources?: string | undefined;
}

/** In order: `outgoingMark` of each, and its tick, from 1. */
export interface Said {
  readonly marks: readonly number[];
  readonly ticks: readonly number[];
}

/** What a thread told others and was told itself. */
export interface ToldStream {
  /** what it printed: what Node prints of its own, such as a test reporter, has no fixed place among the rest */
  readonly printed: Said;
  /** the rest of what it told others */
  readonly said: Said;
  /** by tick: Runtime.check, where something came in; null: not known of what is executed */
  readonly checks: Readonly<Record<number, number | null>>;
  /** by tick: activations that had begun at each overflow of the stack, and last those that began in it at all */
  readonly activations: Readonly<Record<number, readonly number[]>>;
  /** the stack overflowed */
  readonly overflowed: boolean;
  /** the thread came to its end */
  readonly isWhole: boolean;
}

export interface RecordedCall {
  readonly kind: string;
  /** joins a call that answers later with its `.done`; undefined: it returned */
  readonly id: number | undefined;
  readonly detail: Readonly<Record<string, WorldJson | undefined>>;
}

/** 0: the line is new; a number: a line of the same file; else `path:line` of another one. */
export type RecordedLine = number | string;

export interface WorldStream {
  /** `streamKey` of the thread */
  readonly key: string;
  readonly pid?: number;
  readonly ppid?: number;
  readonly timeOrigin?: number;
  readonly threadId?: number;
  /** it was killed in that tick, from 1 */
  readonly killedIn?: number;
  /** both lanes of that tick's hash, as far as it came */
  readonly killedAt?: readonly [number, number];
  /** standard descriptors that were a terminal */
  readonly terminals?: readonly number[];
}

/** A statement of the program that asked something. */
export interface WorldSite {
  readonly file: string;
  readonly function: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  /** true where the edited source has no such line any more */
  readonly gone: boolean;
}

/** What one site was answered in one thread by calls of one kind with the same arguments. */
export interface AnswerSeries {
  readonly kind: string;
  readonly stream: number;
  /** -1: no recorded code was on the stack */
  readonly site: number;
  readonly args: string;
  /** place of each among all answers of the stream */
  readonly order: readonly number[];
  readonly values: readonly WorldJson[];
}

export interface RecordedError {
  readonly message?: string;
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string;
  /** of a name that was looked up */
  readonly hostname?: string;
  /** of a connection: milliseconds after it was tried */
  readonly after?: number;
}

/** What a call on a path brought. */
export interface FileAnswer {
  readonly error?: RecordedError;
  /** a file in the scratch folder that holds the content */
  readonly content?: string;
  readonly stat?: string | null;
  readonly statfs?: WorldJson;
  readonly entries?: WorldJson;
  /** of `opendir`: the program left before the last entry */
  readonly isCut?: boolean;
  readonly exists?: boolean;
  readonly name?: string;
}

export interface FileFacts {
  /** by the call's name without `Sync`; the last answer goes on being true */
  readonly answers: Readonly<Record<string, readonly FileAnswer[]>>;
  /** the program itself wrote, made or removed it */
  readonly changed: boolean;
  /** whether it was there before the program made it, moved it away or removed it; undefined: its answers tell */
  readonly before: boolean | undefined;
}

export interface ChildRun {
  /** `childKey` of its file and arguments */
  readonly key: string;
  /** it was a recorded Node program: it runs again */
  readonly again: boolean;
  /** it was a recorded Node program, and is not executed all the same */
  readonly isLeftOut?: boolean | undefined;
  /** a script for the shell that plays its output and ends as it did, `$1` being the notes; empty where `again` */
  readonly script: string;
  /** of spawnSync and its kin */
  readonly outcome?: {
    /** 0: it did not start */
    readonly pid?: number;
    readonly status: number | null;
    readonly signal: string | null;
    /** null: not by a pipe */
    readonly stdout: string | null | undefined;
    readonly stderr: string | null | undefined;
    /** what came by pipes behind these */
    readonly more?: readonly (string | null | undefined)[] | undefined;
    readonly error?: RecordedError;
  };
  /** all that it wrote was read, and the recording ends before its end: what it is called, for whoever waits for that */
  readonly outlived?: string;
  /** it could not be started */
  readonly failed?: boolean;
  /** of one that did not end before the program went on; absent where the recording does not say when */
  readonly times?: ChildTimes;
}

/** When what a child did reached the program, in milliseconds after it was started. */
export interface ChildTimes {
  /** the turn of the event loop had lasted so long when it was started */
  readonly lead: number;
  readonly output: readonly { readonly stream: 'stdout' | 'stderr'; readonly bytes: number; readonly at: number }[];
  /** undefined: the recording ends before */
  readonly exit: number | undefined;
}

/** A file or folder that the program watched. */
export interface Watch {
  readonly call: 'watch' | 'watchFile' | 'promises';
  readonly path: string;
  readonly error?: RecordedError;
  readonly changes: readonly WatchedChange[];
}

export interface WatchedChange {
  /** milliseconds after the one before it, or after it began to be watched */
  readonly after: number;
  /** of `watchFile`: as `statJson` has them, now and before */
  readonly stats?: readonly [string, string];
  readonly type?: string;
  readonly name?: string | null;
}

/** What came to a UDP socket from outside the program, and what went there, in its order. */
export interface DatagramTalk {
  readonly acts: readonly DatagramAct[];
}

export interface DatagramAct {
  readonly kind: 'in' | 'out';
  /** base64 */
  readonly bytes: string;
  /** of what went out: `HOST:PORT`; undefined where the socket is connected */
  readonly to?: string;
  /** of what came */
  readonly from?: { readonly address: string; readonly port: number; readonly family: string };
  /** milliseconds after the one before it, of whatever kind */
  readonly after: number;
  /** of what went out: its receiver was asked, and answered */
  readonly isAnswered?: boolean;
}

export interface PeerAnswers {
  /** the socket to connect to */
  readonly path: string;
  /** in order: how each connection began; the last goes on being true */
  readonly connections: readonly (RecordedError | null)[];
  /** what it said over HTTP/2, which is answered inside the program; `only`: it speaks nothing else */
  readonly http2?: Http2Peer & { readonly only: boolean };
}

/** A call that nothing recorded answers. One JSON line each, in `notes.jsonl` of the scratch folder. */
export interface UnmatchedCall {
  readonly kind: LiveKind;
  readonly what: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** asked of a recorded peer, which nobody real can go on for: not what `--live` lets */
  readonly isOfPeer?: boolean;
}

/** A text that a rerun loads instead of another: a recorded one with a change that is tried. */
export interface ChangedSource {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export const WORLD_FILE = 'world.json';
/** Of an exact run: the order of arrivals was given up. One JSON line each, in `ORDER_FILE` of the scratch folder. */
export interface OutOfOrder {
  readonly stream: number;
  /** what was waited for */
  readonly key: string;
  /** how many had come before it */
  readonly at: number;
}

/** Of an exact run: what the program told others, or was told, differs. The first such places of each thread, in `SAID_FILE`. */
export interface SaidOtherwise {
  readonly stream: number;
  /** from 1 */
  readonly tick: number;
  readonly what: string;
  /** it is about what it was given: a tick that was broken off had not been given all */
  readonly isGiven?: true;
  /** it was not said at all, until the thread's end */
  readonly isMissing?: true;
}

/** What was missing at its end came behind it: a further line of `SAID_FILE`. */
export interface SaidAfterAll {
  readonly stream: number;
  readonly isMissing: false;
}

/** There once all that arrived in the first thread of a recording has arrived in an exact run of it. */
export const ARRIVED_FILE = 'arrived';
export const SAID_FILE = 'said.jsonl';
export const ORDER_FILE = 'order.jsonl';
/** Paths that native code read in a rerun and not in the recorded run, one a line, in the scratch folder. */
export const DOUBTS_FILE = 'doubts';
export const NOTES_FILE = 'notes.jsonl';
/** JSON list of `ChangedSource`; there only where a change is tried. */
export const CHANGES_FILE = 'changes.json';
/** There once a changed text was loaded. */
export const CHANGED_FILE = 'changed';

/** There once a connection to the peer at that socket has broken off, which its end then means. */
export function resetFile(socket: string): string {
  return `${socket}.reset`;
}

/** Folder of the scratch folder: where servers really listen, by the port that they asked for and by `serverFile`. */
export const LISTENING_FOLDER = 'listening';

/** Of a recorded thread's servers, counted from 1 as they listen: its real port, or path. */
export function serverFile(stream: number, server: number): string {
  return `server-${stream}-${server}`;
}

/** There once all datagrams of that talk have come. */
export function heardFile(stream: number, talk: number): string {
  return `heard-${stream}-${talk}`;
}

/** Who took a recorded thread's part: its `pid:threadId`. */
export function claimFile(stream: number): string {
  return `claimed-${stream}`;
}

/** Which recorded process a started one is: the number that that had. */
export function bornFile(pid: number): string {
  return `born-${pid}`;
}

/** There once a recorded thread that was killed has come as far. */
export function comeFile(stream: number): string {
  return `come-${stream}`;
}

/** There once such a thread has begun the tick in which it was killed. */
export function nearFile(stream: number): string {
  return `near-${stream}`;
}

/** What tells a thread from the others of a run. */
export function streamKey(argv: readonly string[], threadId: number): string {
  return JSON.stringify([argv.slice(1), threadId > 0]);
}

export function childKey(file: unknown, args: unknown): string {
  return JSON.stringify([file ?? null, args ?? null]);
}

const BY_ID: ReadonlySet<string> = new Set(['timer', 'immediate', 'zlib.part', 'observer', 'collected']);

/**
 * What reached the program later, as one key each: the same key whenever the same program runs on the same inputs.
 * undefined: the record is of something else.
 */
export function arrivalOf(kind: string, detail: Readonly<Record<string, unknown>>): string | undefined {
  if (kind.endsWith('.done') || BY_ID.has(kind)) return arrivalKey(kind, detail['id']);
  switch (kind) {
    case 'socket.in':
    case 'http.in':
    case 'socket.wrote':
    case 'socket.unasked':
    case 'datagram.in':
    case 'datagram.sent':
    case 'datagram.failed':
      return arrivalKey(kind, detail['socket']);
    case 'socket.shut':
      return detail['sync'] === true ? undefined : arrivalKey(kind, detail['socket']);
    case 'socket.failed':
      return detail['read'] === true ? arrivalKey(kind, detail['socket']) : undefined;
    case 'socket.event':
    case 'tls.event':
      return arrivalKey(kind, `${String(detail['socket'])} ${String(detail['event'])}`);
    case 'server.event':
      return arrivalKey(kind, `${String(detail['server'])} ${String(detail['event'])}`);
    case 'server.refused':
      return detail['sync'] === true
        ? undefined
        : arrivalKey(kind, `${String(detail['server'])}.${String(detail['attempt'])}`);
    case 'socket.accepted':
      return detail['event'] === undefined
        ? undefined
        : arrivalKey(kind, `${String(detail['server'])} ${String(detail['event'])}`);
    case 'fs.change':
    case 'fs.polled':
      return arrivalKey(kind, `${String(detail['watcher'])} ${String(detail['event'])}`);
    case 'signal':
      return arrivalKey(kind, detail['name']);
    // of a window: see WindowJump
    case 'jump':
      return arrivalKey(kind, JSON.stringify(detail));
    case 'module.read':
      return arrivalKey(kind, detail['url']);
    case 'stdin':
      return arrivalKey(kind, '');
    case 'pipe.end':
      return arrivalKey(kind, detail['of']);
    case 'child.output':
      return arrivalKey(kind, `${String(detail['child'])}.${String(detail['stream'])}`);
    case 'child.exit':
    case 'cluster.in':
      return arrivalKey(kind, detail['child']);
    case 'child.failed':
      // what the program's own signal aborts is told at once, and ends later
      return isOfStart(detail['error']) ? arrivalKey('child.exit', detail['child']) : undefined;
    case 'message.in':
      if (detail['sync'] !== true) return detail['by'] === 'loader' ? undefined : arrivalKey(kind, messagesOf(detail));
      if (detail['by'] === 'loader') return arrivalKey(kind, messagesOf(detail));
      return detail['message'] === undefined ? undefined : TAKEN_MESSAGE;
    case 'message.sent':
    case 'channel.end':
      return arrivalKey(kind, channelOf(detail));
    case 'worker.stdio':
      return arrivalKey(kind, stdioOf(detail));
    case 'port.close':
      return arrivalKey(kind, detail['port']);
    case LOOP_END:
      return arrivalKey(kind, '');
    case 'worker.online':
    case 'worker.error':
    case 'worker.exit':
      return detail['by'] === 'loader' ? undefined : arrivalKey(kind, detail['worker']);
    default:
      return undefined;
  }
}

/** The event loop was empty, and somebody listened to `beforeExit`. */
export const LOOP_END = 'loop.end';

/** Of a message that was looked for, in the middle of a tick: what came after it does not come before that tick. */
export const TAKEN_MESSAGE = 'message.in taken';

export function arrivalKey(kind: string, id: unknown): string {
  return `${kind} ${String(id)}`;
}

/** What tells something that is begun, a timer or a call that answers later, from others of its kind. */
export function beginningOf({ delay, path, name }: Readonly<Record<string, unknown>>): string {
  const told = delay ?? path ?? name;
  if (typeof told === 'number') return String(told >= 1 ? Math.trunc(told) : 1);
  return typeof told === 'string' ? told : '';
}

/** Names of the variables by which a recorder is told of itself. A program sees none of them. */
export const OWN_VARIABLE = /^HINDCAST_(?:RECORDING|OPTIONS|PARENT|CWD|SOURCES)$/;
/** Names the folder that a process of a rerun is to take for its own, where that of the recorded run is not there. */
export const CWD_VARIABLE = 'HINDCAST_CWD';
/** For the native helper, which is loaded ahead of Node then: the folder that `ExactRun.sources` is. */
export const SOURCES_VARIABLE = 'HINDCAST_SOURCES';

/** Of `LD_PRELOAD`: the native helper first, which takes itself out again. */
export function withHelper(preloaded: unknown, runtime: string): string {
  const helper = `${runtime}/helper.node`;
  return typeof preloaded === 'string' && preloaded !== '' ? `${helper}:${preloaded}` : helper;
}

/** A child could not be started. */
function isOfStart(error: unknown): boolean {
  return String((error as RecordedError | undefined)?.syscall).startsWith('spawn');
}
