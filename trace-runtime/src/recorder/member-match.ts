import { getOwnPropertyDescriptor, is } from './primordials.ts';

export interface MemberMatch {
  /** A regular expression was matched that is held by properties of properties. No getter and no proxy is asked for it. */
  readonly GP: (object: unknown, ...keys: readonly string[]) => void;
}

/** `matched` is told of the regular expression. */
export function createMemberMatch(matched: (regexp: unknown) => void): MemberMatch {
  return {
    GP(object, ...keys) {
      let at = object;
      for (let i = 0; i < keys.length; i++) {
        if (((typeof at !== 'object' || at === null) && typeof at !== 'function') || is.isProxy(at)) return;
        at = getOwnPropertyDescriptor(at, keys[i]!)?.value;
      }
      matched(at);
    },
  };
}
