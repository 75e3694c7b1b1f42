/**
 * `await`, `yield`, `yield*` and `for await`: where an activation leaves the stack and comes back. Who called it last is
 * asked behind the operand, in which it may be suspended too.
 */
import { ts } from 'ts-morph';
import { isFunction, type Scope } from './bindings.ts';
import { isAwaited } from './disposals.ts';
import type { OpRef, Piece } from './edits.ts';
import { type Emitter, type FunctionContext, environmentName } from './emitter.ts';
import { emitExpression, lazy, slotWord } from './expressions.ts';
import { resumeText } from './functions.ts';
import { RESUME, rolled } from './flow-text.ts';
import { delegateCopy } from './named-errors.ts';

export function emitSuspension(
  e: Emitter,
  c: FunctionContext,
  node: ts.Expression,
  operand: ts.Expression | undefined,
  kind: 'await' | 'yield',
): void {
  const scope = e.bindings.scopeOf.get(c.node);
  if (!c.suspendable || scope === undefined) {
    if (operand) emitExpression(e, c, operand);
    return;
  }
  const slot: Piece[] = [];
  const index = lazyIndex(slot);
  e.edits.insert(e.start(node), '__hcY(0,');
  e.light.insert(e.start(node), '__hcY(0,');
  const delegates = ts.isYieldExpression(node) && node.asteriskToken !== undefined;
  if (operand === undefined) e.insertBoth(node.getEnd(), ' __hcS(', ...lazy(slot), ',void 0,__hcs=', index, ',__hcc)');
  else if (delegates) {
    const async = isAsync(c.node);
    const copy = delegateCopy(operand, 'yield*');
    emitDelegation(e, c, operand, { scope, slot, closing: lazy(slot), async, copy });
  } else {
    e.insertBoth(e.start(operand), '__hcS(', ...lazy(slot), ',');
    emitExpression(e, c, operand);
    e.insertBoth(operand.getEnd(), ',__hcs=', index, ',__hcc)');
  }
  const ref = c.push({ k: 'suspend', kind: delegates ? 'delegate' : kind, ...e.at(node) });
  slotWord(slot, ref);
  e.edits.insert(node.getEnd(), `,__hcc=__hcU(${environmentName(scope)},`, { index: ref }, '),__hcs=0)');
  e.light.insert(node.getEnd(), ',__hcc=__hcU(0,', { index: ref }, '),__hcs=0)');
}

function lazyIndex(slot: Piece[]): Piece {
  return {
    get index() {
      return (slot[0] as { word: never }).word;
    },
  };
}

interface Delegation {
  readonly scope: Scope;
  /** the suspension, and the one while the iterator is closed */
  readonly slot: Piece[];
  readonly closing: readonly Piece[];
  readonly async: boolean;
  /** how to word the error where the operand is no iterable */
  readonly copy: string;
}

/** The operand is told to the recorder once it is evaluated, before it is asked for values. */
function emitDelegation(e: Emitter, c: FunctionContext, operand: ts.Expression, d: Delegation): void {
  e.insertBoth(e.start(operand), '__hcDG(', ...lazy(d.slot), ',');
  emitExpression(e, c, operand);
  const index = lazyIndex(d.slot);
  const rest = `,${d.async},`;
  const named = `,__hcc,${d.copy})`;
  e.edits.insert(operand.getEnd(), `,${environmentName(d.scope)},__hcs=`, index, rest, ...d.closing, named);
  e.light.insert(operand.getEnd(), ',0,__hcs=', index, rest, ...d.closing, named);
}

function isAsync(node: ts.Node): boolean {
  return ts.canHaveModifiers(node)
    ? (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
    : ts.isSourceFile(node);
}

/** What stands around a body of `for await`, in the text of level light. */
export interface AwaitedText {
  readonly resume: readonly Piece[];
  readonly open: readonly Piece[];
  readonly close: readonly Piece[];
}

/** The text around a `for await`, whose rounds suspend without an await that a hook could wrap. */
export interface AwaitedLoop {
  /** before the block record: the activation goes on */
  readonly resume: readonly Piece[];
  /** begins what the body does, and ends it: however it is left, the activation suspends */
  readonly open: readonly Piece[];
  readonly close: readonly Piece[];
  readonly beforeContinue: readonly Piece[];
  readonly light: AwaitedText;
  /** behind the loop's own ops: how it is left before its end */
  readonly finish: () => void;
}

/** Emits the iterable; `head` then emits the suspension of each round, to which the loop jumps back. */
export function beginAwaitedLoop(
  e: Emitter,
  c: FunctionContext,
  s: ts.ForOfStatement,
): { readonly head: () => AwaitedLoop } {
  const scope = e.bindings.scopeOf.get(c.node) as Scope;
  const slot: Piece[] = [];
  const closing: OpRef = { index: 0, flow: false, op: { k: 'suspend', kind: 'close', ...e.at(s.expression) } };
  const copy = delegateCopy(s.expression, 'for await');
  let first: ts.Node = s;
  while (ts.isLabeledStatement(first.parent)) first = first.parent;
  e.insertBoth(e.start(first), 'try{');
  emitDelegation(e, c, s.expression, { scope, slot, closing: [{ word: closing }], async: true, copy });
  return {
    head() {
      const ref = c.push({ k: 'suspend', kind: 'round', ...e.at(s.expression) });
      slotWord(slot, ref);
      return awaitedLoop(e, c, s, { scope, ref, closing, enclosing: enclosingScope(e, c) });
    },
  };
}

interface Rounds {
  readonly scope: Scope;
  readonly ref: OpRef;
  readonly closing: OpRef;
  readonly enclosing: number;
}

/** A body that is left other than by its end or a `continue` closes the iterator: as a `finally` block does. */
function awaitedLoop(e: Emitter, c: FunctionContext, s: ts.ForOfStatement, rounds: Rounds): AwaitedLoop {
  const { scope, ref, closing, enclosing } = rounds;
  const resume = resumeText(scope);
  const left = c.takeTemp();
  c.lightTemps.add(left);
  const finallyRef: OpRef = { index: 0, flow: true, op: { k: 'finally', scope: enclosing, ...e.at(s) } };
  const suspend = (op: OpRef, value: string): Piece[] => [
    '__hcS(',
    { word: op },
    `,${value},__hcs=`,
    { index: op },
    ',__hcc);',
  ];
  return {
    resume: [resume],
    open: [`${left}=1;try{`],
    close: [
      `;${left}=0;}finally{${resumeText(scope, true)}if(${left}){__hcF(`,
      { word: finallyRef },
      ');',
      ...rolled(c, finallyRef),
      ...suspend(closing, 'void 0'),
      '}else{',
      ...suspend(ref, 'null'),
      '}}',
    ],
    beforeContinue: [`;${left}=0;`],
    light: {
      resume: [RESUME],
      open: [`${left}=1;try{`],
      close: [
        `;${left}=0;}finally{${RESUME}if(${left}){`,
        ...rolled(c, finallyRef),
        ...suspend(closing, 'void 0'),
        '}else{',
        ...suspend(ref, 'null'),
        '}}',
      ],
    },
    finish() {
      c.ops.push(finallyRef, closing);
      c.push({ k: 'endFinally' });
      e.edits.insert(s.getEnd(), `}finally{${resume}}`);
      e.light.insert(s.getEnd(), `}finally{${RESUME}}`);
    },
  };
}

/**
 * Around a loop's body that suspends: where a throw or a return comes into the suspended activation, it goes on before the
 * loop closes its iterator. undefined: the body does not suspend.
 */
export function textWhereThrownInto(
  e: Emitter,
  c: FunctionContext,
  { initializer, statement }: ts.ForInStatement | ts.ForOfStatement,
): { readonly open: readonly Piece[]; readonly close: readonly Piece[]; readonly light: AwaitedText } | undefined {
  const scope = e.bindings.scopeOf.get(c.node);
  if (!c.suspendable || scope === undefined || !(suspends(initializer) || suspends(statement))) return undefined;
  return {
    open: ['try{'],
    close: [`}finally{${resumeText(scope, true)}}`],
    light: { resume: [], open: ['try{'], close: [`}finally{${RESUME}}`] },
  };
}

function suspends(node: ts.Node): boolean {
  if (isFunction(node)) return false;
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isForOfStatement(node) && node.awaitModifier) return true;
  if (ts.isVariableDeclarationList(node) && isAwaited(node)) return true;
  return ts.forEachChild(node, (child) => suspends(child) || undefined) ?? false;
}

function enclosingScope(e: Emitter, c: FunctionContext): number {
  return c.openScopes.at(-1) ?? e.bindings.scopeOf.get(c.node)?.index ?? 0;
}
