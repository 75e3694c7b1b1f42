/**
 * Asks the instrumenter for a file that the cache lacks, and waits for it: the program stands still meanwhile, as it
 * does for a compiler. Starts the instrumenter where none lives. Never throws.
 */
import type { Cache, CacheEntry } from './cache.ts';
import { natives, tryRead } from './natives.ts';
import { SERVER_FILE, askFolder, formatRequest, type InstrumentRequest } from '../model/instrument-cache.ts';
import { min } from './primordials.ts';

export interface InstrumentClientOptions {
  readonly cache: Cache;
  /** of the instrumenter's build */
  readonly version: string;
  /** the Node binary and the script of the instrumenter */
  readonly node: string;
  readonly script: string;
  /** the program's true environment, less what is Hindcast's */
  readonly environment: () => NodeJS.ProcessEnv;
}

export type Answer = { readonly entry: CacheEntry } | { readonly failure: string };

export interface InstrumentClient {
  ask(request: InstrumentRequest): Answer;
}

const CHECK_SERVER_MS = 200;
/** A server that was started says within this time that it lives. */
const START_MS = 3000;
const GIVE_UP_MS = 120_000;
const STARTS = 3;

export function instrumentClient(options: InstrumentClientOptions): InstrumentClient {
  const { cache } = options;
  const folder = askFolder(cache.folder, options.version);
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let starts = 0;
  let startedAt = 0;
  let broken: string | undefined;

  return {
    ask(request) {
      if (broken !== undefined) return { failure: broken };
      try {
        return wait(request);
      } catch (error) {
        return { failure: `the instrumenter could not be asked: ${String(error)}` };
      }
    },
  };

  function wait(request: InstrumentRequest): Answer {
    const { key } = request;
    const question = natives.join(folder, `${key}.ask`);
    put(question, formatRequest(request));
    const began = natives.now();
    let checked = 0;
    for (let pause = 0.1; ; pause = min(pause * 1.3, 2)) {
      const entry = cache.read(key);
      if (entry) {
        starts = 0;
        return { entry };
      }
      const failure = cache.failure(key);
      if (failure !== undefined) return { failure };
      const now = natives.now();
      if (now - checked > CHECK_SERVER_MS) {
        checked = now;
        const isWaiting = natives.exists(question);
        // An instrumenter takes a question at once: what lives under its number may be another process.
        keepServer(now, isWaiting && now - began > START_MS);
        if (broken !== undefined) return { failure: broken };
        // A server that ended just now may have left the question.
        if (now - began > CHECK_SERVER_MS && !isWaiting && !serverLives()) put(question, formatRequest(request));
      }
      if (now - began > GIVE_UP_MS) return { failure: 'the instrumenter took more than two minutes' };
      natives.wait(cell, 0, 0, pause);
    }
  }

  function put(question: string, text: string): void {
    natives.mkdir(folder, { recursive: true, mode: 0o700 });
    natives.writeFile(`${question}.${process.pid}`, text, { mode: 0o600 });
    natives.rename(`${question}.${process.pid}`, question);
  }

  function serverLives(): boolean {
    return lives(Number(tryRead(natives.join(folder, SERVER_FILE))?.toString('latin1')));
  }

  function forgetServer(): void {
    try {
      natives.unlink(natives.join(folder, SERVER_FILE));
    } catch {
      // another program was first
    }
  }

  function keepServer(now: number, isDeaf: boolean): void {
    if (now - startedAt < START_MS) return;
    if (isDeaf) forgetServer();
    else if (serverLives()) return;
    if (starts >= STARTS) {
      broken = 'the instrumenter does not start';
      return;
    }
    starts += 1;
    startedAt = now;
    startServer(options.node, [options.script, cache.folder], options.environment());
  }
}

/**
 * By way of a shell that ends at once: the program gets no child, no signal of its end and no turn of its event loop.
 * In a session of its own, so that the terminal's signals pass it by.
 */
function startServer(node: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  if (process.platform === 'win32') {
    const child = natives.spawn(node, args, { detached: true, stdio: 'ignore', env });
    child.on('error', () => undefined);
    child.unref();
    return;
  }
  const command = '"$0" "$@" </dev/null >/dev/null 2>&1 &';
  const options = { detached: true, stdio: 'ignore', cwd: '/', env } as const;
  natives.spawnSync('/bin/sh', ['-c', command, node, ...args], options);
}

function lives(pid: number): boolean {
  if (!pid) return false;
  try {
    natives.kill(pid, 0);
  } catch {
    return false;
  }
  // One that this program started and, blocked, cannot reap.
  const stat = tryRead(`/proc/${pid}/stat`)?.toString('latin1') ?? '';
  return stat[stat.lastIndexOf(')') + 2] !== 'Z';
}
