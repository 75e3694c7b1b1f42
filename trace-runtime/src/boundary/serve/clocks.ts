/**
 * Time as it was. A statement that asks again is told what it was told; any other asks in between, and is told a time
 * that goes on from the last one: clocks never run out and never go back.
 */
import { Clock } from '../../wire/words.ts';
import { replace, ownData, type AnyFunction } from '../patch.ts';
import type { Realm } from '../clocks.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const realNow = process.hrtime.bigint;

interface ClockOf {
  /** what is told now; `live` is the real clock's */
  tell(live: number): number;
}

export interface Clocks {
  installRealm(realm: Realm): void;
}

export function serveClocks(serving: Serving): Clocks {
  const { hide } = serving;
  const date = clockOf(serving, Clock.date, 1e6, Math.floor, serving.world.startedAt);
  const asIs = (time: number): number => time;
  const performanceClock = clockOf(serving, Clock.performance, 1e6, asIs);
  const uptime = clockOf(serving, Clock.uptime, 1e9, asIs);
  const hrtime = clockOf(serving, Clock.hrtime, 1, Math.round);
  const hrtimeBigint = clockOf(serving, Clock.hrtimeBigint, 1, Math.round);

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
    installRealm(realm) {
      const { now } = realm.Date;
      const wrappers = {
        now(): number {
          return date.tell(now());
        },
      };
      replace(realm.Date, 'now', hide, () => wrappers.now as AnyFunction);
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

/** `nanoseconds` in one unit of the clock; `begin`: its time when the recorded run began, where the recording has no other. */
function clockOf(
  serving: Serving,
  kind: number,
  nanoseconds: number,
  round: (time: number) => number,
  begin?: number,
): ClockOf {
  const name = `clock:${kind}`;
  const { answers } = serving;
  const known = answers.knows(name);
  let last = begin;
  let lastOrder = -1;
  let at = realNow();

  /** `undefined`: the real clock */
  function goOn(live: number): number {
    if (last === undefined) return live;
    const now = realNow();
    last += Number(now - at) / nanoseconds;
    at = now;
    return round(last);
  }

  return {
    tell(live) {
      if (serving.isExact) {
        const next = answers.next(name);
        if (!next) return goOn(live);
        last = numberOf(kind, next.value);
        at = realNow();
        return last;
      }
      const caller = serving.caller();
      const recorded = serving.fromRecordedCode;
      if (caller.by === 'tool' || caller.by === 'loader' || (caller.by === 'node' && !recorded)) return live;
      const found = recorded && known ? answers.take(name, '', caller.place) : undefined;
      if (!found) return goOn(live);
      const told = numberOf(kind, found.value);
      const isLate = found.order < lastOrder && last !== undefined;
      last = isLate ? Math.max(told, last!) : told;
      if (!isLate) lastOrder = found.order;
      at = realNow();
      return isLate ? round(last) : told;
    },
  };
}

/** Of the kinds in pairs, in nanoseconds. */
function numberOf(kind: number, value: unknown): number {
  if (!Array.isArray(value)) return Number(value);
  const [first, second] = value as [number, number];
  return kind === Clock.hrtime ? first * 1e9 + second : first + second * 2 ** 30;
}
