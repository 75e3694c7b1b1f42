/** `timers/promises` and `AbortSignal.timeout`, made of the virtual timers. What Node finds wrong with a call it says itself. */
import timers from 'node:timers';
import { override, replace, type AnyFunction } from '../../patch.ts';
import type { Serving } from '../serving.ts';

const { apply } = Reflect;
const { getPrototypeOf } = Object;
const NewPromise = Promise;
const Signal = AbortSignal;

interface Options {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** To be called when the timers of `node:timers` are virtual, and nothing else stands over them. */
export function serveTimerPromises(serving: Serving): void {
  const { setTimeout: start, setInterval: startEvery, clearTimeout: stop } = timers;
  const promises = process.getBuiltinModule('node:timers/promises');
  const { hide } = serving;

  function sleep(
    delay: number | undefined,
    value: unknown,
    { signal, ref }: Options,
    aborted: () => unknown,
  ): Promise<unknown> {
    return new NewPromise((resolve) => {
      const abort = (): void => {
        stop(timer);
        resolve(aborted());
      };
      const over = (told: unknown): void => {
        signal?.removeEventListener('abort', abort);
        resolve(told);
      };
      const timer = start(over, delay, value);
      if (ref === false) timer.unref();
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  replace(
    promises,
    'setTimeout',
    hide,
    (original): AnyFunction =>
      function (...args) {
        const [delay, value, options = {}] = args;
        if (!isDelay(delay) || !isPlain(options)) return apply(original, this, args);
        return sleep(delay, value, options, () => apply(original, promises, [1, value, options]));
      },
  );
  override(
    getPrototypeOf(promises.scheduler) as object,
    'wait',
    hide,
    (inherited): AnyFunction =>
      function (...args) {
        const [delay, options = {}] = args;
        if (!isDelay(delay) || !isPlain(options)) return apply(inherited(), this, args);
        const { signal } = options;
        const given = signal ? { signal } : {};
        return sleep(delay, undefined, given, () => apply(inherited(), this, [1, options]));
      },
  );
  replace(
    promises,
    'setInterval',
    hide,
    (original): AnyFunction =>
      function (...args) {
        const [delay, value, options = {}] = args;
        if (!isDelay(delay) || !isPlain(options)) return apply(original, this, args);
        return rounds(delay, value, options, () => apply(original, promises, [1, value, options]) as Rounds);
      },
  );

  async function* rounds(
    delay: number | undefined,
    value: unknown,
    { signal, ref }: Options,
    aborted: () => Rounds,
  ): Rounds {
    let due = 0;
    let wake: (() => void) | undefined;
    const timer = startEvery(() => {
      due++;
      wake?.();
    }, delay);
    if (ref === false) timer.unref();
    const abort = (): void => wake?.();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      while (signal?.aborted !== true) {
        if (due === 0) await new NewPromise<void>((resolve) => (wake = resolve));
        for (; due > 0; due--) yield value;
      }
      yield* aborted();
    } finally {
      stop(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

type Rounds = AsyncGenerator<unknown, void, unknown>;

function isDelay(delay: unknown): delay is number | undefined {
  return delay === undefined || typeof delay === 'number';
}

function isPlain(options: unknown): options is Options {
  if (typeof options !== 'object' || options === null) return false;
  const { signal, ref } = options as { readonly signal?: unknown; readonly ref?: unknown };
  const isSignal = signal === undefined || (signal instanceof Signal && !signal.aborted);
  return isSignal && (ref === undefined || typeof ref === 'boolean');
}
