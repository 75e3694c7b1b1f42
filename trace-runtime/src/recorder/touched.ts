/** After code that nothing could be put into: what it may have changed. */
import { getOwnPropertyDescriptor, is, isArray, isView, min, OwnWeakMap, ownKeys } from './primordials.ts';

/** As many properties are looked at after the first run, */
const FIRST = 20_000;
/** and as many more after each: a run takes some microseconds, and a program may make thousands. */
const MORE = 100;

/**
 * Has `touch` look at what can be reached from an object through others that it knows: it says whether it does. No code of
 * the program's runs. The function that it gives says whether that was all.
 */
export function createTouching(touch: (object: object) => boolean): (root: object) => boolean {
  const rooms = new OwnWeakMap<object, number>();
  return (root) => {
    let room = rooms.get(root) ?? FIRST;
    // an earlier run took more than it had
    if (room <= 0) {
      rooms.set(root, room + MORE);
      return false;
    }
    const seen = new OwnWeakMap<object, true>();
    seen.set(root, true);
    const queue = [root];
    let at = 0;
    for (; at < queue.length; at++) {
      const object = queue[at]!;
      if (is.isProxy(object) || isView(object)) continue;
      // its keys alone would take long
      if (isArray(object) && object.length >= room) break;
      const keys = ownKeys(object);
      room -= keys.length + 1;
      if (room < 0) break;
      if (!touch(object)) continue;
      for (let i = 0; i < keys.length; i++) {
        // a look would have it made, by the program's code perhaps
        if (keys[i] === 'stack') continue;
        const value: unknown = getOwnPropertyDescriptor(object, keys[i]!)?.value;
        if (typeof value !== 'object' || value === null || seen.has(value)) continue;
        seen.set(value, true);
        queue[queue.length] = value;
      }
    }
    rooms.set(root, min(room + MORE, FIRST));
    return at === queue.length;
  };
}
