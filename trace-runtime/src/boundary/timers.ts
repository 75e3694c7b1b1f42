/**
 * Timers and immediates: `timer` and `immediate` say which of them ran, by the `id` that it got when it was made. Only
 * where the run is to be executed again from what crossed the boundary: elsewhere ticks tell enough.
 */
import timers from 'node:timers';
import { arrivalKey } from '../model/recorded-world.ts';
import { safely } from './calls.ts';
import { limitChildren } from './child-limits.ts';
import type { BoundaryLog } from './log.ts';
import { replace, type AnyFunction } from './patch.ts';
import { delayJson, watchTimers, type WatchedTimers } from './timer-ends.ts';
import { replaceTimerFunction } from './timer-functions.ts';
import { installTimerPromises } from './timer-promises.ts';

const { apply } = Reflect;
const Controller = AbortController;
const Exception = DOMException;
const stop = clearTimeout;
const { refresh } = temporary();
/** Position of the delay among the arguments. */
const DELAY = 1;

export function installTimers(log: BoundaryLog): void {
  const watched = log.recorded && watchTimers(log, (kind, id) => log.note(kind, { id }));
  for (const name of ['setTimeout', 'setInterval'] as const) timed(log, name, watched);
  immediate(log);
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'] as const) cleared(log, name);
  installTimerPromises(log);
  timedSignals(log);
  // by timers that have their turn
  limitChildren({ hide: log.hide, start: timers.setTimeout, stop: timers.clearTimeout });
}

function timed(log: BoundaryLog, name: 'setTimeout' | 'setInterval', watched: WatchedTimers | undefined): void {
  replaceTimerFunction(name, log.hide, (original) => {
    const wrapper: AnyFunction = function (...args) {
      const [callback] = args;
      if (log.depth > 0 || typeof callback !== 'function' || log.isNodesOwn) return apply(original, this, args);
      const id = log.nextId();
      const key = arrivalKey('timer', id);
      args[0] = function (this: unknown, ...given: unknown[]): void {
        log.arrivals.arrive(key, () => {
          safely(log, () => log.report('timer', { id }));
          apply(callback as AnyFunction, this, given);
        });
      };
      const delay = args[DELAY];
      args[DELAY] = log.arrivals.timer(key, delay);
      const timer = apply(original, this, args) as NodeJS.Timeout;
      if (watched && log.fromRecordedCode) {
        safely(log, () => log.note('timer.set', { id, delay: delayJson(delay) }));
        watched.made(timer, id);
      }
      log.arrivals.made(key, { object: timer, isOnce: name === 'setTimeout', fire: () => fire(timer) });
      return timer;
    };
    return wrapper;
  });
}

interface Refreshed {
  _idleTimeout: number;
}

/** Lets a timer run in a millisecond, whatever its delay. */
function fire(timer: NodeJS.Timeout): void {
  const inside = timer as unknown as Refreshed;
  inside._idleTimeout = 1;
  apply(refresh, timer, []);
}

function immediate(log: BoundaryLog): void {
  replaceTimerFunction('setImmediate', log.hide, (original) => {
    const wrapper: AnyFunction = function (...args) {
      const [callback] = args;
      if (log.depth > 0 || typeof callback !== 'function' || log.isNodesOwn) return apply(original, this, args);
      const id = log.nextId();
      const key = arrivalKey('immediate', id);
      args[0] = function (this: unknown, ...given: unknown[]): void {
        log.arrivals.arrive(key, () => {
          safely(log, () => log.report('immediate', { id }));
          apply(callback as AnyFunction, this, given);
        });
      };
      const made = apply(original, this, args) as object;
      if (log.fromRecordedCode) safely(log, () => log.note('immediate.set', { id }));
      log.arrivals.made(key, { object: made, isOnce: true, fire: () => undefined });
      return made;
    };
    return wrapper;
  });
}

function cleared(log: BoundaryLog, name: 'clearTimeout' | 'clearInterval' | 'clearImmediate'): void {
  replaceTimerFunction(
    name,
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const [timer] = args;
        if (typeof timer === 'object' && timer !== null) log.arrivals.cancel(timer);
        return apply(original, this, args);
      },
  );
}

function temporary(): NodeJS.Timeout {
  const timer = setTimeout(() => undefined, 1);
  stop(timer);
  return timer;
}

/** `AbortSignal.timeout` with a timer that has its turn. */
export function timedSignals(log: BoundaryLog): void {
  replace(AbortSignal, 'timeout', log.hide, (original) => {
    const { timeout } = {
      timeout(this: unknown, ...args: unknown[]): unknown {
        const [delay] = args;
        // Node says what is wrong with it
        if (!Number.isInteger(delay) || !((delay as number) >= 0 && (delay as number) < 2 ** 31))
          return apply(original, this, args);
        const controller = new Controller();
        const late = (): void =>
          controller.abort(new Exception('The operation was aborted due to timeout', 'TimeoutError'));
        timers.setTimeout(late, delay as number).unref();
        return controller.signal;
      },
    };
    return timeout as AnyFunction;
  });
}
