/**
 * Turns of the event loop and microtasks. A tick begins where recorded code is entered with none on the stack. Its cause
 * is what withTick was told, or else read from the current async resource; no hook is enabled and nothing is wrapped.
 */
import { AsyncResource, executionAsyncId, executionAsyncResource, triggerAsyncId } from 'node:async_hooks';
import {
  OwnWeakMap,
  apply,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  inTime,
  is,
  later,
  now,
  unrefImmediate,
  unrefTimer,
} from './primordials.ts';
import { Register } from './registers.ts';
import type { FlowHash } from './flow-hash.ts';
import type { Room } from './room.ts';
import type { Values } from './values.ts';
import { Cause, Runtime, Slot, Tag } from '../wire/words.ts';
import type { Transport } from './transport.ts';

export interface Ticks {
  /** Writes a tick's record before a root entry. Returns the next position. */
  root(position: number): number;
  /** Runs `work` as a turn with a cause. `causeTick` 0: not known. */
  run<T>(cause: number, causeTick: number, work: () => T): T;
  readonly current: number;
  /** the thread's clock when their times began to be counted */
  readonly started: number;
}

/** What is said at the beginning of a tick, where there is something to say. */
export interface TickNotes {
  /** values were not captured for want of stack */
  shallow(): void;
  /** now and then: what is kept without need may go */
  release(): void;
  /** other threads may have changed memory */
  shared(): void;
  began(tick: number): void;
}

const TICK = (Runtime.tick << 4) | Tag.control;
const REMEMBERED = 1 << 12;
const RELEASE_MS = 100;
const causeByClass: Readonly<Record<string, number>> = {
  Timeout: Cause.timer,
  Immediate: Cause.immediate,
  TickObject: Cause.nextTick,
  MessagePort: Cause.message,
  MESSAGEPORT: Cause.message,
  HTTPINCOMINGMESSAGE: Cause.request,
};

export function createTicks(
  transport: Transport,
  registers: Int32Array,
  room: Room,
  values: Values,
  flowHash: FlowHash,
  notes: TickNotes,
): Ticks {
  const words = transport.words;
  const started = now();
  /** the last tick of an async id, at id & (REMEMBERED - 1) */
  const ids = new Float64Array(REMEMBERED);
  const ticksOf = new Int32Array(REMEMBERED);
  const released = new Float64Array(1);
  /** by the prototype of a resource; -1: its class tells nothing */
  const causes = new OwnWeakMap<object, number>();

  function root(position: number): number {
    const ended = flowHash.close(position);
    const id = executionAsyncId();
    const tick = registers[Register.tick]! + 1;
    registers[Register.tick] = tick;
    notes.began(tick);
    const told = registers[Register.cause]!;
    const cause = told >= 0 && registers[Register.pendingTick] === 1 ? told : causeNow(tick, id);
    const causeTick =
      registers[Register.pendingTick] === 1 && registers[Register.causeTick] !== 0
        ? registers[Register.causeTick]!
        : tickOf(triggerAsyncId());
    remember(id, tick);
    let next = room.begin(ended);
    words[next] = TICK;
    words[next + 1] = tick << 1;
    words[next + 2] = cause << 1;
    words[next + 3] = (causeTick < tick ? causeTick : 0) << 1;
    const time = now() - started;
    next = values.put(next + 4, time);
    words[Slot.position] = next;
    if (time - released[0]! > RELEASE_MS) {
      released[0] = time;
      notes.release();
    }
    scheduleFlush();
    if (registers[Register.shallow] !== 0) notes.shallow();
    if (registers[Register.shared] !== 0) notes.shared();
    return words[Slot.position]!;
  }

  function causeNow(tick: number, id: number): number {
    registers[Register.microtask] = id === 0 && tick !== 1 ? 1 : 0;
    if (tick === 1 || id === 1) return Cause.main;
    if (id === 0) return Cause.microtask;
    const resource: unknown = executionAsyncResource();
    if (typeof resource !== 'object' || resource === null || is.isProxy(resource)) return Cause.io;
    const cause = causeOfClass(getPrototypeOf(resource));
    if (cause !== undefined) return cause;
    if (looksLikeTick(resource)) return Cause.nextTick;
    if (isMicrotask(resource)) registers[Register.microtask] = 1;
    return Cause.io;
  }

  /** By the class's name; undefined where it tells nothing. */
  function causeOfClass(prototype: object | null): number | undefined {
    if (prototype === null || is.isProxy(prototype)) return undefined;
    const known = causes.get(prototype);
    if (known !== undefined) return known < 0 ? undefined : known;
    const cause = causeByClass[classNameOf(prototype)];
    causes.set(prototype, cause ?? -1);
    return cause;
  }

  function remember(id: number, tick: number): void {
    if (id <= 0) return;
    const slot = id & (REMEMBERED - 1);
    ids[slot] = id;
    ticksOf[slot] = tick;
  }

  function tickOf(id: number): number {
    const slot = id & (REMEMBERED - 1);
    return id > 0 && ids[slot] === id ? ticksOf[slot]! : 0;
  }

  /**
   * Where words do not survive a kill, they leave at the end of the turn. Nothing of ours keeps the program going, or what it does
   * before it exits would be followed by another turn, and done again: the timer only wakes the event loop for the immediate.
   */
  function scheduleFlush(): void {
    if (transport.survivesKill) return;
    if (registers[Register.ending] === 1) return transport.flush();
    if (registers[Register.flushDue] === 1) return;
    registers[Register.flushDue] = 1;
    apply(unrefImmediate, later(flushDue), []);
    apply(unrefTimer, inTime(woken, 1), []);
  }

  function woken(): void {}

  function flushDue(): void {
    registers[Register.flushDue] = 0;
    if (words[Slot.progress] === 0) transport.flush();
  }

  return {
    root,
    run(cause, causeTick, work) {
      const before = registers[Register.pendingTick]!;
      const beforeCause = registers[Register.cause]!;
      const beforeTick = registers[Register.causeTick]!;
      registers[Register.pendingTick] = 1;
      registers[Register.cause] = cause;
      registers[Register.causeTick] = causeTick;
      try {
        return work();
      } finally {
        registers[Register.pendingTick] = before;
        registers[Register.cause] = beforeCause;
        registers[Register.causeTick] = beforeTick;
      }
    },
    started,
    get current() {
      return registers[Register.tick]!;
    },
  };
}

function classNameOf(prototype: object): string {
  const constructor: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof constructor !== 'function') return '';
  const name: unknown = getOwnPropertyDescriptor(constructor, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** What queueMicrotask makes for a callback; since Node 24 nothing. */
function isMicrotask(resource: object): boolean {
  return hasOwn(resource, 'callback') && getPrototypeOf(resource) === AsyncResource.prototype;
}

/** What process.nextTick queues: plain objects of Node's. */
function looksLikeTick(resource: object): boolean {
  return hasOwn(resource, 'callback') && hasOwn(resource, 'args');
}
