/**
 * Code that no hook can stand in: the body of a `with` statement, where every name is asked of the object first, and the
 * text of a direct `eval`. What it may have changed is looked at when it is done; the rest is declared.
 */
import { ts } from 'ts-morph';
import type { Scope, Variable } from './bindings.ts';
import { isFunction } from './bindings.ts';
import type { Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression, isWriteTarget } from './expressions.ts';
import { isStrict } from './strictness.ts';

/** `with (o) …` becomes `try{with(t=(o)) …}finally{…}`: the object and the variables that the body names as targets. */
export function emitWith(e: Emitter, c: FunctionContext, s: ts.WithStatement): void {
  e.degrade(s.statement, 'code inside a with statement is not recorded');
  const temps = c.temps;
  const object = c.takeTemp();
  e.edits.insert(e.start(s), 'try{');
  e.edits.insert(e.start(s.expression), `${object}=(`);
  emitExpression(e, c, s.expression);
  e.edits.insert(s.expression.getEnd(), ')');
  const assigned = assignedFrom(e, s.statement).flatMap((variable) => ['__hcEW(', ...seen(e, c, variable, s), ');']);
  e.edits.insert(s.getEnd(), `}finally{__hcRE(${object});`, ...assigned, '}');
  c.releaseTemps(temps);
}

/** Variables around a statement that its text assigns or declares. */
function assignedFrom(e: Emitter, body: ts.Statement): Variable[] {
  const found = new Set<Variable>();
  const visit = (node: ts.Node): void => {
    const variable = ts.isIdentifier(node) ? e.bindings.variableOf.get(node) : undefined;
    const declares = ts.isIdentifier(node) && ts.isVariableDeclaration(node.parent) && node.parent.name === node;
    if (variable && (declares || isWriteTarget(node as ts.Identifier))) {
      const { node: home } = variable.scope;
      if (home.pos < body.pos || home.end > body.end) found.add(variable);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return [...found];
}

export function isDirectEval(e: Emitter, node: ts.CallExpression): boolean {
  const { expression: callee, parent, arguments: args } = node;
  if (!ts.isIdentifier(callee) || callee.text !== 'eval' || node.questionDotToken) return false;
  if (args.length === 0 || args.some(ts.isSpreadElement)) return false;
  // an error would name the call
  const named =
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) &&
    parent.expression === node;
  if (named) e.degrade(args[0] ?? node, EVAL);
  return !named;
}

const EVAL = 'what the code of a direct eval does to objects, and the variables that it makes, are not recorded';

/** The variables in sight that the text names are recorded anew. */
export function emitEval(e: Emitter, c: FunctionContext, node: ts.CallExpression, top: boolean): void {
  const [code] = node.arguments;
  if (code === undefined) return;
  e.degrade(code, EVAL);
  const temps = c.temps;
  const text = c.takeTemp();
  if (!top) e.edits.insert(e.start(node), '__hcY(0,');
  e.edits.insert(e.start(code), `${text}=(`);
  for (const argument of node.arguments) {
    emitExpression(e, c, argument);
    if (argument === code) e.edits.insert(code.getEnd(), ')');
  }
  const variables = inSight(e, node).flatMap((variable) => [',', ...seen(e, c, variable, node)]);
  e.edits.insert(node.getEnd(), `,__hcEV(${text}`, ...variables, ')', top ? '' : ')');
  c.releaseTemps(temps);
}

/** Assignable variables by the names that mean them at a node. */
function inSight(e: Emitter, node: ts.Node): Variable[] {
  const names = new Map<string, Variable>();
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    const scope: Scope | undefined = e.bindings.scopeOf.get(at);
    for (const [name, variable] of scope?.names ?? []) if (!names.has(name)) names.set(name, variable);
  }
  return [...names.values()].filter(({ kind }) => kind !== 'const' && kind !== 'import');
}

/** Word, name, whether the code may hide it behind a variable of its own, and how to read it. */
function seen(e: Emitter, c: FunctionContext, variable: Variable, node: ts.Node): Piece[] {
  const word = c.push(e.loggedWrite(node, variable));
  const foreign = !isStrict(e.goal, node) && variable.scope.owner !== ownerOf(node);
  return [{ word }, `,'${variable.name}',${foreign},()=>${variable.name}`];
}

function ownerOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!isFunction(at) && !ts.isSourceFile(at) && !ts.isClassStaticBlockDeclaration(at)) at = at.parent;
  return at;
}
