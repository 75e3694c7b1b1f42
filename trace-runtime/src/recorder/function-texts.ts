/**
 * Texts of functions in the messages of errors that V8 makes: "() => 1 could not be cloned." V8 takes the function's text
 * as it was compiled, with hooks in it, and of a long one the beginning and the last two characters. Here they become
 * what V8 would have written of the original.
 */
import type { OriginalText } from './disguise.ts';
import { withoutInsertions } from './disguise.ts';
import { natives } from './natives.ts';
import { defineProperty, getOwnPropertyDescriptor, is, stringIndexOf } from './primordials.ts';

export interface FunctionTexts {
  /** the message with the functions' original texts; the same where it has none */
  message(text: string): string;
  /** Gives an error its message as it would be, before anybody has read it. */
  repair(error: object): void;
}

const WORD = /0x([0-9a-f]{8})/;
const OWN = '__hc';
const OMITTED = '...<omitted>...';
/** V8 shows longer texts by their beginning and their end. */
const WHOLE = 128;
const BEGINNING = 111;
const END = 2;
/** braces that are tried for a function's end */
const TRIED = 300;

export function createFunctionTexts({ files, textOf }: OriginalText): FunctionTexts {
  function originalOf(text: string): string | undefined {
    const word = WORD.exec(text);
    const file = word ? files.byControl(parseInt(word[1] ?? '', 16) >>> 4) : undefined;
    const whole = file && textOf(file);
    const found = whole?.indexOf(word?.[0] ?? '') ?? -1;
    if (!word || !file || whole === undefined || found < 0) return undefined;
    const { from, start } = begins(text, word.index, whole, found);
    const { to, end } = ends(text, word.index, whole, found, start);
    // types may have become blanks
    const present = whole.slice(0, start) + text.slice(from, to.shown) + whole.slice(start + to.shown - from);
    const original = withoutInsertions(files, file, present, start, end);
    return text.slice(0, from) + shortened(original) + text.slice(to.text);
  }

  function message(text: string): string {
    if (!text.includes(OWN)) return text;
    try {
      for (let now = text; ;) {
        const next = now.includes(OWN) ? originalOf(now) : undefined;
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
    if (typeof text !== 'string' || stringIndexOf(text, OWN, 0) < 0 || found?.configurable !== true) return;
    defineProperty(error, 'message', { ...found, value: message(text) });
  }

  return { message, repair };
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
  if (text.startsWith(OMITTED, to)) {
    const last = to + OMITTED.length;
    const complete = endOf(whole, start, end, text.slice(last, last + END)) ?? end;
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
    at = whole.indexOf('}', at) + 1;
    if (at === 0) return undefined;
    const text = whole.slice(start, at);
    if (text.endsWith(last) && (isScript(`(${text})`) || isScript(`({${text}})`))) return at;
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

function alike(shown: string | undefined, compiled: string | undefined): boolean {
  return shown === compiled || shown === ' ';
}

function isBlank(text: string | undefined): boolean {
  return text !== undefined && /\s/.test(text);
}

function shortened(text: string): string {
  return text.length > WHOLE ? text.slice(0, BEGINNING) + OMITTED + text.slice(-END) : text;
}
