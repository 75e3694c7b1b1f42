/** A call that returns an iterator whose every round crosses the boundary: `for await` over a timer, a directory, a watcher. */
import { promising, type Crossing } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { override, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { getPrototypeOf, setPrototypeOf } = Object;

/** The call that made the iterator. */
export interface Maker {
  readonly self: unknown;
  readonly args: readonly unknown[];
}

export interface Rounds {
  /** of each round; its results are one, the iterator's result */
  readonly kind: string;
  readonly args?: (maker: Maker) => ReturnType<Crossing['args']>;
  readonly result: (round: IteratorResult<unknown>, maker: Maker) => ReturnType<Crossing['result']>;
  readonly replay: (
    detail: Parameters<NonNullable<Crossing['replay']>>[0],
    maker: Maker,
  ) => IteratorResult<unknown> | undefined;
  /** the program leaves before the end */
  readonly left?: { readonly kind: string; readonly replay: (maker: Maker) => void };
  /** what the call is made with */
  readonly given?: (args: readonly unknown[]) => unknown[];
}

/** `keys`: all names of the one generator function. */
export function inRounds(log: BoundaryLog, owner: object, keys: readonly PropertyKey[], rounds: Rounds): void {
  const [first = ''] = keys;
  const generator: unknown = Reflect.get(owner, first);
  const prototype: unknown = typeof generator === 'function' ? generator.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) return;
  const makers = new WeakMap<object, Maker>();
  const makerOf = (iterator: unknown): Maker => makers.get(iterator as object) ?? { self: undefined, args: [] };
  const wrapper: AnyFunction = function (...args) {
    const iterator = apply(generator as AnyFunction, this, rounds.given?.(args) ?? args) as object;
    makers.set(iterator, { self: this, args });
    return iterator;
  };
  setPrototypeOf(wrapper, getPrototypeOf(generator) as object);
  for (const key of keys) replace(owner, key, log.hide, () => wrapper);
  const { kind, args, result, replay, left } = rounds;
  const made: Crossing['args'] = (_, iterator) => args?.(makerOf(iterator)) ?? {};
  crossing(log, prototype, 'next', kind, {
    args: made,
    result: ([round], _, iterator) => result(round as IteratorResult<unknown>, makerOf(iterator)),
    replay(detail, _, iterator) {
      const round = replay(detail, makerOf(iterator));
      return round && [round];
    },
  });
  if (!left) return;
  crossing(log, prototype, 'return', left.kind, {
    args: made,
    result: () => ({}),
    replay(_, [value], iterator) {
      left.replay(makerOf(iterator));
      return [{ value, done: true }];
    },
  });
}

/** Of a method that all generators share. */
function crossing(log: BoundaryLog, owner: object, name: string, kind: string, given: Crossing): void {
  override(
    owner,
    name,
    log.hide,
    (inherited): AnyFunction =>
      function (...args) {
        return apply(inherited(), this, args);
      },
  );
  promising(log, owner, name, kind, given);
}
