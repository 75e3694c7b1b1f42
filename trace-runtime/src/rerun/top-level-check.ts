/**
 * What a script checks by itself where it begins, or in the function that it only starts there: it throws, or ends with an exit code,
 * where something is not what it has to be, or something was counted that is wrong. Any other condition may ask for what the program
 * takes for valid, and a fix may be in it.
 */
import { K } from '../query/code.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';
import { statementAt } from './own-check.ts';

const ENDS = /^(?:throw\b|process\.exit(?:Code)?\b)/;
/** A statement that calls a function that stands in it. */
const AT_ONCE = /^(?:await\s+|void\s+|[;!])?\s*\(\s*(?:async\b|function\b|\()/;

/** That something is there, or of a type, is asked by programs, too. */
const PRESENCE = /^\W*(?:null|undefined|''|""|``|typeof\b.*)\W*$/;
const NOT_EQUAL = /!\s*[\w$.]*(?:equal|same|match)\w*\s*\(/i;
const COUNTED =
  /(?:^|[^\w$.])[\w$.]*(?:fail|error|problem|wrong|mismatch|missing|violation)\w*(?:\.length|\.size)?\s*(?:$|(?:>=?|!==?)\s*\d)/i;

function isCheck(condition: string): boolean {
  return condition.split(/&&|\|\|/).some((part) => {
    const sides = part.split(/!==?/);
    const differ = sides.length === 2 && !sides.some((side) => PRESENCE.test(side));
    return differ || NOT_EQUAL.test(part) || COUNTED.test(part.trim());
  });
}

/** From the condition's begin to what it decides; undefined: the frame does not stand at such a check. */
export function topLevelCheck({ file: { code, table }, offset }: ThrowFrame, source: string): string | undefined {
  const own = statementAt(code, offset);
  const end = ENDS.exec(source.slice(offset, offset + 20))?.[0];
  if (own < 0 || end === undefined) return undefined;
  const owner = code.owner[own] ?? 0;
  if (owner !== 0 && !isStarted(table.functions[owner]!, code, source)) return undefined;
  let start = -1;
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] !== K.statement || code.owner[op] !== owner || code.start[op]! >= offset) continue;
    if (code.end[op]! >= code.end[own]! && code.start[op]! > start) start = code.start[op]!;
  }
  if (start < 0 || !/^if\b/.test(source.slice(start, start + 3))) return undefined;
  if (!isCheck(conditionOf(source.slice(start, offset)))) return undefined;
  // what it says when it throws may be another
  return source.slice(start, offset) + (end === 'throw' ? end : source.slice(offset, code.end[own]));
}

/** Whether the file's own statements call it, with nothing but the arguments of the command. */
function isStarted(
  { name, start }: { readonly name: string; readonly start: number },
  code: ThrowFrame['file']['code'],
  source: string,
): boolean {
  const called = new RegExp(
    `^(?:await\\s+|void\\s+)?${name.replaceAll('$', String.raw`\$`)}\\(\\s*(?:process\\.argv[^)]*\\)?)?\\s*\\)`,
  );
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] !== K.statement || code.owner[op] !== 0) continue;
    const text = source.slice(code.start[op], code.end[op]);
    if (name === '' ? code.start[op]! <= start && start < code.end[op]! && AT_ONCE.test(text) : called.test(text))
      return true;
  }
  return false;
}

/** What stands in the first brackets, whatever texts hold. */
function conditionOf(text: string): string {
  const begin = text.indexOf('(');
  let depth = 0;
  for (let at = begin; at >= 0 && at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return text.slice(begin + 1, at);
  }
  return '';
}
