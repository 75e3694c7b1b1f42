/** Calls that may move the `lastIndex` of a regular expression: a hook looks at it behind them (recorder/matches.ts). */
import { ts } from 'ts-morph';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression } from './expressions.ts';
import { canCopy } from './named-errors.ts';
import { isPrivateAccessor } from './property-writes.ts';
import { strip } from './rules.ts';

/**
 * `re.exec(…)`, `text.replace(re, …)` and the like may move the expression's lastIndex: the call of a hook that looks at it,
 * for `re`, `this.re`, `o.p[0].re` and `this.#re`. So may `exec.call(re, …)` and `texts.map(re.test, re)`.
 */
export function movesLastIndex(node: ts.CallExpression): string | undefined {
  const callee = node.expression;
  if (!isMember(callee) || node.questionDotToken || ts.isOptionalChain(callee.expression)) return undefined;
  const isMatch = namesMatch(callee);
  const regexp = isMatch ? callee.expression : (givenTo(node) ?? lentTo(node));
  if (regexp === undefined || (isHolder(node) && !canCopy(node))) return undefined;
  return matchHook(regexp, isMatch || givenTo(node) === undefined ? '__hcG' : '__hcGS');
}

/** As `movesLastIndex`, of a variable that holds a bound method: `const exec = re.exec.bind(re)`. */
export function movesByBound(e: Emitter, node: ts.CallExpression): string | undefined {
  if (!ts.isIdentifier(node.expression) || isHolder(node)) return undefined;
  const variable = e.bindings.variableOf.get(node.expression);
  const [value, ...others] = variable?.writes ?? [];
  if (variable?.untracked !== false || typeof value !== 'object' || others.length > 0) return undefined;
  const bound = strip(value);
  if (!ts.isCallExpression(bound) || nameOf(bound.expression) !== 'bind') return undefined;
  const [regexp] = bound.arguments;
  const method = (bound.expression as Member).expression;
  // `Function.prototype.call.bind(RegExp.prototype.exec)` takes the expression where it is called
  if (nameOf(method) === 'call')
    return regexp && namesMatch(regexp) && node.arguments[0] ? matchHook(node.arguments[0], '__hcG') : undefined;
  if (!regexp || !ts.isIdentifier(regexp) || !namesMatch(method)) return undefined;
  return isSameAt(e, node, regexp) ? matchHook(regexp, '__hcG') : undefined;
}

/** Whether the name means at the call what it meant where it was bound. */
function isSameAt(e: Emitter, node: ts.Node, name: ts.Identifier): boolean {
  const variable = e.bindings.variableOf.get(name);
  if (variable === undefined || variable.writes.length > 1) return false;
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    const found = e.bindings.scopeOf.get(at)?.names.get(name.text);
    if (found) return found === variable;
  }
  return false;
}

/** What `replace`, `split` and the like call, after they have moved the lastIndex of a class's own regular expression. */
export function isExec(node: ts.Node): boolean {
  const isOfClass =
    ts.isMethodDeclaration(node) && ts.isClassLike(node.parent) && (node.parent.heritageClauses?.length ?? 0) > 0;
  return isOfClass && ts.isIdentifier(node.name) && node.name.text === 'exec';
}

type Member = ts.PropertyAccessExpression | ts.ElementAccessExpression;

function isMember(node: ts.Node): node is Member {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}

/** The last name of what is read. */
function nameOf(node: ts.Expression): string {
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node))
    return (ts.isIdentifier(node) ? node : node.name).text;
  if (!ts.isElementAccessExpression(node)) return '';
  const key = node.argumentExpression;
  return ts.isStringLiteralLike(key) ? key.text : key.getText();
}

function namesMatch(node: ts.Expression): boolean {
  return MATCHES.has(nameOf(strip(node)));
}

/** The regular expression that a string's method is given. */
function givenTo({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  if (MATCHED_BY.has(nameOf(expression))) return given[0];
  const isBorrowed = nameOf(expression) === 'call' && MATCHED_BY.has(nameOf((expression as Member).expression));
  return isBorrowed ? given[1] : undefined;
}

/** The one that a method of regular expressions is called with: it stands behind the method. */
function lentTo({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  const name = nameOf(expression);
  if ((name === 'call' || name === 'apply') && namesMatch((expression as Member).expression)) return given[0];
  const method = given.findIndex(namesMatch);
  return method < 0 ? undefined : given[method + 1];
}

/** Whether an error behind the call would name it. */
function isHolder(node: ts.CallExpression): boolean {
  const { parent } = node;
  const isPart =
    ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent);
  return isPart && parent.expression === node;
}

/** Methods of regular expressions, and of strings that are given one; others use a copy of it, or put lastIndex back. */
const MATCHES: ReadonlySet<string> = new Set(['exec', 'test', 'Symbol.match', 'Symbol.replace']);
const MATCHED_BY: ReadonlySet<string> = new Set(['replace', 'replaceAll', 'match']);

/** No getter is asked again. */
export function matchHook(receiver: ts.Expression, name: string): string | undefined {
  if (ts.isIdentifier(receiver)) return `${name}(${receiver.text})`;
  if (receiver.kind === ts.SyntaxKind.SuperKeyword) return `${name}(this)`;
  if (isPrivateField(receiver)) return `${name}(this.${receiver.name.text})`;
  const keys: string[] = [];
  let at = receiver;
  for (let key = keyOf(at); key !== undefined; key = keyOf(at)) {
    keys.unshift(key);
    at = (at as Member).expression;
  }
  const owner = ts.isIdentifier(at) ? at.text : at.kind === ts.SyntaxKind.ThisKeyword ? 'this' : undefined;
  return owner === undefined ? undefined : `${name}P(${owner},${keys.join(',')})`;
}

/** Text of a key that is known without running anything. */
function keyOf(node: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(node))
    return ts.isIdentifier(node.name) ? JSON.stringify(node.name.text) : undefined;
  if (!ts.isElementAccessExpression(node) || node.questionDotToken) return undefined;
  const key = node.argumentExpression;
  return ts.isIdentifier(key) || ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.getText() : undefined;
}

function isPrivateField(node: ts.Expression): node is ts.PropertyAccessExpression {
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  return ts.isPrivateIdentifier(node.name) && !isPrivateAccessor(node);
}

export function emitMatch(e: Emitter, c: FunctionContext, node: ts.CallExpression, matched: string): void {
  e.edits.insert(e.start(node), '__hcY(0,');
  const callee = node.expression;
  if (isMember(callee) && !ts.isIdentifier(callee.expression)) emitExpression(e, c, callee);
  for (const argument of node.arguments) {
    const begun = argument === node.arguments[1] && !ts.isStringLiteralLike(argument) ? replacedBy(node) : undefined;
    const begins = begun && matchHook(begun, '__hcGR');
    // a function that replaces runs before the call is over
    if (begins) e.edits.insert(e.start(argument), `__hcY(${begins},`);
    emitExpression(e, c, argument);
    if (begins) e.edits.insert(argument.getEnd(), ')');
  }
  e.edits.insert(node.getEnd(), `,${matched})`);
}

function replacedBy({ expression, arguments: given }: ts.CallExpression): ts.Expression | undefined {
  return MATCHED_BY.has(nameOf(expression)) ? given[0] : undefined;
}
