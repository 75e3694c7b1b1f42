/**
 * What a child process writes and how it ends, on the virtual timeline. One that is played has written all at once: its
 * output is cut into the recorded portions, and each comes when it did. One that runs again may do something else: what it
 * does comes when it comes, and is only waited for.
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ChildTimes } from '../../../model/recorded-world.ts';
import { ownData, type AnyFunction } from '../../patch.ts';
import { Portions } from '../../portions.ts';
import { deliverAt, inItsContext } from './held.ts';
import type { Due, Timeline } from './timeline.ts';

const { apply } = Reflect;
const { defineProperty, getPrototypeOf } = Object;
/** Real milliseconds that a child which runs again, and may have been edited, gets for what it did. */
const PATIENCE_MS = 5000;
/** A shell that plays what was written needs no longer, whatever the load. */
const PLAYED_PATIENCE_MS = 20_000;

/** To be called when it was just started. */
export function holdChild(timeline: Timeline, child: ChildProcess, times: ChildTimes, isPlayed: boolean): void {
  timeline.ran(times.lead);
  const begun = timeline.now();
  const patience = isPlayed ? PLAYED_PATIENCE_MS : PATIENCE_MS;
  const expected = new Set<Due>();
  const expect = (at: number): Due => {
    const due = timeline.expect(begun + at, patience);
    expected.add(due);
    return due;
  };
  const exit = times.exit === undefined ? undefined : expect(times.exit);
  const forgetAll = (): void => {
    for (const due of expected) timeline.forget(due);
    expected.clear();
  };
  let killedBy: string | undefined;

  for (const name of ['stdout', 'stderr'] as const) {
    const pipe = child[name];
    if (!pipe) continue;
    const portions = times.output.filter(({ stream }) => stream === name);
    const dues = portions.map(({ at }) => expect(at));
    if (isPlayed)
      hold(
        pipe,
        portions.map(({ bytes }) => bytes),
        dues,
      );
    else notice(pipe, dues);
  }

  /** Each portion when it is due. The end comes behind the last one, with the end of the process. */
  function hold(pipe: Readable, sizes: readonly number[], dues: Due[]): void {
    const cut = new Portions(sizes);
    let last = begun;
    const push = (chunk: Buffer | null): void => {
      apply(getPrototypeOf(pipe).push as AnyFunction, pipe, [chunk]);
      if (chunk === null) pipe.read(0);
    };
    own(pipe, (chunk) => {
      if (chunk instanceof Uint8Array)
        for (const portion of cut.add(chunk)) {
          const due = dues.shift();
          if (killedBy !== undefined) continue;
          if (due) {
            last = due.due;
            timeline.here(
              due,
              inItsContext(() => push(portion)),
            );
          } else deliverAt(timeline, Math.max(last, timeline.now()), () => push(portion));
        }
      else if (chunk === null) {
        for (const due of dues.splice(0)) timeline.forget(due);
        const at = killedBy === undefined && times.exit !== undefined ? begun + times.exit : timeline.now();
        deliverAt(timeline, Math.max(last, at), () => push(null));
      }
      return true;
    });
  }

  function notice(pipe: Readable, dues: Due[]): void {
    own(pipe, (chunk) => {
      for (const due of chunk === null ? dues.splice(0) : dues.splice(0, 1)) timeline.forget(due);
      return apply(getPrototypeOf(pipe).push as AnyFunction, pipe, [chunk]);
    });
  }

  const handle = ownData(child, '_handle');
  const told = ownData(handle, 'onexit');
  if (typeof handle !== 'object' || handle === null || typeof told !== 'function') return forgetAll();
  Object.assign(handle, {
    onexit(this: unknown, ...args: unknown[]): void {
      const deliver = inItsContext(() => {
        const killed = killedBy !== undefined && args[1] === '' ? [0, killedBy] : args;
        apply(told as AnyFunction, this, killed);
      });
      if (!isPlayed || killedBy !== undefined) {
        forgetAll();
        return deliver();
      }
      if (exit) return timeline.here(exit, deliver);
      // not before what it had written has come
      const last = Math.max(0, ...times.output.map(({ at }) => at));
      deliverAt(timeline, Math.max(begun + last, timeline.now()), deliver);
    },
  });
  if (!isPlayed) return;
  const kill = getPrototypeOf(child).kill as AnyFunction;
  defineProperty(child, 'kill', {
    value: function (this: unknown, ...args: unknown[]): unknown {
      const found = apply(kill, this, args);
      const [signal = 'SIGTERM'] = args;
      // the shell that plays it may be at its end already
      const isThere = found === true || exit?.state === 'here';
      if (typeof signal !== 'string' || !isThere || killedBy !== undefined) return found;
      killedBy = signal;
      Object.assign(child, { killed: true });
      if (exit?.state === 'here') timeline.move(exit, timeline.now());
      for (const due of expected) if (due !== exit || due.state === 'awaited') timeline.forget(due);
      return true;
    },
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function own(pipe: Readable, push: (chunk: unknown) => unknown): void {
  defineProperty(pipe, 'push', { value: push, writable: true, configurable: true, enumerable: false });
}
