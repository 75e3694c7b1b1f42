/** Child processes and workers are recorded too: what tells them so is put into their environment as they start. */
import childProcess from 'node:child_process';
import workerThreads from 'node:worker_threads';
import type { Disguises } from './disguise.ts';
import { inject, injectPairs, withPreload, type Injected } from './environment.ts';
import { natives } from './natives.ts';
import { max, min } from './primordials.ts';

type Fn = (...args: never[]) => unknown;
type Bag = Record<string, unknown>;

/** Workers inherit it; read by their preload. */
export const WORKER_KEY = 'hindcast.recording';

export function installChildren(injected: Injected, { disguise }: Disguises): void {
  const exports = childProcess as unknown as Record<string, Fn>;
  const { apply } = natives;

  // spawn, fork, exec and execFile end here.
  const prototype = (childProcess as unknown as { ChildProcess: { prototype: Record<string, Fn> } }).ChildProcess
    .prototype;
  const spawn = prototype.spawn as Fn;
  prototype.spawn = disguise(
    {
      spawn(this: unknown, options: unknown) {
        const bag = options as Bag | undefined;
        const pairs = bag?.envPairs;
        if (bag && Array.isArray(pairs) && !isOwn(bag.args)) bag.envPairs = injectPairs(pairs as string[], injected);
        return apply(spawn, this, [options] as never);
      },
    }.spawn as Fn,
    spawn,
  );

  function isOwn(args: unknown): boolean {
    return Array.isArray(args) && args.some((arg) => typeof arg === 'string' && arg.startsWith(injected.own));
  }

  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const original = exports[name] as Fn;
    // The wrapper's name and length are the original's.
    const { wrapper } = {
      wrapper(this: unknown, ...args: unknown[]) {
        return apply(original, this, withEnvironment(args, name === 'execSync' ? 1 : 2) as never);
      },
    };
    exports[name] = disguise(wrapper as Fn, original);
  }

  /** Options stand at `last` or, where arguments were left out, before it. */
  function withEnvironment(args: readonly unknown[], last: number): unknown[] {
    const out = [...args];
    let at = out.findIndex((value, i) => i > 0 && typeof value === 'object' && value !== null && !Array.isArray(value));
    if (at < 0) {
      at = Array.isArray(out[1]) || out.length > last ? last : max(1, min(out.length, last));
      if (out.slice(1).some((value) => value !== undefined && value !== null && !Array.isArray(value))) return out;
    }
    const options = (out[at] ?? {}) as Bag;
    const environment = (options.env ?? process.env) as Bag;
    if (typeof environment !== 'object') return out;
    out[at] = { ...options, env: inject(environment, injected) };
    return out;
  }

  natives.setEnvironmentData(WORKER_KEY, injected as unknown as workerThreads.Serializable);
  const exportsOfWorkers = workerThreads as unknown as Record<string, unknown>;
  const { Worker } = workerThreads;
  exportsOfWorkers.Worker = disguise(
    new Proxy(Worker, {
      construct(target, [file, options, ...rest], newTarget) {
        const own = newTarget === exportsOfWorkers.Worker ? target : newTarget;
        return natives.construct(target, [file, workerOptions(options, injected), ...rest], own) as object;
      },
    }),
    Worker,
  );
  (Worker.prototype as { constructor: unknown }).constructor = exportsOfWorkers.Worker;
}

/**
 * A worker inherits the preload, unless it is given an environment or Node options of its own: Node then reads
 * NODE_OPTIONS from that environment.
 */
function workerOptions(options: unknown, injected: Injected): unknown {
  const { preload } = injected;
  if (typeof options !== 'object' || options === null) return options;
  const { env, execArgv } = options as { env?: unknown; execArgv?: unknown };
  const ownEnvironment = typeof env === 'object' && env !== null;
  if (!ownEnvironment && !Array.isArray(execArgv)) return options;
  if (env === workerThreads.SHARE_ENV)
    return { ...options, execArgv: ['--require', preload, ...(execArgv as string[])] };
  const source = (ownEnvironment ? env : process.env) as Bag;
  const nodeOptions = typeof source.NODE_OPTIONS === 'string' ? source.NODE_OPTIONS : undefined;
  return { ...options, env: { ...source, NODE_OPTIONS: withPreload(nodeOptions, preload) } };
}
