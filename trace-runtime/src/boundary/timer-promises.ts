/**
 * `timers/promises`: a promise of it is a call that ends, `timer.promise`. In an exact run it is there when it has ended
 * well; where it was aborted, the program aborts it again.
 */
import { promising, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { override, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { getPrototypeOf, setPrototypeOf } = Object;
const KIND = 'timer.promise';
const waits: Crossing = { args: () => ({}), result: () => ({}) };

export function installTimerPromises(log: BoundaryLog): void {
  const promises = process.getBuiltinModule('node:timers/promises');
  delayed(log, promises, 'setTimeout');
  promising(log, promises, 'setImmediate', KIND, waits);
  const scheduler = Object.getPrototypeOf(promises.scheduler) as object;
  delayed(log, scheduler, 'wait');
  promising(log, scheduler, 'yield', KIND, waits);
  repeated(log, promises);
}

/** The delay is the first argument. */
function delayed(log: BoundaryLog, owner: object, name: string): void {
  override(
    owner,
    name,
    log.hide,
    (inherited): AnyFunction =>
      function (...args) {
        if (log.depth === 1) args[0] = log.arrivals.timer(endedWell(log) ? '' : KIND, args[0]);
        return apply(inherited(), this, args);
      },
  );
  promising(log, owner, name, KIND, waits);
}

function endedWell(log: BoundaryLog): boolean {
  const ended = log.recorded?.ended(KIND, log.lastId);
  return typeof ended === 'object' && ended['error'] === undefined;
}

/** Each round of `setInterval` is a call. */
function repeated(log: BoundaryLog, promises: { readonly setInterval: object }): void {
  const rounds: unknown = Reflect.get(promises.setInterval, 'prototype');
  if (typeof rounds !== 'object' || rounds === null) return;
  const values = new WeakMap<object, unknown>();
  replace(promises, 'setInterval', log.hide, (original) => {
    const wrapper: AnyFunction = function (...args) {
      const [delay, value] = args;
      const iterator = apply(original, this, [log.arrivals.timer(KIND, delay), ...args.slice(1)]) as object;
      values.set(iterator, value);
      return iterator;
    };
    return setPrototypeOf(wrapper, getPrototypeOf(original) as object);
  });
  override(
    rounds,
    'next',
    log.hide,
    (inherited): AnyFunction =>
      function (...args) {
        return apply(inherited(), this, args);
      },
  );
  promising(log, rounds, 'next', KIND, {
    args: () => ({}),
    result: ([round]) => ({ last: (round as IteratorResult<unknown>).done === true }),
    replay: ({ last }, _, iterator) =>
      last === false ? [{ value: values.get(iterator as object), done: false }] : undefined,
  });
}
