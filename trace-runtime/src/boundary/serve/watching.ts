/** Watched files: the changes of the recording come again, after the same time. Nothing real is watched. */
import { AsyncResource } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../base/whole-files.ts';
import type { Watch, WatchedChange } from '../../model/recorded-world.ts';
import { beforeGetting, replace, type AnyFunction } from '../patch.ts';
import { statsFrom } from './file-results.ts';
import { errorFrom, type Serving } from './serving.ts';
import { deliverWhile } from './time/held.ts';
import type { Timeline } from './time/timeline.ts';

const { apply } = Reflect;
const { resolve } = path;
const { existsSync, mkdirSync } = fs;
const { isBuffer, from } = Buffer;

/** `stream`: the thread's own number in the recording. */
export function serveWatching(serving: Serving, stream: number, timeline: Timeline): void {
  const left = [...(serving.world.watches[stream] ?? [])];
  const folder = path.join(serving.world.scratch, 'watched');

  /** In the place of what is watched: it never changes. */
  function still(file: string): string {
    const name = path.join(folder, createHash('sha256').update(file).digest('hex').slice(0, 16));
    mkdirSync(folder, { recursive: true });
    if (!existsSync(name)) writeWhole(name, '');
    return name;
  }

  function fileOf(given: unknown): string | undefined {
    if (serving.isLive('files') || serving.caller().by === 'tool') return undefined;
    if (typeof given === 'string' || isBuffer(given)) return resolve(String(given));
    return given instanceof URL && given.protocol === 'file:' ? resolve(given.pathname) : undefined;
  }

  function take(call: Watch['call'], file: string): Watch | undefined {
    const at = left.findIndex((each) => each.call === call && each.path === file);
    if (at >= 0) return left.splice(at, 1)[0];
    serving.unmatched('files', `fs.${call === 'promises' ? 'promises.watch' : call} ${file}`, serving.caller());
    return undefined;
  }

  /** Tells of one change after the other, until it is closed. */
  function play(changes: readonly WatchedChange[], tell: (change: WatchedChange) => void, isOver: () => boolean): void {
    const next = AsyncResource.bind((at: number): void => {
      const change = changes[at];
      if (!change) return;
      const deliver = (): void => {
        tell(change);
        next(at + 1);
      };
      deliverWhile(timeline, timeline.now() + change.after, deliver, { isGone: isOver, holds: false });
    });
    next(0);
  }

  function on(
    name: 'watch' | 'watchFile' | 'unwatchFile',
    make: (original: AnyFunction, args: unknown[]) => unknown,
  ): void {
    replace(
      fs,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          return make(original, args);
        },
    );
  }

  on('watch', (original, args) => {
    const file = fileOf(args[0]);
    if (file === undefined) return apply(original, fs, args);
    const { changes = [], error } = take('watch', file) ?? {};
    if (error) throw errorFrom(error, { path: args[0], filename: args[0] });
    const options = args.slice(1).map((each) => (isOptions(each) ? { ...each, recursive: false } : each));
    const watcher = apply(original, fs, [still(file), ...options]) as fs.FSWatcher;
    let isClosed = false;
    watcher.once('close', () => (isClosed = true));
    const isBytes = args.slice(1).some((each) => each === 'buffer' || (isOptions(each) && each.encoding === 'buffer'));
    const named = (name: string | null): unknown => (isBytes && name !== null ? from(name) : name);
    play(
      changes,
      ({ type, name = null }) => watcher.emit('change', type as string, named(name) as string),
      () => isClosed,
    );
    return watcher;
  });

  const polled = new Map<string, fs.StatWatcher>();
  on('watchFile', (original, args) => {
    const file = fileOf(args[0]);
    if (file === undefined) return apply(original, fs, args);
    const watcher = apply(original, fs, [still(file), ...args.slice(1)]) as fs.StatWatcher;
    if (polled.get(file) === watcher) return watcher;
    polled.set(file, watcher);
    const options = args.find(isOptions);
    play(
      take('watchFile', file)?.changes ?? [],
      ({ stats = ['', ''] }) => watcher.emit('change', ...stats.map((each) => statsFrom(each, options))),
      () => polled.get(file) !== watcher,
    );
    return watcher;
  });

  on('unwatchFile', (original, args) => {
    const file = fileOf(args[0]);
    if (file === undefined || !polled.has(file)) return apply(original, fs, args);
    const result = apply(original, fs, [still(file), ...args.slice(1)]);
    if (polled.get(file)?.listenerCount('change') === 0) polled.delete(file);
    return result;
  });

  const promised = (): void => {
    replace(
      fs.promises,
      'watch',
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          const file = fileOf(args[0]);
          if (file === undefined) return apply(original, fs.promises, args);
          return again(take('promises', file), original, [still(file), ...args.slice(1)]);
        },
    );
  };
  beforeGetting(fs, 'promises', serving.hide, promised);

  async function* again(watch: Watch | undefined, original: AnyFunction, args: unknown[]): AsyncGenerator<unknown> {
    if (watch?.error) throw errorFrom(watch.error, {});
    const { signal } = (args.find(isOptions) ?? {}) as { readonly signal?: AbortSignal };
    for (const { after: wait, type, name } of watch?.changes ?? []) {
      await new Promise<void>((go) => {
        // nothing real is watched meanwhile, which would keep the process
        deliverWhile(timeline, timeline.now() + wait, go, { isGone: () => signal?.aborted === true, holds: true });
        signal?.addEventListener('abort', () => go(), { once: true });
      });
      if (signal?.aborted) break;
      yield { eventType: type, filename: name };
    }
    // it goes on, and hears of nothing, until the program ends it
    yield* apply(original, fs.promises, args) as AsyncIterable<unknown>;
  }
}

function isOptions(value: unknown): value is { readonly encoding?: unknown } {
  return typeof value === 'object' && value !== null;
}
