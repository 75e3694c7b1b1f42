/** Records of changes to objects that the recording knows. */
import type { Core } from './core.ts';
import { controlOf } from './emitters.ts';
import { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is, isArray } from './primordials.ts';
import { Register } from './registers.ts';
import { indexOf } from './values.ts';
import { isVast, LAZY_STACK } from './object-contents.ts';
import { Attribute, Runtime, Slot, Special, Tag } from '../wire/words.ts';

export interface Mutations {
  /** true for objects that carry a word */
  known(object: unknown): boolean;
  /** `items[from]` and following went in at `start`, after `removed` elements went */
  spliced(array: object, start: number, removed: number, items: ArrayLike<unknown>, from: number): void;
  pushed(array: object, items: ArrayLike<unknown>): void;
  pushedOne(array: object, item: unknown): void;
  /** all elements anew */
  elements(object: object): void;
  /** a property now has what its descriptor says; `isSet`: by assignment */
  property(object: object, key: PropertyKey, isSet: boolean): void;
  deleted(object: object, key: PropertyKey): void;
  /** the object has a `stack` now whose text nobody has looked at */
  lazyStack(object: object): void;
  frozen(object: object, level: number): void;
  prototype(object: object): void;
  /** Defines the `prototype` of a known function that a reader has made up until now: it is about to differ. */
  reveal(object: object): void;
  /** a proxy has no target any more */
  revoked(proxy: object): void;
  /** contents anew; of a proxy's target where it is a proxy */
  anew(object: object): void;
  mutate(id: number, object: object, ...values: readonly unknown[]): void;
}

const ACCESSOR = (Special.accessor << 3) | Tag.special;
const OPAQUE = (Special.opaque << 3) | Tag.special;
const NULL = (Special.null << 3) | Tag.special;

export function createMutations(core: Core): Mutations {
  const { words, registers, room, values, contents, objects, kinds } = core;
  const { mutate, redefine } = core.emitters;
  const { put, wordOf, wordOfAny } = values;
  const PUSH = controlOf(Runtime.push);

  /** A record's first words. */
  function open(id: number, object: object): number {
    const next = room.begin(words[Slot.position]!);
    words[next] = controlOf(id);
    words[next + 1] = words[Slot.progress]! << 1;
    return put(next + 2, object);
  }

  function putItems(position: number, items: ArrayLike<unknown>, from: number): number {
    let next = position;
    words[next++] = (items.length - from) << 1;
    for (let i = from; i < items.length; i++) next = put(room.at(next), items[i]);
    return next;
  }

  function anew(object: object): void {
    const target = objects.beyondProxies(object);
    if (target !== undefined) redefine(target);
  }

  /** A proxy that the recording has not met, of an object that it has. */
  function standsForKnown(object: unknown): boolean {
    if (!is.isProxy(object)) return false;
    const target = objects.beyondProxies(object as object);
    return target !== undefined && wordOf(target) !== 0;
  }

  function isOrdinary(object: object): boolean {
    return !is.isProxy(object) && isArray(object);
  }

  return {
    known: (object) => wordOfAny(object) !== 0 || (registers[Register.proxies] === 1 && standsForKnown(object)),
    mutate,
    anew,
    spliced(array, start, removed, items, from) {
      if (!isOrdinary(array)) return anew(array);
      const next = open(Runtime.splice, array);
      words[next] = start << 1;
      words[next + 1] = removed << 1;
      words[Slot.position] = putItems(next + 2, items, from);
    },
    pushed(array, items) {
      if (!isOrdinary(array)) return anew(array);
      words[Slot.position] = putItems(open(Runtime.push, array), items, 0);
    },
    pushedOne(array, item) {
      if (!isOrdinary(array)) return anew(array);
      let next = room.begin(words[Slot.position]!);
      words[next] = PUSH;
      words[next + 1] = words[Slot.progress]! << 1;
      words[next + 2] = wordOf(array);
      words[next + 3] = 1 << 1;
      next = put(next + 4, item);
      words[Slot.position] = next;
    },
    elements(object) {
      if (!isOrdinary(object) || isVast(object)) return anew(object);
      words[Slot.position] = contents.putElements(open(Runtime.elements, object), object as readonly unknown[]);
    },
    property(object, key, isSet) {
      if (is.isProxy(object)) return anew(object);
      const descriptor = getOwnPropertyDescriptor(object, key);
      if (descriptor === undefined) return;
      const isData = hasOwn(descriptor, 'value');
      if (!isData && isArray(object) && indexOf(`${String(key)}`) >= 0) registers[Register.indexAccessors] = 1;
      if (wordOf(object) === 0) return;
      if (isSet) {
        if (isData) mutate(Runtime.set, object, key, descriptor.value);
        return;
      }
      let next = room.at(put(open(Runtime.define, object), key));
      if (isData) {
        next = put(next, descriptor.value);
      } else {
        words[next] = ACCESSOR;
        next = put(next + 1, descriptor.get);
        next = put(room.at(next), descriptor.set);
      }
      next = room.at(next);
      words[next] = attributesOf(descriptor) << 1;
      words[Slot.position] = next + 1;
    },
    deleted(object, key) {
      if (is.isProxy(object)) return anew(object);
      mutate(Runtime.delete, object, key);
    },
    lazyStack(object) {
      if (is.isProxy(object)) return anew(object);
      const next = room.at(put(open(Runtime.define, object), 'stack'));
      words[next] = OPAQUE;
      words[next + 1] = LAZY_STACK << 1;
      words[Slot.position] = next + 2;
    },
    frozen(object, level) {
      if (is.isProxy(object)) return anew(object);
      mutate(Runtime.freeze, object, level);
    },
    reveal(object) {
      if (is.isProxy(object) || wordOf(object) !== 0) return;
      const constructor: unknown = getOwnPropertyDescriptor(object, 'constructor')?.value;
      if (typeof constructor !== 'function' || is.isProxy(constructor) || wordOf(constructor) === 0) return;
      if (getOwnPropertyDescriptor(constructor, 'prototype')?.value !== object) return;
      words[Slot.position] = put(open(Runtime.setPrototype, object), getPrototypeOf(object));
    },
    revoked(proxy) {
      objects.forgetProxy(proxy);
      const word = wordOf(proxy);
      if (word === 0) return;
      let next = room.begin(words[Slot.position]!);
      // inside a record that says where the program is
      words[next] = controlOf(Runtime.setPrototype);
      words[next + 1] = words[Slot.progress]! << 1;
      next = room.at(objects.redefine(next + 2, proxy));
      words[next] = word;
      words[next + 1] = NULL;
      words[Slot.position] = next + 2;
    },
    prototype(object) {
      if (is.isProxy(object)) return anew(object);
      kinds.forget(object);
      // an object's class has another name now
      if (typeof object !== 'function') anew(object);
      else if (wordOf(object) !== 0) mutate(Runtime.setPrototype, object, getPrototypeOf(object));
    },
  };
}

function attributesOf(descriptor: PropertyDescriptor): number {
  return (
    (descriptor.writable ? Attribute.writable : 0) |
    (descriptor.enumerable ? Attribute.enumerable : 0) |
    (descriptor.configurable ? Attribute.configurable : 0)
  );
}
