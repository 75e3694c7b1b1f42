import { ts } from 'ts-morph';
import type { Source } from '../model/sites.ts';
import { type Variable, isErased, isFunction } from './bindings.ts';
import { isAssignment, isLogicalAssignment, isUpdate } from './operators.ts';
import { emitClass } from './classes.ts';
import type { OpRef, Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitFunction } from './functions.ts';
import { emitMatch, matchHook, movesByBound, movesLastIndex } from './matches.ts';
import { beginNamed } from './named-errors.ts';
import { emitParse, isParseCall } from './parsed-json.ts';
import { emitPatternAssignment } from './patterns.ts';
import { calmDuring, emitDelete, isPrivateAccessor, writeProperty } from './property-writes.ts';
import { writeQuietly } from './quiet-writes.ts';
import { type Rule, UNGUARDED, strip } from './rules.ts';
import { emitSuspension } from './suspensions.ts';
import { emitMaking, makingCall } from './text-code.ts';
import { emitEval, isDirectEval } from './unrecorded-code.ts';
import { writeMember } from './writes.ts';

const LOGGED: Source = { from: 'logged' };

/**
 * Instruments an expression. `top`: its value is not used, and it is the last effect of its statement, so a
 * derivable write needs no record.
 */
export function emitExpression(e: Emitter, c: FunctionContext, node: ts.Node, top = false): void {
  if (isErased(node)) return;
  if (isFunction(node)) return emitFunction(e, c, node);
  if (ts.isClassLike(node)) return emitClass(e, c, node);
  if (ts.isParenthesizedExpression(node)) return emitExpression(e, c, node.expression, top);
  const finish = beginNamed(e, node);
  emitOperation(e, c, node, top);
  finish();
}

function emitOperation(e: Emitter, c: FunctionContext, node: ts.Node, top: boolean): void {
  if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind === ts.SyntaxKind.CommaToken) {
      emitExpression(e, c, node.left);
      return emitExpression(e, c, node.right, top);
    }
    if (isAssignment(node.operatorToken.kind)) return emitAssignment(e, c, node, top);
  }
  if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isUpdate(node.operator))
    return emitUpdate(e, c, node, top);
  if (ts.isDeleteExpression(node)) return emitDelete(e, c, node, top);
  if (ts.isAwaitExpression(node)) return emitSuspension(e, c, node, node.expression, 'await');
  if (ts.isYieldExpression(node)) return emitSuspension(e, c, node, node.expression, 'yield');
  if (ts.isCallExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return emitSuperCall(e, c, node);
    if (c.hasTemps && isDirectEval(e, node)) return emitEval(e, c, node, top);
    if (c.hasTemps && isParseCall(e, node)) return emitParse(e, c, node);
    const matched = movesLastIndex(node) ?? movesByBound(e, node);
    if (matched !== undefined) return emitMatch(e, c, node, matched);
  }
  const making = makingCall(e, c, node);
  if (making) return emitMaking(e, c, node as ts.CallExpression, making, (child) => emitExpression(e, c, child));
  ts.forEachChild(node, (child) => emitExpression(e, c, child));
}

/** Pieces of a hook call that records values: `__hc2(word,a,b)`. */
export function hook(word: Piece, values: readonly (readonly Piece[])[]): Piece[] {
  return [`__hc${values.length}(`, word, ...values.flatMap((v) => [',', ...v]), ')'];
}

function emitAssignment(e: Emitter, c: FunctionContext, node: ts.BinaryExpression, top: boolean): void {
  const left = strip(node.left);
  const kind = node.operatorToken.kind;
  if (ts.isIdentifier(left)) return assignVariable(e, c, node, left, top);
  if (isPrivateAccessor(left)) {
    emitExpression(e, c, left);
    return emitExpression(e, c, node.right);
  }
  if (ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)) {
    const rule = kind === ts.SyntaxKind.EqualsToken ? e.rules.of(node.right) : undefined;
    writeProperty(e, c, node, left, node.right, rule, 0, top);
    if (top && ts.isPropertyAccessExpression(left) && left.name.text === 'lastIndex') {
      const begun = matchHook(left.expression, '__hcGB');
      e.edits.insert(node.getEnd(), begun ? `,${begun}` : '');
    }
    return;
  }
  emitPatternAssignment(e, c, node, left, top);
}

function assignVariable(
  e: Emitter,
  c: FunctionContext,
  node: ts.BinaryExpression,
  name: ts.Identifier,
  top: boolean,
): void {
  const variable = e.bindings.variableOf.get(name);
  const kind = node.operatorToken.kind;
  const plain = kind === ts.SyntaxKind.EqualsToken;
  if (variable === undefined) return assignGlobal(e, c, node, name, () => emitExpression(e, c, node.right), top);
  const rule = plain
    ? e.rules.of(node.right)
    : isLogicalAssignment(kind)
      ? undefined
      : e.rules.compound(variable, kind, node.right);
  const value = strip(node.right);
  if (top && plain && isDerivedClosure(value)) {
    emitExpression(e, c, node.right);
    const ref = pushClosure(e, c, variable.index, value);
    e.edits.insert(node.getEnd(), ',__hcL(', { word: ref }, `,${name.text})`);
    return;
  }
  const steady =
    (variable.primitive || holdsText(variable)) && !variable.untracked && calmDuring(e, node.right)(variable);
  const appends = kind === ts.SyntaxKind.PlusEqualsToken && steady;
  if (top && appends && (rule === undefined || rule.guards.length > 0)) return appendTo(e, c, node, variable);
  writeVariable(e, c, node, variable, rule, () => emitExpression(e, c, node.right), top);
}

/** Whether the variable is given a literal text somewhere: it may be one that grows. */
function holdsText({ writes }: Variable): boolean {
  return writes.some((value) => typeof value === 'object' && isText(strip(value)));
}

function isText(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** `text += part()`: the part alone is recorded where the variable held a primitive and holds a string. */
function appendTo(e: Emitter, c: FunctionContext, node: ts.BinaryExpression, variable: Variable): void {
  const temps = c.temps;
  const operand = c.takeTemp();
  const before = variable.primitive ? undefined : c.takeTemp();
  const at = { variable: variable.index, elided: false, guarded: false, ...e.at(node) };
  if (before !== undefined) e.edits.insert(e.start(node), `${before}=${variable.name},`);
  e.edits.insert(e.start(node.right), `${operand}=(`);
  emitExpression(e, c, node.right);
  e.edits.insert(node.right.getEnd(), ')');
  const part = c.push({ k: 'write', value: { from: 'appended' }, ...at });
  const whole = c.push({ k: 'write', value: LOGGED, ...at });
  const held = before === undefined ? '' : `,${before}`;
  e.edits.insert(
    node.getEnd(),
    ',__hcO(',
    { word: part },
    ',',
    { word: whole },
    `,${variable.name},${operand}${held})`,
  );
  c.releaseTemps(temps);
}

/** Whether a reader can tell all of the closure from the table. A generator's `prototype` is an object of its own. */
export function isDerivedClosure(node: ts.Node): boolean {
  return (
    ts.isArrowFunction(node) ||
    ((ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken === undefined)
  );
}

/** An op for a closure of a function expression or declaration; its function's index is filled in at the end. */
export function pushClosure(e: Emitter, c: FunctionContext, variable: number, node: ts.Node): OpRef {
  const ref = c.push({ k: 'closure', variable, function: -1, ...e.at(node) });
  e.closures.push({ ref, node });
  return ref;
}

/** For code that runs outside its function's flow: the functions inside, and what it writes. */
export function emitQuietly(e: Emitter, c: FunctionContext, node: ts.Node): void {
  if (isErased(node)) return;
  if (isFunction(node)) return emitFunction(e, c, node);
  if (ts.isClassLike(node)) return emitClass(e, c, node, true);
  const each = (child: ts.Node): void => emitQuietly(e, c, child);
  const making = makingCall(e, c, node);
  if (making) return emitMaking(e, c, node as ts.CallExpression, making, each);
  if (c.hasTemps && (writeMember(e, c, node, false, each) || writeQuietly(e, node, each))) return;
  ts.forEachChild(node, each);
}

function writeVariable(
  e: Emitter,
  c: FunctionContext,
  node: ts.Expression,
  variable: Variable,
  found: Rule | undefined,
  inner: () => void,
  top: boolean,
): void {
  const rule = variable.untracked ? undefined : found;
  const guards = rule?.guards ?? [];
  const at = e.at(node);
  if (rule && guards.length === 0) {
    const value: Source = { from: 'derived', rule: rule.rule };
    if (top) {
      inner();
      c.push({ k: 'write', variable: variable.index, value, elided: true, guarded: false, ...at });
      return;
    }
    const start = e.start(node);
    const slot: Piece[] = [];
    e.edits.insert(start, '__hcJ(', ...lazy(slot), ',');
    inner();
    slotWord(slot, c.push({ k: 'write', variable: variable.index, value, elided: false, guarded: false, ...at }));
    e.edits.insert(node.getEnd(), ')');
    return;
  }
  if (rule && top && guards.length <= 3 && !guards.includes(UNGUARDED) && !guards.includes(variable)) {
    inner();
    const ref = c.push({
      k: 'write',
      variable: variable.index,
      value: { from: 'derived', rule: rule.rule },
      elided: false,
      guarded: true,
      ...at,
    });
    e.edits.insert(node.getEnd(), ',', ...guardText(guards), '||__hc1(', { word: ref }, `,${variable.name})`);
    return;
  }
  if (top) {
    inner();
    const ref = c.push({ k: 'write', variable: variable.index, value: LOGGED, elided: false, guarded: false, ...at });
    e.edits.insert(node.getEnd(), ',__hc1(', { word: ref }, `,${variable.name})`);
    return;
  }
  const slot: Piece[] = [];
  const postfix = ts.isPostfixUnaryExpression(node);
  e.edits.insert(e.start(node), ...(postfix ? ['__hcY(0,'] : ['__hc1(', ...lazy(slot), ',']));
  inner();
  const ref = c.push({ k: 'write', variable: variable.index, value: LOGGED, elided: false, guarded: false, ...at });
  slotWord(slot, ref);
  if (postfix) e.edits.insert(node.getEnd(), ',__hc1(', { word: ref }, `,${variable.name}))`);
  else e.edits.insert(node.getEnd(), ')');
}

/** A piece whose op is pushed later than its text is inserted. */
export function lazy(slot: Piece[]): Piece[] {
  const holder: { word: never } = {
    get word() {
      return (slot[0] as { word: never }).word;
    },
  };
  return [holder];
}

export function slotWord(slot: Piece[], ref: { index: number; flow: boolean; op: never } | object): void {
  slot[0] = { word: ref as never };
}

export function guardText(guards: readonly Variable[]): Piece[] {
  return [guards.map((g) => `(typeof ${g.name}==='number'||__hcP(${g.name}))`).join('&&')];
}

function assignGlobal(
  e: Emitter,
  c: FunctionContext,
  node: ts.Expression,
  name: ts.Identifier,
  inner: () => void,
  top: boolean,
): void {
  if (!top) e.edits.insert(e.start(node), '__hcY(0,');
  inner();
  const ref = c.push({
    k: 'set',
    object: LOGGED,
    key: { from: 'derived', rule: { e: 'const', value: name.text } },
    value: LOGGED,
    elided: false,
    define: false,
    delta: 0,
    ...e.at(node),
  });
  e.edits.insert(node.getEnd(), ',__hc2(', { word: ref }, `,globalThis,${name.text})`, top ? '' : ')');
}

export function isWriteTarget(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isBinaryExpression(parent)) return isAssignment(parent.operatorToken.kind) && parent.left === node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) return isUpdate(parent.operator);
  return (
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isSpreadElement(parent)
  );
}

function emitUpdate(
  e: Emitter,
  c: FunctionContext,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  top: boolean,
): void {
  const operand = strip(node.operand);
  if (ts.isIdentifier(operand)) {
    const variable = e.bindings.variableOf.get(operand);
    if (variable === undefined) return assignGlobal(e, c, node, operand, () => undefined, top);
    return writeVariable(e, c, node, variable, e.rules.update(variable, node.operator), () => undefined, top);
  }
  if (isPrivateAccessor(operand)) return emitExpression(e, c, operand);
  if (!ts.isPropertyAccessExpression(operand) && !ts.isElementAccessExpression(operand)) return;
  const step = node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1;
  writeProperty(e, c, node, operand, undefined, undefined, ts.isPostfixUnaryExpression(node) ? step : 0, top);
}

function emitSuperCall(e: Emitter, c: FunctionContext, node: ts.CallExpression): void {
  const slot: Piece[] = [];
  e.edits.insert(e.start(node), '__hcT(', ...lazy(slot), ',');
  for (const argument of node.arguments) emitExpression(e, c, argument);
  slotWord(slot, c.push({ k: 'this', ...e.at(node) }));
  e.edits.insert(node.getEnd(), ',[],[])');
}
