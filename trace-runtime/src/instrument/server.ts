/**
 * The instrumenter: `node instrument-server.cjs CACHE`. One process for all recordings of a user, started by the first
 * program that misses the cache; it answers the questions of programs that are recorded by its own build by writing cache
 * entries, on up to four threads, and looks ahead at what the files import. It ends after a while without questions.
 */
import '../base/own-process.ts';
import { keepCompiledCode } from '../base/compiled-code.ts';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, watch, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { CacheWriter } from './cache-writer.ts';
import { requestFor, type Import } from './prefetch.ts';
import type { Done } from './worker.ts';
import {
  SERVER_FILE,
  askFolder,
  buildVersion,
  parseRequest,
  type InstrumentRequest,
} from '../model/instrument-cache.ts';

const LOOK_MS = 20;
const IDLE_MS = 10_000;
const THREADS = 4;

class Server {
  readonly #folder: string;
  readonly #cache: string;
  readonly #version: string;
  readonly #writer: CacheWriter;
  readonly #asked = new Map<string, InstrumentRequest>();
  readonly #ahead: Import[] = [];
  readonly #known = new Set<string>();
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, string>();
  #lastQuestion = Date.now();

  constructor(cache: string) {
    this.#cache = cache;
    this.#version = buildVersion(statSync(__filename));
    this.#folder = askFolder(cache, this.#version);
    this.#writer = new CacheWriter(cache);
  }

  start(): void {
    if (!this.#claim()) return;
    this.#look();
    watch(this.#folder, () => this.#look());
    setInterval(() => this.#look(), LOOK_MS);
  }

  /** false where another instrumenter answers */
  #claim(): boolean {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = path.join(this.#folder, SERVER_FILE);
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
        process.on('exit', () => this.#leave(file));
        return true;
      } catch {
        if (lives(file)) return false;
        rmSync(file, { force: true });
      }
    }
    return false;
  }

  /** The folder stays: a program may be about to put a question into it. */
  #leave(file: string): void {
    try {
      if (readFileSync(file, 'latin1') === String(process.pid)) rmSync(file);
    } catch {
      // it is gone
    }
  }

  #look(): void {
    let names: string[];
    try {
      names = readdirSync(this.#folder);
    } catch {
      process.exit(0);
    }
    for (const name of names) if (name.endsWith('.ask')) this.#take(path.join(this.#folder, name));
    this.#dispatch();
    if (this.#busy.size > 0 || this.#asked.size > 0) return;
    if (Date.now() - this.#lastQuestion > IDLE_MS) process.exit(0);
  }

  #take(file: string): void {
    let request: InstrumentRequest | undefined;
    try {
      request = parseRequest(readFileSync(file, 'utf8'));
      unlinkSync(file);
    } catch {
      return;
    }
    this.#lastQuestion = Date.now();
    if (request && !this.#writer.has(request.key) && !this.#working(request.key)) this.#asked.set(request.key, request);
  }

  #working(key: string): boolean {
    return [...this.#busy.values()].includes(key);
  }

  /** Questions first, then what was seen ahead. */
  #dispatch(): void {
    for (;;) {
      const worker = this.#idle.pop() ?? this.#spawn();
      if (!worker) return;
      const request = this.#next();
      if (!request) {
        this.#idle.push(worker);
        return;
      }
      this.#busy.set(worker, request.key);
      worker.postMessage(request);
    }
  }

  #next(): InstrumentRequest | undefined {
    for (const [key, request] of this.#asked) {
      this.#asked.delete(key);
      return request;
    }
    for (let found = this.#ahead.shift(); found; found = this.#ahead.shift()) {
      const request = this.#readAhead(found);
      if (request) return request;
    }
    return undefined;
  }

  #readAhead(found: Import): InstrumentRequest | undefined {
    try {
      const request = requestFor(found, this.#version);
      if (!request || this.#known.has(request.key)) return undefined;
      this.#known.add(request.key);
      return this.#working(request.key) || this.#writer.has(request.key) ? undefined : request;
    } catch {
      return undefined;
    }
  }

  #spawn(): Worker | undefined {
    const threads = this.#busy.size + this.#idle.length;
    const waiting = this.#asked.size + this.#ahead.length;
    if (threads >= Math.min(THREADS, availableParallelism()) || waiting === 0) return undefined;
    const worker = new Worker(__filename, {
      workerData: this.#cache,
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
    });
    worker.on('message', ({ imports }: Done) => {
      this.#busy.delete(worker);
      this.#idle.push(worker);
      this.#ahead.push(...imports);
      this.#dispatch();
    });
    worker.on('error', (error) => this.#fell(worker, error));
    return worker;
  }

  /** A thread that ended, for instance out of memory. */
  #fell(worker: Worker, error: unknown): void {
    const key = this.#busy.get(worker);
    this.#busy.delete(worker);
    if (key !== undefined) this.#writer.fail(key, `the instrumenter failed: ${String(error)}`);
    this.#dispatch();
  }
}

function lives(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'latin1')) || -1, 0);
    return true;
  } catch {
    return false;
  }
}

if (isMainThread) {
  const [cache] = process.argv.slice(2);
  if (cache) new Server(cache).start();
} else if (parentPort) {
  const port = parentPort;
  keepCompiledCode('', workerData as string);
  // The parser is large: only the threads that need it load it, after the compile cache is on.
  void import('./worker.ts').then(({ serve }) => serve(port, new CacheWriter(workerData as string)));
}
