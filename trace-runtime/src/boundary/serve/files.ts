/** `fs` in its three styles, answered from the recorded world; what is written goes to the overlay. */
import fs from 'node:fs';
import { becomeData, replace, type AnyFunction } from '../patch.ts';
import { FileDecisions, type Decision } from './file-decisions.ts';
import { createFileWorld } from './file-world.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const later = setImmediate;

const READS = ['readFile', 'stat', 'lstat', 'access', 'exists', 'readdir', 'readlink', 'realpath', 'opendir', 'statfs'];
const WRITES = [
  'open',
  'writeFile',
  'appendFile',
  'mkdir',
  'mkdtemp',
  'rm',
  'rmdir',
  'unlink',
  'truncate',
  'chmod',
  'lchmod',
  'chown',
  'lchown',
  'utimes',
  'lutimes',
];
const BETWEEN = ['rename', 'copyFile', 'link', 'symlink', 'cp'];

type Decide = (call: string, args: readonly unknown[]) => Decision;

export function serveFiles(serving: Serving): void {
  const overlay = createOverlay(serving.world.scratch);
  const decisions = new FileDecisions(serving, createFileWorld(serving, overlay), overlay);
  const groups: readonly (readonly [readonly string[], Decide])[] = [
    [READS, (call, args) => decisions.read(call, args)],
    [WRITES, (call, args) => decisions.write(call, args)],
    [BETWEEN, (call, args) => decisions.between(call, args)],
  ];
  becomeData(fs, ['opendir', 'opendirSync']);
  for (const [calls, decide] of groups) {
    for (const call of calls) {
      const decided: Decide = (_, args) => safely(() => decide(call, args));
      returning(serving, overlay, fs, `${call}Sync`, call, decided);
      callingBack(serving, overlay, fs, call, call, decided);
      promising(serving, overlay, fs.promises, call, call, decided);
    }
  }
  const real: Decide = (_, args) => safely(() => decisions.read('realpath', args));
  returning(serving, overlay, fs.realpathSync, 'native', 'realpath', real);
  callingBack(serving, overlay, fs.realpath, 'native', 'realpath', real);
}

/** What goes wrong in deciding must not change the program: then the call is a real one. */
function safely(decide: () => Decision): Decision {
  try {
    return decide();
  } catch {
    return { go: 'real' };
  }
}

function onPaths(args: readonly unknown[], paths: readonly string[]): unknown[] {
  return [...paths, ...args.slice(paths.length)];
}

function returning(serving: Serving, overlay: Overlay, owner: object, key: string, call: string, decide: Decide): void {
  replace(
    owner,
    key,
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const decision = decide(call, args);
        switch (decision.go) {
          case 'real':
            return apply(original, this, args);
          case 'value':
            return decision.value;
          case 'error':
            throw decision.error;
          case 'there':
            try {
              const value = apply(original, this, onPaths(args, decision.paths));
              decision.after?.();
              return overlay.named(value);
            } catch (error) {
              throw renamed(overlay, error, args[0]);
            }
        }
      },
  );
}

function callingBack(
  serving: Serving,
  overlay: Overlay,
  owner: object,
  key: string,
  call: string,
  decide: Decide,
): void {
  replace(
    owner,
    key,
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const callback = args.at(-1) as AnyFunction;
        if (typeof callback !== 'function') return apply(original, this, args);
        const decision = decide(call, args.slice(0, -1));
        const told = (...results: unknown[]): void => void later(() => apply(callback, undefined, results));
        switch (decision.go) {
          case 'real':
            return apply(original, this, args);
          case 'value':
            return call === 'exists' ? told(decision.value) : told(null, decision.value);
          case 'error':
            return told(decision.error);
          case 'there': {
            const done = (error: unknown, ...results: unknown[]): void => {
              if (call === 'exists') return void callback(error);
              if (error) return void callback(renamed(overlay, error, args[0]));
              decision.after?.();
              callback(error, ...results.map(overlay.named));
            };
            return apply(original, this, [...onPaths(args.slice(0, -1), decision.paths), done]);
          }
        }
      },
  );
}

function promising(serving: Serving, overlay: Overlay, owner: object, key: string, call: string, decide: Decide): void {
  replace(
    owner,
    key,
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        const decision = decide(call, args);
        switch (decision.go) {
          case 'real':
            return apply(original, this, args);
          case 'value':
            return Promise.resolve(decision.value);
          case 'error':
            return Promise.reject(decision.error);
          case 'there':
            return (apply(original, this, onPaths(args, decision.paths)) as Promise<unknown>).then(
              (value) => {
                decision.after?.();
                return overlay.named(value);
              },
              (error: unknown) => {
                throw renamed(overlay, error, args[0]);
              },
            );
        }
      },
  );
}

/** An error of the overlay's file, as the program's own. */
function renamed(overlay: Overlay, error: unknown, file: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const held = error as NodeJS.ErrnoException & { dest?: string };
  if (held.path !== undefined && typeof file === 'string') {
    error.message = error.message.replace(held.path, file);
    held.path = file;
  }
  error.message = overlay.named(error.message);
  if (held.dest !== undefined) held.dest = overlay.named(held.dest);
  return error;
}
