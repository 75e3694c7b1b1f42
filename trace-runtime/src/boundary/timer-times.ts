/**
 * When timers and immediates ran, of a run that is rerun on edited code: `timer.set` with the delay, `timer` each time it
 * runs, `timer.refreshed` and `timer.cleared`; `immediate.set` and `immediate`; joined by `id`, each with its `time`. What a rerun's virtual
 * timeline is made of.
 */
import { types } from 'node:util';
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { override, replace, type AnyFunction } from './patch.ts';
import { delayJson, watchTimers } from './timer-ends.ts';
import { replaceTimerFunction } from './timer-functions.ts';
import { timedSignals } from './timers.ts';

const { apply } = Reflect;
const { defineProperty, getPrototypeOf } = Object;
const { isPromise, isProxy } = types;
const { then } = Promise.prototype;
const DELAY = 1;

export function installTimerTimes(log: BoundaryLog): void {
  const watched = watchTimers(log, (kind, id) => log.reportTimed(kind, { id }));
  for (const name of ['setTimeout', 'setInterval'] as const)
    replaceTimerFunction(name, log.hide, (original) => timed(original));
  replaceTimerFunction('setImmediate', log.hide, (original) => immediate(original));
  timedSignals(log);
  const promises = process.getBuiltinModule('node:timers/promises');
  replace(promises, 'setTimeout', log.hide, (original): AnyFunction => sleeps(() => original));
  override(getPrototypeOf(promises.scheduler) as object, 'wait', log.hide, sleeps);
  replace(promises, 'setInterval', log.hide, rounds);
  replace(promises, 'setImmediate', log.hide, turnEnds);

  function timed(original: AnyFunction): AnyFunction {
    return function (...args) {
      const [callback] = args;
      // what Node sets for itself decides no race that the program sees
      if (log.depth > 0 || typeof callback !== 'function' || !log.fromRecordedCode) return apply(original, this, args);
      const id = log.nextId();
      const run: AnyFunction = function (...given) {
        safely(log, () => log.reportTimed('timer', { id }));
        return log.below(() => apply(callback as AnyFunction, this, given));
      };
      if (!isProxy(callback)) log.hide(run, callback);
      args[0] = run;
      const timer = apply(original, this, args) as object;
      safely(log, () => log.reportTimed('timer.set', { id, delay: delayJson(args[DELAY]) }));
      watched.made(timer, id);
      return timer;
    };
  }

  function immediate(original: AnyFunction): AnyFunction {
    return function (...args) {
      const [callback] = args;
      if (log.depth > 0 || typeof callback !== 'function' || !log.fromRecordedCode) return apply(original, this, args);
      const id = log.nextId();
      const run: AnyFunction = function (...given) {
        safely(log, () => log.reportTimed('immediate', { id }));
        return log.below(() => apply(callback as AnyFunction, this, given));
      };
      if (!isProxy(callback)) log.hide(run, callback);
      args[0] = run;
      safely(log, () => log.reportTimed('immediate.set', { id }));
      return apply(original, this, args);
    };
  }

  /** The delay is the first argument. */
  function sleeps(inherited: () => AnyFunction): AnyFunction {
    return function (...args) {
      if (log.depth > 0 || !log.fromRecordedCode) return apply(inherited(), this, args);
      const id = log.nextId();
      safely(log, () => log.reportTimed('timer.set', { id, delay: delayJson(args[0]) }));
      return ending(apply(inherited(), this, args), id, () => 'timer');
    };
  }

  function turnEnds(original: AnyFunction): AnyFunction {
    return function (...args) {
      if (log.depth > 0 || !log.fromRecordedCode) return apply(original, this, args);
      const id = log.nextId();
      safely(log, () => log.reportTimed('immediate.set', { id }));
      return ending(apply(original, this, args), id, () => 'immediate');
    };
  }

  function rounds(original: AnyFunction): AnyFunction {
    return function (...args) {
      const iterator = apply(original, this, args) as AsyncIterator<unknown>;
      if (log.depth > 0 || !log.fromRecordedCode) return iterator;
      const id = log.nextId();
      safely(log, () => log.reportTimed('timer.set', { id, delay: delayJson(args[0]) }));
      const { next } = {
        next(this: unknown, ...given: unknown[]): unknown {
          const round = apply(getPrototypeOf(iterator).next as AnyFunction, this, given);
          return ending(round, id, (value) => ((value as IteratorResult<unknown>).done ? 'timer.cleared' : 'timer'));
        },
      };
      defineProperty(iterator, 'next', { value: next, writable: true, enumerable: false, configurable: true });
      return iterator;
    };
  }

  /** The same promise, one microtask later, when it was told how it ended. */
  function ending(promise: unknown, id: number, kindOf: (value: unknown) => string): unknown {
    if (!isPromise(promise)) return promise;
    const tell = (kind: string): void => safely(log, () => log.reportTimed(kind, { id }));
    return apply(then, promise, [
      (value: unknown) => (tell(kindOf(value)), value),
      (error: unknown) => {
        tell('timer.cleared');
        throw error;
      },
    ]);
  }
}
