/**
 * Of an exact run: processes that the program started and that were killed. How far each had come the recording says, and
 * no clock: it ends by itself when it has come as far, and signals that would end it earlier are kept from it.
 */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import workerThreads, { isMainThread } from 'node:worker_threads';
import { writeWhole } from '../../base/whole-files.ts';
import { bornFile, claimFile, comeFile, nearFile } from '../../model/recorded-world.ts';
import { symbolOf } from '../broadcasts.ts';
import { ownData, replace, type AnyFunction } from '../patch.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const { pid: realPid } = process;
const every = setInterval;
const stopEvery = clearInterval;
const sendSignal = process.kill.bind(process);
const isThere = existsSync;
const { signals: NUMBERS } = constants;
const pause = Atomics.wait;
const LOOK_MS = 10;
/** Looks after which what Node does by itself is not waited for any longer. */
const TICK_LOOKS = 200;
/** Looks in which what was said last gets on its way. */
const QUIET_LOOKS = 5;
/** Looks that a process has to come as far, where the one that has killed it ends. */
const LAST_LOOKS = 200;
/** Looks that a worker has to come as far, where it is terminated. */
const LATE_LOOKS = 500;
/** Looks that it has for the tick in which it was: it may never end it. */
const NEAR_LOOKS = 30;

/** What is to be called when all has come to this thread that had: `stream`. */
export function endsAsKilled({ world, options }: Serving, stream: number): () => void {
  const own = world.streams[stream];
  const ticks = own?.killedIn;
  if (ticks === undefined) return () => undefined;
  // one that nobody in the program has started is ended from outside
  if (isMainThread && !isThere(path.join(world.scratch, bornFile(realPid)))) return () => undefined;
  const file = path.join(world.scratch, comeFile(stream));
  return () => {
    let looks = 0;
    let quiet = 0;
    const look = (): void => {
      if (++looks < TICK_LOOKS && options.currentTick() < ticks) return;
      if (!isThere(file)) writeWhole(file, '', { mode: 0o600 });
      if (!isMainThread) stopEvery(watch);
      else if (haveCome(world, own?.pid) && ++quiet > QUIET_LOOKS) sendSignal(realPid, 'SIGKILL');
    };
    const watch = every(() => options.quietly(look), LOOK_MS);
  };
}

/** Of a worker that was terminated: to be called where a tick ends. Tells that the next one is its last. */
export function nearsItsEnd({ world, options }: Serving, stream: number): (() => void) | undefined {
  const ticks = world.streams[stream]?.killedIn;
  if (ticks === undefined || isMainThread) return undefined;
  let isTold = false;
  const look = (): void => {
    if (isTold || options.currentTick() < ticks - 1) return;
    isTold = true;
    options.quietly(() => writeWhole(path.join(world.scratch, nearFile(stream)), '', { mode: 0o600 }));
  };
  if (ticks <= 1) look();
  return look;
}

/** A worker that the program terminates has come as far as it had: another thread may be the faster now. */
export function terminatesAsRecorded({ world, options, hide }: Serving, stream: number): void {
  const { scratch, streams } = world;
  const own = streams[stream]?.pid;
  const indexOf = (worker: object): number =>
    streams.findIndex(
      ({ pid, threadId, killedIn }) =>
        pid === own && killedIn !== undefined && threadId === Reflect.get(worker, 'threadId'),
    );

  function stopLater(worker: object, handle: object, stop: AnyFunction, index: number): void {
    let looks = 0;
    let near = 0;
    const look = (): void => {
      if (isThere(path.join(scratch, nearFile(index)))) near++;
      const isCome = near > NEAR_LOOKS || isThere(path.join(scratch, comeFile(index)));
      if (++looks < LATE_LOOKS && !isCome) return;
      stopEvery(watch);
      if (handleOf(worker) === handle) apply(stop, handle, []);
    };
    const watch = every(() => options.quietly(look), LOOK_MS);
  }

  replace(
    workerThreads.Worker.prototype,
    'terminate',
    hide,
    (original): AnyFunction =>
      function (...args) {
        const worker = this as object;
        const handle = handleOf(worker);
        const index = handle ? indexOf(worker) : -1;
        const stop = handle && index >= 0 ? Reflect.get(handle, 'stopThread') : undefined;
        if (handle && typeof stop === 'function')
          Object.assign(handle, { stopThread: () => stopLater(worker, handle, stop as AnyFunction, index) });
        return apply(original, worker, args);
      },
  );
}

function handleOf(worker: object): object | undefined {
  const handle = ownData(worker, symbolOf(worker, 'kHandle') ?? '');
  return typeof handle === 'object' && handle !== null ? handle : undefined;
}

/** A thread that was killed goes no further than it had come. */
export interface Cut {
  /** it is in the tick in which it was killed */
  isNear(): boolean;
  /** Ends the process there, or waits for whoever ends it. */
  stop(): void;
  /** recorded processes have not begun yet */
  areOthersLeft(): boolean;
}

/** undefined: it was not killed. */
export function cutAsKilled({ world, options }: Serving, stream: number): Cut | undefined {
  const { streams, scratch } = world;
  const own = streams[stream];
  const ticks = own?.killedIn;
  if (ticks === undefined) return undefined;
  const isNear = (): boolean => options.currentTick() >= ticks;
  const isLeft = (): boolean => streams.some(({ pid }) => !haveCome(world, pid));
  const end = (): void => {
    options.flush();
    writeWhole(path.join(scratch, comeFile(stream)), '', { mode: 0o600 });
    const cell = new Int32Array(new SharedArrayBuffer(4));
    for (let looks = 0; looks < LAST_LOOKS && isLeft(); looks++) pause(cell, 0, 0, LOOK_MS);
    if (isMainThread) sendSignal(realPid, 'SIGKILL');
    pause(cell, 0, 0);
  };
  return {
    isNear,
    stop() {
      if (isNear()) options.quietly(end);
    },
    areOthersLeft: () =>
      streams.some(({ pid }, index) => pid !== own?.pid && !isThere(path.join(scratch, claimFile(index)))),
  };
}

/** All threads of a process that was killed. */
function haveCome({ streams, scratch }: Serving['world'], recordedPid: number | undefined): boolean {
  return streams.every(
    ({ pid, killedIn }, index) =>
      pid !== recordedPid || killedIn === undefined || isThere(path.join(scratch, comeFile(index))),
  );
}

export interface Kills {
  /** Signals that its parent sends it are kept from the child, if it is executed again. */
  keepFrom(child: object, recordedPid: number): void;
  /** whether the signal is kept from a child of that number */
  keeps(recordedPid: unknown, signal: unknown): boolean;
  /** None of those that were killed ends by itself: it gets what was kept from it. */
  send(): void;
}

interface Child {
  readonly recordedPid: number;
  readonly kill: (signal: number) => unknown;
  kept: number | undefined;
}

export function keepSignals(serving: Serving): Kills {
  const children = new Map<number, Child>();
  let isEnding = false;

  function keep(child: Child, signal: number): void {
    child.kept = signal;
    if (isEnding) sendAll();
  }

  function sendAll(): void {
    for (const { kept, kill } of children.values()) if (kept !== undefined) kill(kept);
    children.clear();
  }

  /** The program ends: they have a little time left. */
  function sendLast(): void {
    isEnding = true;
    const isLeft = (): boolean =>
      [...children.values()].some(
        ({ recordedPid, kept }) => kept !== undefined && !haveCome(serving.world, recordedPid),
      );
    const cell = new Int32Array(new SharedArrayBuffer(4));
    for (let looks = 0; looks < LAST_LOOKS && isLeft(); looks++) pause(cell, 0, 0, LOOK_MS);
    sendAll();
  }

  replace(
    process,
    'reallyExit',
    serving.hide,
    (original): AnyFunction =>
      function (...args) {
        serving.options.quietly(sendLast);
        return apply(original, this, args);
      },
  );
  return {
    keepFrom(child, recordedPid) {
      const handle = ownData(child, '_handle');
      const isExecuted = serving.world.streams.some(({ pid }) => pid === recordedPid);
      if (!isExecuted || typeof handle !== 'object' || handle === null) return;
      const real = Reflect.get(handle, 'kill') as AnyFunction;
      const kill = (signal: number): unknown => apply(real, handle, [signal]);
      const own: Child = { recordedPid, kill, kept: undefined };
      children.set(recordedPid, own);
      Object.assign(handle, {
        kill(signal: number): unknown {
          if (signal === 0 || !children.has(recordedPid)) return kill(signal);
          keep(own, signal);
          return 0;
        },
      });
    },
    keeps(recordedPid, signal) {
      const child = children.get(recordedPid as number);
      const number = typeof signal === 'string' ? NUMBERS[signal as NodeJS.Signals] : signal;
      // Node says what is wrong with it
      if (!child || typeof number !== 'number' || number === 0) return false;
      keep(child, number);
      return true;
    },
    send: sendAll,
  };
}
