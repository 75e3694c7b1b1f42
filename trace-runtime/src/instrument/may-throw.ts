/** Which code may call recorded code or throw: only such code needs a progress point. */
import { ts } from 'ts-morph';
import { isErased, isFunction } from './bindings.ts';
import { isUsing } from './disposals.ts';
import { isAssignment } from './operators.ts';
import type { Emitter } from './emitter.ts';
import { strip } from './rules.ts';

/** Whether evaluating the node itself (not functions in it) may call recorded code or throw. */
export function mayThrow(e: Emitter, node: ts.Node): boolean {
  if (isErased(node) || isFunction(node)) return false;
  switch (node.kind) {
    case ts.SyntaxKind.CallExpression:
    case ts.SyntaxKind.NewExpression:
    case ts.SyntaxKind.PropertyAccessExpression:
    case ts.SyntaxKind.ElementAccessExpression:
    case ts.SyntaxKind.TaggedTemplateExpression:
    case ts.SyntaxKind.AwaitExpression:
    case ts.SyntaxKind.YieldExpression:
    case ts.SyntaxKind.SpreadElement:
    case ts.SyntaxKind.SpreadAssignment:
    case ts.SyntaxKind.DeleteExpression:
    case ts.SyntaxKind.ClassExpression:
    case ts.SyntaxKind.ClassDeclaration:
    case ts.SyntaxKind.ObjectBindingPattern:
    case ts.SyntaxKind.ArrayBindingPattern:
    case ts.SyntaxKind.ComputedPropertyName:
    case ts.SyntaxKind.JsxElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
    case ts.SyntaxKind.JsxFragment:
    case ts.SyntaxKind.SuperKeyword:
      return true;
  }
  // what cannot be disposed of is no resource
  if (ts.isVariableDeclarationList(node) && isUsing(node)) return true;
  if (ts.isIdentifier(node)) return identifierMayThrow(e, node);
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (kind === ts.SyntaxKind.InKeyword || kind === ts.SyntaxKind.InstanceOfKeyword) return true;
    if (isAssignment(kind)) {
      const left = strip(node.left);
      const variable = ts.isIdentifier(left) ? e.bindings.variableOf.get(left) : undefined;
      if (variable === undefined || variable.kind === 'const') return true;
      if (kind !== ts.SyntaxKind.EqualsToken && !variable.primitive) return true;
      return mayThrow(e, node.left) || mayThrow(e, node.right);
    }
    const safe =
      kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
      kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
      kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken ||
      kind === ts.SyntaxKind.CommaToken;
    if (!safe && (e.bigints || !(e.rules.primitive(node.left) && e.rules.primitive(node.right)))) return true;
  }
  if (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    node.operator !== ts.SyntaxKind.ExclamationToken &&
    (e.bigints || !e.rules.primitive(node.operand))
  )
    return true;
  if (ts.isTemplateExpression(node) && node.templateSpans.some((s) => !e.rules.primitive(s.expression))) return true;
  return ts.forEachChild(node, (child) => mayThrow(e, child) || undefined) ?? false;
}

function identifierMayThrow(e: Emitter, node: ts.Identifier): boolean {
  const variable = e.bindings.variableOf.get(node);
  if (variable === undefined) return node.text !== 'undefined';
  if (variable.untracked) return true;
  if (variable.kind !== 'let' && variable.kind !== 'const' && variable.kind !== 'class') return false;
  // another clause may have jumped over the declaration
  if (variable.scope.kind === 'switch' && node.getStart(e.file) !== variable.start) return true;
  return node.pos < variable.end && node.getStart(e.file) !== variable.start;
}
