/**
 * Channels to child processes and to the parent: when what was sent has gone, and when the other end has closed. Messages that
 * come are in messages.ts and children.ts. `whose`: `{child}`, or `{to: 'parent'}`.
 */
import { channelOf } from '../model/channel-keys.ts';
import { arrivalKey } from '../model/recorded-world.ts';
import { symbolOf } from './broadcasts.ts';
import { safely } from './calls.ts';
import type { Members } from './json.ts';
import { errorJson, type BoundaryLog } from './log.ts';
import { ownData, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { assign } = Object;

/** What Node is to be given instead of the arguments of `send`: what it calls back has its turn. */
export function sentInTurn(log: BoundaryLog, whose: Members, args: unknown[]): unknown[] {
  const at = args.findLastIndex((each) => typeof each === 'function');
  if (at <= 0 || !log.hasTurns) return args;
  const callback = args[at] as AnyFunction;
  const detail = { ...whose, id: log.nextId() };
  const told = function (this: unknown, ...results: unknown[]): void {
    log.arrivals.arrive(arrivalKey('message.sent', channelOf(detail)), () => {
      const [error] = results;
      safely(log, () => log.report('message.sent', detail, error ? { error: errorJson(error) } : undefined));
      apply(callback, this, results);
    });
  };
  return args.with(at, told);
}

/** To be called once the channel is there. */
export function closesInTurn(log: BoundaryLog, owner: object, whose: Members): void {
  const handle = ownData(owner, symbolOf(owner, 'kChannelHandle') ?? '');
  if (!log.hasTurns || typeof handle !== 'object' || handle === null) return;
  const read: unknown = Reflect.get(handle, 'onread');
  if (typeof read !== 'function') return;
  assign(handle, {
    onread(this: unknown, ...args: unknown[]): unknown {
      if (args[0] !== undefined) return apply(read as AnyFunction, this, args);
      return log.inTurn(
        arrivalKey('channel.end', channelOf(whose)),
        () => {
          safely(log, () => log.report('channel.end', whose));
          return apply(read as AnyFunction, this, args);
        },
        undefined,
      );
    },
  });
}
