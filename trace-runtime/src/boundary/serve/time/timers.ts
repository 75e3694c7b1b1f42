/**
 * Timers that run when they are due on the virtual timeline. Each is one of Node's own with a delay that never ends, so
 * that it keeps the process, is cleared and tells of itself as ever; what is due is made to run at once.
 */
import { types } from 'node:util';
import { ownData, replace, type AnyFunction } from '../../patch.ts';
import { replaceTimerFunction } from '../../timer-functions.ts';
import type { Serving } from '../serving.ts';
import type { Begun, Durations, Took } from './durations.ts';
import { startTimer, stopTimer } from './real-time.ts';
import type { Due, Timeline } from './timeline.ts';

const { apply } = Reflect;
const { getPrototypeOf } = Object;
/** The longest delay that a timer takes. */
const NEVER = 2 ** 31 - 1;
const DELAY = 1;
/** So little later that nothing else comes between. */
const JUST_AFTER = 1e-6;
/** With more timers at a time, the order of new ones among recorded ones is not looked after. */
const MOST_COMPARED = 2000;

interface Timed {
  readonly due: Due;
  readonly delay: number;
  readonly took: Took | undefined;
  /** the recorded round that it is in */
  round: number;
  /** when Node would let it run, if nothing kept it */
  nominal: number;
}

/** What Node has of a timer. */
interface Inside {
  _idleTimeout: number;
}

/** `setTimeout` on the timeline for what Node does on the program's behalf. */
export type StartTimer = (work: () => void, delay: number) => NodeJS.Timeout;

export function serveTimers(serving: Serving, timeline: Timeline, durations: Durations): StartTimer {
  const { hide } = serving;
  const all = new WeakMap<object, Timed>();
  const pending = new Set<Timed>();
  const prototype: object = getPrototypeOf(temporary());
  const refresh = ownData(prototype, 'refresh') as AnyFunction;
  const unasked = timed(startTimer as AnyFunction, true, () => ({ isNodesOwn: false, took: undefined }));

  for (const name of ['setTimeout', 'setInterval'] as const)
    replaceTimerFunction(name, hide, (original): AnyFunction =>
      timed(original, name === 'setTimeout', (delay) => durations.of('timer', String(delay))),
    );

  function timed(original: AnyFunction, isOnce: boolean, begun: (delay: number) => Begun): AnyFunction {
    return function (...args) {
      const [callback, wanted] = args;
      const delay = delayOf(wanted);
      if (typeof callback !== 'function' || delay === undefined) return apply(original, this, args);
      const { isNodesOwn, took } = begun(delay);
      if (isNodesOwn) return apply(original, this, args);
      const run: AnyFunction = function (...given) {
        const timer = made;
        const isDue = timeline.begins(timer.due, () => {
          pending.delete(timer);
          timer.round++;
          if (!isOnce) again(timer);
          apply(callback as AnyFunction, this, given);
        });
        if (!isDue) waitOn(object);
      };
      if (!types.isProxy(callback)) hide(run, callback);
      args[0] = run;
      args[DELAY] = NEVER;
      const object = apply(original, this, args) as NodeJS.Timeout;
      const made = begin(object, delay, took);
      all.set(object, made);
      return object;
    };
  }

  function begin(object: NodeJS.Timeout, delay: number, took: Took | undefined): Timed {
    if (took) timeline.ran(took.rounds[0]!.lead);
    const isGone = (): boolean => ownData(object, '_destroyed') === true;
    const nominal = timeline.begun + delay;
    const due: Due = timeline.addTimer(() => fire(object, due), isGone);
    const made: Timed = { due, delay, took, round: 0, nominal };
    place(made, timeline.now() + lasts(made));
    return made;
  }

  function again(timer: Timed): void {
    timer.nominal = timer.due.due + timer.delay;
    place(timer, timer.due.due + lasts(timer));
  }

  /** A new timer runs behind those that Node would let run before it, however late the recorded ones were. */
  function place(timer: Timed, at: number): void {
    let due = at;
    if (pending.size < MOST_COMPARED)
      for (const other of pending) {
        if (other.due.isGone?.()) pending.delete(other);
        else if (timer.took === undefined && other.nominal <= timer.nominal) due = Math.max(due, other.due.due);
        else if (timer.took && !other.took && other.nominal > timer.nominal && other.due.due <= due)
          timeline.move(other.due, due + JUST_AFTER);
      }
    timeline.move(timer.due, due);
    pending.add(timer);
  }

  function refreshed(timer: Timed): void {
    const { took, due, delay } = timer;
    if (took?.rounds[timer.round]?.ends === 'refreshed') {
      timeline.ran(took.rounds[++timer.round]?.lead ?? 0);
      return place(timer, timeline.now() + lasts(timer));
    }
    // the recorded one was not; it does not come earlier for that
    place(timer, Math.max(took && due.state === 'here' ? due.due : 0, timeline.now() + delay));
  }

  function waitOn(object: NodeJS.Timeout): void {
    (object as unknown as Inside)._idleTimeout = NEVER;
    apply(refresh, object, []);
  }

  /** Node lets it run in a millisecond; where it was cleared meanwhile, it does not. */
  function fire(object: NodeJS.Timeout, due: Due): void {
    (object as unknown as Inside)._idleTimeout = 1;
    apply(refresh, object, []);
    const check = startTimer(() => timeline.abandon(due), 1);
    if (!object.hasRef()) check.unref();
  }

  replace(
    prototype,
    'refresh',
    hide,
    (original): AnyFunction =>
      function () {
        const timer = typeof this === 'object' && this !== null ? all.get(this) : undefined;
        if (!timer || ownData(this, '_idleTimeout') === -1) return apply(original, this, []);
        waitOn(this as NodeJS.Timeout);
        timer.nominal = timeline.begun + timer.delay;
        refreshed(timer);
        return this;
      },
  );
  return (work, delay) => unasked(work, delay) as NodeJS.Timeout;
}

/** Where the recorded one did not come, it comes as Node would let it, but not before the recorded one had waited. */
function lasts({ took, round, delay }: Timed): number {
  const recorded = took?.rounds[round];
  if (recorded?.ends === 'comes') return recorded.took;
  return Math.max(delay, recorded?.took ?? 0);
}

/** As Node takes it; undefined where it warns of it. */
function delayOf(wanted: unknown): number | undefined {
  if (typeof wanted === 'bigint' || typeof wanted === 'symbol') return undefined;
  const delay = Number(wanted);
  if (delay > NEVER) return undefined;
  return delay >= 1 ? Math.trunc(delay) : 1;
}

function temporary(): NodeJS.Timeout {
  const timer = startTimer(() => undefined, 1);
  stopTimer(timer);
  return timer;
}
