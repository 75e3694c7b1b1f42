import { ts } from 'ts-morph';
import type { Op, Source } from '../model/sites.ts';
import { type Scope, type Variable, isErased } from './bindings.ts';
import { emitDo, emitFor, emitForIn, emitIf, emitWhile } from './branches.ts';
import { emitClass } from './classes.ts';
import { emitDeclaredPattern } from './declared-patterns.ts';
import {
  beginDisposal,
  emitAwaitedUsing,
  emitThrownIntoDisposal,
  isAwaitedUsing,
  isUsing,
  usings,
} from './disposals.ts';
import type { Piece } from './edits.ts';
import { type Emitter, type FunctionContext, environmentName, label } from './emitter.ts';
import { emitExpression, guardText, isDerivedClosure, pushClosure } from './expressions.ts';
import { mayThrow } from './may-throw.ts';
import { isLink } from './module-links.ts';
import { emitFunction, isAsyncGenerator } from './functions.ts';
import { returnText } from './flow-text.ts';
import { UNGUARDED } from './rules.ts';
import { emitTry } from './tries.ts';
import { emitWith } from './unrecorded-code.ts';
import { hoisting } from './hoisting.ts';
import { emitSwitch } from './switches.ts';
import { lookAround, lookBehind } from './text-code.ts';
import { sampleValue } from './value-text.ts';

const LOGGED: Source = { from: 'logged' };

/** Statements after the directive prologue, and where text may be put before them. */
export function afterDirectives(
  statements: readonly ts.Statement[],
  start: number,
): { position: number; statements: readonly ts.Statement[] } {
  let count = 0;
  let position = start;
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
    position = statement.getEnd();
    count += 1;
  }
  return { position, statements: statements.slice(count) };
}

/** Variables that a binding name introduces, in source order. */
export function boundVariables(e: Emitter, name: ts.BindingName): Variable[] {
  if (ts.isIdentifier(name)) {
    const variable = e.bindings.variableOf.get(name);
    return variable ? [variable] : [];
  }
  return name.elements.flatMap((el) => (ts.isBindingElement(el) ? boundVariables(e, el.name) : []));
}

/**
 * Instruments a statement list. Text for a statement goes to the end of the one before it, or to `anchor`, so that
 * a statement's own column stays what it was. `atEnd`: what stands behind the last, before the list disposes of anything.
 */
export function emitStatements(
  e: Emitter,
  c: FunctionContext,
  statements: readonly ts.Statement[],
  anchor: number,
  atEnd?: () => void,
): void {
  const dispose = beginDisposal(e, c, usings(statements), anchor);
  for (const statement of statements)
    e.edits.insert(anchor, ...hoisting(e, c, statement).flatMap((h) => [';', ...h, ';']));
  emitInOrder(e, c, statements, anchor);
  atEnd?.();
  dispose();
}

export function emitInOrder(e: Emitter, c: FunctionContext, statements: readonly ts.Statement[], anchor: number): void {
  let position = anchor;
  for (const [i, statement] of statements.entries()) {
    // the engine makes a switch's bindings before it evaluates anything of it
    const leave = ts.isSwitchStatement(statement)
      ? enterScope(c, e.bindings.scopeOf.get(statement.caseBlock))
      : undefined;
    const place = unlabelled(statement);
    if (isStep(place)) {
      const ref = c.push({ k: 'statement', progress: ownMayThrow(e, place), ...e.at(place) });
      if ((ref.op as { progress: boolean }).progress) e.edits.insert(position, ';__hcA[2]=', { index: ref }, ';');
    }
    emitStatement(e, c, statement, []);
    leave?.();
    e.edits.insert(statement.getEnd(), lookBehind(e, place));
    position = isLink(statement) && statements[i + 1] ? e.start(statements[i + 1]!) : statement.getEnd();
  }
}

export function unlabelled(statement: ts.Statement): ts.Statement {
  return ts.isLabeledStatement(statement) ? unlabelled(statement.statement) : statement;
}

/** Whether a debugger would stop at the statement. */
function isStep(statement: ts.Statement): boolean {
  if (
    isErased(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isBlock(statement) ||
    ts.isEmptyStatement(statement)
  )
    return false;
  return !(isLink(statement) || ts.isModuleDeclaration(statement));
}

/** Whether what the statement itself evaluates first may throw or call. */
function ownMayThrow(e: Emitter, statement: ts.Statement): boolean {
  if (ts.isTryStatement(statement)) return false;
  if (ts.isSwitchStatement(statement)) {
    const tests = statement.caseBlock.clauses.filter(ts.isCaseClause).map((c) => c.expression);
    return [statement.expression, ...tests].some((node) => mayThrow(e, node));
  }
  if (ts.isIfStatement(statement) || ts.isWithStatement(statement)) return mayThrow(e, statement.expression);
  if (ts.isWhileStatement(statement) || ts.isDoStatement(statement)) return false;
  if (ts.isForStatement(statement)) return statement.initializer !== undefined && mayThrow(e, statement.initializer);
  if (ts.isForInStatement(statement) || ts.isForOfStatement(statement)) return true;
  if (ts.isBreakOrContinueStatement(statement) || ts.isThrowStatement(statement)) return true;
  if (ts.isReturnStatement(statement)) return statement.expression !== undefined && mayThrow(e, statement.expression);
  if (ts.isVariableStatement(statement)) return mayThrow(e, statement.declarationList);
  if (ts.isExpressionStatement(statement)) return mayThrow(e, statement.expression);
  return true;
}

export function emitStatement(e: Emitter, c: FunctionContext, s: ts.Statement, names: readonly string[]): void {
  if (isErased(s)) return;
  if (ts.isExpressionStatement(s)) return emitExpression(e, c, s.expression, true);
  if (ts.isVariableStatement(s)) return emitVariables(e, c, s.declarationList, s.getEnd());
  if (ts.isFunctionDeclaration(s)) return emitFunctionDeclaration(e, c, s);
  if (ts.isClassDeclaration(s)) return emitClassDeclaration(e, c, s);
  if (ts.isBlock(s)) return emitBlock(e, c, s, names);
  if (ts.isIfStatement(s)) return emitIf(e, c, s);
  if (ts.isForStatement(s)) return emitFor(e, c, s, names);
  if (ts.isForOfStatement(s) || ts.isForInStatement(s)) return emitForIn(e, c, s, names);
  if (ts.isWhileStatement(s)) return emitWhile(e, c, s, names);
  if (ts.isDoStatement(s)) return emitDo(e, c, s, names);
  if (ts.isReturnStatement(s)) return emitReturn(e, c, s);
  if (ts.isThrowStatement(s)) return emitThrow(e, c, s);
  if (ts.isTryStatement(s)) return emitTry(e, c, s);
  if (ts.isSwitchStatement(s)) return emitSwitch(e, c, s, names);
  if (ts.isLabeledStatement(s)) return emitLabelled(e, c, s, names);
  if (ts.isBreakOrContinueStatement(s)) return emitJump(e, c, s);
  if (ts.isWithStatement(s)) return emitWith(e, c, s);
  if (ts.isExportAssignment(s)) return emitExpression(e, c, s.expression);
  if (ts.isEnumDeclaration(s)) return recordBinding(e, c, s, s.name);
  if (ts.isModuleDeclaration(s)) return e.degrade(s, 'code inside a namespace is not recorded');
}

function emitFunctionDeclaration(e: Emitter, c: FunctionContext, s: ts.FunctionDeclaration): void {
  emitFunction(e, c, s);
  const variable = e.bindings.hoistedTo.get(s);
  if (variable === undefined || s.name === undefined) return;
  const ref = c.push({
    k: 'write',
    variable: variable.index,
    value: LOGGED,
    elided: false,
    guarded: false,
    ...e.at(s),
  });
  e.edits.insert(s.getEnd(), ';__hc1(', { word: ref }, `,${s.name.text});`);
}

function emitClassDeclaration(e: Emitter, c: FunctionContext, s: ts.ClassDeclaration): void {
  emitClass(e, c, s);
  if (s.name) recordBinding(e, c, s, s.name);
}

function recordBinding(e: Emitter, c: FunctionContext, s: ts.Statement, name: ts.Identifier): void {
  const variable = e.bindings.variableOf.get(name);
  if (variable === undefined) return;
  const ref = c.push({
    k: 'write',
    variable: variable.index,
    value: LOGGED,
    elided: false,
    guarded: false,
    ...e.at(s),
  });
  e.edits.insert(s.getEnd(), ';__hc1(', { word: ref }, `,${name.text});`);
}

/** Declarations; `end` is where text may follow, undefined in the head of a `for`. */
export function emitVariables(
  e: Emitter,
  c: FunctionContext,
  list: ts.VariableDeclarationList,
  end: number | undefined,
): void {
  if (end !== undefined && isAwaitedUsing(c, list)) {
    emitAwaitedUsing(e, c, list, (d) => emitNamed(e, c, d, d.name as ts.Identifier, list));
    return sampleValue(e, list, end);
  }
  const using = isUsing(list);
  list.declarations.forEach((declaration, i) => {
    const hooks = ts.isIdentifier(declaration.name)
      ? emitNamed(e, c, declaration, declaration.name, list)
      : emitDeclaredPattern(e, c, declaration, declaration.name, end !== undefined);
    if (hooks.length === 0) return;
    const last = i === list.declarations.length - 1;
    if (end !== undefined && (last || using)) e.edits.insert(end, ...hooks.flatMap((h) => [';', ...h]), ';');
    else if (!using) e.edits.insert(declaration.getEnd(), ...hooks.flatMap((h) => [',{}=[', ...h, ']']));
  });
  if (end !== undefined && using) emitThrownIntoDisposal(e, c, list, end);
  if (end !== undefined) sampleValue(e, list, end);
}

/** Instruments the declaration of one variable; gives the hook calls that follow it. */
function emitNamed(
  e: Emitter,
  c: FunctionContext,
  d: ts.VariableDeclaration,
  name: ts.Identifier,
  list: ts.VariableDeclarationList,
): Piece[][] {
  if (d.initializer) emitExpression(e, c, d.initializer);
  const at = e.at(d);
  const blockScoped = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
  const variable = e.bindings.variableOf.get(name);
  if (variable === undefined) return [];
  if (d.initializer === undefined) {
    if (blockScoped)
      c.push({
        k: 'write',
        variable: variable.index,
        value: { from: 'derived', rule: { e: 'undefined' } },
        elided: true,
        guarded: false,
        ...at,
      });
    return [];
  }
  const value = d.initializer;
  if (isDerivedClosure(value)) {
    const ref = pushClosure(e, c, variable.index, value);
    return [['__hcL(', { word: ref }, `,${variable.name})`]];
  }
  const rule = variable.untracked ? undefined : e.rules.of(value);
  if (rule === undefined) return [logged(c, variable, at)];
  const source: Source = { from: 'derived', rule: rule.rule };
  if (rule.guards.length === 0) {
    c.push({ k: 'write', variable: variable.index, value: source, elided: true, guarded: false, ...at });
    return [];
  }
  if (rule.guards.length > 3 || rule.guards.includes(UNGUARDED) || rule.guards.includes(variable))
    return [logged(c, variable, at)];
  const ref = c.push({ k: 'write', variable: variable.index, value: source, elided: false, guarded: true, ...at });
  return [[...guardText(rule.guards), '||__hc1(', { word: ref }, `,${variable.name})`]];
}

/** What sloppy code may give the variable in the head of a `for in`; gives the hook calls that stand before the object. */
export function emitHeadValue(e: Emitter, c: FunctionContext, { initializer }: ts.ForInStatement): Piece[][] {
  if (!ts.isVariableDeclarationList(initializer)) return [];
  const [d] = initializer.declarations;
  return d?.initializer && ts.isIdentifier(d.name) ? emitNamed(e, c, d, d.name, initializer) : [];
}

export function logged(c: FunctionContext, variable: Variable, at: { start: number; end: number }): Piece[] {
  const ref = c.push({ k: 'write', variable: variable.index, value: LOGGED, elided: false, guarded: false, ...at });
  return ['__hc1(', { word: ref }, `,${variable.name})`];
}

/** Enters a block scope that has variables; gives the function that leaves it. */
export function enterScope(c: FunctionContext, scope: Scope | undefined): () => void {
  if (scope === undefined || scope.names.size === 0) return () => undefined;
  c.push({ k: 'scope', scope: scope.index });
  c.openScopes.push(scope.index);
  return () => {
    c.openScopes.pop();
    c.push({ k: 'leave', scope: scope.index });
  };
}

/** The environment id of a captured block scope, made and recorded at a position inside it. */
export function openEnvironment(
  e: Emitter,
  c: FunctionContext,
  scope: Scope | undefined,
  position: number,
  at: { start: number; end: number },
): void {
  if (!scope?.captured) return;
  const after = label();
  const ref = c.push(
    { k: 'block', arm: 'block', else: 0, environment: true, scope: scope.index, enters: false, ...at },
    true,
  );
  c.fixups.push({ ref, field: 'else', label: after });
  c.place(after);
  e.edits.insert(
    position,
    `;const ${environmentName(scope)}=__hcI();__hcBE(`,
    { word: ref },
    `,${environmentName(scope)});`,
  );
}

export function emitBlock(e: Emitter, c: FunctionContext, block: ts.Block, names: readonly string[]): void {
  const scope = e.bindings.scopeOf.get(block);
  const end = label();
  if (names.length > 0)
    c.jumps.push({
      names,
      breakTo: end,
      continueTo: undefined,
      scopes: c.openScopes.length,
      finallies: c.finallies,
      beforeContinue: [],
      plain: true,
    });
  emitBlockInner(e, c, block, scope, e.start(block) + 1);
  if (names.length > 0) c.jumps.pop();
  c.place(end);
}

/** The inside of a block, from a position in it on, in a scope of its own. */
export function emitBlockInner(
  e: Emitter,
  c: FunctionContext,
  block: ts.Block,
  scope: Scope | undefined,
  position: number,
): void {
  const leave = enterScope(c, scope);
  openEnvironment(e, c, scope, position, e.at(block));
  emitStatements(e, c, block.statements, position);
  leave();
}

function emitReturn(e: Emitter, c: FunctionContext, s: ts.ReturnStatement): void {
  // an asynchronous generator awaits what it returns
  const awaits = s.expression !== undefined && isAsyncGenerator(c.node);
  const pending = c.finallies > 0 || c.closings > 0 || awaits;
  if (pending) c.pendingReturns = true;
  const at = e.at(s);
  if (s.expression === undefined) {
    const ref = c.push({ k: 'return', value: { from: 'derived', rule: { e: 'undefined' } }, pending, ...at });
    e.edits.insert(
      e.start(s),
      ...(pending ? ['__hc0(', { word: ref }, ');__hcd=2;'] : ['__hcd=1;__hcZ(', { word: ref }, ',__hcc);']),
    );
    if (c.protect || pending) return;
    const exit = returnText(c);
    e.edits.insert(e.start(s), exit.full === '' ? '' : `${exit.full};`);
    e.light.insert(e.start(s), exit.light, ';');
    return;
  }
  const rule = e.rules.of(s.expression);
  const derived = rule !== undefined && rule.guards.length === 0;
  const head = e.edits.reserve(e.start(s.expression));
  const lightHead = e.light.reserve(e.start(s.expression));
  const [open, close] = parentheses(s.expression);
  const [looking, looked] = lookAround(e, s.expression);
  emitExpression(e, c, s.expression);
  const value: Source = derived ? { from: 'derived', rule: rule.rule } : LOGGED;
  const ref = c.push({ k: 'return', value, pending, ...at });
  const end = s.expression.getEnd();
  if (pending) {
    head.push('__hcY(0,', derived ? '__hcJ(' : '__hc1(', { word: ref }, ',', looking, open);
    e.edits.insert(end, close, looked, '),__hcd=2');
    if (awaits) {
      const waits = c.push({ k: 'suspend', kind: 'await', ...at });
      const text: Piece[] = [',__hcS(', { word: waits }, ',void 0,__hcs=', { index: waits }, ',__hcc)'];
      e.edits.insert(end, ...text);
      lightHead.push('__hcY(0,', open);
      e.light.insert(end, close, ...text, ')');
    }
    e.edits.insert(end, ')');
  } else {
    head.push(derived ? '__hcQ(' : '__hcR(', { word: ref }, ',__hcc,', looking, open);
    e.edits.insert(end, close, looked, ',__hcd=1)');
    if (c.protect) return;
    const exit = returnText(c);
    if (exit.full !== '') head.unshift('__hcY(0,');
    if (exit.full !== '') e.edits.insert(end, ',', exit.full, ')');
    lightHead.push('__hcY(0,', open);
    e.light.insert(end, close, ',', exit.light, ')');
  }
}

/** What makes one argument of a comma expression. */
function parentheses(node: ts.Expression): readonly [string, string] {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken ? ['(', ')'] : ['', ''];
}

function emitThrow(e: Emitter, c: FunctionContext, s: ts.ThrowStatement): void {
  const heads = [e.edits, e.light].map((edits) => edits.reserve(e.start(s.expression)));
  const [open, close] = parentheses(s.expression);
  emitExpression(e, c, s.expression);
  const ref = c.push({ k: 'throw', ...e.at(s) });
  for (const head of heads) head.push('__hcK(', { word: ref }, ',', open);
  const { line, character } = e.file.getLineAndCharacterOfPosition(e.start(s));
  e.insertBoth(s.expression.getEnd(), close, `,${line},${character})`);
}

function emitLabelled(e: Emitter, c: FunctionContext, s: ts.LabeledStatement, names: readonly string[]): void {
  const all = [...names, s.label.text];
  const inner = s.statement;
  const loop =
    ts.isIterationStatement(inner, false) ||
    ts.isSwitchStatement(inner) ||
    ts.isLabeledStatement(inner) ||
    ts.isBlock(inner);
  if (loop) return emitStatement(e, c, inner, all);
  if (ts.isFunctionDeclaration(inner)) return emitStatement(e, c, inner, []);
  const end = label();
  c.jumps.push({
    names: all,
    breakTo: end,
    continueTo: undefined,
    scopes: c.openScopes.length,
    finallies: c.finallies,
    beforeContinue: [],
    plain: true,
  });
  emitStatement(e, c, inner, []);
  c.jumps.pop();
  c.place(end);
}

function emitJump(e: Emitter, c: FunctionContext, s: ts.BreakOrContinueStatement): void {
  const name = s.label?.text;
  const leaving = ts.isBreakStatement(s);
  const target = c.jumps.findLast((j) =>
    name === undefined ? !j.plain && (leaving || j.continueTo !== undefined) : j.names.includes(name),
  );
  const to = leaving ? target?.breakTo : target?.continueTo;
  if (target === undefined || to === undefined) return;
  const through = c.finallies > target.finallies;
  if (!leaving && target.beforeContinue.length > 0) {
    c.passed.fill(true, target.finallies);
    // iterators of loops within are closed by the jump, before the loop that goes on asks for its next value
    const closing = c.jumps.slice(c.jumps.indexOf(target) + 1).find((j) => j.closing)?.closing;
    if (closing && !target.awaited) {
      e.edits.insert(e.start(s), `;${closing.flag}=1;`);
      closing.after.splice(0, Infinity, ...target.beforeContinue);
    } else e.edits.insert(e.start(s), ...target.beforeContinue);
    if (target.awaited) e.light.insert(e.start(s), ...target.beforeContinue);
  }
  // a `finally` block that the jump passes sees the scopes around it: those are left by what runs after it
  const outermost = through ? Math.max(target.scopes, c.tryScopes.at(-1) ?? 0) : target.scopes;
  for (let i = c.openScopes.length - 1; i >= outermost; i -= 1)
    c.push({ k: 'leave', scope: c.openScopes[i] ?? -1 } satisfies Op);
  c.jump(to, through);
}
