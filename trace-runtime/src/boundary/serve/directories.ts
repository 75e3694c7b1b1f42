/** Directories that are opened in a rerun: Node's own class, over a list of entries. */
import { AsyncResource } from 'node:async_hooks';
import fs from 'node:fs';
import { ownData } from '../patch.ts';

const { Dir } = fs;
const later = setImmediate;
const { from } = Buffer;
const { construct } = Reflect;

type Entry = readonly [name: string, type: number];

interface Request {
  oncomplete?: (error: null, result?: unknown) => void;
}

/** `ended`: hears once all entries were read. */
export function directoryOf(name: unknown, options: unknown, entries: readonly Entry[], ended: () => void): fs.Dir {
  const given = typeof options === 'string' ? { encoding: options } : (options as object | undefined);
  const settings = { encoding: 'utf8', bufferSize: 32, ...given };
  const isBytes = ownData(settings, 'encoding') === 'buffer';
  const list = entries.flatMap(([entry, type]) => [isBytes ? from(entry) : entry, type]);
  let left: unknown[] | null = list.length > 0 ? list : null;
  const answer = (request: Request | undefined, result: unknown): unknown => {
    if (typeof request !== 'object') return result;
    // as from the system: later, and for whoever asked
    later(AsyncResource.bind(() => request.oncomplete?.(null, result)));
    return undefined;
  };
  const handle = {
    read(_encoding: unknown, _size: unknown, request?: Request): unknown {
      const result = left;
      left = null;
      if (result === null) ended();
      return answer(request, result);
    },
    close: (request?: Request): unknown => answer(request, undefined),
  };
  return construct(Dir, [handle, String(name), settings]) as fs.Dir;
}
