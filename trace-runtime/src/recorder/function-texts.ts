/**
 * Texts of functions in the messages of errors that V8 makes: "() => 1 could not be cloned." V8 takes the function's text
 * as it was compiled, with hooks in it, and of a long one the beginning and the last two characters. Here they become
 * what V8 would have written of the original.
 */
import type { OriginalText } from './disguise.ts';
import type { LoadedFile } from './loaded-files.ts';
import { alike, withoutInsertions } from './disguise.ts';
import { findWord, WORD_LENGTH } from './control-words.ts';
import { natives } from './natives.ts';
import {
  defineProperty,
  endsWith,
  getOwnPropertyDescriptor,
  includesString,
  is,
  sliceString,
  stringIndexOf,
} from './primordials.ts';

export interface FunctionTexts {
  /** the message with the functions' original texts; the same where it has none */
  message(text: string): string;
  /** Gives an error its message as it would be, before anybody has read it. */
  repair(error: object): void;
}

const OWN = '__hc';
/** Where V8 shows no more than the beginning, this may be all. */
const MARK = '/*0x';
const BLANKS = ' \t\n\r\v\f\u00a0\u2028\u2029\ufeff';
const OMITTED = '...<omitted>...';
/** V8 shows longer texts by their beginning and their end. */
const WHOLE = 128;
const BEGINNING = 111;
const END = 2;
/** braces that are tried for a function's end */
const TRIED = 300;

export function createFunctionTexts({ files, textOf }: OriginalText): FunctionTexts {
  function originalOf(text: string): string | undefined {
    // numbers of the program's look alike
    for (let word = findWord(text, 0); word; word = findWord(text, word.index + WORD_LENGTH)) {
      const file = files.byControl(word.value >>> 4);
      const whole = file && textOf(file);
      const place = whole === undefined ? undefined : placeIn(text, word.index, whole);
      if (file && whole !== undefined && place) return originalAt(text, file, whole, place);
    }
    return undefined;
  }

  function originalAt(text: string, file: LoadedFile, whole: string, { from, start, to, end }: Place): string {
    // types may have become blanks
    const present =
      sliceString(whole, 0, start) + sliceString(text, from, to.shown) + sliceString(whole, start + to.shown - from);
    const original = withoutInsertions(files, file, present, start, end);
    return sliceString(text, 0, from) + shortened(original) + sliceString(text, to.text);
  }

  function message(text: string): string {
    if (!mayBeOurs(text)) return text;
    try {
      for (let now = text; ;) {
        const next = mayBeOurs(now) ? originalOf(now) : undefined;
        if (next === undefined || next === now) return now;
        now = next;
      }
    } catch {
      return text;
    }
  }

  function repair(error: object): void {
    if (!is.isNativeError(error)) return;
    const found = getOwnPropertyDescriptor(error, 'message');
    const text: unknown = found?.value;
    if (typeof text !== 'string' || !mayBeOurs(text) || found?.configurable !== true) return;
    defineProperty(error, 'message', { ...found, value: message(text) });
  }

  return { message, repair };
}

function mayBeOurs(text: string): boolean {
  return stringIndexOf(text, OWN, 0) >= 0 || stringIndexOf(text, MARK, 0) >= 0;
}

type Place = ReturnType<typeof begins> & ReturnType<typeof ends>;

/** In a dependency the word stands at other places, too: it is where most is alike. */
function placeIn(text: string, at: number, whole: string): Place | undefined {
  const word = sliceString(text, at, at + WORD_LENGTH);
  let best: Place | undefined;
  for (let found = stringIndexOf(whole, word, 0); found >= 0; found = stringIndexOf(whole, word, found + WORD_LENGTH)) {
    const { from, start } = begins(text, at, whole, found);
    const place = { from, start, ...ends(text, at, whole, found, start) };
    if (!best || place.to.shown - from > best.to.shown - best.from) best = place;
  }
  return best;
}

function begins(text: string, at: number, whole: string, found: number): { from: number; start: number } {
  let [from, start] = [at, found];
  while (from > 0 && start > 0 && alike(text[from - 1], whole[start - 1])) {
    from--;
    start--;
  }
  while (isBlank(text[from])) {
    from++;
    start++;
  }
  return { from, start };
}

/** Where the function ends in the message (`shown`: what is shown of its beginning), and in the file's text. */
function ends(
  text: string,
  at: number,
  whole: string,
  found: number,
  start: number,
): { to: { shown: number; text: number }; end: number } {
  let [to, end] = [at, found];
  while (to < text.length && end < whole.length && alike(text[to], whole[end])) {
    to++;
    end++;
  }
  if (sliceString(text, to, to + OMITTED.length) === OMITTED) {
    const last = to + OMITTED.length;
    const complete = endOf(whole, start, end, sliceString(text, last, last + END)) ?? end;
    return { to: { shown: to, text: last + END }, end: complete };
  }
  while (isBlank(text[to - 1])) {
    to--;
    end--;
  }
  return { to: { shown: to, text: to }, end };
}

/** The first place behind `from` at which the text from `start` on is a function or a class. */
function endOf(whole: string, start: number, from: number, last: string): number | undefined {
  let at = from;
  for (let tried = 0; tried < TRIED; tried++) {
    at = stringIndexOf(whole, '}', at) + 1;
    if (at === 0) return undefined;
    const text = sliceString(whole, start, at);
    if (endsWith(text, last) && (isScript(`(${text})`) || isScript(`({${text}})`))) return at;
  }
  return undefined;
}

function isScript(text: string): boolean {
  try {
    return Boolean(new natives.Script(text));
  } catch {
    return false;
  }
}

function isBlank(text: string | undefined): boolean {
  return text !== undefined && text !== '' && includesString(BLANKS, text);
}

function shortened(text: string): string {
  return text.length > WHOLE ? sliceString(text, 0, BEGINNING) + OMITTED + sliceString(text, -END) : text;
}
