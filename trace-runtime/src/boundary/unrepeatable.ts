/**
 * What a light recording cannot be executed again with, noted in its ledger (`not-executable`) as it is met: native addons
 * that start threads of their own, memory that several threads write, HTTP/2, and hooks that hear of Node's own work. None
 * of it crosses the boundary where it is logged.
 */
import asyncHooks from 'node:async_hooks';
import path from 'node:path';
import { types } from 'node:util';
import workerThreads from 'node:worker_threads';
import { appendWhole, readWhole } from '../base/whole-files.ts';
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { replace, type AnyFunction } from './patch.ts';

export const NOT_EXECUTABLE = 'not-executable';
/** The subject of its line. */
const HTTP2 = 'HTTP/2';

const { apply, ownKeys } = Reflect;
const { getOwnPropertyDescriptor } = Object;
const { isSharedArrayBuffer, isAnyArrayBuffer, isProxy } = types;
const { isView } = ArrayBuffer;
const { Memory } = WebAssembly;
const now = Date.now;
/** Functions by which an addon gets at other threads, as its file names what it imports. */
const THREADS = [
  'napi_create_async_work',
  'napi_create_threadsafe_function',
  'uv_queue_work',
  'uv_thread_create',
  'pthread_create',
  'CreateThread',
  '_beginthreadex',
];
/** Objects of a message that are looked at. */
const MOST_OBJECTS = 1000;

/** `isByNode`: whether the call that is under way stands in a module of Node: its test runner has such hooks. */
export function noteUnrepeatable(log: BoundaryLog, recording: string, isByNode: () => boolean): Unrepeatable {
  const noted = new Set<string>();
  const note = (subject: string, reason: string): void => {
    if (noted.has(subject)) return;
    noted.add(subject);
    const line = JSON.stringify({ kind: NOT_EXECUTABLE, at: now(), subject, reason });
    log.sink.quietly(() => appendWhole(path.join(recording, 'ledger.jsonl'), `${line}\n`, { mode: 0o600 }));
  };
  replace(
    process,
    'dlopen',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const [, file] = args;
        if (log.depth === 0 && typeof file === 'string') safely(log, () => noteThreads(file));
        return apply(original, this, args);
      },
  );

  function noteThreads(file: string): void {
    const text = log.sink.quietly(() => readWhole(file, 'latin1'));
    if (THREADS.some((name) => text.includes(name)))
      note(file, 'it can start threads, and what they do is not recorded');
  }

  replace(
    asyncHooks,
    'createHook',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        safely(log, () => {
          if (isByNode()) return;
          log.isOverheard = true;
          note('async_hooks.createHook', 'its callbacks hear of work inside Node, which is not done again');
        });
        return apply(original, this, args);
      },
  );

  function message(data: unknown): void {
    if (holdsShared(data)) note('shared memory', 'several threads write it, in an order that is not recorded');
  }

  if (!workerThreads.isMainThread) safely(log, () => message(workerThreads.workerData));
  return {
    message,
    http2: () => note(HTTP2, 'its frames are read inside Node and are not kept'),
  };
}

export interface Unrepeatable {
  /** `data` came from another thread: it has no getters. */
  message(data: unknown): void;
  /** The program makes a server or a client of it. */
  http2(): void;
}

function holdsShared(data: unknown): boolean {
  const queue: unknown[] = [data];
  const seen = new Set<unknown>();
  while (queue.length > 0 && seen.size < MOST_OBJECTS) {
    const value = queue.pop();
    if (typeof value !== 'object' || value === null || isProxy(value) || seen.has(value)) continue;
    seen.add(value);
    if (isSharedArrayBuffer(value) || (value instanceof Memory && isSharedArrayBuffer(value.buffer))) return true;
    if (isView(value) && isSharedArrayBuffer(value.buffer)) return true;
    if (isView(value) || isAnyArrayBuffer(value)) continue;
    for (const key of ownKeys(value)) queue.push(getOwnPropertyDescriptor(value, key)?.value);
  }
  return false;
}
