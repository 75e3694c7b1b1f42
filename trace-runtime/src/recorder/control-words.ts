/**
 * Control words in instrumented text: `0x` and eight digits. Found without a regular expression: one that matches would change
 * `RegExp.$1` for the program, which may have replaced how they match, too.
 */
import { charCodeAt, stringIndexOf } from './primordials.ts';

const DIGITS = 8;
/** Characters of a control word. */
export const WORD_LENGTH = 2 + DIGITS;

export interface FoundWord {
  readonly index: number;
  readonly value: number;
}

/** The first one that begins at `from` or behind it. */
export function findWord(text: string, from: number): FoundWord | undefined {
  for (let index = stringIndexOf(text, '0x', from); index >= 0; index = stringIndexOf(text, '0x', index + 1)) {
    const value = valueAt(text, index + 2);
    if (value >= 0) return { index, value };
  }
  return undefined;
}

/** -1 where there are not as many digits. */
function valueAt(text: string, start: number): number {
  if (start + DIGITS > text.length) return -1;
  let value = 0;
  for (let i = start; i < start + DIGITS; i++) {
    const digit = digitOf(charCodeAt(text, i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
