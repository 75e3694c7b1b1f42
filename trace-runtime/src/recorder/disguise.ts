/**
 * `Function.prototype.toString` as the program knows it: our replacements of builtins read as native code, and
 * instrumented functions as the developer wrote them. One per thread; each realm's toString is replaced by `install`.
 */
import { findWord, WORD_LENGTH } from './control-words.ts';
import { INSTRUMENTED } from './loader.ts';
import type { LoadedFile, LoadedFiles } from './loaded-files.ts';
import { natives } from './natives.ts';
import {
  charCodeAt,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  includesString,
  max,
  min,
  setPrototypeOf,
  sliceString,
  stringIndexOf,
} from './primordials.ts';

export type Callable = (...args: never[]) => unknown;

export interface Disguises {
  /** Makes `replacement` look like `original`: name, length, text. Returns `replacement`. */
  disguise<T extends object>(replacement: T, original: object): T;
  /** Replaces a realm's Function.prototype.toString. */
  install(functionPrototype: object, hide: (replacement: object, original: object) => void): void;
  /** the text of a function in the original source, given its text now */
  originalText(text: string): string;
}

export interface OriginalText {
  /** the instrumented text of a loaded file, placed at its base; undefined where the cache lost it */
  textOf(file: LoadedFile): string | undefined;
  readonly files: LoadedFiles;
}

export function createDisguises(texts: OriginalText): Disguises {
  const originals = new WeakMap<object, object>();
  const { get, set } = bound(originals);

  function originalText(text: string): string {
    if (!includesString(text, '__hc')) return text;
    try {
      // numbers of the program's look alike
      for (let word = findWord(text, 0); word; word = findWord(text, word.index + WORD_LENGTH)) {
        const file = texts.files.byControl(word.value >>> 4);
        const whole = file && texts.textOf(file);
        const start = whole === undefined ? undefined : placeOf(whole, text, word.index);
        if (!file || whole === undefined) continue;
        if (start === undefined) {
          // of code made of text: V8 puts a function's head before it, and its end behind
          const at = stringIndexOf(text, whole, 0);
          if (at < 0) continue;
          const original = withoutInsertions(texts.files, file, whole, 0, whole.length);
          return sliceString(text, 0, at) + original + sliceString(text, at + whole.length);
        }
        // Node may have put blanks for types: the text as it is, in its place among the insertions.
        const present = sliceString(whole, 0, start) + text + sliceString(whole, start + text.length);
        return withoutInsertions(texts.files, file, present, start, start + text.length);
      }
      return text;
    } catch {
      return text;
    }
  }

  function disguise<T extends object>(replacement: T, original: object): T {
    // Replacements may stand around replacements: the text is that of the first.
    set(replacement, get(original) ?? original);
    look(replacement, original, 'name');
    look(replacement, original, 'length');
    return replacement;
  }

  function install(functionPrototype: object, hide: (replacement: object, original: object) => void): void {
    const descriptor = getOwnPropertyDescriptor(functionPrototype, 'toString');
    const native = descriptor?.value as Callable | undefined;
    if (!descriptor || typeof native !== 'function' || get(native)) return;
    const { apply } = natives;
    const { toString } = {
      toString(this: object): string {
        const known = typeof this === 'function' ? get(this) : undefined;
        const text = apply(native, known ?? this, []) as string;
        return includesString(text, INSTRUMENTED_PREFIX) ? originalText(text) : text;
      },
    };
    if (getPrototypeOf(toString) !== functionPrototype) setPrototypeOf(toString, functionPrototype);
    hide(toString, native);
    defineProperty(functionPrototype, 'toString', { ...descriptor, value: toString });
  }

  return { disguise, install, originalText };
}

/** Where a function's text begins in that of its file: a word stands at `at`, and in a dependency at other places, too. */
function placeOf(whole: string, text: string, at: number): number | undefined {
  const word = sliceString(text, at, at + WORD_LENGTH);
  for (let found = stringIndexOf(whole, word, 0); found >= 0; found = stringIndexOf(whole, word, found + WORD_LENGTH)) {
    const start = found - at;
    let same = 0;
    while (same < text.length && alike(text[same], whole[start + same])) same++;
    if (same === text.length) return start;
  }
  return undefined;
}

/** Types may have become blanks. */
export function alike(shown: string | undefined, compiled: string | undefined): boolean {
  return shown === compiled || shown === ' ';
}

const INSTRUMENTED_PREFIX = sliceString(INSTRUMENTED, 0, 4);

function look(replacement: object, original: object, key: 'name' | 'length'): void {
  const descriptor = getOwnPropertyDescriptor(original, key);
  if (descriptor) defineProperty(replacement, key, descriptor);
}

/** The program may replace WeakMap's methods. */
function bound(map: WeakMap<object, object>): {
  get(key: object): object | undefined;
  set(key: object, value: object): void;
} {
  const { get, set } = WeakMap.prototype;
  const { apply } = natives;
  return {
    get: (key) => apply(get, map, [key]) as object | undefined,
    set: (key, value) => void apply(set, map, [key, value]),
  };
}

/** The text between two offsets of the instrumented text, less what was inserted. */
export function withoutInsertions(
  files: LoadedFiles,
  file: LoadedFile,
  whole: string,
  from: number,
  to: number,
): string {
  const edits = files.edits(file);
  let out = '';
  let line = 0;
  let lineStart = 0;
  while (lineStart <= to) {
    const lineEnd = endOfLine(whole, lineStart);
    if (lineEnd >= from) {
      let at = lineStart;
      let inserted = 0;
      const list = edits.get(line) ?? [];
      for (let i = 0; i < list.length; i += 2) {
        const start = lineStart + list[i]! + inserted;
        out += sliceString(whole, max(at, from), max(min(start, to), max(at, from)));
        inserted += list[i + 1]!;
        at = lineStart + list[i]! + inserted;
      }
      const rest = max(at, from);
      out += sliceString(whole, rest, max(min(lineEnd, to), rest));
    }
    if (lineEnd >= whole.length) break;
    lineStart = lineEnd;
    line += 1;
  }
  return out;
}

/** Offset just behind the line's terminator, or the text's end. Lines end as ECMAScript says. */
function endOfLine(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const c = charCodeAt(text, i);
    if (c === 10 || c === 0x2028 || c === 0x2029) return i + 1;
    if (c === 13) return charCodeAt(text, i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length;
}
