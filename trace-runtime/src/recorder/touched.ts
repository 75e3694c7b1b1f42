/** After code that nothing could be put into: what it may have changed. */
import { getOwnPropertyDescriptor, is, isView, ownKeys } from './primordials.ts';

/** As many objects are looked at. */
const MOST = 10_000;

/**
 * Has `touch` look at what can be reached from `root` through objects that it knows: it says whether it does. No code of
 * the program's runs. Whether that was all.
 */
export function touchFrom(root: object, touch: (object: object) => boolean): boolean {
  const seen = new WeakSet<object>([root]);
  const queue = [root];
  for (let at = 0; at < queue.length; at++) {
    if (at === MOST) return false;
    const object = queue[at]!;
    if (is.isProxy(object) || isView(object) || !touch(object)) continue;
    const keys = ownKeys(object);
    for (let i = 0; i < keys.length; i++) {
      const value: unknown = getOwnPropertyDescriptor(object, keys[i]!)?.value;
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      queue[queue.length] = value;
    }
  }
  return true;
}
