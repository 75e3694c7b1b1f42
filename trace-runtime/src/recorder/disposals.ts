/**
 * What stands for the resources of a block that has an `await using` in it (instrument/disposals.ts). The engine awaits
 * exactly what it would await without: of what is absent it does so once, at the block's end or before what follows at once.
 */
import { apply } from './primordials.ts';

/** What the block's function does: it goes on (`n` is -1 where something came into it), begins to dispose, has done so. */
type GoOn = (n: 1 | -1) => void;
type Begin = () => number;
type Done = (before: number) => void;
/** It is about to suspend, and awaits `value`. */
type Suspend = (value: unknown) => void;

/** Undefined in a Node that knows no `using`. */
const { dispose: DISPOSE, asyncDispose: ASYNC_DISPOSE } = Symbol as {
  readonly dispose?: symbol;
  readonly asyncDispose?: symbol;
};

const enum Kind {
  none,
  absent,
  synchronous,
  awaited,
}

export interface BlockDisposal {
  /** what is disposed of last */
  readonly last: object;
  /** of the latest `take` */
  readonly value: unknown;
  /** what is disposed of before it, where it is null or undefined */
  readonly absent: object | null;
  readonly take: (resource: unknown, suspend: Suspend) => unknown;
  /** what is disposed of before what a `using` holds */
  readonly before: (...resources: readonly unknown[]) => object | null;
}

export function blockDisposal(goOn: GoOn, begin: Begin, done: Done): BlockDisposal {
  let latest = Kind.none;
  let value: unknown;
  let absent: object | null = null;
  let has: 'not begun' | 'begun' | 'suspended' = 'not begun';
  let stateBefore = 0;
  let hasAwaited = false;
  let hasFailed = false;

  function proceed(): void {
    goOn(has === 'suspended' ? 1 : -1);
    if (has === 'not begun') stateBefore = begin();
    has = 'begun';
  }

  function leave(suspend: Suspend, awaited: unknown): void {
    has = 'suspended';
    suspend(awaited);
  }

  function call(method: Method, self: unknown): unknown {
    proceed();
    try {
      return apply(method, self, []);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  }

  /** The engine reads the same properties of it in the same order. */
  function standIn(resource: object, suspend: Suspend): object {
    const found = (key: symbol, run: (method: Method) => unknown): unknown => {
      const method = (resource as Record<symbol, unknown>)[key];
      return typeof method === 'function' ? () => run(method as Method) : method;
    };
    return {
      get [ASYNC_DISPOSE!]() {
        return found(ASYNC_DISPOSE!, (method) => {
          const result = call(method, resource);
          hasAwaited = true;
          leave(suspend, result);
          return result;
        });
      },
      get [DISPOSE!]() {
        return found(DISPOSE!, (method) => {
          try {
            call(method, resource);
          } finally {
            hasAwaited = true;
            leave(suspend, undefined);
          }
        });
      },
    };
  }

  function takeAbsent(resource: unknown, suspend: Suspend): unknown {
    const next = latest;
    latest = Kind.absent;
    // what is disposed of next is awaited anyway
    if (next === Kind.awaited) return resource;
    const wait = (): void => {
      proceed();
      if (!hasAwaited) leave(suspend, undefined);
    };
    // a second one in a row: of both, the engine awaits once
    if (next === Kind.absent)
      return {
        [ASYNC_DISPOSE!]() {
          wait();
          hasAwaited = true;
        },
      };
    absent = { [DISPOSE!]: wait };
    return resource;
  }

  function take(resource: unknown, suspend: Suspend): unknown {
    value = resource;
    absent = null;
    if (resource === null || resource === undefined) return takeAbsent(resource, suspend);
    if (typeof resource !== 'object' && typeof resource !== 'function') return resource;
    latest = Kind.awaited;
    return standIn(resource, suspend);
  }

  function before(...resources: readonly unknown[]): object | null {
    for (let i = 0; i < resources.length; i++) {
      if (resources[i] === null || resources[i] === undefined) continue;
      latest = Kind.synchronous;
      return { [DISPOSE!]: proceed };
    }
    return null;
  }

  return {
    last: {
      [DISPOSE!]() {
        goOn(has === 'suspended' ? 1 : -1);
        if (has !== 'not begun' && !hasFailed) done(stateBefore);
      },
    },
    get value() {
      return value;
    },
    get absent() {
      return absent;
    },
    take,
    before,
  };
}

type Method = (this: unknown) => unknown;
