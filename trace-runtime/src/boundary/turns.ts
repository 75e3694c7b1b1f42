/**
 * Why a turn of the event loop runs, and which turn led to it: read off Node's async ids at the turn's first recorded
 * entry. No callback is wrapped, so the program's timers and functions stay as they are.
 *
 * A continuation after `await` has no async id of its own: its cause is `microtask`, and its activation's resume record
 * says where it was suspended.
 */
import asyncHooks from 'node:async_hooks';
import { Cause } from '../wire/words.ts';

const { executionAsyncId, triggerAsyncId, executionAsyncResource } = asyncHooks;
const { getPrototypeOf } = Object;
const owns = Object.prototype.hasOwnProperty;
const { apply } = Reflect;

/** Async ids are remembered in a direct-mapped table: a turn's parent is lost only after this many newer ids. */
const REMEMBERED = 1 << 16;

export interface Turns {
  /** Call when turn `tick` begins; afterwards `cause` and `parent` describe it. */
  begin(tick: number): void;
  readonly cause: number;
  /** tick that led to it; 0 where it is not known */
  readonly parent: number;
}

export function createTurns(): Turns {
  const ids = new Float64Array(REMEMBERED);
  const ticks = new Int32Array(REMEMBERED);
  const kinds = new WeakMap<object, number>();
  let latest = 0;

  const tickOf = (id: number): number => (ids[id & (REMEMBERED - 1)] === id ? ticks[id & (REMEMBERED - 1)]! : 0);

  const turns = {
    cause: Cause.main as number,
    parent: 0,
    begin(tick: number): void {
      const id = executionAsyncId();
      if (id === 0) {
        turns.cause = Cause.microtask;
        turns.parent = latest;
      } else {
        turns.cause = id === 1 ? Cause.main : kindOf(executionAsyncResource());
        turns.parent = tickOf(triggerAsyncId());
        ids[id & (REMEMBERED - 1)] = id;
        ticks[id & (REMEMBERED - 1)] = tick;
      }
      latest = tick;
    },
  };

  /** Node's resources of one class share a prototype; plain objects are next-tick entries. */
  function kindOf(resource: object): number {
    const prototype: object | null = getPrototypeOf(resource);
    if (prototype === null || prototype === Object.prototype) return apply(owns, resource, ['callback']) ? Cause.nextTick : Cause.io;
    let kind = kinds.get(prototype);
    if (kind === undefined) kinds.set(prototype, (kind = classify(resource)));
    return kind;
  }

  return turns;
}

function classify(resource: object): number {
  const has = (key: string): boolean => apply(owns, resource, [key]);
  if (has('_idleTimeout')) return Cause.timer;
  if (has('_onImmediate')) return Cause.immediate;
  if (has('type') && has('socket')) return Cause.request;
  if (resource instanceof MessagePort) return Cause.message;
  if (resource instanceof asyncHooks.AsyncResource) return Cause.microtask;
  return Cause.io;
}
