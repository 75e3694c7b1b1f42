/** Files, directories and stats: `fs` in its three styles. Records are `fs.NAME`, and `fs.NAME.done` for what ends later. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { callingBack, promising, returning, type Crossing } from './calls.ts';
import { FileParts } from './file-parts.ts';
import { installHandleStreams } from './handle-streams.ts';
import { InheritedPipes } from './inherited-pipes.ts';
import * as recordedFiles from './recorded-files.ts';
import {
  contentMembers,
  entriesJson,
  entryJson,
  filledMembers,
  scatteredMembers,
  statfsJson,
  statJson,
} from './file-values.ts';
import { pathJson, type BoundaryLog } from './log.ts';
import { becomeData, beforeGetting, disguise, ownData, replace, type AnyFunction } from './patch.ts';
import { inRounds, type Maker } from './rounds.ts';
import { installPromisedWatching } from './watching.ts';
import type { BoundaryOptions } from './sink.ts';

type Style = typeof returning;
type Args = Crossing['args'];

const onPath: Args = (args) => ({ path: pathJson(args[0]) });
const onTwoPaths: Args = (args) => ({ path: pathJson(args[0]), to: pathJson(args[1]) });
const onDescriptor: Args = (args) => ({ fd: pathJson(args[0]) });
const nothing: Crossing['result'] = () => ({});

const READS_NAMES = ['readlink', 'realpath', 'mkdtemp'];
const CHANGES_ONE = [
  'writeFile',
  'appendFile',
  'mkdir',
  'rmdir',
  'rm',
  'unlink',
  'truncate',
  'chmod',
  'lchmod',
  'chown',
  'lchown',
  'utimes',
  'lutimes',
];
const CHANGES_TWO = ['rename', 'copyFile', 'link', 'symlink'];
const CHANGES_OPEN = ['ftruncate', 'fchmod', 'fchown', 'futimes', 'fsync', 'fdatasync', 'close'];

/** Each name without `Sync`; the promise style has no calls on descriptors. */
function crossings(log: BoundaryLog, inherited: InheritedPipes): ReadonlyMap<string, Crossing> {
  const all = new Map<string, Crossing>();
  all.set('readFile', {
    args: onPath,
    result: ([content], args) => contentMembers(log, content, args[0]),
    replay: recordedFiles.content,
    ignore: ([file, encoding]) => encoding === 'utf8' && file instanceof OwnUrl && log.isImport(),
  });
  all.set('readdir', {
    args: onPath,
    result: ([entries]) => ({ entries: entriesJson(entries) }),
    replay: recordedFiles.entries,
  });
  for (const name of ['stat', 'lstat'])
    all.set(name, { args: onPath, result: ([stats]) => ({ stat: statJson(stats) }), replay: recordedFiles.stats });
  all.set('fstat', {
    args: onDescriptor,
    result: ([stats]) => ({ stat: statJson(stats) }),
    replay: recordedFiles.stats,
  });
  all.set('statfs', {
    args: onPath,
    result: ([stats]) => ({ statfs: statfsJson(stats) }),
    replay: recordedFiles.volume,
  });
  all.set('access', {
    args: (args) => ({ path: pathJson(args[0]), mode: pathJson(args[1]) }),
    result: nothing,
    replay: recordedFiles.nothing,
  });
  all.set('exists', {
    args: onPath,
    result: ([exists]) => ({ exists: exists === true }),
    replay: recordedFiles.field('exists'),
    isBare: true,
  });
  for (const name of READS_NAMES)
    all.set(name, {
      args: onPath,
      result: ([name]) => ({ name: pathJson(name) }),
      replay: recordedFiles.field('name'),
      ignore: ([, options]) => isOfImports(nodesOwnCache(options), log),
    });
  const open: Args = (args) => ({ path: pathJson(args[0]), flags: pathJson(args[1]) });
  all.set('open', {
    args: open,
    result: ([fd]) => ({ fd: pathJson(fd) ?? pathJson(ownData(fd, 'fd')) }),
    replay: inherited.opening(recordedFiles.field('fd')),
  });
  for (const name of CHANGES_ONE)
    all.set(name, { args: onPath, result: nothing, outward: true, replay: changing(log, name) });
  for (const name of CHANGES_TWO) all.set(name, { args: onTwoPaths, result: nothing, replay: changing(log, name) });
  for (const name of CHANGES_OPEN)
    all.set(name, { args: onDescriptor, result: nothing, replay: recordedFiles.nothing });
  if (log.hasTurns)
    all.set('mkdir', {
      args: onPath,
      result: ([made]) => ({ name: pathJson(made) }),
      outward: true,
      replay: ({ name }) => [name ?? undefined],
    });
  all.set('opendir', { args: onPath, result: nothing, replay: (_, args) => [emptyDirectory(args[0])] });
  if (log.hasTurns) all.set('cp', { args: onTwoPaths, result: nothing, replay: recordedFiles.nothing });
  return all;
}

const OwnUrl = URL;

/** Node's loaders hand on a cache, by a symbol. */
function nodesOwnCache(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  const [symbol] = Object.getOwnPropertySymbols(options);
  return symbol === undefined ? undefined : ownData(options, symbol);
}

/** Whether the loader of ES modules hands it on, and not that of CommonJS: each has one of its own. */
function isOfImports(cache: unknown, log: BoundaryLog): boolean {
  if (typeof cache !== 'object' || cache === null) return false;
  let is = importCaches.get(cache);
  if (is === undefined) importCaches.set(cache, (is = log.isImport()));
  return is;
}

const importCaches = new WeakMap<object, boolean>();

/**
 * Nothing real is changed; what may be loaded as code is kept for the loader, and the overlay has what native code will look
 * for by itself.
 */
function changing(log: BoundaryLog, name: string): NonNullable<Crossing['replay']> {
  const { recorded } = log;
  const written = recorded?.written;
  const change = Reflect.get(fs, `${name}Sync`) as AnyFunction;
  return (_, args) => {
    const [first, second] = args;
    if ([first, second].some((each) => typeof each === 'string' && recorded?.isNative(each))) again(log, change, args);
    if (name === 'writeFile') written?.write(first, second);
    else if (name === 'appendFile') written?.append(first, second);
    else if (name === 'copyFile' || name === 'rename') written?.copy(first, second);
    if (['rename', 'rm', 'rmdir', 'unlink'].includes(name)) written?.remove(first);
    return [undefined];
  };
}

function again(log: BoundaryLog, change: AnyFunction, args: readonly unknown[]): void {
  log.depth++;
  try {
    Reflect.apply(change, fs, args);
  } catch {
    // the recorded answer says how it ended
  } finally {
    log.depth--;
  }
}

const opens = fs.opendirSync;
const { root } = path.parse(process.execPath);

/** A real directory, whose entries the log has; it says that it is the program's. */
function emptyDirectory(name: unknown): unknown {
  const directory = opens(root);
  return Object.defineProperty(directory, 'path', { value: String(name), configurable: true });
}

/** Output to the terminal's descriptors is the recorder's. */
const toTerminal = (args: readonly unknown[]): boolean => args[0] === 1 || args[0] === 2;

function descriptorCrossings(log: BoundaryLog, inherited: InheritedPipes): ReadonlyMap<string, Crossing> {
  const written: Crossing['result'] = ([bytes]) => ({ bytes: pathJson(bytes) });
  return new Map<string, Crossing>([
    [
      'read',
      {
        args: onDescriptor,
        result: ([bytes, buffer], args) => filledMembers(log, bytes, args, buffer),
        replay: recordedFiles.filled,
      },
    ],
    [
      'readv',
      {
        args: onDescriptor,
        result: ([bytes], args) => scatteredMembers(log, bytes, args[1]),
        replay: recordedFiles.scattered,
      },
    ],
    [
      'write',
      { args: onDescriptor, result: written, replay: inherited.writing('write'), ignore: toTerminal, outward: true },
    ],
    [
      'writev',
      { args: onDescriptor, result: written, replay: inherited.writing('writev'), ignore: toTerminal, outward: true },
    ],
  ]);
}

export function installFiles(log: BoundaryLog, late: NonNullable<BoundaryOptions['late']>): void {
  const inherited = new InheritedPipes(log);
  const anyPath = crossings(log, inherited);
  const all = new Map([...anyPath, ...descriptorCrossings(log, inherited)]);
  const parts = new FileParts(log);
  becomeData(fs, ['opendir', 'opendirSync']);
  for (const [name, crossing] of all) {
    returning(log, fs, `${name}Sync`, `fs.${name}`, parts.returning(name, crossing));
    callingBack(log, fs, name, `fs.${name}`, parts.callingBack(name, crossing));
  }
  parts.installed();
  for (const owner of [fs.realpathSync, fs.realpath]) {
    const style: Style = owner === fs.realpath ? callingBack : returning;
    const crossing = anyPath.get('realpath');
    if (crossing) style(log, owner, 'native', 'fs.realpath', crossing);
  }
  installDirectories(log);
  let patched = false;
  const promises = (): void => {
    if (patched) return;
    patched = true;
    for (const [name, crossing] of anyPath)
      if (name !== 'open') promising(log, fs.promises, name, `fs.${name}`, crossing);
    installHandles(log, anyPath.get('open'));
    installPromisedWatching(log);
  };
  late('fs/promises', promises);
  beforeGetting(fs, 'promises', log.hide, promises);
}

/** The class of file handles can only be reached through a handle: it is patched when the first one is opened. */
function installHandles(log: BoundaryLog, open: Crossing | undefined): void {
  if (!open) return;
  let patched = false;
  let isNumbered = false;
  const opens = fs.promises.open;
  const numbers = new WeakMap<object, unknown>();
  /** A real handle, of nothing, with the recorded number. */
  const handleOf = async (fd: unknown): Promise<unknown> => {
    const handle = (await Reflect.apply(opens, fs.promises, [os.devNull, 'r+'])) as object;
    if (!isNumbered) isNumbered = numberHandles(log, Object.getPrototypeOf(handle), numbers);
    numbers.set(handle, fd);
    return handle;
  };
  promising(log, fs.promises, 'open', 'fs.open', {
    ...open,
    result([handle]) {
      if (!patched && typeof handle === 'object' && handle !== null) {
        patched = true;
        patchHandle(log, Object.getPrototypeOf(handle));
      }
      return { fd: pathJson(descriptorOf(Object.getPrototypeOf(handle), handle)) };
    },
    replay: ({ fd }) => [handleOf(fd)],
  });
}

/** By the class's own getter. */
function descriptorOf(prototype: object, handle: unknown): unknown {
  const get = Object.getOwnPropertyDescriptor(prototype, 'fd')?.get;
  return get && Reflect.apply(get, handle, []);
}

/** Open handles that are in `numbers` have the number that they have there. */
function numberHandles(log: BoundaryLog, prototype: object, numbers: WeakMap<object, unknown>): boolean {
  const own = Object.getOwnPropertyDescriptor(prototype, 'fd');
  if (!own?.get || !own.configurable) return false;
  const { get: original } = own;
  const { get } = Object.getOwnPropertyDescriptor(
    {
      get fd(): unknown {
        const real: unknown = Reflect.apply(original, this, []);
        return real === -1 ? -1 : (numbers.get(this) ?? real);
      },
    },
    'fd',
  )!;
  return Reflect.defineProperty(prototype, 'fd', { ...own, get: disguise(get!, original, log.hide) as () => unknown });
}

function patchHandle(log: BoundaryLog, prototype: object): void {
  const constructor = ownData(prototype, 'constructor');
  if (typeof constructor === 'function') log.sink.nodeClass?.(constructor, 'node:fs/promises.FileHandle');
  const args: Args = (_, self) => ({
    fd: pathJson(descriptorOf(prototype, self)),
  });
  const read: Crossing['result'] = ([result], given) =>
    filledMembers(log, ownData(result, 'bytesRead'), [null, ...given], ownData(result, 'buffer'));
  promising(log, prototype, 'readFile', 'fs.readFile', {
    args,
    result: ([content]) => ({ content: log.content(content) }),
    replay: recordedFiles.content,
  });
  promising(log, prototype, 'stat', 'fs.fstat', {
    args,
    result: ([stats]) => ({ stat: statJson(stats) }),
    replay: (detail, given) => recordedFiles.stats(detail, [null, ...given]),
  });
  promising(log, prototype, 'read', 'fs.read', {
    args,
    result: read,
    replay: recordedFiles.ofHandle(recordedFiles.filled, ['bytesRead', 'buffer']),
  });
  const readv: Crossing['result'] = ([result], given) => scatteredMembers(log, ownData(result, 'bytesRead'), given[0]);
  promising(log, prototype, 'readv', 'fs.readv', {
    args,
    result: readv,
    replay: recordedFiles.ofHandle(recordedFiles.scattered, ['bytesRead', 'buffers']),
  });
  if (log.hasTurns) promising(log, prototype, 'close', 'fs.close', { args, result: nothing });
  installHandleStreams(log, prototype);
  for (const name of [
    'write',
    'writev',
    'writeFile',
    'appendFile',
    'truncate',
    'sync',
    'datasync',
    'chmod',
    'chown',
    'utimes',
  ]) {
    promising(log, prototype, name, `fs.${name}`, {
      args,
      result: nothing,
      replay: name === 'write' || name === 'writev' ? recordedFiles.written : recordedFiles.nothing,
    });
  }
}

/** Entries of `opendir`, whether read one by one or iterated. */
function installDirectories(log: BoundaryLog): void {
  const { prototype } = fs.Dir;
  const args: Args = (_, self) => ({
    directory: log.idOf(self as object),
    path: pathJson(Reflect.get(self as object, 'path')),
  });
  const result: Crossing['result'] = ([entry]) => ({ entry: entryJson(entry) });
  const replay = recordedFiles.entry;
  returning(log, prototype, 'readSync', 'fs.dir', { args, result, replay });
  replace(prototype, 'read', log.hide, (original) => eitherStyle(log, original, 'fs.dir', { args, result, replay }));
  if (log.hasTurns)
    replace(prototype, 'close', log.hide, (original) =>
      eitherStyle(log, original, 'fs.dir.close', { args, result: nothing }),
    );
  installIteration(log, { args, result, replay });
}

/** A directory that is iterated is read by Node's own means. */
function installIteration(log: BoundaryLog, crossing: Crossing): void {
  const close = ({ self }: Maker): void => (self as fs.Dir).closeSync();
  inRounds(log, fs.Dir.prototype, ['entries', Symbol.asyncIterator], {
    kind: 'fs.dir',
    args: ({ self, args }) => crossing.args(args, self),
    result: ({ done, value }, { self }) => crossing.result([done === true ? null : value], [], self),
    replay(detail, maker) {
      const { self } = maker;
      const read = crossing.replay?.(detail, [(self as fs.Dir).path], self);
      if (!read) return undefined;
      const [value] = read;
      if (value === null) close(maker);
      return value === null ? { value: undefined, done: true } : { value, done: false };
    },
    ...(log.hasTurns ? { left: { kind: 'fs.dir.close', replay: close } } : {}),
  });
}

/** Calls back where a callback was given, and promises otherwise. */
function eitherStyle(log: BoundaryLog, original: AnyFunction, kind: string, crossing: Crossing): AnyFunction {
  const back = { call: original };
  const promise = { call: original };
  callingBack(log, back, 'call', kind, crossing);
  promising(log, promise, 'call', kind, crossing);
  return function (...args) {
    return Reflect.apply(typeof args[0] === 'function' ? back.call : promise.call, this, args);
  };
}
