import { ts } from 'ts-morph';
import { isErased, isFunction } from './bindings.ts';
import { isAssignment, isUpdate } from './operators.ts';
import type { Piece } from './edits.ts';
import { FunctionContext, type Emitter } from './emitter.ts';
import { beginNamed } from './named-errors.ts';
import { isStrict } from './strictness.ts';
import { targetOf } from './patterns.ts';
import { strip } from './rules.ts';
import { emitMaking, makingCall } from './text-code.ts';

/**
 * Instruments a dependency: only its writes of properties, so that objects which recorded code can see stay true.
 * Nothing is recorded of its steps.
 */
export function instrumentWrites(e: Emitter): void {
  const root = beginFile(e);
  if (e.goal === 'script') return eachFunction(e, e.file);
  const first = e.file.statements.find((s) => !(ts.isExpressionStatement(s) && ts.isStringLiteral(s.expression)));
  const prologue = e.edits.reserve(first ? e.start(first) : 0);
  visit(e, root, e.file, false);
  prologue.push(...declare(e, root));
}

/** Instruments what V8 compiles for `new Function`: as a dependency, and nothing in front of the body's first line. */
export function instrumentText(e: Emitter): void {
  beginFile(e);
  const [statement] = e.file.statements;
  const made = statement && ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
  if (e.file.statements.length !== 1 || !made || !ts.isFunctionExpression(made)) return;
  visitFunction(e, undefined, made, '{\n'.length);
}

function beginFile(e: Emitter): FunctionContext {
  const root = new FunctionContext(0, e.file, false);
  e.functions.push({
    site: {
      name: '',
      kind: 'module',
      async: false,
      generator: false,
      strict: false,
      start: 0,
      end: e.source.length,
      parent: -1,
      scope: 0,
      outer: -1,
      parameters: [],
      length: 0,
    },
    context: root,
  });
  e.mark = root.push({ k: 'exit', start: 0, end: 0 });
  return root;
}

/** A script's own temporaries would be everybody's: an expression that is a statement gets a block around it, which has its value. */
function eachFunction(e: Emitter, node: ts.Node): void {
  if (isFunction(node) && node.body) return visitFunction(e, undefined, node);
  if (ts.isExpressionStatement(node)) {
    const c = new FunctionContext(0, e.file, false);
    const opening = e.edits.reserve(e.start(node));
    visit(e, c, node.expression, false);
    if (c.maxTemps === 0) return;
    opening.push('{', ...declare(e, c).slice(1));
    return e.edits.insert(node.getEnd(), '}');
  }
  ts.forEachChild(node, (child) => eachFunction(e, child));
}

function declare(e: Emitter, c: FunctionContext): readonly Piece[] {
  if (c.maxTemps === 0) return [];
  const names = Array.from({ length: c.maxTemps }, (_, i) => `__hct${i + 1}`).join(',');
  // where V8 shows the beginning of a text only, it may have no more than this
  return [';', ...markOf(e), `let ${names};`];
}

/** `opening`: characters from the body's beginning to where something may be put. */
function visitFunction(
  e: Emitter,
  outer: FunctionContext | undefined,
  node: ts.FunctionLikeDeclaration,
  opening = 1,
): void {
  const { body } = node;
  if (body === undefined) return;
  const each = (child: ts.Node): void => (outer ? visit(e, outer, child, false) : eachFunction(e, child));
  if (node.name && ts.isComputedPropertyName(node.name)) each(node.name.expression);
  node.parameters.forEach(each);
  if (!ts.isBlock(body)) return each(body);
  const c = new FunctionContext(0, node, false);
  const directive = body.statements.findLastIndex(
    (s, i) => ts.isExpressionStatement(s) && ts.isStringLiteral(s.expression) && i < 3,
  );
  const before = directive >= 0 ? body.statements[directive] : undefined;
  const prologue = e.edits.reserve(before ? before.getEnd() : e.start(body) + opening);
  body.statements.forEach((s) => visit(e, c, s, false));
  prologue.push(...declare(e, c));
}

function visit(e: Emitter, c: FunctionContext, node: ts.Node, top: boolean): void {
  if (isErased(node)) return;
  if (isFunction(node)) return visitFunction(e, c, node);
  if (ts.isExpressionStatement(node)) return visit(e, c, node.expression, true);
  const each = (child: ts.Node): void => visit(e, c, child, false);
  if (writeMember(e, c, node, top, each)) return;
  if (ts.isThrowStatement(node)) tellThrow(e, node);
  const making = makingCall(e, c, node);
  if (making) return emitMaking(e, c, node as ts.CallExpression | ts.NewExpression, making, each);
  ts.forEachChild(node, each);
}

/** Where an error was thrown that ends the program is printed with it. */
function tellThrow(e: Emitter, node: ts.ThrowStatement): void {
  if (e.mark === undefined) return;
  const { line, character } = e.file.getLineAndCharacterOfPosition(e.start(node));
  e.insertBoth(e.start(node.expression), '__hcKD(', { word: e.mark }, ',(');
  e.insertBoth(node.expression.getEnd(), `),${line},${character})`);
}

/** Instruments a write or a deletion of a property, and its operands by `each`; false where the node is none. */
export function writeMember(
  e: Emitter,
  c: FunctionContext,
  node: ts.Node,
  top: boolean,
  each: (child: ts.Node) => void,
): boolean {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    const left = strip(node.left);
    if (isMember(left)) return write(e, c, node, left, node.right, top, each);
    if (ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left)) {
      visitPattern(e, left, each);
      each(node.right);
      return true;
    }
  }
  if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isUpdate(node.operator)) {
    const operand = strip(node.operand);
    if (isMember(operand)) return write(e, c, node, operand, undefined, top, each);
  }
  if (ts.isDeleteExpression(node)) {
    const operand = strip(node.expression);
    if (isMember(operand) && !ts.isOptionalChain(operand)) return write(e, c, node, operand, undefined, top, each);
  }
  return false;
}

/** Where a member of a known object is assigned by a pattern, a stand-in does and records it. */
function visitPattern(e: Emitter, node: ts.Node, each: (child: ts.Node) => void): void {
  const inner = (child: ts.Node): void => visitPattern(e, child, each);
  if (ts.isArrayLiteralExpression(node)) return node.elements.forEach(inner);
  if (ts.isSpreadElement(node)) return inner(node.expression);
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      if (property.name && ts.isComputedPropertyName(property.name)) each(property.name.expression);
      if (ts.isShorthandPropertyAssignment(property)) {
        if (property.objectAssignmentInitializer) each(property.objectAssignmentInitializer);
      } else inner(targetOf(property) ?? property);
    }
    return;
  }
  if (ts.isBinaryExpression(node)) {
    inner(node.left);
    return each(node.right);
  }
  const target = ts.isExpression(node) ? strip(node) : node;
  if (target !== node) return inner(target);
  if (!isMember(target)) return ts.forEachChild(node, each);
  e.edits.insert(e.start(target.expression), '__hcPM', ...markOf(e), `(${isStrict(e.goal, target)},`);
  each(target.expression);
  e.edits.insert(target.expression.getEnd(), ')');
  if (ts.isElementAccessExpression(target)) each(target.argumentExpression);
}

type Member = ts.PropertyAccessExpression | ts.ElementAccessExpression;

function isMember(node: ts.Node): node is Member {
  if (ts.isPropertyAccessExpression(node))
    return !ts.isPrivateIdentifier(node.name) && node.expression.kind !== ts.SyntaxKind.SuperKeyword;
  return ts.isElementAccessExpression(node) && node.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

/** `o.p = v` becomes `t2=(t1=o).p=v,__hcM(t1,"p",t2)`; a postfix update's value is read as the old one. */
function write(
  e: Emitter,
  c: FunctionContext,
  node: ts.Expression,
  target: Member,
  value: ts.Expression | undefined,
  top: boolean,
  each: (child: ts.Node) => void,
): boolean {
  const temps = c.temps;
  const object = strip(target.expression);
  const isThis = object.kind === ts.SyntaxKind.ThisKeyword;
  const base = isThis ? 'this' : c.takeTemp();
  const constant = ts.isPropertyAccessExpression(target) ? JSON.stringify(target.name.text) : undefined;
  const key = constant ?? c.takeTemp();
  const result = c.takeTemp();
  const finish = beginNamed(e, node);
  e.edits.insert(e.start(node), top ? '' : '__hcY(0,', `${result}=`);
  if (!isThis) e.edits.insert(e.start(target.expression), `(${base}=`);
  each(target.expression);
  if (!isThis) e.edits.insert(target.expression.getEnd(), ')');
  if (ts.isElementAccessExpression(target)) {
    e.edits.insert(e.start(target.argumentExpression), `${key}=(`);
    each(target.argumentExpression);
    e.edits.insert(target.argumentExpression.getEnd(), ')');
  }
  if (value) each(value);
  e.edits.insert(node.getEnd(), ',', ...hook(e, node, base, key, result), top ? '' : ')');
  finish();
  c.releaseTemps(temps);
  return true;
}

function hook(e: Emitter, node: ts.Expression, base: string, key: string, result: string): readonly Piece[] {
  if (ts.isDeleteExpression(node)) return ['__hcMD', ...markOf(e), `(${base},${key},${result})`];
  if (!ts.isPostfixUnaryExpression(node)) return ['__hcM', ...markOf(e), `(${base},${key},${result})`];
  const one = `(typeof ${result}==='bigint'?1n:1)`;
  const sign = node.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
  return ['__hcM', ...markOf(e), `(${base},${key},${result}${sign}${one})`];
}

/** Says whose a function's text is (recorder/disguise.ts), where no function says so itself. */
function markOf({ mark }: Emitter): readonly Piece[] {
  return mark ? ['/*', { word: mark }, '*/'] : [];
}
