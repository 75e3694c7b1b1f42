/**
 * Methods that make an array of the program's own class fill it behind its constructor, where the recording knows it
 * already. They are watched once there is such an array: until then they are left to the engine.
 */
import { getPrototypeOf } from './primordials.ts';

export interface SubclassedArrays {
  /** An array that is defined. */
  look(array: object): void;
  /** Runs `watch` when there is the first array of a class of its own. */
  when(watch: () => void): void;
}

const { prototype } = Array;

export function createSubclassedArrays(): SubclassedArrays {
  const waiting: (() => void)[] = [];
  let seen = false;
  return {
    look(array) {
      if (seen || getPrototypeOf(array) === prototype || array === prototype) return;
      seen = true;
      for (let i = 0; i < waiting.length; i++) waiting[i]!();
    },
    when(watch) {
      if (seen) watch();
      else waiting[waiting.length] = watch;
    },
  };
}
