/** What happens to a timer besides that it runs: it is cleared, or refreshed. */
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { replace, type AnyFunction } from './patch.ts';
import { replaceTimerFunction } from './timer-functions.ts';

const { apply } = Reflect;
const { getPrototypeOf } = Object;

export interface WatchedTimers {
  made(timer: object, id: number): void;
}

/** Tells of timers that were `made`, by their ids. */
export function watchTimers(
  log: BoundaryLog,
  tell: (kind: 'timer.cleared' | 'timer.refreshed', id: number) => void,
): WatchedTimers {
  const ids = new WeakMap<object, number>();
  for (const name of ['clearTimeout', 'clearInterval'] as const) replaceTimerFunction(name, log.hide, clears);
  replace(getPrototypeOf(temporary()) as object, 'refresh', log.hide, refreshes);
  return { made: (timer, id) => void ids.set(timer, id) };

  function clears(original: AnyFunction): AnyFunction {
    return function (...args) {
      const id = idOf(args[0]);
      if (id !== undefined && ids.delete(args[0] as object)) safely(log, () => tell('timer.cleared', id));
      return apply(original, this, args);
    };
  }

  function refreshes(original: AnyFunction): AnyFunction {
    return function () {
      const id = idOf(this);
      if (id !== undefined) safely(log, () => tell('timer.refreshed', id));
      return apply(original, this, []);
    };
  }

  function idOf(timer: unknown): number | undefined {
    return typeof timer === 'object' && timer !== null ? ids.get(timer) : undefined;
  }
}

/** What is kept of a delay. */
export function delayJson(delay: unknown): number | null {
  return typeof delay === 'number' ? delay : null;
}

function temporary(): NodeJS.Timeout {
  const timer = setTimeout(() => undefined, 1);
  clearTimeout(timer);
  return timer;
}
