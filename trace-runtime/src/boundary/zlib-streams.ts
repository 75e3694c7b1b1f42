/**
 * Streams of zlib: each part that the thread pool has done is an arrival, `zlib.part` by the stream's id. What it brings is
 * always the same. Only where a run is to be executed again.
 */
import type zlib from 'node:zlib';
import { arrivalKey } from '../model/recorded-world.ts';
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { disguise, ownData, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { getPrototypeOf, assign } = Object;
/** One of each class of handle. */
const STREAMS = ['InflateRaw', 'BrotliCompress', 'BrotliDecompress', 'ZstdCompress', 'ZstdDecompress'];

export function installZlibStreams(log: BoundaryLog, module: typeof zlib): void {
  const classes = module as unknown as Readonly<Record<string, (new (options: object) => object) | undefined>>;
  for (const name of STREAMS) {
    const Stream = classes[name];
    const handle = Stream && ownData(new Stream({ chunkSize: 64 }), '_handle');
    if (typeof handle !== 'object' || handle === null) continue;
    patchHandles(log, getPrototypeOf(handle) as object);
    (handle as { close(): void }).close();
  }
}

/** A handle is told at its beginning whom to call when a part is done. */
function patchHandles(log: BoundaryLog, prototype: object): void {
  /** while a part is under way, by handle */
  const working = new WeakSet<object>();

  function inTurn(told: AnyFunction): AnyFunction {
    return function (this: unknown, ...args) {
      const handle = this as object;
      if (!working.delete(handle)) return apply(told, this, args);
      const id = log.idOf(handle, 'zlib');
      log.arrivals.arrive(arrivalKey('zlib.part', id), () => {
        safely(log, () => log.report('zlib.part', { id }));
        apply(told, handle, args);
      });
    };
  }

  replace(
    prototype,
    'init',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        // a call that compresses everything at once is an arrival itself
        const isPart = log.depth === 0 && typeof this === 'object' && this !== null;
        if (isPart) log.idOf(this as object, 'zlib');
        const given = isPart
          ? args.map((each) => (typeof each === 'function' ? inTurn(each as AnyFunction) : each))
          : args;
        return apply(original, this, given);
      },
  );
  replace(
    prototype,
    'write',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const handle = this as object;
        if (log.knows(handle)) {
          const failed = ownData(handle, 'onerror');
          if (typeof failed === 'function' && !log.knows(failed)) {
            const wrapper = disguise(inTurn(failed as AnyFunction), failed, log.hide);
            log.idOf(wrapper, 'zlib.failed');
            assign(handle, { onerror: wrapper });
          }
          working.add(handle);
        }
        return apply(original, this, args);
      },
  );
}
