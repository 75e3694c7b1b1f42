/**
 * `setImmediate` on the virtual timeline: a recorded one comes when it came, between the timers and answers that it came
 * between. One that is new comes at once, but behind the recorded ones that were made before it.
 */
import timers from 'node:timers';
import { replace, type AnyFunction } from '../../patch.ts';
import { replaceTimerFunction } from '../../timer-functions.ts';
import type { Serving } from '../serving.ts';
import type { Durations } from './durations.ts';
import { deliverWhile } from './held.ts';
import type { Timeline } from './timeline.ts';

const { apply } = Reflect;
const NewPromise = Promise;

export function serveImmediates(serving: Serving, timeline: Timeline, durations: Durations): void {
  const { hide } = serving;
  const queue = new Queue();
  const gone = new WeakMap<object, () => void>();

  replaceTimerFunction('setImmediate', hide, hold);
  replaceTimerFunction('clearImmediate', hide, (original) => {
    return function (...args) {
      const [object] = args;
      if (typeof object === 'object' && object !== null) gone.get(object)?.();
      return apply(original, this, args);
    };
  });
  const promises = process.getBuiltinModule('node:timers/promises');
  replace(promises, 'setImmediate', hide, (original): AnyFunction => {
    return function (...args) {
      const [value, options] = args;
      if (options !== undefined) return apply(original, this, args);
      return new NewPromise((resolve) => timers.setImmediate(resolve, value));
    };
  });

  function hold(original: AnyFunction): AnyFunction {
    return function (...args) {
      const [callback, ...given] = args;
      if (typeof callback !== 'function') return apply(original, this, args);
      const { isNodesOwn, took } = durations.of('immediate', '');
      const before = queue.last;
      if (isNodesOwn || (!took && !before)) return apply(original, this, args);
      const round = took?.rounds[0];
      const comes = round?.ends !== 'open';
      if (round) timeline.ran(round.lead);
      const held = queue.add(Math.max(timeline.now() + (round && comes ? round.took : 0), before?.at ?? 0));
      // what the program has of it: it holds nothing back, and does nothing
      const object = apply(original, this, [() => undefined]) as object;
      gone.set(object, () => queue.end(held));
      const deliver = (): void => {
        if (held.isOver) return;
        queue.end(held);
        apply(callback as AnyFunction, object, given);
      };
      deliverWhile(timeline, held.at, deliver, { isGone: () => held.isOver, holds: comes });
      return object;
    };
  }
}

interface Held {
  /** when it comes */
  readonly at: number;
  isOver: boolean;
}

/** Those that are to come, in the order in which they were made and come. */
class Queue {
  #all: Held[] = [];
  #count = 0;

  get last(): Held | undefined {
    while (this.#all.at(-1)?.isOver) this.#all.pop();
    return this.#all.at(-1);
  }

  add(at: number): Held {
    const held = { at, isOver: false };
    // those that came are at the beginning
    if (this.#all.length > 2 * ++this.#count + 100) this.#all = this.#all.filter(({ isOver }) => !isOver);
    this.#all.push(held);
    return held;
  }

  end(held: Held): void {
    if (!held.isOver) this.#count--;
    held.isOver = true;
  }
}
