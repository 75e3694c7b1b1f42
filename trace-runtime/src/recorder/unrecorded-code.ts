/** After code that could not be instrumented: what it may have changed (instrument/unrecorded-code.ts). */
import { includesString } from './primordials.ts';
import { Slot, Special, Tag } from '../wire/words.ts';

export interface UnrecordedParts {
  readonly words: Int32Array;
  readonly begin: (position: number) => number;
  readonly record: (w: number, value: unknown) => unknown;
  readonly emitters: { redefine(object: object): void };
  readonly objects: { beyondProxies(object: object): object | undefined };
  /** code made of text has run */
  readonly textRan: () => void;
}

type Seen = number | string | boolean | (() => unknown);

export interface UnrecordedHooks {
  /** An object's contents anew. */
  readonly RE: (object: unknown) => void;
  /** A variable's value: its site's word, its name, whether another may be meant by the name now, and how to read it. */
  readonly EW: (w: number, name: string, foreign: boolean, read: () => unknown) => void;
  /** An indirect `eval` has run. Returns the value. */
  readonly RF: (value: unknown) => unknown;
  /** The same for each variable that the evaluated text names. */
  readonly EV: (code: unknown, ...seen: readonly Seen[]) => void;
}

const OPAQUE = (Special.opaque << 3) | Tag.special;

export function createUnrecordedHooks(parts: UnrecordedParts): UnrecordedHooks {
  const { words, begin, record, emitters, objects, textRan } = parts;

  function targetOf(value: unknown): object | undefined {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    return isObject ? objects.beyondProxies(value) : undefined;
  }

  function RE(object: unknown): void {
    const target = targetOf(object);
    if (target !== undefined) emitters.redefine(target);
  }

  function RF(value: unknown): unknown {
    textRan();
    return value;
  }

  function EW(w: number, _name: string, _foreign: boolean, read: () => unknown): void {
    let value: unknown;
    try {
      value = read();
    } catch {
      // in its dead zone
      return;
    }
    record(w, value);
  }

  /** A variable that the reader must not know any more. */
  function forget(w: number): void {
    const p = begin(words[Slot.position]!);
    words[p] = w;
    words[p + 1] = OPAQUE;
    words[Slot.position] = p + 2;
  }

  function EV(code: unknown, ...seen: readonly Seen[]): void {
    if (typeof code !== 'string') return;
    // text that makes more code, or spells names by escapes, may mean any variable
    const any = includesString(code, 'eval') || includesString(code, '\\');
    const declares = includesString(code, 'var') || includesString(code, 'function');
    for (let i = 0; i < seen.length; i += 4) {
      if (!any && !includesString(code, seen[i + 1] as string)) continue;
      if (declares && seen[i + 2] === true) forget(seen[i] as number);
      else EW(seen[i] as number, '', false, seen[i + 3] as () => unknown);
    }
  }

  return { RE, EW, EV, RF };
}
