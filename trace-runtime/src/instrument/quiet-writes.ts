/** Writes of variables and private fields by initialisers, which run outside of their function's flow. */
import { ts } from 'ts-morph';
import { type Variable, isErased, isFunction } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import type { Emitter } from './emitter.ts';
import { beginNamed } from './named-errors.ts';
import { isAssignment, isUpdate } from './operators.ts';
import { isPrivateAccessor } from './property-writes.ts';
import { strip } from './rules.ts';

/**
 * Instruments such a write, and its operands by `each`; false where the node is none. A reader finds the variable by the
 * activation that stands for the initialiser, or as one of the file's.
 */
export function writeQuietly(e: Emitter, node: ts.Node, each: (child: ts.Node) => void): boolean {
  const target = targetOf(node);
  const record = target && recordOf(e, node, target);
  if (record === undefined) return false;
  const finish = beginNamed(e, node);
  e.edits.insert(e.start(node), '__hcY(0,');
  ts.forEachChild(node, each);
  e.edits.insert(node.getEnd(), ',', ...record, ')');
  finish();
  return true;
}

/** Whether evaluating the node writes a variable that is not the file's: only an activation tells which one. */
export function writesVariable(e: Emitter, node: ts.Node): boolean {
  if (isErased(node) || isFunction(node) || ts.isClassLike(node)) return false;
  const variable = variableOf(e, targetOf(node));
  if (variable !== undefined && variable.scope.kind !== 'module') return true;
  return ts.forEachChild(node, (child) => writesVariable(e, child) || undefined) ?? false;
}

/** What an assignment or an update gives a value to. */
function targetOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node)) return isAssignment(node.operatorToken.kind) ? strip(node.left) : undefined;
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return undefined;
  return isUpdate(node.operator) ? strip(node.operand) : undefined;
}

function variableOf(e: Emitter, target: ts.Expression | undefined): Variable | undefined {
  return target && ts.isIdentifier(target) ? e.bindings.variableOf.get(target) : undefined;
}

function recordOf(e: Emitter, node: ts.Node, target: ts.Expression): Piece[] | undefined {
  const variable = variableOf(e, target);
  if (variable) return ['__hcEN(', { word: pushWrite(e, node, variable) }, `,${variable.name})`];
  if (!ts.isPropertyAccessExpression(target) || !ts.isPrivateIdentifier(target.name) || isPrivateAccessor(target))
    return undefined;
  const object = strip(target.expression);
  if (!ts.isIdentifier(object) && object.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const owner = object.getText(e.file);
  return [`__hcM(${owner},"${target.name.text}",${owner}.${target.name.text})`];
}

function pushWrite(e: Emitter, node: ts.Node, variable: Variable): OpRef {
  const ref: OpRef = { index: 0, flow: false, op: e.loggedWrite(node, variable) };
  e.detached.push(ref);
  return ref;
}
