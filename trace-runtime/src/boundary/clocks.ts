/** Time and Math.random, once per realm; `performance`, `process.hrtime` and the like once per thread. */
import { Clock } from '../wire/words.ts';
import type { BoundaryLog } from './log.ts';
import { disguise, ownData, replace, type AnyFunction } from './patch.ts';
import type { NumberRecords } from './number-words.ts';

/** What a realm has of its own: in a context the program may have put something else in their places. */
export interface Realm {
  Date?: DateConstructor;
  readonly Math?: Math;
  readonly Intl?: typeof Intl;
}

const { apply, construct } = Reflect;
const { defineProperty } = Object;

/** Methods have no `prototype` and cannot be constructed, like the natives that they stand for. */
export function installRealmClocks(log: BoundaryLog, records: NumberRecords, realm: Realm): void {
  if (realm.Math) installMath(log, records, realm.Math);
  if (realm.Date) installDate(log, records, realm, realm.Date);
  if (realm.Intl) installIntl(log, realm.Intl, realm.Date ?? Date);
}

function installMath({ hide }: BoundaryLog, records: NumberRecords, math: Math): void {
  const { random } = math;
  const wrappers = {
    random(): number {
      const value = random();
      records.random(value);
      return value;
    },
  };
  replace(math, 'random', hide, () => wrappers.random as AnyFunction);
}

function installDate(log: BoundaryLog, records: NumberRecords, realm: Realm, Native: DateConstructor): void {
  const { now } = Native;
  const { toString } = Native.prototype;
  function current(): number {
    const value = now();
    records.clock(Clock.date, value);
    return value;
  }
  const wrappers = {
    now(): number {
      return current();
    },
  };
  replace(Native, 'now', log.hide, () => wrappers.now as AnyFunction);

  const Recorded = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return apply(toString, new Native(current()), []);
    const given = args.length === 0 ? [current()] : args;
    return construct(Native, given, new.target === Recorded ? Native : new.target);
  } as unknown as DateConstructor;
  disguise(Recorded, Native, log.hide);
  defineProperty(Recorded, 'prototype', { writable: false });
  defineProperty(Native.prototype, 'constructor', {
    value: Recorded,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  defineProperty(realm, 'Date', { value: Recorded, writable: true, enumerable: false, configurable: true });
}

/** Formatting without a date would ask the native clock: it is given the recorded one's answer. */
function installIntl(log: BoundaryLog, intl: typeof Intl, { now }: DateConstructor): void {
  const { prototype } = intl.DateTimeFormat;
  const dated = (args: readonly unknown[]): readonly unknown[] => (args[0] === undefined ? [now()] : args);
  replace(prototype, 'formatToParts', log.hide, (original) => {
    const { formatToParts } = {
      formatToParts(this: unknown, ...args: unknown[]): unknown {
        return apply(original, this, dated(args));
      },
    };
    return formatToParts;
  });
  const own = Object.getOwnPropertyDescriptor(prototype, 'format');
  const getFormat = own?.get;
  if (!own || !getFormat) return;
  const bound = new WeakMap<object, AnyFunction>();
  const accessor = {
    get format(): unknown {
      const format: unknown = apply(getFormat, this, []);
      if (typeof format !== 'function') return format;
      let wrapper = bound.get(format);
      if (!wrapper) {
        const native = format as AnyFunction;
        wrapper = disguise((...args: unknown[]) => apply(native, undefined, dated(args)), native, log.hide);
        bound.set(format, wrapper);
      }
      return wrapper;
    },
  };
  const get = Object.getOwnPropertyDescriptor(accessor, 'format')?.get;
  if (get) defineProperty(prototype, 'format', { ...own, get: disguise(get, getFormat, log.hide) });
}

/** Clocks that a thread has once. */
export function installProcessClocks(log: BoundaryLog, records: NumberRecords): void {
  const { hide } = log;
  const prototype: object = Object.getPrototypeOf(performance);
  replace(prototype, 'now', hide, (original) => {
    const { now } = {
      now(this: unknown): unknown {
        const value = apply(original, this, []);
        records.clock(Clock.performance, value as number);
        return value;
      },
    };
    return now;
  });
  for (const name of ['mark', 'measure'] as const) {
    replace(prototype, name, hide, (original) => {
      const wrapper = {
        [name](this: unknown, ...args: unknown[]): unknown {
          const entry = apply(original, this, args);
          const { startTime, duration } = entry as { readonly startTime: number; readonly duration: number };
          records.clockPair(Clock.mark, startTime, duration);
          return entry;
        },
      };
      return wrapper[name] as AnyFunction;
    });
  }
  replace(
    process,
    'uptime',
    hide,
    (original) =>
      function () {
        const value = apply(original, this, []);
        records.clock(Clock.uptime, value as number);
        return value;
      },
  );
  installHrtime(log, records);
}

function installHrtime(log: BoundaryLog, records: NumberRecords): void {
  const nanoseconds = new BigInt64Array(1);
  const halves = new Int32Array(nanoseconds.buffer);
  const low30 = 0x3fffffff;
  const { hrtime } = process;
  const bigint = ownData(hrtime, 'bigint');
  replace(
    process,
    'hrtime',
    log.hide,
    (original) =>
      function (...args) {
        const pair = apply(original, this, args) as [number, number];
        records.clockPair(Clock.hrtime, pair[0], pair[1]);
        return pair;
      },
  );
  if (typeof bigint !== 'function') return;
  const native = bigint as () => bigint;
  replace(
    process.hrtime,
    'bigint',
    log.hide,
    () =>
      function () {
        const value = native();
        nanoseconds[0] = value;
        records.clockPair(Clock.hrtimeBigint, halves[0]! & low30, (halves[0]! >>> 30) | (halves[1]! << 2));
        return value;
      },
  );
}
