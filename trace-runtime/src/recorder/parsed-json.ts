/**
 * What JSON.parse returns, recorded by its text: a reader parses it again. The objects are given consecutive words,
 * breadth first, in the order of their properties.
 */
import type { Strings } from './strings.ts';
import { OwnWeakMap, getOwnPropertyDescriptor, isArray, objectValues } from './primordials.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Values } from './values.ts';
import { Runtime, Slot, Tag } from '../wire/words.ts';

export interface ParsedJson {
  /** A realm's JSON, with the `parse` that the recorder has put there, and what its results inherit from. */
  trust(json: object, objectPrototype: object, arrayPrototype: object): void;
  /** To be called with a result before any other code can have seen it. `json` is the object that it was called on. */
  note(result: unknown, text: unknown, json: unknown): void;
}

export interface ParsedJsonParts {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly strings: Strings;
  readonly values: Values;
}

/** What a shorter text holds is as soon defined as parsed again. */
const SHORTEST = 64;
/** How many objects of a result may wait in room that is kept. */
const ROOM = 8192;

interface Trusted {
  readonly parse: unknown;
  readonly objectPrototype: object;
  readonly arrayPrototype: object;
}

const DEF_PARSED = (Runtime.defParsed << 4) | Tag.control;

export function createParsedJson({ words, registers, room, strings, values }: ParsedJsonParts): ParsedJson {
  const { put, wordOf, stamp } = values;
  const trusted = new OwnWeakMap<object, Trusted>();
  const queue: (object | undefined)[] = [];

  function define(result: object, text: string, { objectPrototype, arrayPrototype }: Trusted): void {
    let next = strings.define(room.begin(words[Slot.position]!), text);
    const word = registers[Register.found]!;
    words[Slot.position] = next;
    if (strings.holdsSecret(word)) return;
    next = room.begin(next);
    words[next] = DEF_PARSED;
    words[next + 1] = word;
    next = put(next + 2, objectPrototype);
    next = room.at(put(room.at(next), arrayPrototype));
    const first = registers[Register.objectWord]!;
    words[next] = (first >>> 3) << 1;
    words[Slot.position] = next + 1;
    try {
      stampAll(result, objectPrototype);
    } catch (error) {
      // a reader has given words to all of them
      registers[Register.objectWord] = first + text.length * 8;
      throw error;
    }
  }

  /** What waits keeps its room from one result to the next: to grow again costs more than all the rest. */
  function stampAll(result: object, objectPrototype: object): void {
    let count = 0;
    const add = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      stamp(value);
      queue[count++] = value;
    };
    add(result);
    const inherits = hasEnumerable(objectPrototype);
    for (let i = 0; i < count; i++) {
      const object = queue[i]!;
      queue[i] = undefined;
      // nobody has put anything but data into it
      const list = isArray(object) ? object : inherits ? objectValues(object) : undefined;
      if (list) for (let k = 0; k < list.length; k++) add(list[k]);
      else for (const key in object) add((object as Record<string, unknown>)[key]);
    }
    if (queue.length > ROOM) queue.length = ROOM;
  }

  return {
    trust(json, objectPrototype, arrayPrototype) {
      const parse: unknown = getOwnPropertyDescriptor(json, 'parse')?.value;
      trusted.set(json, { parse, objectPrototype, arrayPrototype });
    },
    note(result, text, json) {
      if (typeof text !== 'string' || text.length < SHORTEST) return;
      if (typeof result !== 'object' || result === null || typeof json !== 'object' || json === null) return;
      const realm = trusted.get(json);
      if (realm === undefined || getOwnPropertyDescriptor(json, 'parse')?.value !== realm.parse) return;
      if (wordOf(result) !== 0) return;
      try {
        define(result, text, realm);
      } catch {
        // the stack ended here
        registers[Register.shallow]!++;
        room.broke();
      }
    },
  };
}

function hasEnumerable(prototype: object): boolean {
  for (const _ in prototype) return true;
  return false;
}
