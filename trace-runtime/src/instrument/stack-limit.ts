/**
 * Where a program looks at `Error.stackTraceLimit`: the recorder raises it while frames of its own stand on the stack, and
 * takes that back before the program sees it. `Error` becomes `__hcStack.Error` there, whose getter does so.
 */
import { ts } from 'ts-morph';
import { STACK_HOOK } from '../model/instrument-cache.ts';
import type { Emitter } from './emitter.ts';

const LIMIT = 'stackTraceLimit';

/** Comes last: what else is inserted before the same name stays in front of it. */
export function markStackLimit(e: Emitter): void {
  if (!e.source.includes(LIMIT)) return;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'Error' && isLookedAt(node) && !e.bindings.variableOf.has(node))
      for (const edits of [e.edits, e.light]) edits.insert(e.start(node), `${STACK_HOOK}.`);
    ts.forEachChild(node, visit);
  };
  visit(e.file);
}

function isLookedAt(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node && parent.name.text === LIMIT;
  if (ts.isElementAccessExpression(parent)) return parent.expression === node && isLimit(parent.argumentExpression);
  // `const { stackTraceLimit } = Error`, `({ stackTraceLimit } = Error)`
  if (ts.isVariableDeclaration(parent))
    return (
      parent.initializer === node && ts.isObjectBindingPattern(parent.name) && parent.name.getText().includes(LIMIT)
    );
  if (ts.isBinaryExpression(parent))
    return (
      parent.right === node &&
      ((ts.isObjectLiteralExpression(parent.left) && parent.left.getText().includes(LIMIT)) || isLimit(parent.left))
    );
  // `Reflect.get(Error, 'stackTraceLimit')`
  return ts.isCallExpression(parent) && parent.expression !== node && parent.arguments.some(isLimit);
}

function isLimit(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) && node.text === LIMIT;
}
