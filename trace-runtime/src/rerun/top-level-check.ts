/**
 * What a script checks by itself where it begins, or in the function that it only starts there: a condition on which it throws, or
 * ends with an exit code. Elsewhere a condition may ask for what the program takes for valid, and a fix may be in it.
 */
import { K } from '../query/code.ts';
import type { ThrowFrame } from '../query/failures.ts';
import { statementAt } from './own-check.ts';

const ENDS = /^(?:throw\b|process\.exit(?:Code)?\b)/;
/** A statement that calls a function that stands in it. */
const AT_ONCE = /^(?:await\s+|void\s+|[;!])?\s*\(\s*(?:async\b|function\b|\()/;

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
