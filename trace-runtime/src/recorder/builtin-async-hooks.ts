/**
 * Asynchronous hooks, which AsyncLocalStorage enables before Node 24. From then on Node numbers promises: those that are
 * made, when they are made; those that were there, when something waits for them or they go on. And a storage keeps its
 * store on the current resource, which may be a promise.
 */
import { AsyncLocalStorage, createHook, executionAsyncResource } from 'node:async_hooks';
import type { Realm } from './builtins.ts';
import {
  apply,
  getOwnPropertyDescriptor,
  getOwnPropertySymbols,
  getPrototypeOf,
  hasOwn,
  symbolDescription,
} from './primordials.ts';

interface PromiseHooks {
  createHook(hooks: {
    readonly init: (promise: object, parent: object | undefined) => void;
    readonly before: (promise: object) => void;
  }): () => void;
}

const NUMBERS = ['async_id_symbol', 'trigger_async_id_symbol'] as const;

export function replaceAsyncHooks(realm: Realm): void {
  const tell = promiseNumbers(realm);
  const hookPrototype: object = getPrototypeOf(createHook({}))!;
  for (const key of ['enable', 'disable'] as const) {
    realm.replace(hookPrototype, key, (original) => ({
      [key](this: unknown): unknown {
        const result = apply(original, this, []);
        tell();
        return result;
      },
    }));
  }
  replaceStorage(realm);
}

/** What it returns has promises told that are numbered after they were met: from behind all that Node has them numbered by. */
function promiseNumbers({ known, property }: Realm): () => void {
  const symbols: (symbol | undefined)[] = [undefined, undefined];
  /** of promises; what gets a higher one has got it just now */
  let highest = 0;
  let stop: (() => void) | undefined;

  function numberOf(promise: object): number {
    const symbol = (symbols[0] ??= symbolOf(promise, NUMBERS[0]));
    if (symbol === undefined || !hasOwn(promise, symbol)) return 0;
    return (promise as Readonly<Record<symbol, number>>)[symbol]!;
  }

  function look(promise: object): void {
    if (!known(promise)) return;
    const number = numberOf(promise);
    if (number <= highest) return;
    highest = number;
    symbols[1] ??= symbolOf(promise, NUMBERS[1]);
    for (let i = 0; i < symbols.length; i++) if (symbols[i] !== undefined) property(promise, symbols[i]!, true);
  }

  const hooks = {
    init(promise: object, parent: object | undefined): void {
      // it was numbered first
      if (parent !== undefined) look(parent);
      const number = numberOf(promise);
      if (number > highest) highest = number;
    },
    before: look,
  };
  return () => {
    stop?.();
    const v8 = process.getBuiltinModule?.('v8') as unknown as { readonly promiseHooks: PromiseHooks } | undefined;
    stop = v8?.promiseHooks.createHook(hooks);
  };
}

function symbolOf(object: object, description: string): symbol | undefined {
  const symbols = getOwnPropertySymbols(object);
  for (let i = 0; i < symbols.length; i++) if (symbolDescription(symbols[i]!) === description) return symbols[i];
  return undefined;
}

/** `exit` calls `disable` and `_enable`. */
function replaceStorage(realm: Realm): void {
  const { known, anew, replace } = realm;
  const prototype: object = AsyncLocalStorage.prototype;
  if (getOwnPropertyDescriptor(prototype, '_enable') === undefined) return;

  function touch(storage: unknown, resource: unknown): void {
    if (!known(resource)) return;
    const key: unknown = getOwnPropertyDescriptor(storage as object, 'kResourceStore')?.value;
    if (typeof key === 'symbol') realm.property(resource as object, key, true);
  }

  for (const key of ['_enable', 'disable'] as const) {
    replace(prototype, key, (original) => ({
      [key](this: unknown): unknown {
        const result = apply(original, this, []);
        if (known(this)) anew(this as object);
        return result;
      },
    }));
  }
  replace(prototype, 'enterWith', (original) => ({
    enterWith(this: unknown, store: unknown): unknown {
      const result = apply(original, this, [store]);
      touch(this, executionAsyncResource());
      return result;
    },
  }));
  replace(prototype, 'run', (original) => ({
    run(this: unknown, _store: unknown, work: unknown): unknown {
      const resource: unknown = executionAsyncResource();
      if (typeof work !== 'function' || !known(resource)) return apply(original, this, arguments);
      const values: unknown[] = [];
      for (let i = 0; i < arguments.length; i++) values[i] = arguments[i];
      values[1] = (...given: unknown[]): unknown => {
        touch(this, resource);
        return apply(work, null, given);
      };
      try {
        return apply(original, this, values);
      } finally {
        touch(this, resource);
      }
    },
  }));
}
