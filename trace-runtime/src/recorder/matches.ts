/** `lastIndex` of regular expressions, which the engine moves by itself where they are matched. */
import { OwnWeakMap, getOwnPropertyDescriptor, is, regexpGlobal, regexpSticky } from './primordials.ts';
import type { Values } from './values.ts';
import { Runtime, Slot, Tag } from '../wire/words.ts';

export interface Matches {
  /** A regular expression was matched. */
  readonly G: (regexp: unknown) => void;
  /** As G, of one that is held by properties of properties. No getter and no proxy is asked for it. */
  readonly GP: (object: unknown, ...keys: readonly unknown[]) => void;
  /** As G, where a string's method was given it: a global one begins anew then, which says nothing where it had not begun. */
  readonly GS: (regexp: unknown) => void;
  readonly GSP: (object: unknown, ...keys: readonly unknown[]) => void;
  /** A string's method is about to replace by it: a global one begins anew before what replaces is called. */
  readonly GR: (regexp: unknown) => void;
  readonly GRP: (object: unknown, ...keys: readonly unknown[]) => void;
  /** Its lastIndex was assigned, which is recorded as any assignment. */
  readonly GB: (regexp: unknown) => void;
  readonly GBP: (object: unknown, ...keys: readonly unknown[]) => void;
}

export interface MatchParts {
  readonly words: Int32Array;
  readonly begin: (position: number) => number;
  readonly put: Values['put'];
  readonly wordOf: Values['wordOf'];
}

const SET = (Runtime.set << 4) | Tag.control;

export function createMatches({ words, begin, put, wordOf }: MatchParts): Matches {
  /** those whose lastIndex was not 0 once */
  const begun = new OwnWeakMap<object, boolean>();
  function assigned(regexp: unknown): void {
    if (isMoving(regexp) && !begun.has(regexp)) begun.set(regexp, true);
  }

  function matched(regexp: unknown): void {
    if (!isMoving(regexp)) return;
    const word = wordOf(regexp);
    const at: unknown = getOwnPropertyDescriptor(regexp, 'lastIndex')?.value;
    if (at !== 0 && !begun.has(regexp)) begun.set(regexp, true);
    if (word !== 0) tell(word, at);
  }

  function tell(word: number, at: unknown): void {
    const s = words;
    let p = s[Slot.position]!;
    if (p > s[Slot.limit]!) p = begin(p);
    s[p] = SET;
    s[p + 1] = s[Slot.progress]! << 1;
    s[p + 2] = word;
    s[Slot.position] = put(put(p + 3, 'lastIndex'), at);
  }

  function given(regexp: unknown): void {
    if (isMoving(regexp) && (begun.has(regexp) || regexpSticky(regexp))) matched(regexp);
  }

  function replacing(regexp: unknown): void {
    if (!isMoving(regexp) || !begun.has(regexp) || !regexpGlobal(regexp)) return;
    const word = wordOf(regexp);
    if (word !== 0) tell(word, 0);
  }

  return {
    G: matched,
    GP: (object, ...keys) => matched(heldBy(object, keys)),
    GS: given,
    GSP: (object, ...keys) => given(heldBy(object, keys)),
    GR: replacing,
    GRP: (object, ...keys) => replacing(heldBy(object, keys)),
    GB: assigned,
    GBP: (object, ...keys) => assigned(heldBy(object, keys)),
  };
}

function isMoving(regexp: unknown): regexp is RegExp {
  if (typeof regexp !== 'object' || regexp === null || !is.isRegExp(regexp)) return false;
  return regexpGlobal(regexp) || regexpSticky(regexp);
}

function heldBy(object: unknown, keys: readonly unknown[]): unknown {
  let at = object;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    // what an object would be as a key is the program's to say
    if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'symbol') return undefined;
    if (((typeof at !== 'object' || at === null) && typeof at !== 'function') || is.isProxy(at)) return undefined;
    at = getOwnPropertyDescriptor(at, key)?.value;
  }
  return at;
}
