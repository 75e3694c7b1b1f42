/** Object and array literals in user code: what they give is recorded by what is known of it. */
import { ts } from 'ts-morph';
import { isFunction } from './bindings.ts';
import type { Emitter } from './emitter.ts';
import { isAssignment } from './operators.ts';

type Literal = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression;

/** An index that stands for itself. */
const INDEX = /^\d{1,9}$/;

/** The text before a literal whose value is told to the recorder, and behind it. */
export function beginLiteral(e: Emitter, node: ts.Node): string {
  if (!ts.isObjectLiteralExpression(node) && !ts.isArrayLiteralExpression(node)) return '';
  if (!isPassedOn(node) || takesInferredName(node)) return '';
  const count = ts.isObjectLiteralExpression(node) ? plainProperties(node) : dense(node) ? 0 : undefined;
  if (count === undefined) return '';
  e.edits.insert(e.start(node), '__hcLO(');
  return `,${count})`;
}

/** How many properties the object will have, where all are plain and known by name. */
function plainProperties({ properties }: ts.ObjectLiteralExpression): number | undefined {
  const names = new Set<string>();
  for (const property of properties) {
    if (ts.isSpreadAssignment(property) || ts.isAccessor(property)) return undefined;
    const { name } = property;
    if (!ts.isIdentifier(name) && !ts.isStringLiteralLike(name) && !ts.isNumericLiteral(name)) return undefined;
    // one sets the prototype; one may make the object a class's prototype
    if (name.text === '__proto__' || name.text === 'constructor') return undefined;
    if (ts.isNumericLiteral(name) && !INDEX.test(name.text)) return undefined;
    names.add(name.text);
  }
  return names.size === properties.length ? names.size : undefined;
}

function dense({ elements }: ts.ArrayLiteralExpression): boolean {
  return !elements.some((element) => ts.isOmittedExpression(element));
}

/** Whether the value goes where it is only passed on, so that no error names the literal and no pattern takes it apart. */
function isPassedOn(node: Literal): boolean {
  let inner: ts.Node = node;
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)) {
    inner = parent;
    parent = parent.parent;
  }
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name);
  if (ts.isBinaryExpression(parent)) {
    const isPlain = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === inner;
    return isPlain && !ts.isArrayLiteralExpression(parent.left) && !ts.isObjectLiteralExpression(parent.left);
  }
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent))
    return parent.expression !== inner && parent.expression.kind !== ts.SyntaxKind.ImportKeyword;
  if (ts.isArrowFunction(parent)) return parent.body === inner;
  if (ts.isPropertyAssignment(parent)) return isPassedOn(parent.parent);
  if (ts.isArrayLiteralExpression(parent)) return isPassedOn(parent);
  return ts.isReturnStatement(parent);
}

/** Whether a call in its place would take from a function the name that V8 infers for it, which stacks show. */
function takesInferredName(node: Literal): boolean {
  let value: ts.Node | undefined;
  for (let at: ts.Node = node; ts.isExpression(at) || ts.isObjectLiteralElement(at); at = at.parent) {
    if (isFunction(at) || ts.isClassLike(at)) break;
    if (isGivenName(at)) value = at;
  }
  if (value === undefined) return false;
  let holds = holdsNameless.get(value);
  if (holds === undefined) holdsNameless.set(value, (holds = hasNameless(value)));
  return holds;
}

const holdsNameless = new WeakMap<ts.Node, boolean>();

/** What is assigned, or a variable's, a parameter's or a field's first value. */
function isGivenName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return isAssignment(parent.operatorToken.kind) && parent.right === node;
  const hasInitializer =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isPropertyDeclaration(parent);
  return hasInitializer && parent.initializer === node;
}

function hasNameless(node: ts.Node): boolean {
  if (isFunction(node) || ts.isClassLike(node)) return node.name === undefined && !isNamedByPlace(node);
  return ts.forEachChild(node, (child) => hasNameless(child) || undefined) ?? false;
}

/** The language itself names it after what it becomes. */
function isNamedByPlace(node: ts.Node): boolean {
  let at = node;
  while (ts.isParenthesizedExpression(at.parent)) at = at.parent;
  const { parent } = at;
  return (
    (ts.isPropertyAssignment(parent) && parent.initializer === at) ||
    (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) ||
    (ts.isBinaryExpression(parent) && parent.right === at && ts.isIdentifier(parent.left) && isGivenName(at))
  );
}
