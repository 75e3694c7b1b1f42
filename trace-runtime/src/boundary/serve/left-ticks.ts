/**
 * Of an exact run: what `process.nextTick` is to run and is left over where an exception was thrown that the program
 * handles itself. Node runs it, and microtasks behind it, after whatever comes next: what came next then, and nothing of
 * ours. Where Node is about to run it behind something of ours, its queue is broken off once more.
 */
import { AsyncResource } from 'node:async_hooks';
import { replace, type AnyFunction } from '../patch.ts';
import type { ServeOptions } from './serving.ts';

const { apply } = Reflect;
const HANDLED = 'uncaughtException';
/** Node goes on with its queue where a microtask has thrown. */
const QUEUE = 'node:internal/process/task_queues';
const NEAR_FRAMES = 24;
/** What breaks the queue off. */
const BREAK = new Error('HINDCAST');

interface Left {
  readonly resource: AsyncResource;
  readonly run: () => void;
}

export class LeftTicks {
  #holds = false;
  /** of what Node has taken from its queue already, in its order */
  #left: Left[] = [];
  #next = process.nextTick as AnyFunction;

  install({ hide, frames, quietly }: Pick<ServeOptions, 'hide' | 'frames' | 'quietly'>): void {
    const handled = (): void => {
      this.#holds ||= !frames(NEAR_FRAMES).some((frame) => frame.getFileName() === QUEUE);
    };
    // what Node does besides, it does quietly
    replace(
      process,
      '_fatalException',
      hide,
      (original): AnyFunction =>
        function (...args) {
          let result: unknown;
          const work = (): void => void (result = apply(original, this, args));
          heard(handled, () => (args[0] === BREAK ? quietly(work) : work()));
          return result;
        },
    );
    const queue = (run: () => void): void => this.#queue(run);
    replace(process, 'nextTick', hide, (original): AnyFunction => {
      this.#next = original;
      return function (...args) {
        const [callback, ...given] = args;
        if (typeof callback !== 'function' || process.listenerCount(HANDLED) === 0) return apply(original, this, args);
        return queue(() => void apply(callback as AnyFunction, undefined, given));
      };
    });
  }

  /** Something comes that came. */
  release(): void {
    this.#holds = false;
  }

  #queue(run: () => void): void {
    apply(this.#next, process, [() => this.#run(run)]);
  }

  #run(run: () => void): void {
    const left = this.#left;
    if (!this.#holds && left.length === 0) return run();
    left.push({ resource: new AsyncResource('HINDCAST'), run });
    while (left.length > 0) {
      if (left.length > 1 || this.#holds) this.#queue(nothing);
      if (this.#holds) throw BREAK;
      const first = left.shift()!;
      first.resource.runInAsyncScope(first.run);
    }
  }
}

/**
 * Hears what Node emits about an exception, while it does. At any other time no frame of ours is on the stack: Node prints such
 * frames where it makes the text of a stack by itself, as its test runner does.
 */
function heard(handled: () => void, work: () => void): void {
  const before = Object.getOwnPropertyDescriptor(process, 'emit');
  const emit = process.emit as AnyFunction;
  const ours = function (this: unknown, ...args: unknown[]): unknown {
    if (args[1] === BREAK) return true;
    if (args[0] === HANDLED) handled();
    return apply(emit, this, args);
  };
  Object.defineProperty(process, 'emit', { value: ours, writable: true, configurable: true, enumerable: false });
  try {
    work();
  } finally {
    // the program may have put its own there
    const isOurs = (process.emit as unknown) === ours;
    if (isOurs && before) Object.defineProperty(process, 'emit', before);
    else if (isOurs) Reflect.deleteProperty(process, 'emit');
  }
}

/** Keeps Node's queue from being empty. */
function nothing(): void {}
