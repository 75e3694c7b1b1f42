/**
 * `timers/promises`: a promise of it is a call that ends, `timer.promise`. In an exact run it is there when it has ended
 * well; where it was aborted, the program aborts it again.
 */
import { promising, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { override, type AnyFunction } from './patch.ts';
import { inRounds, type Maker } from './rounds.ts';
import { delayJson } from './timer-ends.ts';

const { apply } = Reflect;
const KIND = 'timer.promise';
const waits: Crossing = { args: () => ({}), result: () => ({}) };

export function installTimerPromises(log: BoundaryLog): void {
  const promises = process.getBuiltinModule('node:timers/promises');
  delayed(log, promises, 'setTimeout');
  turnEnding(log, promises, 'setImmediate');
  const scheduler = Object.getPrototypeOf(promises.scheduler) as object;
  delayed(log, scheduler, 'wait');
  promising(log, scheduler, 'yield', KIND, waits);
  const every = intervals(log);
  inRounds(log, promises, ['setInterval'], {
    kind: KIND,
    args: (maker) => (every.asked(maker), {}),
    result: ({ done }, maker) => (every.round(maker, done === true), { last: done === true }),
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
        if (log.depth === 1) {
          if (log.fromRecordedCode) log.note('timer.set', { id: log.lastId, delay: delayJson(args[0]) });
          args[0] = log.arrivals.timer(endedWell(log) ? '' : KIND, args[0]);
        }
        return apply(inherited(), this, args);
      },
  );
  promising(log, owner, name, KIND, waits);
}

function turnEnding(log: BoundaryLog, owner: object, name: string): void {
  if (log.recorded) notesImmediates(log, owner, name);
  promising(log, owner, name, KIND, waits);
}

function notesImmediates(log: BoundaryLog, owner: object, name: string): void {
  override(
    owner,
    name,
    log.hide,
    (inherited): AnyFunction =>
      function (...args) {
        if (log.depth === 1 && log.fromRecordedCode) log.note('immediate.set', { id: log.lastId });
        return apply(inherited(), this, args);
      },
  );
}

/** Notes each iterator as one timer that runs each round. Rounds are calls with ids of their own: these are below zero. */
function intervals(log: BoundaryLog) {
  const ids = new WeakMap<Maker, number>();
  let count = 0;
  return {
    asked(maker: Maker): void {
      if (ids.has(maker)) return;
      ids.set(maker, --count);
      log.note('timer.set', { id: count, delay: delayJson(maker.args[0]) });
    },
    round(maker: Maker, isLast: boolean): void {
      log.note(isLast ? 'timer.cleared' : 'timer', { id: ids.get(maker) ?? 0 });
    },
  };
}

function endedWell(log: BoundaryLog): boolean {
  const ended = log.recorded?.ended(KIND, log.lastId);
  return typeof ended === 'object' && ended['error'] === undefined;
}
