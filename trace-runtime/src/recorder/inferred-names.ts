/**
 * V8 names a nameless function by the target that it is assigned to: `a.b.run = function () {}` is `a.b.run`. Where the
 * instrumented text has a temporary in the target, its name is taken from the text as written.
 */
import { max } from './primordials.ts';

/** A target's end, as V8 would name it; characters beyond those are not looked at. */
const LOOK_BACK = 400;
const FUNCTION_START = /\s*(?:\basync\b\s*)?(?:\bfunction\b\s*\*?\s*)?$/;
const ASSIGNMENT = /(?:^|[^=!<>+\-*/%&|^?])(?:\?\?|\|\||&&)?=\s*$/;
const COMMENT = /\/\*.*?\*\/|\/\/[^\n]*/gs;
const IDENTIFIER = /#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const TEXT = /^(['"])(.*)\1$/s;

/** Whether one of the names that are joined in it is of ours. */
export function hasOwnPart(name: string): boolean {
  return name.includes('__hc') && name.includes('.');
}

/** `name` as V8 gives it; `text` is the original, `start` where the function begins in it. */
export function inferredName(name: string, text: string, start: number): string {
  const parts = name.split('.');
  const chain = namesOfTargets(text.slice(max(0, start - LOOK_BACK), start));
  if (chain !== undefined) return [...namesAround(parts, chain), ...chain].join('.');
  const own = parts.findIndex((part) => part.startsWith('__hc'));
  if (own < 0) return name;
  const written = objectNames(text, start, parts.slice(own + 1));
  return [...parts.slice(0, own), ...written, ...parts.slice(own + 1)].join('.');
}

/** All names of `a.b = c.d = function`; undefined: there is one target, or none. */
function namesOfTargets(before: string): readonly string[] | undefined {
  let names: readonly string[] = [];
  let beginsByVariable = false;
  let count = 0;
  for (let target = beforeFunction(before); target !== undefined; count++) {
    const found = chainAt(target);
    // V8 leaves out a variable where another one follows
    const isLeftOut = found.names.length === 1 && found.isVariable && beginsByVariable;
    if (!isLeftOut) names = [...found.names, ...names];
    beginsByVariable = found.isVariable;
    target = beforeFunction(found.rest);
  }
  return count > 1 ? names : undefined;
}

/** What V8 collected before the targets began. */
function namesAround(parts: readonly string[], chain: readonly string[]): readonly string[] {
  const written = parts.filter((part) => !part.startsWith('__hc'));
  let left = written.length;
  for (let at = chain.length - 1; at >= 0 && left > 0; at--) {
    const part = written[left - 1];
    if (part === chain[at] || part === '<computed>') left--;
  }
  return written.slice(0, left);
}

/** What stands before the last name of the target. */
function objectNames(text: string, start: number, [last = '', ...inner]: readonly string[]): readonly string[] {
  const before = text.slice(max(0, start - LOOK_BACK), start);
  const target = inner.length > 0 ? beforeClass(text.slice(0, start), last) : beforeFunction(before);
  const names = target === undefined ? [] : chainAt(target).names;
  return names.at(-1) === last ? names.slice(0, -1) : [];
}

function beforeFunction(before: string): string | undefined {
  const found = [before, before.replace(COMMENT, '')]
    .map((text) => text.replace(FUNCTION_START, ''))
    .find((head) => ASSIGNMENT.test(head));
  return found?.replace(/(?:\?\?|\|\||&&)?=\s*$/, '');
}

/** Of a class that the function is a member of. */
function beforeClass(before: string, name: string): string | undefined {
  for (let at = before.lastIndexOf('class'); at > 0; at = before.lastIndexOf('class', at - 1)) {
    const target = beforeFunction(before.slice(max(0, at - LOOK_BACK), at));
    if (target?.trimEnd().endsWith(name)) return target;
  }
  return undefined;
}

interface Target {
  /** that V8 collects, outermost first */
  readonly names: readonly string[];
  /** the first of them is a variable's */
  readonly isVariable: boolean;
  /** what stands before it */
  readonly rest: string;
}

/** The target that ends there. */
function chainAt(target: string): Target {
  const names: string[] = [];
  let rest = target.trimEnd();
  for (;;) {
    const key = rest.endsWith(']') ? bracketAt(rest) : undefined;
    if (key !== undefined) {
      names.unshift(TEXT.exec(key.trim())?.[2] ?? '<computed>');
      rest = rest
        .slice(0, -key.length - 2)
        .trimEnd()
        .replace(/\?\.$/, '');
      continue;
    }
    const name = IDENTIFIER.exec(rest)?.[0];
    if (name === undefined) return { names, isVariable: false, rest };
    const isCollected = name !== 'prototype' && name !== 'this';
    if (isCollected) names.unshift(name);
    rest = rest.slice(0, -name.length).trimEnd();
    if (!rest.endsWith('.') || rest.endsWith('...')) return { names, isVariable: isCollected, rest };
    rest = rest.slice(0, rest.endsWith('?.') ? -2 : -1).trimEnd();
  }
}

/** What stands in the brackets at the end of the text. */
function bracketAt(text: string): string | undefined {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ']') depth++;
    else if (text[at] === '[' && --depth === 0) return text.slice(at + 1, -1);
  }
  return undefined;
}
