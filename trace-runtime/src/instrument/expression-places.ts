/** The position that V8's parser gives an expression: Parser::Parse…Expression of its parser-base.h. */
import { ts } from 'ts-morph';
import { isAssignment } from './operators.ts';
import { strip } from './rules.ts';

export function placeOf(file: ts.SourceFile, expression: ts.Expression): number {
  const node = strip(expression);
  // V8 gives a chain none
  if ((node.flags & ts.NodeFlags.OptionalChain) !== 0) return 0;
  if (ts.isPropertyAccessExpression(node)) return isBehindCall(node) ? node.name.pos - 1 : node.name.getStart(file);
  if (ts.isElementAccessExpression(node)) return node.argumentExpression.pos - 1;
  if (ts.isCallExpression(node)) return calledAt(file, node);
  if (ts.isTaggedTemplateExpression(node)) return node.template.getStart(file);
  if (ts.isBinaryExpression(node)) return operatedAt(file, node);
  if (ts.isPostfixUnaryExpression(node)) return node.getEnd() - 2;
  if (ts.isPrefixUnaryExpression(node) && isCount(node.operator)) return lastToken(file, node.operand);
  return node.getStart(file);
}

/** The place of the last thing that evaluating the expression does; undefined: it cannot be told from the text. */
export function lastPlace(file: ts.SourceFile, expression: ts.Expression): number | undefined {
  const node = strip(expression);
  if ((node.flags & ts.NodeFlags.OptionalChain) !== 0) return inChain(file, node);
  if (ts.isConditionalExpression(node)) return lastPlace(file, node.whenFalse);
  if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind)) return lastPlace(file, node.right);
  const isTold =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isBinaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isIdentifier(node);
  return isTold ? placeOf(file, node) : undefined;
}

/** Operators of which the second operand is evaluated last, if at all. */
function isChoice(kind: ts.BinaryOperator): boolean {
  return (
    kind === ts.SyntaxKind.CommaToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.AmpersandAmpersandToken
  );
}

/** In a chain the parser notes its token before the name: the dot, or `?.`. */
function inChain(file: ts.SourceFile, node: ts.Expression): number | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.questionDotToken?.getStart(file) ?? node.name.pos - 1;
  if (ts.isElementAccessExpression(node)) return node.argumentExpression.pos - 1;
  return ts.isCallExpression(node) && node.questionDotToken === undefined ? calledAt(file, node) : undefined;
}

function isCount(operator: ts.PrefixUnaryOperator): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

function lastToken(file: ts.SourceFile, operand: ts.Expression): number {
  if (ts.isPropertyAccessExpression(operand)) return operand.name.getStart(file);
  return ts.isIdentifier(operand) ? operand.getStart(file) : operand.getEnd() - 1;
}

/** Behind a call, the parser is at the dot when it notes the place, else at the name. */
function isBehindCall(node: ts.PropertyAccessExpression): boolean {
  let at: ts.Expression = node.expression;
  for (;;) {
    if (ts.isCallExpression(at)) return true;
    if (ts.isTaggedTemplateExpression(at)) at = at.tag;
    else if (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = at.expression;
    else if (ts.isNonNullExpression(at)) at = at.expression;
    else return false;
  }
}

/** At the name that is called, else at the bracket. */
function calledAt(file: ts.SourceFile, { expression, arguments: list }: ts.CallExpression): number {
  if (ts.isIdentifier(expression)) return expression.getStart(file);
  if (!ts.isPropertyAccessExpression(expression)) return list.pos - 1;
  const { name } = expression;
  return ts.isIdentifier(name) && !isReserved(name.text) ? name.getStart(file) : list.pos - 1;
}

/** Words that are no names even in sloppy code, but for `super`. */
function isReserved(name: string): boolean {
  return RESERVED.has(name);
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function ' +
    'if import in instanceof new null return switch this throw true try typeof var void while with'
  ).split(' '),
);

/** Several of one operator are one operation, at the place of its first operand. */
function operatedAt(file: ts.SourceFile, node: ts.BinaryExpression): number {
  const { kind } = node.operatorToken;
  const isComma = kind === ts.SyntaxKind.CommaToken;
  const left = isComma ? node.left : strip(node.left);
  if (ts.isBinaryExpression(left) && left.operatorToken.kind === kind && isGathered(kind))
    return firstPlace(file, left);
  if (isComma) return placeOf(file, node.right);
  if (kind === ts.SyntaxKind.QuestionQuestionToken) return node.right.getStart(file);
  return node.operatorToken.getStart(file);
}

function firstPlace(file: ts.SourceFile, node: ts.BinaryExpression): number {
  const { kind } = node.operatorToken;
  const left = kind === ts.SyntaxKind.CommaToken ? node.left : strip(node.left);
  const isMore = ts.isBinaryExpression(left) && left.operatorToken.kind === kind;
  return isMore ? firstPlace(file, left) : placeOf(file, left);
}

function isGathered(kind: ts.BinaryOperator): boolean {
  if (isAssignment(kind)) return false;
  switch (kind) {
    case ts.SyntaxKind.AsteriskAsteriskToken:
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
    case ts.SyntaxKind.InKeyword:
    case ts.SyntaxKind.InstanceOfKeyword:
      return false;
  }
  return true;
}
