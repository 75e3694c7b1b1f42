/**
 * EventEmitter.prototype: its methods change `_events` and `_eventsCount` of emitters that the recording knows. An
 * EventTarget has what holds its listeners from its first one on (Node 24).
 */
import { EventEmitter } from 'node:events';
import util from 'node:util';
import type { Realm } from './builtins.ts';
import { apply, getOwnPropertyDescriptor, getOwnPropertySymbols, hasOwn, is, isArray } from './primordials.ts';
import { Runtime } from '../wire/words.ts';

const METHODS = [
  'addListener',
  'on',
  'prependListener',
  'removeListener',
  'off',
  'removeAllListeners',
  'setMaxListeners',
] as const;

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

  /** A method changes the listeners of the type that it is given; of all where it is given none. */
  function changed(emitter: object, type: unknown): void {
    if (is.isProxy(emitter)) return realm.anew(emitter);
    const held = getOwnPropertyDescriptor(emitter, '_events');
    if (held !== undefined && hasOwn(held, 'value')) {
      const events: unknown = held.value;
      const wasKnown = known(events);
      realm.mutate(Runtime.set, emitter, '_events', events);
      if (typeof events === 'object' && events !== null) listed(events, type, wasKnown);
    }
    const count = getOwnPropertyDescriptor(emitter, '_eventsCount');
    if (count !== undefined && hasOwn(count, 'value')) realm.mutate(Runtime.set, emitter, '_eventsCount', count.value);
  }

  function listed(events: object, type: unknown, wasKnown: boolean): void {
    if (typeof type !== 'string' && typeof type !== 'symbol') {
      if (wasKnown) realm.anew(events);
      return;
    }
    if (is.isProxy(events)) return realm.anew(events);
    const descriptor = getOwnPropertyDescriptor(events, type);
    const list: unknown = descriptor?.value;
    const hadList = isArray(list) && known(list);
    if (wasKnown && descriptor === undefined) realm.deleted(events, type);
    else if (wasKnown && hasOwn(descriptor!, 'value')) realm.mutate(Runtime.set, events, type, list);
    // several listeners of one event stand in an array, which is changed in place
    if (hadList) realm.elements(list);
  }
}
