/** Records that are not the instrumented code's: files, boundary, cases, output, mutations by builtins. */
import { getPrototypeOf, is } from './primordials.ts';
import type { Objects } from './objects.ts';
import type { Room } from './room.ts';
import type { Strings } from './strings.ts';
import type { Values } from './values.ts';
import { Runtime, Slot, Tag } from '../wire/words.ts';

export interface Emitters {
  /** Writes a record: its control word, progress where asked, then ints and values as given. */
  emit(id: number, progress: boolean, ints: readonly number[], values: readonly unknown[]): void;
  /** Runtime.boundary. `detail` hardly comes again. */
  boundary(kind: string, detail: string): void;
  /** A mutation of an object that the recording knows; does nothing for others. */
  mutate(id: number, object: object, ...values: readonly unknown[]): void;
  /** A known object's contents anew. */
  redefine(object: object): void;
}

export interface EmitterParts {
  readonly words: Int32Array;
  readonly room: Room;
  readonly values: Values;
  readonly strings: Strings;
  readonly objects: Objects;
}

export const controlOf = (id: number): number => (id << 4) | Tag.control;

export function createEmitters({ words, room, values, strings, objects }: EmitterParts): Emitters {
  const { put } = values;

  return {
    emit(id, progress, ints, list) {
      let next = room.begin(words[Slot.position]!);
      words[next++] = controlOf(id);
      if (progress) words[next++] = words[Slot.progress]! << 1;
      for (let i = 0; i < ints.length; i++) words[next++] = ints[i]! << 1;
      for (let i = 0; i < list.length; i++) next = put(room.at(next), list[i]);
      words[Slot.position] = next;
    },
    boundary(kind, detail) {
      let next = room.begin(words[Slot.position]!);
      words[next] = controlOf(Runtime.boundary);
      words[next + 1] = words[Slot.progress]! << 1;
      next = put(room.at(next + 2), kind);
      words[Slot.position] = strings.putOnce(room.at(next), detail);
    },
    mutate(id, object, ...list) {
      if (values.wordOf(object) === 0) return;
      let next = room.begin(words[Slot.position]!);
      words[next] = controlOf(id);
      words[next + 1] = words[Slot.progress]! << 1;
      next = put(next + 2, object);
      for (let i = 0; i < list.length; i++) next = put(room.at(next), list[i]);
      words[Slot.position] = next;
    },
    redefine(object) {
      const word = values.wordOf(object);
      if (word === 0 || is.isProxy(object)) return;
      let next = room.begin(words[Slot.position]!);
      // inside a record that says where the program is
      words[next] = controlOf(Runtime.setPrototype);
      words[next + 1] = words[Slot.progress]! << 1;
      next = room.at(objects.redefine(next + 2, object));
      words[next] = word;
      words[Slot.position] = put(next + 1, getPrototypeOf(object));
    },
  };
}
