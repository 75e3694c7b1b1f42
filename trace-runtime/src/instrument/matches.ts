/** Calls that may move the `lastIndex` of a regular expression: a hook looks at it behind them (recorder/matches.ts). */
import { ts } from 'ts-morph';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression } from './expressions.ts';
import { canCopy } from './named-errors.ts';
import { isPrivateAccessor } from './property-writes.ts';

/**
 * `re.exec(…)`, `text.replace(re, …)` and the like may move the expression's lastIndex: the call of a hook that looks at it,
 * for `re`, `this.re`, `o.p.re` and `this.#re`.
 */
export function movesLastIndex(node: ts.CallExpression): string | undefined {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || node.questionDotToken || ts.isOptionalChain(callee.expression))
    return undefined;
  const regexp = MATCHES.has(callee.name.text) ? callee.expression : givenTo(node);
  if (regexp === undefined || (isHolder(node) && !canCopy(node))) return undefined;
  return matchHook(regexp, MATCHES.has(callee.name.text) ? '__hcG' : '__hcGS');
}

/** The regular expression that a string's method is given. */
function givenTo({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  return ts.isPropertyAccessExpression(expression) && MATCHED_BY.has(expression.name.text) ? given[0] : undefined;
}

/** Whether an error behind the call would name it. */
function isHolder(node: ts.CallExpression): boolean {
  const { parent } = node;
  const isPart =
    ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent);
  return isPart && parent.expression === node;
}

/** Methods of regular expressions, and of strings that are given one; others use a copy of it, or put lastIndex back. */
const MATCHES: ReadonlySet<string> = new Set(['exec', 'test']);
const MATCHED_BY: ReadonlySet<string> = new Set(['replace', 'replaceAll', 'match']);

/** No getter is asked again. */
export function matchHook(receiver: ts.Expression, name: string): string | undefined {
  if (ts.isIdentifier(receiver)) return `${name}(${receiver.text})`;
  if (receiver.kind === ts.SyntaxKind.SuperKeyword) return `${name}(this)`;
  if (isPrivateField(receiver)) return `${name}(this.${receiver.name.text})`;
  const keys: string[] = [];
  let at = receiver;
  while (ts.isPropertyAccessExpression(at) && ts.isIdentifier(at.name)) {
    keys.unshift(JSON.stringify(at.name.text));
    at = at.expression;
  }
  const owner = ts.isIdentifier(at) ? at.text : at.kind === ts.SyntaxKind.ThisKeyword ? 'this' : undefined;
  return owner === undefined ? undefined : `${name}P(${owner},${keys.join(',')})`;
}

function isPrivateField(node: ts.Expression): node is ts.PropertyAccessExpression {
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  return ts.isPrivateIdentifier(node.name) && !isPrivateAccessor(node);
}

export function emitMatch(e: Emitter, c: FunctionContext, node: ts.CallExpression, matched: string): void {
  e.edits.insert(e.start(node), '__hcY(0,');
  if (!ts.isIdentifier((node.expression as ts.PropertyAccessExpression).expression))
    emitExpression(e, c, node.expression);
  for (const argument of node.arguments) {
    const begun = argument === node.arguments[1] && !ts.isStringLiteralLike(argument) ? givenTo(node) : undefined;
    const begins = begun && matchHook(begun, '__hcGR');
    // a function that replaces runs before the call is over
    if (begins) e.edits.insert(e.start(argument), `__hcY(${begins},`);
    emitExpression(e, c, argument);
    if (begins) e.edits.insert(argument.getEnd(), ')');
  }
  e.edits.insert(node.getEnd(), `,${matched})`);
}
