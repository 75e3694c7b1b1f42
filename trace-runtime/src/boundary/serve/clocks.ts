/**
 * Time as it was. A statement that asks again is told what it was told; any other asks in between, and is told a time
 * that goes on from the last one, with the virtual timeline: clocks never run out, never go back, and do not tell how
 * long the machine takes.
 */
import { Clock } from '../../wire/words.ts';
import { replace, ownData, type AnyFunction } from '../patch.ts';
import type { Realm } from '../clocks.ts';
import { LOOKED_AT } from './answers.ts';
import type { Caller } from './callers.ts';
import type { Serving } from './serving.ts';
import type { Timeline } from './time/timeline.ts';

const { apply } = Reflect;
const realNow = process.hrtime.bigint;

interface ClockOf {
  /** what is told now; `live` is the real clock's */
  tell(live: number): number;
}

export interface Clocks {
  installRealm(realm: Realm): void;
}

/** `timeline`: of a run that may go another way. */
export function serveClocks(serving: Serving, timeline: Timeline | undefined): Clocks {
  const { hide } = serving;
  const clockOf = (kind: number, nanoseconds: number, round: (time: number) => number, begin?: number): ClockOf =>
    createClock(serving, timeline, { kind, nanoseconds, round, begin });
  const date = clockOf(Clock.date, 1e6, Math.floor, serving.world.startedAt);
  const asIs = (time: number): number => time;
  const performanceClock = clockOf(Clock.performance, 1e6, asIs);
  const uptime = clockOf(Clock.uptime, 1e9, asIs);
  const hrtime = clockOf(Clock.hrtime, 1, Math.round);
  const hrtimeBigint = clockOf(Clock.hrtimeBigint, 1, Math.round);

  const prototype: object = Object.getPrototypeOf(performance);
  replace(prototype, 'now', hide, (original) => {
    const { now } = {
      now(this: unknown): number {
        return performanceClock.tell(apply(original, this, []) as number);
      },
    };
    return now as AnyFunction;
  });
  replace(
    process,
    'uptime',
    hide,
    (original) =>
      function () {
        return uptime.tell(apply(original, this, []) as number);
      },
  );
  const native = ownData(process.hrtime, 'bigint') as () => bigint;
  replace(
    process,
    'hrtime',
    hide,
    (original) =>
      function (...args) {
        const pair = apply(original, this, serving.isExact ? args : []) as [number, number];
        const told = hrtime.tell(pair[0] * 1e9 + pair[1]);
        const [since] = args;
        const [seconds, nanos] = [Math.floor(told / 1e9), told % 1e9];
        // the log has what was told, be it a time or the difference of two
        if (!Array.isArray(since) || serving.isExact) return [seconds, nanos];
        const past = told - ((since[0] as number) * 1e9 + (since[1] as number));
        return [Math.floor(past / 1e9), past % 1e9];
      },
  );
  replace(
    process.hrtime,
    'bigint',
    hide,
    () =>
      function () {
        return BigInt(hrtimeBigint.tell(Number(native())));
      },
  );

  if (serving.isExact) serveMarks(serving, prototype);

  return {
    installRealm({ Date: Own }) {
      if (Own === undefined) return;
      const { now } = Own;
      const wrappers = {
        now(): number {
          return date.tell(now());
        },
      };
      replace(Own, 'now', hide, () => wrappers.now as AnyFunction);
    },
  };
}

/** Marks and measures as they were: both take their times as options. */
function serveMarks(serving: Serving, prototype: object): void {
  for (const name of ['mark', 'measure'] as const)
    replace(
      prototype,
      name,
      serving.hide,
      (original): AnyFunction =>
        function (...args) {
          const next = serving.answers.next(`clock:${Clock.mark}`);
          if (!Array.isArray(next?.value)) return apply(original, this, args);
          const [startTime, duration] = next.value as [number, number];
          const given = typeof args[1] === 'object' && args[1] !== null ? args[1] : {};
          const { detail } = given as { detail?: unknown };
          const options = name === 'mark' ? { detail, startTime } : { detail, start: startTime, duration };
          return apply(original, this, [args[0], options]);
        },
    );
}

interface ClockKind {
  /** a Clock */
  readonly kind: number;
  /** in one unit of it */
  readonly nanoseconds: number;
  readonly round: (time: number) => number;
  /** its time when the recorded run began, where the recording has no other */
  readonly begin: number | undefined;
}

const UNPLACED: Caller = { by: 'program', place: undefined };
/** Any two calls are so far apart, in nanoseconds. */
const STEP = 1000;
/** Code that asks so often in one turn of the event loop waits for time to go on. */
const WAITS = 1000;
/** What the recorded run was told next is not passed by less, in nanoseconds. */
const NEAR = 50e6;

function createClock(
  serving: Serving,
  timeline: Timeline | undefined,
  { kind, nanoseconds, round, begin }: ClockKind,
): ClockOf {
  const name = `clock:${kind}`;
  const { answers } = serving;
  const known = answers.knows(name);
  let last = begin;
  let lastOrder = -1;
  let at = realNow();
  let virtualAt = 0;
  let turn = 0;
  let calls = 0;
  let asked = 0;

  /** `undefined`: the real clock */
  function goOn(live: number): number {
    if (last === undefined && !timeline) return live;
    last = Math.max(last ?? live, passed(last ?? live));
    stands();
    return round(last);
  }

  function stands(): void {
    at = realNow();
    virtualAt = timeline?.now() ?? 0;
  }

  function passed(from: number): number {
    if (!timeline) return from + Number(realNow() - at) / nanoseconds;
    const { turn: present } = timeline;
    calls = turn === present ? calls + 1 : 0;
    turn = present;
    const further = from + ((timeline.now() - virtualAt) * 1e6 + STEP) / nanoseconds;
    if (calls > WAITS) return further + Number(realNow() - at) / nanoseconds;
    const next = known ? answers.following(name, lastOrder) : undefined;
    const coming = next === undefined ? Infinity : numberOf(kind, next.value);
    return further > coming && further - coming < NEAR / nanoseconds ? coming : further;
  }

  return {
    tell(live) {
      if (serving.isExact) {
        const next = answers.next(name);
        if (!next) return goOn(live);
        last = numberOf(kind, next.value);
        stands();
        return last;
      }
      const recorded = serving.fromRecordedCode;
      // a loop that waits asks very often
      const caller: Caller = recorded && ++asked > LOOKED_AT ? UNPLACED : serving.caller();
      if (caller.by === 'tool' || caller.by === 'loader' || (caller.by === 'node' && !recorded)) return live;
      const found = recorded && known ? answers.take(name, '', caller.place) : undefined;
      if (!found) return goOn(live);
      const told = numberOf(kind, found.value);
      const isBehind = last !== undefined && told < last;
      lastOrder = Math.max(lastOrder, found.order);
      last = isBehind ? last! : told;
      stands();
      return isBehind ? round(last) : told;
    },
  };
}

/** Of the kinds in pairs, in nanoseconds. */
function numberOf(kind: number, value: unknown): number {
  if (!Array.isArray(value)) return Number(value);
  const [first, second] = value as [number, number];
  return kind === Clock.hrtime ? first * 1e9 + second : first + second * 2 ** 30;
}
