/**
 * Of an exact run: processes that the program started and that were killed. How far each had come the recording says, and
 * no clock: it ends by itself when it has come as far, and signals that would end it earlier are kept from it.
 */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { writeWhole } from '../../base/whole-files.ts';
import { bornFile, claimFile, comeFile } from '../../model/recorded-world.ts';
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

/** What is to be called when all has come to this thread that had: `stream`. */
export function endsAsKilled({ world, options }: Serving, stream: number): () => void {
  const own = world.streams[stream];
  const ticks = own?.killedIn;
  // one that nobody in the program has started is ended from outside
  if (ticks === undefined || !isThere(path.join(world.scratch, bornFile(realPid)))) return () => undefined;
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
