/** The three shapes of a call that crosses the boundary: one that returns, one that calls back, one that promises. */
import { types } from 'node:util';
import { arrivalKey, beginningOf, type RecordedCall } from '../model/recorded-world.ts';
import { recordedFailure, type Answered, type RecordedCalls } from './recorded-calls.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import type { Members } from './json.ts';
import { ownData, replace, type AnyFunction } from './patch.ts';

type Detail = RecordedCall['detail'];

export interface Crossing {
  /** what the call was made with */
  readonly args: (args: readonly unknown[], self: unknown) => Members;
  /** what it brought; also the place to report bytes that were written into the program's own arrays */
  readonly result: (results: readonly unknown[], args: readonly unknown[], self: unknown) => Members;
  /** calls that are not crossings, for instance output that is recorded elsewhere */
  readonly ignore?: (args: readonly unknown[]) => boolean;
  /** the call is no crossing, but made of some: what carries it out */
  readonly byParts?: (args: readonly unknown[]) => AnyFunction | undefined;
  /** the call is part of one that is made of crossings: it is one also where Node makes it */
  readonly isPart?: (args: readonly unknown[]) => boolean;
  /** an exact run: what the call brings again. undefined: the log does not hold enough, and the call is made */
  readonly replay?: (detail: Detail, args: readonly unknown[], self: unknown) => readonly unknown[] | undefined;
  /** a callback gets its result alone */
  readonly isBare?: boolean;
  /** others see at once what the call does: no kill may leave the recording behind that */
  readonly outward?: boolean;
}

const { apply } = Reflect;
const { isPromise, isNativeError } = types;
const NewPromise = Promise;
const Signal = AbortSignal;
const later = setImmediate;
const ABORTED = 'ABORT_ERR';
/** The longest that a timer can be. */
const LONG_MS = 2 ** 31 - 1;

/** One record: arguments and result, or arguments and `error`. */
export function returning(log: BoundaryLog, owner: object, key: PropertyKey, kind: string, crossing: Crossing): void {
  replace(owner, key, log.hide, (original) => {
    const wrapper: AnyFunction = function (...args) {
      if (log.depth > 0 || crossing.ignore?.(args)) return apply(original, this, args);
      let value: unknown;
      const answer =
        log.recorded &&
        answerOf(returnedThen(log, log.recorded, kind, crossing.args(args, this)), crossing, args, this);
      if (answer && 'error' in answer) {
        const { error } = answer;
        safely(log, () => log.report(kind, crossing.args(args, this), { error: errorJson(error) }));
        throw error;
      }
      if (answer && 'values' in answer) {
        const { values } = answer;
        safely(log, () => log.report(kind, crossing.args(args, this), crossing.result(values, args, this)));
        return values[0];
      }
      log.depth++;
      try {
        if (crossing.outward) log.sink.flush();
        else log.sink.flushAged?.();
        value = apply(original, this, args);
      } catch (error) {
        log.depth--;
        safely(log, () => log.report(kind, crossing.args(args, this), { error: errorJson(error) }));
        throw error;
      }
      log.depth--;
      safely(log, () => log.report(kind, crossing.args(args, this), crossing.result([value], args, this)));
      return value;
    };
    return wrapper;
  });
}

/** What the same call returned. Node's own calls are not always made in the same order, nor always made. */
function returnedThen(log: BoundaryLog, recorded: RecordedCalls, kind: string, { path }: Members): Detail | undefined {
  const same = typeof path === 'string' ? recorded.returnedFor(kind, log.redact.text(path)) : undefined;
  if (same || (typeof path === 'string' && !log.fromRecordedCode)) return same;
  return recorded.returned(kind);
}

/** Two records joined by `id`: the call, and `KIND.done` just before the program's callback runs. */
export function callingBack(log: BoundaryLog, owner: object, key: PropertyKey, kind: string, crossing: Crossing): void {
  const done = `${kind}.done`;
  replace(owner, key, log.hide, (original) => {
    const wrapper: AnyFunction = function (...args) {
      const last = args.length - 1;
      const callback = args[last];
      if (log.depth > 0 || typeof callback !== 'function' || crossing.ignore?.(args))
        return apply(original, this, args);
      if (!crossing.isPart?.(args) && log.isNodesOwn) return apply(original, this, args);
      const whole = crossing.byParts?.(args);
      if (whole) return apply(whole, this, args);
      const id = log.nextId();
      safely(log, () => begins(log, kind, id, crossing.args(args, this)));
      const given = args.slice(0, last);
      const told = (results: readonly unknown[]): void => {
        const [first] = results;
        if (isNativeError(first)) return log.reportTimed(done, { id }, { error: errorJson(first) });
        const values = first === null || first === undefined ? results.slice(1) : results;
        log.reportTimed(done, { id }, crossing.result(values, given, this));
      };
      args[last] = function (this: unknown, ...results: unknown[]): unknown {
        let returned: unknown;
        log.arrivals.arrive(arrivalKey(done, id), () => {
          safely(log, () => told(results));
          returned = apply(callback as AnyFunction, this, results);
        });
        return returned;
      };
      const answer = log.recorded && answerOf(log.recorded.ended(kind, id), crossing, given, this);
      if (answer) {
        if ('pending' in answer) return undefined;
        const back = args[last] as AnyFunction;
        if ('abortedBy' in answer) {
          abortion(log, answer.abortedBy).catch((error: unknown) => later(() => apply(back, undefined, [error])));
          return undefined;
        }
        const before = crossing.isBare ? [] : [null];
        const results = 'error' in answer ? [answer.error] : [...before, ...answer.values];
        later(() => apply(back, undefined, results));
        return undefined;
      }
      return asked(log, kind, id, () => apply(original, this, args));
    };
    return wrapper;
  });
}

function begins(log: BoundaryLog, kind: string, id: number, args: Members): void {
  log.reportTimed(kind, { id }, args);
  log.arrivals.begins(arrivalKey(`${kind}.done`, id), kind, beginningOf(args));
}

/** What Node finds wrong with a call it says at once; it will again. */
function asked(log: BoundaryLog, kind: string, id: number, call: () => unknown): unknown {
  const { depth } = log;
  log.depth++;
  try {
    return call();
  } catch (error) {
    log.depth = depth;
    log.arrivals.thrown(arrivalKey(`${kind}.done`, id));
    if (log.hasTurns) safely(log, () => log.report(`${kind}.thrown`, { id }));
    throw error;
  } finally {
    log.depth = depth;
  }
}

/** As `callingBack`, for a function that returns a promise. */
export function promising(log: BoundaryLog, owner: object, key: PropertyKey, kind: string, crossing: Crossing): void {
  const done = `${kind}.done`;
  replace(owner, key, log.hide, (original) => {
    const { wrapper } = {
      // A method has no `prototype`, like the async functions it stands for.
      wrapper(this: unknown, ...args: unknown[]): unknown {
        if (log.depth > 0 || crossing.ignore?.(args) || log.isNodesOwn) return apply(original, this, args);
        const id = log.nextId();
        safely(log, () => begins(log, kind, id, crossing.args(args, this)));
        const answer = log.recorded && answerOf(log.recorded.ended(kind, id), crossing, args, this);
        const promise = asked(log, kind, id, () => (answer ? promised(log, answer) : apply(original, this, args)));
        if (!isPromise(promise)) return promise;
        const fulfilled = (value: unknown): void =>
          safely(log, () => log.reportTimed(done, { id }, crossing.result([value], args, this)));
        const rejected = (error: unknown): void =>
          safely(log, () => log.reportTimed(done, { id }, { error: errorJson(error) }));
        return log.arrivals.settle(arrivalKey(done, id), promise, fulfilled, rejected);
      },
    };
    return wrapper;
  });
}

function answerOf(
  detail: Detail | 'pending' | undefined,
  crossing: Crossing,
  args: readonly unknown[],
  self: unknown,
): Answered {
  if (!crossing.replay || detail === undefined) return undefined;
  if (detail === 'pending') return { pending: true };
  if (detail['error'] !== undefined) {
    const error = recordedFailure(detail['error'], args);
    if (error) return { error };
    const abortedBy =
      detail['error'] !== null && Reflect.get(Object(detail['error']), 'code') === ABORTED && signalIn(args);
    return abortedBy ? { abortedBy } : undefined;
  }
  const values = crossing.replay(detail, args, self);
  return values && { values };
}

function signalIn(args: readonly unknown[]): AbortSignal | undefined {
  for (const each of args) {
    const signal = ownData(each, 'signal');
    if (signal instanceof Signal) return signal;
  }
  return undefined;
}

/** Rejects with Node's own error for it as soon as the signal says so. */
function abortion(log: BoundaryLog, signal: AbortSignal): Promise<never> {
  log.depth++;
  try {
    return process
      .getBuiltinModule('node:timers/promises')
      .setTimeout(LONG_MS, undefined as never, { signal, ref: false });
  } finally {
    log.depth--;
  }
}

function promised(log: BoundaryLog, answer: NonNullable<Answered>): Promise<unknown> {
  if ('pending' in answer) return new NewPromise(() => undefined);
  if ('abortedBy' in answer) return abortion(log, answer.abortedBy);
  return 'error' in answer ? NewPromise.reject(answer.error) : NewPromise.resolve(answer.values[0]);
}

/** Recording must never change the program: what goes wrong here is noted and forgotten. */
export function safely(log: BoundaryLog, work: () => void): void {
  const { depth } = log;
  try {
    log.sink.quietly(work);
  } catch (error) {
    log.depth = depth;
    log.sink.emitLedger({ kind: 'dropped', subject: 'boundary', reason: String(error) });
  }
}
