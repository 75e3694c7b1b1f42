/**
 * Where V8 says that a name was read which stands first in a `return` or `throw`: at the statement, as nothing was done in it
 * before. With a hook before the name it says: at the name.
 *
 * Told by the text, and without regular expressions: one that matches would change `RegExp.$1` for the program.
 */
import { charCodeAt, endsWith, includesString, sliceString } from './primordials.ts';

/** What may stand between the keyword and the name without anything being done. */
const AROUND = ' \t(!+-~';
const KEYWORDS = ['return', 'throw'] as const;
/** Words that are no names, or whose own place is meant. */
const VALUES = ['this', 'super', 'null', 'true', 'false', 'import'] as const;
const OTHERS = ['new', 'function', 'class', 'async', 'await', 'yield', 'typeof', 'void', 'delete'] as const;

/** Column of the `return` or `throw` that begins with reading the name at that column; else the column. From 0. */
export function statementStart(line: string, column: number): number {
  const end = nameEnd(line, column);
  if (end === column || isOther(sliceString(line, column, end))) return column;
  let at = skipBack(line, column);
  if (endsWith(sliceString(line, 0, at), 'new') && at < column && !isNamePart(line, at - 4))
    at = skipBack(line, at - 3);
  else if (isCalled(line, end)) return column;
  const before = sliceString(line, 0, at);
  for (let i = 0; i < KEYWORDS.length; i++) {
    const word = KEYWORDS[i]!;
    const start = at - word.length;
    if (endsWith(before, word) && at < column && !isNamePart(line, start - 1)) return start;
  }
  return column;
}

/** Calls have a place of their own, and functions begin where their parameter does. */
function isCalled(line: string, end: number): boolean {
  let at = end;
  while (at < line.length && includesString(' \t', line[at]!)) at++;
  const two = sliceString(line, at, at + 2);
  return line[at] === '(' || line[at] === '`' || two === '=>' || (two === '?.' && line[at + 2] === '(');
}

function skipBack(line: string, from: number): number {
  let at = from;
  while (at > 0) {
    if (includesString(AROUND, line[at - 1]!)) at--;
    else if (at > 2 && sliceString(line, at - 3, at) === '`${') at -= 3;
    else break;
  }
  return at;
}

function nameEnd(line: string, from: number): number {
  let at = from;
  while (isNamePart(line, at)) at++;
  return at;
}

function isNamePart(line: string, at: number): boolean {
  if (at < 0 || at >= line.length) return false;
  const code = charCodeAt(line, at);
  if (code > 127 || code === 36 || code === 95) return true;
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isOther(name: string): boolean {
  for (let i = 0; i < OTHERS.length; i++) if (OTHERS[i] === name) return true;
  for (let i = 0; i < VALUES.length; i++) if (VALUES[i] === name) return true;
  const first = charCodeAt(name, 0);
  return first >= 48 && first <= 57;
}
