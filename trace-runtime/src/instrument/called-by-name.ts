/**
 * Functions that only recorded code calls. Such a function never begins a tick, so at level light it need not ask whether
 * recorded code is on the stack, nor say that it is.
 *
 * A function is one of them where its name is bound once and every mention of the name calls it, in a body: then whoever
 * calls it is an activation that has said so (flow-text.ts), or one of them itself. Not so in initialisers of parameters and
 * fields, which run before their function's body begins, nor in code that is not recorded. What is handed on in another
 * way (exports, globals, `arguments.callee`, a direct eval, `with`) may be called by anybody.
 */
import { ts } from 'ts-morph';
import { type Bindings, type Variable, isErased, isFunction } from './bindings.ts';
import { exportsOf } from './module-links.ts';

export function calledByName(file: ts.SourceFile, bindings: Bindings): ReadonlySet<ts.Node> {
  const found = new Map<Variable, ts.FunctionLikeDeclaration>();
  if (file.statements.some(hasUnrecordedBody)) return new Set();
  for (const [name, variable] of bindings.variableOf) {
    const made = functionNamed(name);
    if (made && isSteady(variable) && !bindings.usesArguments.has(made)) found.set(variable, made);
  }
  for (const { variable } of exportsOf(file, bindings)) {
    const exported = bindings.variables[variable];
    if (exported) found.delete(exported);
  }
  for (const [name, variable] of bindings.variableOf) {
    if (found.has(variable) && functionNamed(name) !== found.get(variable) && !isCalled(name)) found.delete(variable);
  }
  return new Set(found.values());
}

/** The function that a declaration binds to its name. */
function functionNamed(name: ts.Identifier): ts.FunctionLikeDeclaration | undefined {
  const { parent } = name;
  if (ts.isFunctionDeclaration(parent) && parent.name === name) return isErased(parent) ? undefined : parent;
  if (!ts.isVariableDeclaration(parent) || parent.name !== name) return undefined;
  const value = parent.initializer;
  if (value === undefined || (parent.parent.flags & ts.NodeFlags.Const) === 0) return undefined;
  // a function expression's own name is a second one
  return ts.isArrowFunction(value) || (ts.isFunctionExpression(value) && !value.name) ? value : undefined;
}

/** Bound once, and in sight of the text alone. */
function isSteady({ kind, untracked, writes }: Variable): boolean {
  return !untracked && (kind === 'const' || kind === 'function') && writes.length === 1;
}

/** Whether the mention calls, and an activation that has begun stands around it. */
function isCalled(name: ts.Identifier): boolean {
  const call = name.parent;
  if (!ts.isCallExpression(call) || call.expression !== name) return false;
  let child: ts.Node = call;
  for (let at: ts.Node = call.parent; !ts.isSourceFile(at); [child, at] = [at, at.parent]) {
    if (ts.isParameter(at) || ts.isPropertyDeclaration(at) || ts.isDecorator(at)) return false;
    if (ts.isClassStaticBlockDeclaration(at) || ts.isWithStatement(at)) return false;
    if (isFunction(at) && at.body === child) return true;
  }
  return true;
}

/** Namespaces are not recorded. */
function hasUnrecordedBody(statement: ts.Statement): boolean {
  return ts.isModuleDeclaration(statement) && !isErased(statement);
}
