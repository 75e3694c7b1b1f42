/**
 * `hindcast warm [FILE|FOLDER…]`: instruments a project's files into the cache before anybody records, at low priority. It
 * does what the instrumenter of a recording would do, in a thread of the same program, so a recording finds the entries.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { cacheFolder } from '../../trace-runtime/src/base/folders.ts';
import { CacheWriter } from '../../trace-runtime/src/instrument/cache-writer.ts';
import { sourceRequests } from '../../trace-runtime/src/instrument/source-request.ts';
import { buildVersion, entryPath, type InstrumentRequest } from '../../trace-runtime/src/model/instrument-cache.ts';
import { findInstallation } from './installation.ts';
import { flag, parse, text } from './options.ts';
import { plural } from './output.ts';
import { pruneCache } from './prune-cache.ts';
import { SELECTION_OPTIONS, selectionOptions, type SelectionOptions } from './selection-options.ts';
import { Packages, projectFiles } from './warm-files.ts';
import { PackageWalk } from './warm-packages.ts';

const MOST_NAMES = 100_000;
/** With `--stdin` it ends after this time without a name. */
const IDLE_MS = 60_000;
/** Names that come together are looked at together. */
const GATHER_MS = 50;

export async function warm(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { cache: 'text', stdin: 'flag', ...SELECTION_OPTIONS }, MOST_NAMES);
  lowerPriority();
  const { runtime } = findInstallation();
  const cache = path.resolve(text(parsed, 'cache') ?? cacheFolder());
  const warmer = new Warmer(path.join(runtime, 'instrument-server.cjs'), cache, selectionOptions(parsed));
  const names = parsed.positionals.map((name) => path.resolve(name));
  const started = Date.now();
  try {
    if (flag(parsed, 'stdin')) {
      pruneCache(cache);
      await warmNamed(warmer, names);
    } else {
      await warmer.warm(names.length > 0 ? names : [process.cwd()]);
      while (await warmer.warmPackage());
    }
  } finally {
    await warmer.dispose();
  }
  const { made, files } = warmer;
  console.log(
    `made ${plural(made, 'entry', 'entries')} for ${plural(files, 'file')} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  return 0;
}

/** What stdin names, line by line, until it ends or nothing comes any more. */
async function warmNamed(warmer: Warmer, names: readonly string[]): Promise<void> {
  let waiting = new Set(names);
  let ended = false;
  let wake = (): void => undefined;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line) waiting.add(path.resolve(line));
    wake();
  });
  lines.on('close', () => {
    ended = true;
    wake();
  });
  for (;;) {
    if (waiting.size === 0) {
      // What is saved meanwhile comes before more packages.
      if (await warmer.warmPackage()) continue;
      if (ended) return;
      const isIdle = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), IDLE_MS);
        wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
      if (isIdle) {
        lines.close();
        process.stdin.destroy();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
    const now = [...waiting];
    waiting = new Set();
    await warmer.warm(now);
  }
}

class Warmer {
  private readonly version: string;
  private readonly writer: CacheWriter;
  private worker: Worker | undefined;
  /** those that cannot be instrumented */
  private readonly failed = new Set<string>();
  private readonly walk: PackageWalk;
  private packages = new Packages();
  files = 0;
  made = 0;

  constructor(
    private readonly script: string,
    private readonly cache: string,
    options: SelectionOptions,
  ) {
    this.version = buildVersion(statSync(script));
    this.writer = new CacheWriter(cache);
    this.walk = new PackageWalk(options, this.version);
  }

  /** Files of the project and of folders. What they import from packages is left to `warmPackage`. */
  async warm(names: readonly string[]): Promise<void> {
    this.packages = new Packages();
    const files = projectFiles(names, this.packages);
    for (const { file } of files.filter(({ isPlain }) => isPlain)) {
      this.files += 1;
      await this.makeAll(attempt(() => sourceRequests(file, this.packages.of(file), this.version)) ?? []);
    }
    for (const { file } of files) await this.walk.add(file, this.packages);
  }

  /** The next file of a package; false where none is left. */
  async warmPackage(): Promise<boolean> {
    const requests = await this.walk.next(this.packages);
    if (requests === undefined) return false;
    if (requests.length > 0) this.files += 1;
    await this.makeAll(requests);
    return true;
  }

  async dispose(): Promise<void> {
    await this.walk.dispose();
    await this.worker?.terminate();
  }

  private async makeAll(requests: readonly InstrumentRequest[]): Promise<void> {
    for (const request of requests) {
      if (!this.failed.has(request.key) && !this.writer.has(request.key)) await this.make(request);
    }
  }

  private async make(request: InstrumentRequest): Promise<void> {
    const worker = (this.worker ??= this.start());
    await new Promise<void>((resolve) => {
      const done = (): void => {
        worker.off('message', done);
        worker.off('error', fell);
        resolve();
      };
      const fell = (): void => {
        this.worker = undefined;
        done();
      };
      worker.once('message', done);
      worker.once('error', fell);
      worker.postMessage(request);
    });
    if (existsSync(entryPath(this.cache, request.key, 'js'))) this.made += 1;
    else this.giveUp(request.key);
  }

  /** Whether a program's Node takes it is for that one to say: it asks again. */
  private giveUp(key: string): void {
    this.failed.add(key);
    rmSync(entryPath(this.cache, key, 'failed'), { force: true });
  }

  private start(): Worker {
    return new Worker(this.script, {
      workerData: this.cache,
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
    });
  }
}

/** On Linux that of this thread, which those that it starts take over. */
function lowerPriority(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_LOW);
  } catch {
    // It runs as it is.
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
