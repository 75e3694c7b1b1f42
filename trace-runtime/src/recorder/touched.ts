/** After code that nothing could be put into: what it may have changed. */
import {
  arrayBufferBytes,
  getOwnPropertyDescriptor,
  is,
  isArray,
  isView,
  mapForEach,
  mapSize,
  min,
  OwnWeakMap,
  ownKeys,
  setForEach,
  setSize,
  sharedBufferBytes,
  typedArrayBytes,
} from './primordials.ts';
import { dataViewRange } from './resized-buffers.ts';

/** As many properties, elements and 16 bytes are looked at after the first run, */
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
    const add = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.set(value, true);
      queue[queue.length] = value;
    };
    const addBoth = (value: unknown, key: unknown): void => {
      add(key);
      add(value);
    };
    let at = 0;
    for (; at < queue.length; at++) {
      const object = queue[at]!;
      if (is.isProxy(object)) continue;
      const bytes = bytesOf(object);
      if (bytes >= 0) {
        if (bytes >> 4 >= room) break;
        room -= (bytes >> 4) + 1;
        touch(object);
        continue;
      }
      const held = is.isMap(object) ? mapSize(object) : is.isSet(object) ? setSize(object) : 0;
      // its keys alone would take long
      if (held >= room || (isArray(object) && object.length >= room)) break;
      const keys = ownKeys(object);
      room -= keys.length + held + 1;
      if (room < 0) break;
      if (!touch(object)) continue;
      for (let i = 0; i < keys.length; i++) {
        // a look would have it made, by the program's code perhaps
        if (keys[i] !== 'stack') add(getOwnPropertyDescriptor(object, keys[i]!)?.value);
      }
      if (is.isMap(object)) mapForEach(object, addBoth);
      else if (is.isSet(object)) setForEach(object, add);
    }
    rooms.set(root, min(room + MORE, FIRST));
    return at === queue.length;
  };
}

/** Of a view or a buffer; -1: it is neither. */
function bytesOf(object: object): number {
  if (isView(object)) return is.isDataView(object) ? dataViewRange(object)[1] : typedArrayBytes(object);
  if (!is.isAnyArrayBuffer(object)) return -1;
  return is.isSharedArrayBuffer(object) ? sharedBufferBytes(object) : arrayBufferBytes(object);
}
