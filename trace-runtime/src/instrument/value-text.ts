/** Text, the same at both levels, that has a declaration's value sampled: see recorder/value-samples.ts. */
import { ts } from 'ts-morph';
import { isFunction, type Variable } from './bindings.ts';
import type { Emitter } from './emitter.ts';

/** The first variable with a value that comes of a call: a run that goes the same way computes what comes of others. `var` may be a global with a getter. */
export function sampleValue(e: Emitter, list: ts.VariableDeclarationList, end: number): void {
  if ((list.flags & ts.NodeFlags.BlockScoped) === 0) return;
  for (const { name, initializer } of list.declarations) {
    const variable = initializer && calls(initializer) ? firstBound(e, name) : undefined;
    if (variable) return e.insertBoth(end, `;--__hcA[9]||__hcval(${variable.name});`);
  }
}

function firstBound(e: Emitter, name: ts.BindingName): Variable | undefined {
  if (ts.isIdentifier(name)) return e.bindings.variableOf.get(name);
  for (const element of name.elements) {
    const found = ts.isBindingElement(element) ? firstBound(e, element.name) : undefined;
    if (found) return found;
  }
  return undefined;
}

function calls(node: ts.Node): boolean {
  if (isFunction(node) || ts.isClassLike(node)) return false;
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node)) return true;
  return ts.forEachChild(node, (child) => calls(child) || undefined) ?? false;
}
