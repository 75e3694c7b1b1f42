/**
 * What a constructor is entered with: an ordinary object without properties, about to be filled. It is defined in a few
 * words, where looking at an object that comes from anywhere costs ten times as much.
 */
import { OwnWeakMap, getPrototypeOf, is } from './primordials.ts';
import { DEF_OBJECT } from './objects.ts';
import type { Kinds } from './kinds.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Values } from './values.ts';
import { ObjectKind, Slot, Tag } from '../wire/words.ts';

export interface Newborns {
  /** Defines a constructor's `this`, where it was not seen before. Between records. */
  define(object: object): void;
  /** Words written lately may be lost: what was learned of them is no longer true. */
  forget(): void;
}

export interface NewbornParts {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly kinds: Kinds;
  readonly values: Values;
}

/** The words of a prototype and of its class's name. */
interface Family {
  readonly prototype: number;
  readonly className: number;
  readonly since: number;
}

export function createNewborns({ words, registers, room, kinds, values }: NewbornParts): Newborns {
  const families = new OwnWeakMap<object, Family>();
  const state: { since: number; prototype: object | undefined; family: Family | undefined } = {
    since: 0,
    prototype: undefined,
    family: undefined,
  };

  function familyOf(prototype: object): Family | undefined {
    const known = families.get(prototype);
    if (known !== undefined && known.since === state.since) return known;
    if (is.isProxy(prototype)) return undefined;
    const shape = kinds.shapeOf(prototype);
    const word = values.wordOf(prototype);
    // the first of its family is defined like any other object, and its prototype with it
    if (word === 0 || !shape.plain || shape.internal) return undefined;
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

  return {
    define(object) {
      if (registers[Register.defining] === 1 || values.wordOf(object) !== 0) return;
      const prototype = getPrototypeOf(object);
      if (prototype === null) return;
      if (prototype !== state.prototype || state.family === undefined || state.family.since !== state.since) {
        state.family = familyOf(prototype);
        state.prototype = prototype;
      }
      const family = state.family;
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
    forget() {
      state.since++;
    },
  };
}
