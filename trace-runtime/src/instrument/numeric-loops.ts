/**
 * Loops over numbers alone: no call, no property, no object, and every variable a number. A reader computes such a loop
 * from what it knows at its start, so no iteration is recorded; only the control flow is hashed.
 *
 * Whether the variables are numbers is asked once, before the loop. Where one is not, that is recorded and the loop is
 * recorded step by step like any other. A `return` or `throw` in the loop ends it and is recorded as everywhere.
 */
import { ts } from 'ts-morph';
import type { Expr } from '../model/sites.ts';
import { type Variable, isFunction } from './bindings.ts';
import type { Piece } from './edits.ts';
import { type Emitter, type FunctionContext, type Label, label } from './emitter.ts';
import { mayThrow } from './may-throw.ts';
import { rollArm, rollBoth } from './flow-text.ts';
import { NumericRules } from './numeric-rules.ts';
import { emitStatement, enterScope } from './statements.ts';

type Loop = ts.ForStatement | ts.WhileStatement;

/** What holds while a numeric loop is instrumented. */
interface Mode {
  readonly rules: NumericRules;
  /** nothing must be asked: the loop is numeric whatever happens */
  readonly always: boolean;
  /** local name: whether the loop is numeric */
  readonly numeric: string;
}

interface Targets {
  readonly breakTo: Label;
  readonly continueTo: Label;
  /** block scopes open where they lead */
  readonly scopes: number;
}

/** Instruments the loop if it is a numeric one. False: it is not, and nothing was done. */
export function emitNumericLoop(e: Emitter, c: FunctionContext, s: Loop, names: readonly string[]): boolean {
  if (!c.hasTemps || c.suspendable || names.length > 0 || c.finallies > 0) return false;
  const rules = new NumericRules(e, s);
  if (!isNumericLoop(e, rules, s)) return false;
  const guards = rules.guards();
  if (guards === undefined) return false;
  const temps = c.temps;
  const always = guards.length === 0;
  const mode: Mode = { rules, always, numeric: always ? 'true' : c.takeTemp() };
  const end = label();
  const before = e.edits.reserve(e.start(s));
  const ref = c.push({ k: 'numeric', to: 0, ...e.at(s) });
  c.fixups.push({ ref, field: 'to', label: end });
  emitLoop(e, c, s, mode);
  c.place(end);
  if (!always) before.push(`;${mode.numeric}=${guards.join('&&')}||__hcJ(`, { word: ref }, ',false);');
  c.releaseTemps(temps);
  return true;
}

/** Text for a loop that turned out not to be numeric. */
const unless = ({ always, numeric }: Mode, pieces: readonly Piece[]): readonly Piece[] =>
  always ? [] : [`${numeric}||`, ...pieces];

function isNumericLoop(e: Emitter, rules: NumericRules, s: Loop): boolean {
  if (e.bindings.scopeOf.get(s)?.captured) return false;
  if (ts.isForStatement(s)) {
    if (s.initializer && !isNumericPart(rules, s.initializer)) return false;
    if (s.condition === undefined || !rules.test(s.condition)) return false;
    if (!rules.maybe(() => isNumericBody(e, rules, s.statement))) return false;
    return s.incrementor === undefined || isNumericPart(rules, s.incrementor);
  }
  return rules.test(s.expression) !== undefined && rules.maybe(() => isNumericBody(e, rules, s.statement));
}

function isNumericPart(rules: NumericRules, node: ts.Expression | ts.VariableDeclarationList): boolean {
  if (ts.isVariableDeclarationList(node)) return isNumericList(rules, node);
  return rules.assignments(node) !== undefined;
}

function isNumericList(rules: NumericRules, list: ts.VariableDeclarationList): boolean {
  if ((list.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using) return false;
  return list.declarations.every((d) => {
    if (!ts.isIdentifier(d.name) || d.initializer === undefined) return false;
    return rules.value(d.initializer) !== undefined && rules.declares(d.name);
  });
}

function isNumericBody(e: Emitter, rules: NumericRules, s: ts.Statement): boolean {
  if (ts.isBlock(s)) {
    if (e.bindings.scopeOf.get(s)?.captured) return false;
    return s.statements.every((inner) => isNumericBody(e, rules, inner));
  }
  if (ts.isEmptyStatement(s)) return true;
  if (ts.isExpressionStatement(s)) return rules.assignments(s.expression) !== undefined;
  if (ts.isVariableStatement(s)) return isNumericList(rules, s.declarationList);
  if (ts.isIfStatement(s)) {
    const { thenStatement, elseStatement } = s;
    if (!rules.test(s.expression) || !rules.maybe(() => isNumericBody(e, rules, thenStatement))) return false;
    return elseStatement === undefined || rules.maybe(() => isNumericBody(e, rules, elseStatement));
  }
  if (ts.isForStatement(s) || ts.isWhileStatement(s)) return isNumericLoop(e, rules, s);
  if (ts.isBreakOrContinueStatement(s)) return s.label === undefined;
  return isExit(s) && !mentionsFunction(s);
}

/** What ends the whole loop, and is recorded as it is elsewhere. */
function isExit(s: ts.Statement): boolean {
  return ts.isReturnStatement(s) || ts.isThrowStatement(s);
}

function mentionsFunction(node: ts.Node): boolean {
  if (isFunction(node) || ts.isClassLike(node)) return true;
  return ts.forEachChild(node, (child) => mentionsFunction(child) || undefined) ?? false;
}

function emitLoop(e: Emitter, c: FunctionContext, s: Loop, mode: Mode): void {
  const head = label();
  const next = label();
  const end = label();
  const isFor = ts.isForStatement(s);
  const leave = enterScope(c, isFor ? e.bindings.scopeOf.get(s) : undefined);
  if (isFor && s.initializer) emitPart(e, c, s.initializer, mode);
  c.place(head);
  const targets = { breakTo: end, continueTo: isFor ? next : head, scopes: c.openScopes.length };
  const condition = isFor ? (s.condition as ts.Expression) : s.expression;
  emitProgress(e, c, condition, mode);
  emitArm(e, c, s.statement, 'loop', condition, end, targets, mode);
  c.place(next);
  if (isFor && s.incrementor) {
    emitProgress(e, c, s.incrementor, mode);
    emitPart(e, c, s.incrementor, mode);
  }
  c.jump(head);
  c.place(end);
  leave();
}

/** The condition or update of a loop as a step; where the loop is not numeric it says that it is there. */
function emitProgress(e: Emitter, c: FunctionContext, node: ts.Expression, mode: Mode): void {
  const progress = mayThrow(e, node);
  const ref = c.push({ k: 'statement', progress, numeric: true, ...e.at(node) });
  if (progress && !mode.always) e.edits.insert(e.start(node), ...unless(mode, ['(__hcA[2]=', { index: ref }, '),']));
}

function emitArm(
  e: Emitter,
  c: FunctionContext,
  s: ts.Statement,
  arm: 'then' | 'else' | 'loop',
  test: ts.Expression | undefined,
  otherwise: Label,
  targets: Targets,
  mode: Mode,
): void {
  const rule = test && mode.rules.test(test);
  const ref = c.push(
    { k: 'block', arm, else: 0, environment: false, scope: -1, enters: false, ...(rule && { test: rule }), ...e.at(s) },
    true,
  );
  c.fixups.push({ ref, field: 'else', label: otherwise });
  const braced = ts.isBlock(s);
  const position = braced ? e.start(s) + 1 : e.start(s);
  const { always, numeric } = mode;
  if (!braced) e.insertBoth(position, '{');
  if (arm === 'loop') rollBoth(e, c, position, ref);
  else if (arm === 'then') rollArm(e, c, position, ref);
  if (!always) e.edits.insert(position, `${numeric}||__hcB(`, { word: ref }, ');');
  if (braced) {
    const leave = enterScope(c, e.bindings.scopeOf.get(s));
    emitList(e, c, s.statements, position, targets, mode);
    leave();
  } else emitList(e, c, [s], position, targets, mode);
  if (!braced) e.insertBoth(s.getEnd(), '}');
}

function emitList(
  e: Emitter,
  c: FunctionContext,
  statements: readonly ts.Statement[],
  anchor: number,
  targets: Targets,
  mode: Mode,
): void {
  let position = anchor;
  for (const s of statements) {
    emitNumeric(e, c, s, position, targets, mode);
    position = s.getEnd();
  }
}

function emitNumeric(
  e: Emitter,
  c: FunctionContext,
  s: ts.Statement,
  position: number,
  targets: Targets,
  mode: Mode,
): void {
  if (ts.isEmptyStatement(s)) return;
  if (ts.isBlock(s)) {
    const leave = enterScope(c, e.bindings.scopeOf.get(s));
    emitList(e, c, s.statements, e.start(s) + 1, targets, mode);
    return leave();
  }
  if (isExit(s)) {
    const ref = c.push({ k: 'statement', progress: true, ...e.at(s) });
    e.edits.insert(position, ';__hcA[2]=', { index: ref }, ';');
    return emitStatement(e, c, s, []);
  }
  const own = ts.isIfStatement(s) ? s.expression : ts.isForStatement(s) || ts.isWhileStatement(s) ? undefined : s;
  const progress = own !== undefined && !ts.isBreakOrContinueStatement(s) && mayThrow(e, own);
  const ref = c.push({ k: 'statement', progress, numeric: true, ...e.at(s) });
  if (progress && !mode.always) e.edits.insert(position, ';', ...unless(mode, ['(__hcA[2]=', { index: ref }, ');']));
  if (ts.isExpressionStatement(s)) return emitPart(e, c, s.expression, mode);
  if (ts.isVariableStatement(s)) return emitPart(e, c, s.declarationList, mode, s);
  if (ts.isForStatement(s) || ts.isWhileStatement(s)) return emitLoop(e, c, s, mode);
  if (ts.isBreakOrContinueStatement(s)) return emitBreak(c, s, targets);
  if (ts.isIfStatement(s)) emitIf(e, c, s, targets, mode);
}

function emitIf(e: Emitter, c: FunctionContext, s: ts.IfStatement, targets: Targets, mode: Mode): void {
  const otherwise = label();
  const end = label();
  emitArm(e, c, s.thenStatement, 'then', s.expression, otherwise, targets, mode);
  if (s.elseStatement) {
    c.jump(end);
    c.place(otherwise);
    emitArm(e, c, s.elseStatement, 'else', undefined, end, targets, mode);
  } else c.place(otherwise);
  c.place(end);
}

function emitBreak(c: FunctionContext, s: ts.BreakOrContinueStatement, targets: Targets): void {
  for (let i = c.openScopes.length - 1; i >= targets.scopes; i -= 1)
    c.push({ k: 'leave', scope: c.openScopes[i] ?? -1 });
  c.jump(ts.isBreakStatement(s) ? targets.breakTo : targets.continueTo);
}

/** Assignments and updates: each a write that is recorded only where the loop is not numeric. */
function emitPart(
  e: Emitter,
  c: FunctionContext,
  node: ts.Expression | ts.VariableDeclarationList,
  mode: Mode,
  statement?: ts.Statement,
): void {
  if (ts.isVariableDeclarationList(node)) {
    node.declarations.forEach((d, i) => {
      const variable = e.bindings.variableOf.get(d.name as ts.Identifier);
      const rule = mode.rules.value(d.initializer as ts.Expression);
      if (variable === undefined || rule === undefined) return;
      const text = writeText(e, c, variable, rule, d, mode);
      const last = i === node.declarations.length - 1;
      if (text.length === 0) return;
      if (statement && last) e.edits.insert(statement.getEnd(), ';', ...text, ';');
      else e.edits.insert(d.getEnd(), ',{}=[', ...text, ']');
    });
    return;
  }
  for (const { target, rule, at } of mode.rules.assignments(node) ?? []) {
    const text = writeText(e, c, target, rule, at, mode);
    if (text.length > 0) e.edits.insert(at.getEnd(), ',', ...text);
  }
}

function writeText(e: Emitter, c: FunctionContext, variable: Variable, rule: Expr, at: ts.Node, mode: Mode) {
  const value = { from: 'derived', rule } as const;
  const { always } = mode;
  const ref = c.push({ k: 'write', variable: variable.index, value, elided: always, guarded: !always, ...e.at(at) });
  return unless(mode, ['__hc1(', { word: ref }, `,${variable.name})`]);
}
