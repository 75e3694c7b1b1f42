/**
 * `timers/promises`: a promise of it is a call that ends, `timer.promise`. In an exact run it is there when it has ended
 * well; where it was aborted, the program aborts it again.
 */
import { promising, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { override, type AnyFunction } from './patch.ts';
import { inRounds } from './rounds.ts';

const { apply } = Reflect;
const KIND = 'timer.promise';
const waits: Crossing = { args: () => ({}), result: () => ({}) };

export function installTimerPromises(log: BoundaryLog): void {
  const promises = process.getBuiltinModule('node:timers/promises');
  delayed(log, promises, 'setTimeout');
  promising(log, promises, 'setImmediate', KIND, waits);
  const scheduler = Object.getPrototypeOf(promises.scheduler) as object;
  delayed(log, scheduler, 'wait');
  promising(log, scheduler, 'yield', KIND, waits);
  inRounds(log, promises, ['setInterval'], {
    kind: KIND,
    result: ({ done }) => ({ last: done === true }),
    replay: ({ last }, { args: [, value] }) => (last === false ? { value, done: false } : undefined),
    given: ([delay, ...rest]) => [log.arrivals.timer(KIND, delay), ...rest],
  });
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
