/**
 * Objects of which everything is known because they have just been made: what a constructor is entered with, an ordinary
 * object without properties, and what a literal gives. They are defined in a few words, where looking at an object that
 * comes from anywhere costs ten times as much.
 */
import { OwnWeakMap, getPrototypeOf, is, isArray } from './primordials.ts';
import type { Intrinsics } from './intrinsics.ts';
import { DEF_OBJECT, type Family, type Objects } from './objects.ts';
import type { Kinds } from './kinds.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Values } from './values.ts';
import { ObjectKind, Slot, Tag } from '../wire/words.ts';

export interface Newborns {
  /** Defines a constructor's `this`, where it was not seen before. Between records. */
  define(object: object): void;
  /** Defines what a literal has just made: an object of so many plain properties, or an array. Between records. */
  literal<T extends object>(literal: T, properties: number): T;
  /** Words written lately may be lost: what was learned of them is no longer true. */
  forget(): void;
}

export interface NewbornParts {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly kinds: Kinds;
  readonly values: Values;
  readonly intrinsics: Intrinsics;
  readonly objects: Objects;
}

interface Known extends Family {
  readonly since: number;
}

interface Last {
  prototype: object | undefined;
  family: Known | undefined;
}

export function createNewborns(parts: NewbornParts): Newborns {
  const { words, registers, room, kinds, values, intrinsics, objects } = parts;
  const families = new OwnWeakMap<object, Known>();
  const state = { since: 0 };
  const entered: Last = { prototype: undefined, family: undefined };
  const written: Last = { prototype: undefined, family: undefined };
  const listed: Last = { prototype: undefined, family: undefined };

  /** `made`: by a literal, so that the prototype says all of it. The first of its family is defined like any other object. */
  function familyOf(prototype: object, made: boolean): Known | undefined {
    const known = families.get(prototype);
    if (known !== undefined && known.since === state.since) return known;
    if (is.isProxy(prototype)) return undefined;
    const shape = kinds.shapeOf(prototype);
    const word = values.wordOf(prototype) || (intrinsics.entryOf(prototype)?.word ?? 0);
    if (word === 0 || (!made && !shape.plain) || shape.internal) return undefined;
    const position = room.begin(words[Slot.position]!);
    const next = values.put(position, shape.className);
    const className = words[next - 1]!;
    if ((className & 7) !== Tag.string) return undefined;
    // a definition that was needed stays, the word behind it goes
    words[Slot.position] = next - 1;
    const family = { prototype: word, className, since: state.since };
    families.set(prototype, family);
    return family;
  }

  function lastFamily(last: Last, object: object, made: boolean): Known | undefined {
    const prototype = getPrototypeOf(object);
    if (prototype === null) return undefined;
    if (prototype === last.prototype && last.family?.since === state.since) return last.family;
    last.family = familyOf(prototype, made);
    last.prototype = prototype;
    return last.family;
  }

  return {
    define(object) {
      if (registers[Register.defining] === 1 || values.wordOf(object) !== 0) return;
      words[Slot.position] = room.begin(words[Slot.position]!);
      const family = lastFamily(entered, object, false);
      if (family === undefined) return;
      const position = room.begin(words[Slot.position]!);
      const word = values.stamp(object);
      words[position] = DEF_OBJECT;
      words[position + 1] = (word >>> 3) << 1;
      words[position + 2] = ObjectKind.plain << 1;
      words[position + 3] = 0;
      words[position + 4] = family.prototype;
      words[position + 5] = family.className;
      words[position + 6] = 0;
      words[Slot.position] = position + 7;
    },
    literal(literal, properties) {
      if (registers[Register.defining] === 1) return literal;
      words[Slot.position] = room.begin(words[Slot.position]!);
      const family = lastFamily(isArray(literal) ? listed : written, literal, true);
      if (family !== undefined) objects.defineLiteral(literal, family, properties);
      return literal;
    },
    forget() {
      state.since++;
    },
  };
}
