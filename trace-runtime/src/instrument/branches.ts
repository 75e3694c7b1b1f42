/** `if` and the loops: arms with a block record each. */
import { ts } from 'ts-morph';
import type { Scope } from './bindings.ts';
import type { Piece } from './edits.ts';
import { type Closing, type Emitter, type FunctionContext, type Label, environmentName, label } from './emitter.ts';
import { beginUsingFor, beginUsingRounds, usingHead } from './disposals.ts';
import { emitExpression, emitQuietly } from './expressions.ts';
import { patternHooks } from './patterns.ts';
import { mayThrow } from './may-throw.ts';
import { insertBefore } from './hoisting.ts';
import { emitNumericLoop } from './numeric-loops.ts';
import {
  boundVariables,
  emitBlockInner,
  emitHeadValue,
  emitStatements,
  emitVariables,
  enterScope,
  logged,
} from './statements.ts';
import { rollArm, rollBoth } from './flow-text.ts';
import { beginAwaitedLoop, textWhereThrownInto, type AwaitedText } from './suspensions.ts';

interface ArmText {
  /** before the block record: a suspended activation goes on */
  readonly resume?: readonly Piece[];
  /** right after the block record */
  readonly first: () => readonly Piece[];
  /** at the body's end */
  readonly last?: readonly Piece[];
  /** what a `using` in the loop's head has around the body */
  readonly using?: ((position: number, end: number) => () => void) | undefined;
  readonly light?: AwaitedText;
}

/** One arm of a branch or a loop's body, in braces, with its block record first. */
function emitArm(
  e: Emitter,
  c: FunctionContext,
  s: ts.Statement,
  arm: 'then' | 'else' | 'loop',
  otherwise: Label,
  loop?: Scope,
  around?: ArmText,
): void {
  const environment = loop?.captured === true;
  const ref = c.push(
    { k: 'block', arm, else: 0, environment, scope: loop?.index ?? -1, enters: false, ...e.at(s) },
    true,
  );
  c.fixups.push({ ref, field: 'else', label: otherwise });
  const braced = ts.isBlock(s) && !around?.using;
  const position = braced ? e.start(s) + 1 : e.start(s);
  if (!braced) e.edits.insert(position, '{');
  if (around?.resume) e.edits.insert(position, ...around.resume);
  e.light.insert(position, braced ? '' : '{', ...(around?.light?.resume ?? []));
  if (environment && loop)
    e.edits.insert(
      position,
      `const ${environmentName(loop)}=__hcI();__hcBE(`,
      { word: ref },
      `,${environmentName(loop)});`,
    );
  else e.edits.insert(position, '__hcB(', { word: ref }, ');');
  if (arm === 'loop') rollBoth(e, c, position, ref);
  else if (arm === 'then') rollArm(e, c, position, ref);
  if (around?.light) e.light.insert(position, ...around.light.open);
  if (around) e.edits.insert(position, ...around.first());
  const dispose = around?.using?.(position, s.getEnd());
  if (braced) emitBlockInner(e, c, s, e.bindings.scopeOf.get(s), position);
  else if (ts.isFunctionDeclaration(s) && !e.bindings.hoistedTo.has(s)) emitQuietly(e, c, s);
  else emitStatements(e, c, [s], position);
  dispose?.();
  if (around?.last) e.edits.insert(braced ? s.getEnd() - 1 : s.getEnd(), ...around.last);
  if (around?.light) e.light.insert(braced ? s.getEnd() - 1 : s.getEnd(), ...around.light.close);
  if (!braced) e.insertBoth(s.getEnd(), '}');
}

export function emitIf(e: Emitter, c: FunctionContext, s: ts.IfStatement): void {
  const otherwise = label();
  const end = label();
  emitExpression(e, c, s.expression);
  emitArm(e, c, s.thenStatement, 'then', otherwise);
  if (s.elseStatement) {
    c.jump(end);
    c.place(otherwise);
    emitArm(e, c, s.elseStatement, 'else', end);
  } else c.place(otherwise);
  c.place(end);
}

/** The condition of a loop, evaluated each time round, as a step of its own. */
function emitCondition(e: Emitter, c: FunctionContext, node: ts.Expression, top = false): void {
  const progress = mayThrow(e, node);
  const ref = c.push({ k: 'statement', progress, ...e.at(node) });
  if (progress) e.edits.insert(e.start(node), '__hcA[2]=', { index: ref }, ',');
  emitExpression(e, c, node, top);
}

function loopOf(
  c: FunctionContext,
  names: readonly string[],
  breakTo: Label,
  continueTo: Label,
  beforeContinue: readonly Piece[] = [],
  { awaited = false, closing }: { readonly awaited?: boolean; readonly closing?: Closing } = {},
): void {
  c.jumps.push({
    names,
    breakTo,
    continueTo,
    scopes: c.openScopes.length,
    finallies: c.finallies,
    beforeContinue,
    awaited,
    ...(closing && { closing }),
    plain: false,
  });
}

export function emitWhile(e: Emitter, c: FunctionContext, s: ts.WhileStatement, names: readonly string[]): void {
  if (emitNumericLoop(e, c, s, names)) return;
  const head = label();
  const end = label();
  c.place(head);
  emitCondition(e, c, s.expression);
  loopOf(c, names, end, head);
  emitArm(e, c, s.statement, 'loop', end);
  c.jumps.pop();
  c.jump(head);
  c.place(end);
}

export function emitDo(e: Emitter, c: FunctionContext, s: ts.DoStatement, names: readonly string[]): void {
  const head = label();
  const next = label();
  const end = label();
  c.place(head);
  loopOf(c, names, end, next);
  emitArm(e, c, s.statement, 'loop', end);
  c.jumps.pop();
  c.place(next);
  emitCondition(e, c, s.expression);
  c.jump(head);
  c.place(end);
}

export function emitFor(e: Emitter, c: FunctionContext, s: ts.ForStatement, names: readonly string[]): void {
  if (emitNumericLoop(e, c, s, names)) return;
  const scope = e.bindings.scopeOf.get(s);
  const head = label();
  const next = label();
  const end = label();
  const leave = enterScope(c, scope);
  const using = usingHead(s);
  const dispose =
    using && beginUsingFor(e, c, { s, list: using, names }, () => emitVariables(e, c, using, using.getEnd()));
  if (s.initializer && !using) {
    if (ts.isVariableDeclarationList(s.initializer)) emitVariables(e, c, s.initializer, undefined);
    else emitExpression(e, c, s.initializer, true);
  }
  c.place(head);
  if (s.condition) emitCondition(e, c, s.condition);
  loopOf(c, names, end, next);
  emitArm(e, c, s.statement, 'loop', end, scope);
  c.jumps.pop();
  c.place(next);
  if (scope?.captured) c.push({ k: 'copy', scope: scope.index });
  if (s.incrementor) emitCondition(e, c, s.incrementor, true);
  c.jump(head);
  c.place(end);
  dispose?.();
  leave();
}

export function emitForIn(
  e: Emitter,
  c: FunctionContext,
  s: ts.ForInStatement | ts.ForOfStatement,
  names: readonly string[],
): void {
  const scope = e.bindings.scopeOf.get(s);
  const head = label();
  const next = label();
  const end = label();
  const own = c.ops.at(-1);
  const closes = ts.isForOfStatement(s) && !ts.isArrayLiteralExpression(s.expression);
  const { closing, close } = beginClosing(e, s);
  if (ts.isForInStatement(s)) insertBefore(e, s.expression, emitHeadValue(e, c, s));
  const awaits = ts.isForOfStatement(s) && s.awaitModifier !== undefined && c.suspendable;
  const begun = awaits ? beginAwaitedLoop(e, c, s) : emitExpression(e, c, s.expression);
  const leave = enterScope(c, scope);
  c.place(head);
  const temps = c.temps;
  const awaited = begun?.head();
  // The iterator's next() is called by the statement, not by the body's last step.
  const again: Piece[] =
    own?.op.k === 'statement' && ts.isForOfStatement(s) && !awaited ? [';__hcA[2]=', { index: own }, ';'] : [];
  const round = beginUsingRounds(e, c, s, again);
  loopOf(c, names, end, next, awaited?.beforeContinue ?? round?.beforeContinue ?? again, {
    awaited: awaited !== undefined,
    ...(closes && !awaited && { closing }),
  });
  if (awaited) c.enterTry();
  if (closes) c.closings += 1;
  const thrownInto = closes && !awaited ? textWhereThrownInto(e, c, s) : undefined;
  emitArm(e, c, s.statement, 'loop', end, scope, {
    first: () => [...(round ? [] : loopVariableHooks(e, c, s)), ...(awaited?.open ?? thrownInto?.open ?? [])],
    last: awaited?.close ?? [...(round ? [] : again), ...(thrownInto?.close ?? [])],
    using: round && ((position, end) => round.open(position, end, [loopVariableHooks(e, c, s)])),
    ...(awaited && { resume: awaited.resume, light: awaited.light }),
    ...(thrownInto && { light: thrownInto.light }),
  });
  if (awaited) c.leaveTry();
  if (closes) c.closings -= 1;
  c.jumps.pop();
  c.place(next);
  if (scope?.captured) c.push({ k: 'copy', scope: scope.index });
  c.jump(head);
  awaited?.finish();
  close();
  c.releaseTemps(temps);
  c.place(end);
  leave();
}

/** Text around a loop whose iterator a `continue` of a loop around it closes; none where there is no such jump. */
function beginClosing(e: Emitter, s: ts.Statement): { readonly closing: Closing; readonly close: () => void } {
  let first: ts.Node = s;
  while (ts.isLabeledStatement(first.parent)) first = first.parent;
  const open = e.edits.reserve(e.start(first));
  const closing: Closing = { flag: `__hcl${e.start(s)}`, after: [] };
  return {
    closing,
    close() {
      if (closing.after.length === 0) return;
      open.push(`{let ${closing.flag}=0;try{`);
      e.edits.insert(s.getEnd(), `}finally{if(${closing.flag}){`, ...closing.after, '}}}');
    },
  };
}

function loopVariableHooks(e: Emitter, c: FunctionContext, s: ts.ForInStatement | ts.ForOfStatement): Piece[] {
  if (ts.isVariableDeclarationList(s.initializer)) {
    return s.initializer.declarations.flatMap((d) =>
      boundVariables(e, d.name).flatMap((v) => [...logged(c, v, e.at(d)), ';']),
    );
  }
  return patternHooks(e, c, s.initializer).flatMap((h) => [...h, ';']);
}
