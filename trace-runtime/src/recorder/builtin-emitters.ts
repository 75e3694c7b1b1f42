/**
 * EventEmitter.prototype: its methods change `_events` and `_eventsCount` of emitters that the recording knows. An
 * EventTarget has what holds its listeners from its first one on (Node 24).
 */
import { EventEmitter } from 'node:events';
import util from 'node:util';
import type { Realm } from './builtins.ts';
import { apply, getOwnPropertyDescriptor, getOwnPropertySymbols, hasOwn, isArray } from './primordials.ts';

const METHODS = [
  'addListener',
  'on',
  'prependListener',
  'removeListener',
  'off',
  'removeAllListeners',
  'setMaxListeners',
] as const;
const LISTENERS = ['_events', '_eventsCount'] as const;

export function replaceEmitterMethods(realm: Realm): void {
  const { replace, known, anew } = realm;
  const prototype: object = EventEmitter.prototype;
  const shared = new Map<unknown, unknown>();
  for (const key of METHODS) {
    const original: unknown = getOwnPropertyDescriptor(prototype, key)?.value;
    const same = shared.get(original);
    replace(prototype, key, (method) =>
      same === undefined
        ? {
            [key](this: unknown): unknown {
              const result = apply(method, this, arguments);
              if (!known(this)) return result;
              if (key === 'setMaxListeners') realm.property(this as object, '_maxListeners', true);
              else changed(this as object, arguments[0]);
              return result;
            },
          }
        : { [key]: same },
    );
    shared.set(original, getOwnPropertyDescriptor(prototype, key)?.value);
  }

  replace(realm.find('EventTarget.prototype'), 'addEventListener', (original) => ({
    addEventListener(this: unknown): unknown {
      const result = apply(original, this, arguments);
      if (known(this)) listening(this as object);
      return result;
    },
  }));

  let held: symbol | undefined;
  function listening(target: object): void {
    held ??= getOwnPropertySymbols(target).find(({ description }) => description === 'kEvents');
    const descriptor = held && getOwnPropertyDescriptor(target, held);
    if (descriptor && hasOwn(descriptor, 'value') && !known(descriptor.value)) realm.property(target, held!, true);
  }

  // old-style classes call their parent on an object that is known: `EventEmitter.call(this)`
  replace(EventEmitter, 'init', (original) => ({
    init(this: unknown): unknown {
      const result = apply(original, this, arguments);
      if (known(this)) anew(this as object);
      return result;
    },
  }));
  replace(util, 'inherits', (original) => ({
    inherits(this: unknown, child: unknown, parent: unknown): unknown {
      const result = apply(original, this, [child, parent]);
      if (typeof child !== 'function') return result;
      if (known(child)) realm.property(child, 'super_', false);
      const own: unknown = getOwnPropertyDescriptor(child, 'prototype')?.value;
      if (typeof own === 'object' && own !== null) {
        realm.reveal(own);
        realm.prototype(own);
      }
      return result;
    },
  }));

  /** Several listeners of one event stand in an array, which is changed in place. */
  function listeners(events: unknown, type: unknown): void {
    if (typeof events !== 'object' || events === null || (typeof type !== 'string' && typeof type !== 'symbol')) return;
    const list: unknown = getOwnPropertyDescriptor(events, type)?.value;
    if (isArray(list) && known(list)) realm.elements(list);
  }

  /** A method changes the listeners of the type that it is given; of all where it is given none. */
  function listed(events: object, type: unknown): void {
    if (typeof type !== 'string' && typeof type !== 'symbol') return anew(events);
    if (getOwnPropertyDescriptor(events, type) === undefined) realm.deleted(events, type);
    else realm.property(events, type, true);
  }

  function changed(emitter: object, type: unknown): void {
    for (let i = 0; i < LISTENERS.length; i++) {
      const descriptor = getOwnPropertyDescriptor(emitter, LISTENERS[i]!);
      if (descriptor === undefined || !hasOwn(descriptor, 'value')) continue;
      const wasKnown = known(descriptor.value);
      realm.property(emitter, LISTENERS[i]!, true);
      if (i > 0) continue;
      if (wasKnown) listed(descriptor.value as object, type);
      listeners(descriptor.value, type);
    }
  }
}
