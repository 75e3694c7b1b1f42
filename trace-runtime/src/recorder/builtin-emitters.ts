/** EventEmitter.prototype: its methods change `_events` and `_eventsCount` of emitters that the recording knows. */
import { EventEmitter } from 'node:events';
import type { Realm } from './builtins.ts';
import { apply, getOwnPropertyDescriptor, hasOwn } from './primordials.ts';

const METHODS = ['addListener', 'on', 'prependListener', 'removeListener', 'off', 'removeAllListeners'] as const;
const FIELDS = ['_events', '_eventsCount'] as const;

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
              if (known(this)) changed(this as object);
              return result;
            },
          }
        : { [key]: same },
    );
    shared.set(original, getOwnPropertyDescriptor(prototype, key)?.value);
  }

  function changed(emitter: object): void {
    for (let i = 0; i < FIELDS.length; i++) {
      const descriptor = getOwnPropertyDescriptor(emitter, FIELDS[i]!);
      if (descriptor === undefined || !hasOwn(descriptor, 'value')) continue;
      realm.property(emitter, FIELDS[i]!, true);
      if (known(descriptor.value)) anew(descriptor.value as object);
    }
  }
}
