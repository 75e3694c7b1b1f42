/**
 * What the program hears of the collection of garbage: calls of finalization registries, which Node's fetch has, too, and
 * weak references that are empty. Only where a run is to be executed again: there each call comes at its turn, and each
 * reference is found empty when it was, whatever memory has become free.
 */
import { AsyncResource } from 'node:async_hooks';
import { arrivalKey } from '../model/recorded-world.ts';
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { disguise, replace, type AnyFunction } from './patch.ts';

const { apply, construct } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;

/** What a registry holds for the target instead of the program's own value. */
interface Held {
  readonly id: number;
  readonly value: unknown;
}

export function installCollected(log: BoundaryLog): void {
  installRegistries(log);
  installWeakReferences(log);
}

function installRegistries(log: BoundaryLog): void {
  const own = getOwnPropertyDescriptor(globalThis, 'FinalizationRegistry');
  const Native = own?.value as FinalizationRegistryConstructor | undefined;
  if (!own?.configurable || !Native) return;
  const cleanups = new WeakMap<object, AnyFunction>();
  const outside = new AsyncResource('HINDCAST');
  const isExact = log.recorded !== undefined;

  function deliver(cleanup: AnyFunction, { id, value }: Held): void {
    safely(log, () => log.report('collected', { id }));
    apply(cleanup, undefined, [value]);
  }

  const Registry: FinalizationRegistryConstructor = new Proxy(Native, {
    construct(target, args, newTarget) {
      const cleanup: unknown = args[0];
      const to = newTarget === Registry ? target : newTarget;
      if (typeof cleanup !== 'function') return construct(target, args, to) as object;
      const heard = (held: Held): void => {
        // of an exact run memory is another
        if (!isExact) deliver(cleanup as AnyFunction, held);
      };
      const registry = construct(target, [heard], to) as object;
      cleanups.set(registry, cleanup as AnyFunction);
      return registry;
    },
  });
  defineProperty(globalThis, 'FinalizationRegistry', { ...own, value: disguise(Registry, Native, log.hide) });
  defineProperty(Native.prototype, 'constructor', { writable: true, configurable: true, value: Registry });

  replace(
    Native.prototype,
    'register',
    log.hide,
    (original) =>
      function (...args) {
        const [target, value, token] = args;
        const cleanup = cleanups.get(this as object);
        // Node says what is wrong with it
        if (!cleanup || target === value || args.length < 2) return apply(original, this, args);
        const held: Held = { id: log.nextId(), value };
        apply(original, this, args.length > 2 ? [target, held, token] : [target, held]);
        if (isExact) expect(held, cleanup, target);
        return undefined;
      },
  );

  /** The target is kept: what the callback looks at is there until then. */
  function expect(held: Held, cleanup: AnyFunction, target: unknown): void {
    const key = arrivalKey('collected', held.id);
    log.arrivals.made(key, {
      object: held,
      isOnce: true,
      fire() {
        if (target === undefined || !log.arrivals.isNext(key)) return;
        outside.runInAsyncScope(() => log.arrivals.arrive(key, () => deliver(cleanup, held)));
      },
    });
  }
}

function installWeakReferences(log: BoundaryLog): void {
  const { recorded } = log;
  const targets = recorded && keepTargets(log);
  const empty = new WeakSet<object>();
  let calls = 0;
  let nextEmpty = recorded?.returned('weak.empty');
  replace(
    WeakRef.prototype,
    'deref',
    log.hide,
    (original) =>
      function (...args) {
        const found = apply(original, this, args);
        const reference = this as object;
        if (empty.has(reference)) return undefined;
        calls++;
        if (recorded ? nextEmpty?.['call'] !== calls : found !== undefined) return targets?.get(reference) ?? found;
        empty.add(reference);
        nextEmpty = recorded?.returned('weak.empty');
        safely(log, () => log.report('weak.empty', { call: calls }));
        return undefined;
      },
  );
}

/** A reference keeps its target. */
function keepTargets(log: BoundaryLog): WeakMap<object, unknown> {
  const targets = new WeakMap<object, unknown>();
  const Native = WeakRef;
  const Kept: WeakRefConstructor = new Proxy(Native, {
    construct(target, args, newTarget) {
      const reference = construct(target, args, newTarget === Kept ? target : newTarget) as object;
      targets.set(reference, args[0]);
      return reference;
    },
  });
  const own = getOwnPropertyDescriptor(globalThis, 'WeakRef');
  defineProperty(globalThis, 'WeakRef', { ...own, value: disguise(Kept, Native, log.hide) });
  defineProperty(Native.prototype, 'constructor', { writable: true, configurable: true, value: Kept });
  return targets;
}
