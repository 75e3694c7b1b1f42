/** Functions by which scripts and tests check: they look at what they are given, throw, and do nothing else. */
import { K } from '../query/code.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';
import type { LoadedFile } from '../query/activation.ts';

/** A statement that only calls. */
export const CALL = /^(?:await\s+|void\s+)?[\p{ID_Start}$_][\p{ID_Continue}$.]*\s*(?:\?\.)?\(/u;

const ASSERTS = /^(?:await\s+)?(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\.)*(?:assert|expect)/u;

/** Of the statements of a function that only checks: each is one of these. */
const CHECKING = [
  /^(?:if|else|for|const|let|var|try|switch|throw)\b/,
  /^return\s*(?:;|$|\n|\})/,
  /^[{;]/,
  // it counts
  /^(?:\+\+|--)?[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(?:\+\+|--|[+-]=\s*1\b)/u,
  /^console\./,
  ASSERTS,
];

/** Code units of a statement that are looked at. */
const LONG = 100;

/**
 * How many of the innermost frames stand in functions that only check. One that throws by itself compares two things that it is
 * given: one that looks at a single thing may be the program's own, which asks for what is valid.
 */
export function ownChecks(frames: readonly ThrowFrame[], sourceOf: (frame: ThrowFrame) => string): number {
  let checks = 0;
  for (const [index, frame] of frames.entries()) {
    const caller = frames[index + 1];
    // what Node or a value's computation calls is the program's, and so is what was given to somebody who calls it
    if (!caller || !CALL.test(sourceOf(caller).slice(caller.offset, caller.offset + LONG))) break;
    if (!calls(caller, frame, sourceOf(caller))) break;
    const kind = kindOf(frame, sourceOf(frame));
    if (kind === 'check') checks = index + 1;
    else if (kind !== 'fail' || index > 0) break;
  }
  return checks;
}

/** Whether the caller's statement names the function that it calls, or holds it; otherwise it was given it before. */
export function calls(caller: ThrowFrame, callee: ThrowFrame, source: string): boolean {
  const { code, path } = caller.file;
  const end = code.end[statementAt(code, caller.offset)] ?? caller.offset;
  if (path === callee.file.path && caller.offset <= callee.offset && callee.offset < end) return true;
  const [name] = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(callee.functionName) ?? [];
  if (name === undefined) return false;
  const named = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
  return named.test(source.slice(caller.offset, Math.max(end, caller.offset + LONG)));
}

/** `fail`: it throws and does nothing else. */
function kindOf({ file: { code, table }, offset }: ThrowFrame, source: string): 'check' | 'fail' | undefined {
  const own = statementAt(code, offset);
  const owner = code.owner[own] ?? 0;
  const site = table.functions[owner];
  if (own < 0 || !site || site.kind === 'module' || site.generator) return undefined;
  const statement = source.slice(offset, code.end[own]);
  const throws = /^throw\b/.test(statement);
  if (!throws && !CALL.test(statement)) return undefined;
  let count = 0;
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] !== K.statement || code.owner[op] !== owner) continue;
    count++;
    const each = source.slice(code.start[op], Math.min(code.end[op]!, code.start[op]! + LONG));
    if (op !== own && !CHECKING.some((form) => form.test(each))) return undefined;
  }
  if (throws && count === 1) return 'fail';
  if (!throws && ASSERTS.test(statement)) return 'check';
  const text = source.slice(site.start, offset) + source.slice(code.end[own], site.end);
  return givenTo(site.parameters, text) >= 2 ? 'check' : undefined;
}

/** The op of the statement that begins there; -1: none. */
export function statementAt(code: LoadedFile['code'], offset: number): number {
  for (let op = 0; op < code.count; op++)
    if (code.kind[op] === K.statement && code.start[op] === offset && code.end[op]! > offset) return op;
  return -1;
}

/** How many of the parameters the body mentions. */
function givenTo(parameters: readonly string[], text: string): number {
  const body = text.slice(text.indexOf(')') + 1);
  return parameters.filter((parameter) => {
    const [name] = /[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(parameter) ?? [];
    return name !== undefined && new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(body);
  }).length;
}
