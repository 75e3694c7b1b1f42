/**
 * Functions that the program makes of text, `new Function(…)` above all: no hook stands in them. What a statement gives to
 * one that it calls by its name is looked at behind the statement.
 */
import { ts } from 'ts-morph';
import { isFunction, type Variable } from './bindings.ts';
import type { Emitter } from './emitter.ts';
import { strip } from './rules.ts';

/** What to put behind a statement of a list; nothing where it calls none. */
export function lookBehind(e: Emitter, statement: ts.Statement): string {
  // a script's value is that of its last statement
  if (e.goal === 'script' || !(ts.isExpressionStatement(statement) || ts.isVariableStatement(statement))) return '';
  const given = givenIn(e, statement);
  return given && `;__hcRF(0${given});`;
}

/** What to put around a value that is returned; nothing where it calls none. */
export function lookAround(e: Emitter, value: ts.Expression): readonly [string, string] {
  const given = givenIn(e, value);
  return given ? ['__hcRF((', `)${given})`] : ['', ''];
}

/** How to read each variable that is given to such a function, as further arguments; empty where none is called. */
function givenIn(e: Emitter, place: ts.Node): string {
  if (!e.makesCode) return '';
  const given = new Set<string>();
  let calls = false;
  const visit = (node: ts.Node): void => {
    if (isFunction(node) || ts.isClassLike(node)) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && isOfText(e, calledBy(node))) {
      calls = true;
      for (const argument of node.arguments ?? []) addNames(e, argument, given);
    }
    ts.forEachChild(node, visit);
  };
  visit(place);
  return calls ? [...given, '0'].map((name) => `,()=>${name}`).join('') : '';
}

function addNames(e: Emitter, node: ts.Node, names: Set<string>): void {
  if (isFunction(node) || ts.isClassLike(node)) return;
  if (node.kind === ts.SyntaxKind.ThisKeyword) names.add('this');
  else if (ts.isIdentifier(node) && e.bindings.variableOf.has(node)) names.add(node.text);
  ts.forEachChild(node, (child) => addNames(e, child, names));
}

/** The function that a call runs: `f(…)`, `f.call(…)`, `new f(…)`. */
function calledBy({ expression }: ts.CallExpression | ts.NewExpression): ts.Expression {
  const called = strip(expression);
  const isIndirect = ts.isPropertyAccessExpression(called) && /^(?:call|apply)$/.test(called.name.text);
  return isIndirect ? strip(called.expression) : called;
}

/** Whether a function is made of text where it stands, or where a variable got it; an indirect `eval` is as good as one. */
function isOfText(e: Emitter, node: ts.Expression): boolean {
  if (!ts.isIdentifier(node)) return makesOfText(e, node, new Set());
  const variable = e.bindings.variableOf.get(node);
  return variable !== undefined && holdsOfText(e, variable, new Set());
}

function holdsOfText(e: Emitter, variable: Variable, asked: Set<Variable>): boolean {
  if (asked.has(variable)) return false;
  asked.add(variable);
  return variable.writes.some((value) => typeof value === 'object' && makesOfText(e, strip(value), asked));
}

function makesOfText(e: Emitter, node: ts.Expression, asked: Set<Variable>): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken)
    return isGlobal(e, strip(node.right), 'eval');
  if (ts.isIdentifier(node)) {
    const variable = e.bindings.variableOf.get(node);
    return variable === undefined ? node.text === 'eval' : holdsOfText(e, variable, asked);
  }
  if (!(ts.isCallExpression(node) || ts.isNewExpression(node))) return false;
  const maker = strip(node.expression);
  const name = ts.isIdentifier(maker) ? maker : ts.isPropertyAccessExpression(maker) ? maker.name : undefined;
  if (isGlobal(e, maker, 'Function') || name?.text === 'compileFunction') return true;
  const variable = ts.isIdentifier(maker) ? e.bindings.variableOf.get(maker) : undefined;
  return variable !== undefined && returnsOfText(e, variable, asked);
}

/** Whether a function of the file makes one. */
function returnsOfText(e: Emitter, variable: Variable, asked: Set<Variable>): boolean {
  if (asked.has(variable)) return false;
  asked.add(variable);
  const makes = (node: ts.Node | undefined): boolean =>
    node !== undefined && ts.isExpression(node) && makesOfText(e, strip(node), asked);
  const returns = (node: ts.Node): boolean => {
    if (isFunction(node)) return false;
    if (ts.isReturnStatement(node)) return makes(node.expression);
    return ts.forEachChild(node, (child) => returns(child) || undefined) ?? false;
  };
  const { body } = functionOf(variable) ?? {};
  return body !== undefined && (ts.isBlock(body) ? returns(body) : makes(body));
}

function functionOf({ scope, name, writes }: Variable): { readonly body?: ts.ConciseBody | undefined } | undefined {
  const [value] = writes;
  const given = typeof value === 'object' ? strip(value) : undefined;
  if (given && (ts.isArrowFunction(given) || ts.isFunctionExpression(given))) return given;
  let found: ts.FunctionDeclaration | undefined;
  const look = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === name) found = node;
    else if (!isFunction(node)) ts.forEachChild(node, look);
  };
  const around = isFunction(scope.node) ? (scope.node as ts.FunctionLikeDeclaration).body : scope.node;
  if (around) ts.forEachChild(around, look);
  return found;
}

function isGlobal(e: Emitter, node: ts.Expression, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name && !e.bindings.variableOf.has(node);
}
