/**
 * Where V8 says that a name was read which a statement, or the body of an arrow function, reads before it does anything else: at the
 * statement or, of a body, at the place of its outermost operation. A hook before the name makes V8 say: at the name. A table
 * of such names has the recorder say what V8 would.
 */
import { ts } from 'ts-morph';
import { isErased, isFunction } from './bindings.ts';
import type { Emitter } from './emitter.ts';
import { lastPlace, placeOf } from './expression-places.ts';
import { mayThrow } from './may-throw.ts';
import { isAssignment } from './operators.ts';
import { patternParameters } from './parameter-patterns.ts';
import { strip } from './rules.ts';

/**
 * Flat triples: -1 - line of the name (from 0), its column, and the position in the source that V8 tells. For what `for await` and
 * `yield*` ask for values: -1 - that position.
 */
export function firstReads(e: Emitter): number[] {
  const found: number[] = [];
  const tell = (from: number, to: number, asked = false): void => {
    if (from === to) return;
    const { line, character } = e.file.getLineAndCharacterOfPosition(from);
    found.push(-1 - line, character, asked ? -1 - to : to);
  };
  const visit = (node: ts.Node): void => {
    const patterns = isFunction(node) ? patternParameters(e, node) : undefined;
    patterns?.asking.forEach(({ from, to }) => from.forEach((asked) => tell(e.start(asked), to, true)));
    const operand = askedOperand(node);
    if (operand) tell(e.start(operand), askedAt(e.file, node, operand) ?? e.start(operand), true);
    if (!ts.isIdentifier(node)) return isErased(node) ? undefined : ts.forEachChild(node, visit);
    if (!isRead(node) || !mayThrow(e, node)) return;
    const { place, body } = toldPlace(e.file, node, !e.bindings.variableOf.has(node));
    if (place === undefined) return;
    tell(e.start(node), place);
    // where the hooks before a body stand
    if (body) tell(e.start(body), place);
  };
  visit(e.file);
  return found;
}

/** Most names that are no reads: names of properties, of what is declared, of labels. */
function isRead({ parent }: ts.Identifier): boolean {
  return ts.isExpression(parent) || ts.isTemplateSpan(parent) || isHolder(parent);
}

function isHolder(node: ts.Node): boolean {
  return ts.isStatement(node) || ts.isVariableDeclaration(node) || ts.isSpreadAssignment(node);
}

/** What a `for await` or a `yield*` asks for values: a hook stands around it. */
function askedOperand(node: ts.Node): ts.Expression | undefined {
  if (ts.isForOfStatement(node)) return node.awaitModifier && node.expression;
  return ts.isYieldExpression(node) && node.asteriskToken ? node.expression : undefined;
}

/**
 * Where V8 says that the operand is asked. undefined: where it begins, or what begins there has that place, too, when it fails.
 */
function askedAt(file: ts.SourceFile, node: ts.Node, operand: ts.Expression): number | undefined {
  if (!beginsWithValue(operand)) return undefined;
  const inner = strip(operand);
  if (ts.isForOfStatement(node) || !isUnplaced(inner)) return lastPlace(file, inner);
  let at = node;
  while (isFirstIn(at.parent, at)) at = ts.isTemplateSpan(at.parent) ? at.parent.parent : at.parent;
  return placeIn(file, at.parent, at);
}

/** Evaluating it has no place of its own. */
function isUnplaced(node: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(node))
    return !node.properties.some(({ name }) => name !== undefined && ts.isComputedPropertyName(name));
  const isMade = isFunction(node) || ts.isClassExpression(node);
  return isMade || ts.isIdentifier(node) || ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.NullKeyword;
}

/** No call and nothing else that fails stands at the expression's first character, unless it is the whole of it. */
function beginsWithValue(expression: ts.Expression): boolean {
  let at = expression;
  for (;;) {
    if (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = at.expression;
    else if (ts.isCallExpression(at) && !ts.isIdentifier(at.expression)) at = at.expression;
    else if (ts.isBinaryExpression(at)) at = at.left;
    else if (ts.isConditionalExpression(at)) at = at.condition;
    else if (ts.isPostfixUnaryExpression(at)) at = at.operand;
    else break;
  }
  const isValue = ts.isIdentifier(at) || at.kind === ts.SyntaxKind.ThisKeyword || ts.isParenthesizedExpression(at);
  return isValue || at === expression;
}

interface Told {
  /** undefined: where the name stands */
  readonly place: number | undefined;
  /** that of the arrow function, where it begins with the name */
  readonly body?: ts.Node | undefined;
}

function toldPlace(file: ts.SourceFile, name: ts.Identifier, isGlobal: boolean): Told {
  let at: ts.Node = name;
  while (isFirstIn(at.parent, at)) {
    // a global that is called is read at the call
    if (isGlobal && isCallOf(at.parent, name)) return { place: placeOf(file, at.parent), body: bodyAt(at.parent) };
    at = ts.isTemplateSpan(at.parent) ? at.parent.parent : at.parent;
  }
  return { place: placeIn(file, at.parent, at), body: bodyAt(at) };
}

function bodyAt(node: ts.Node): ts.Node | undefined {
  return ts.isArrowFunction(node.parent) ? node : undefined;
}

function isCallOf(node: ts.Node, name: ts.Identifier): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.questionDotToken === undefined && strip(node.expression) === name;
}

/** Whether evaluating `node` begins with evaluating `part`. */
function isFirstIn(node: ts.Node, part: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return isFirstOperand(node, part);
  if (ts.isConditionalExpression(node)) return node.condition === part;
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return true;
  if (ts.isCallExpression(node)) return node.expression === part;
  if (ts.isNewExpression(node)) return node.expression === part;
  if (ts.isTaggedTemplateExpression(node)) return node.tag === part;
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return node.expression === part;
  if (ts.isTemplateSpan(node)) return node.parent.head.text === '' && node.parent.templateSpans[0] === node;
  if (ts.isSpreadElement(node)) return ts.isArrayLiteralExpression(node.parent) && node.parent.elements[0] === node;
  if (ts.isSpreadAssignment(node)) return node.parent.properties[0] === node;
  if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node)) return isSpread(part);
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isDeleteExpression(node) ||
    (ts.isExpression(node) && strip(node) !== node && strip(node) === strip(part as ts.Expression))
  );
}

function isSpread(node: ts.Node): boolean {
  return ts.isSpreadElement(node) || ts.isSpreadAssignment(node);
}

function isFirstOperand(node: ts.BinaryExpression, part: ts.Node): boolean {
  const { kind } = node.operatorToken;
  if (!isAssignment(kind)) return node.left === part;
  const target = strip(node.left);
  const isMember = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  if (kind === ts.SyntaxKind.EqualsToken && !isMember) return node.right === part;
  return node.left === part;
}

/** What V8 tells for the first thing that is done for `part` of the statement or function; undefined: its own place. */
function placeIn(file: ts.SourceFile, node: ts.Node, part: ts.Node): number | undefined {
  const isStatement =
    ts.isExpressionStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isIfStatement(node) ||
    ts.isSwitchStatement(node);
  if (isStatement) return node.getStart(file);
  if (ts.isVariableDeclaration(node)) return part.getStart(file);
  const isPlaced =
    (ts.isArrowFunction(node) && node.body === part) ||
    ts.isWhileStatement(node) ||
    ts.isDoStatement(node) ||
    (ts.isForStatement(node) && node.condition === part) ||
    (ts.isForOfStatement(node) && node.expression === part);
  return isPlaced ? placeOf(file, part as ts.Expression) : undefined;
}
