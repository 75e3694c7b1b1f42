/**
 * How words leave the program: one transport a thread. Either a mapped ring (with the native helper: every word
 * survives any death) or a buffer that is written to spool files. Layout: wire/spool.ts.
 *
 * A transport never throws and never drops words while the disk has room: it blocks until the sidecar has taken enough,
 * and starts a new sidecar where the old one died. On a full or broken disk the stream stops for good and the program
 * runs on: `words` then takes words that go nowhere.
 *
 * Everything from Node is taken when this module loads, before anything is patched.
 */
import { chmodSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { openRing } from './ring-transport.ts';
import { openSpool } from './spool-transport.ts';
import { sidecarKeeper, type SidecarCommand } from './sidecar-keeper.ts';
import { redactor } from '../boundary/secrets.ts';
import { secretsOf } from '../model/secret-names.ts';
import { appendWhole, writeWhole } from '../base/whole-files.ts';
import { BUFFER_WORDS, RESERVE_FILE, STOPPED_FILE, openStretch } from '../wire/spool.ts';
import { FIRST_WORD } from '../wire/words.ts';

export interface Transport {
  /** the registers (Slot), then room for words; the same array for the transport's life */
  readonly words: Int32Array;
  /** Makes room. Called when words[Slot.position] > words[Slot.limit]; may be called between any two words. */
  drain(): void;
  /** Afterwards all words so far survive a kill. Next to free with a ring, one write otherwise. */
  flush(): void;
  /** As `flush`, but only where the last one is some milliseconds old. Absent: never needed. */
  flushAged?(): void;
  /** true where words survive a kill without a flush */
  readonly survivesKill: boolean;
  /** An orderly end: flushes; nothing may be written afterwards. */
  close(): void;
  /** the stream's UUID */
  readonly stream: string;
}

export interface TransportOptions {
  /** starts a sidecar for the recording where the old one died; absent: wait for one */
  readonly sidecar?: SidecarCommand | undefined;
  /** Runs what is not the program's own doing: Node's functions call others that are patched, and the program is in the
   *  middle of a record. */
  readonly quietly?: <T>(work: () => T) => T;
  /** path of the native helper; absent or not loadable: spool files */
  readonly helper?: string | undefined;
  readonly threadId?: number;
  /** stream of the thread or process that started this one */
  readonly parent?: string | undefined;
  /** added to hello.json as they are */
  readonly hello?: Readonly<Record<string, unknown>>;
}

/** What openRing and openSpool need of the recording. */
export interface Spooling {
  readonly folder: string;
  readonly stream: string;
  /** true once the recording has stopped or ended */
  ended(): boolean;
  /** waits a little, and sees to it that a sidecar lives */
  wait(): void;
  /** the stream has stopped: says so in the ledger */
  gaveUp(error: unknown): void;
}

const now = Date.now;
const { argv, execArgv, env, pid, ppid, versions, cwd } = process;
const removeSync = unlinkSync;

export function openTransport(recording: string, options: TransportOptions = {}): Transport {
  const stream = randomUUID();
  const keeper = sidecarKeeper(recording, options.sidecar);
  const { quietly = (work) => work() } = options;
  const spooling: Spooling = {
    folder: path.join(recording, 'spool'),
    stream,
    ended: () => quietly(keeper.ended),
    wait: () => quietly(keeper.wait),
    gaveUp: (error) => quietly(() => noteStop(recording, stream, error)),
  };
  try {
    sayHello(recording, stream, options);
  } catch (error) {
    spooling.gaveUp(error);
    return deadTransport(stream);
  }
  return (options.helper && openRing(spooling, options.helper)) || openSpool(spooling) || deadTransport(stream);
}

function sayHello(recording: string, stream: string, options: TransportOptions): void {
  const folder = path.join(recording, 'streams', stream);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mkdirSync(path.join(recording, 'spool'), { recursive: true, mode: 0o700 });
  const redact = redactor(secretsOf(env));
  const hello = {
    format: 1,
    stream,
    pid,
    ppid,
    threadId: options.threadId ?? 0,
    parent: options.parent ?? null,
    node: versions.node,
    argv: argv.map((arg) => redact.text(arg)),
    execArgv: execArgv.map((arg) => redact.text(arg)),
    cwd: cwd(),
    startedAt: now(),
    ...options.hello,
  };
  const file = path.join(folder, 'hello.json');
  writeWhole(`${file}.new`, JSON.stringify(hello), { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

/** The first to stop says so. The reserve makes room for the line where the disk is full. */
function noteStop(recording: string, stream: string, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const entry = { kind: 'stopped', at: now(), stream, subject: 'recording', reason: `recording stopped: ${code}` };
  const line = `${JSON.stringify(entry)}\n`;
  try {
    removeSync(path.join(recording, RESERVE_FILE));
  } catch {
    // Another stream has used it.
  }
  try {
    writeWhole(path.join(recording, STOPPED_FILE), '', { mode: 0o600, flag: 'wx' });
  } catch (problem) {
    // Somebody was first, and has said so; or there is no room, and the other streams find that themselves.
    if (problem instanceof Error && 'code' in problem && problem.code === 'EEXIST') return;
  }
  try {
    appendWhole(path.join(recording, 'ledger.jsonl'), line, { mode: 0o600 });
  } catch {
    // The sidecar notes it as soon as there is room.
  }
}

/** Takes words and forgets them. */
function deadTransport(stream: string): Transport {
  const words = new Int32Array(BUFFER_WORDS);
  const reset = (): void => openStretch(words, FIRST_WORD, BUFFER_WORDS - FIRST_WORD);
  reset();
  return { words, drain: reset, flush: reset, survivesKill: true, close: reset, stream };
}
