/** Writes and deletions of properties: which of object, key and value must be recorded. */
import { ts } from 'ts-morph';
import type { Source } from '../model/sites.ts';
import { type Variable, isFunction } from './bindings.ts';
import type { Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression, hook, isWriteTarget, lazy, slotWord } from './expressions.ts';
import { type Rule, strip } from './rules.ts';

const LOGGED: Source = { from: 'logged' };

interface Slot {
  readonly source: Source;
  /** text that gives the value again after the write */
  readonly text: string | undefined;
  /** the operand is put into this temporary */
  readonly temp: string | undefined;
}

function objectSlot(e: Emitter, c: FunctionContext, object: ts.Expression, calm: (v: Variable) => boolean): Slot {
  if (object.kind === ts.SyntaxKind.SuperKeyword) return { source: LOGGED, text: 'this', temp: undefined };
  const inner = strip(object);
  if (inner.kind === ts.SyntaxKind.ThisKeyword) {
    const rule = e.rules.of(inner);
    return { source: rule ? { from: 'derived', rule: rule.rule } : LOGGED, text: 'this', temp: undefined };
  }
  if (ts.isIdentifier(inner)) {
    const variable = e.bindings.variableOf.get(inner);
    if (variable && !calm(variable)) return tempSlot(c);
    const rule = variable && e.rules.of(inner);
    return { source: rule ? { from: 'derived', rule: rule.rule } : LOGGED, text: inner.text, temp: undefined };
  }
  return tempSlot(c);
}

function tempSlot(c: FunctionContext): Slot {
  const temp = c.takeTemp();
  return { source: LOGGED, text: temp, temp };
}

function keySlot(
  e: Emitter,
  c: FunctionContext,
  target: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  calm: (v: Variable) => boolean,
): Slot {
  if (ts.isPropertyAccessExpression(target)) {
    return {
      source: { from: 'derived', rule: { e: 'const', value: target.name.text } },
      text: JSON.stringify(target.name.text),
      temp: undefined,
    };
  }
  const inner = strip(target.argumentExpression);
  const rule = e.rules.of(inner);
  const variable = ts.isIdentifier(inner) ? e.bindings.variableOf.get(inner) : undefined;
  const steady = rule !== undefined && rule.guards.length === 0 && rule.primitive && isSteady(e, inner, calm);
  if (steady) return { source: { from: 'derived', rule: rule.rule }, text: undefined, temp: undefined };
  if (variable && calm(variable)) return { source: LOGGED, text: variable.name, temp: undefined };
  return tempSlot(c);
}

function isSteady(e: Emitter, node: ts.Node, calm: (v: Variable) => boolean): boolean {
  if (ts.isIdentifier(node)) {
    const variable = e.bindings.variableOf.get(node);
    return variable === undefined || calm(variable);
  }
  return ts.forEachChild(node, (child) => (isSteady(e, child, calm) ? undefined : 'no')) === undefined;
}

/** Whether a variable keeps its value while `value` is evaluated. */
export function calmDuring(e: Emitter, value: ts.Node | undefined): (v: Variable) => boolean {
  if (value === undefined) return () => true;
  const assigned = new Set<Variable>();
  let calls = false;
  const look = (node: ts.Node): void => {
    if (isFunction(node)) return;
    if (
      ts.isCallExpression(node) ||
      ts.isNewExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isYieldExpression(node) ||
      ts.isTaggedTemplateExpression(node)
    )
      calls = true;
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) calls = true;
    if (ts.isIdentifier(node) && isWriteTarget(node)) {
      const variable = e.bindings.variableOf.get(node);
      if (variable) assigned.add(variable);
    }
    ts.forEachChild(node, look);
  };
  look(value);
  return (v) => !assigned.has(v) && !(calls && v.writtenInClosure);
}

/** `this.#name` where a class around has accessors of that name: writing it defines nothing. */
export function isPrivateAccessor(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || !ts.isPrivateIdentifier(node.name)) return false;
  const { text } = node.name;
  for (let at: ts.Node = node.parent; at; at = at.parent) {
    if (!ts.isClassLike(at)) continue;
    const member = at.members.find((m) => m.name && ts.isPrivateIdentifier(m.name) && m.name.text === text);
    if (member) return !ts.isPropertyDeclaration(member);
  }
  return false;
}

export type Target = ts.PropertyAccessExpression | ts.ElementAccessExpression;

function emitTarget(e: Emitter, c: FunctionContext, target: Target, object: Slot, key: Slot): void {
  if (object.temp !== undefined) e.edits.insert(e.start(target.expression), `(${object.temp}=`);
  emitExpression(e, c, target.expression);
  if (object.temp !== undefined) e.edits.insert(target.expression.getEnd(), ')');
  if (ts.isPropertyAccessExpression(target)) return;
  const argument = target.argumentExpression;
  if (key.temp !== undefined) e.edits.insert(e.start(argument), `${key.temp}=(`);
  emitExpression(e, c, argument);
  if (key.temp !== undefined) e.edits.insert(argument.getEnd(), ')');
}

export function writeProperty(
  e: Emitter,
  c: FunctionContext,
  node: ts.Expression,
  target: Target,
  value: ts.Expression | undefined,
  rule: Rule | undefined,
  delta: number,
  top: boolean,
): void {
  const temps = c.temps;
  const calm = calmDuring(e, value);
  const object = objectSlot(e, c, target.expression, calm);
  const key = keySlot(e, c, target, calm);
  const derived = rule !== undefined && rule.guards.length === 0;
  const source: Source = derived ? { from: 'derived', rule: rule.rule } : LOGGED;
  const others = [object, key].filter((s) => s.source.from === 'logged');
  const slot: Piece[] = [];
  const start = e.start(node);
  const elided = derived && others.length === 0 && top;
  let result: string | undefined;
  if (others.length === 0 && !elided) e.edits.insert(start, derived ? '__hcJ(' : '__hc1(', ...lazy(slot), ',');
  else if (!elided) {
    result = derived ? undefined : c.takeTemp();
    e.edits.insert(start, top ? '' : '__hcY(0,', result === undefined ? '' : `${result}=`);
  }
  emitTarget(e, c, target, object, key);
  if (value) emitExpression(e, c, value);
  const ref = c.push({
    k: 'set',
    object: object.source,
    key: key.source,
    value: source,
    elided,
    define: false,
    delta,
    ...e.at(node),
  });
  slotWord(slot, ref);
  if (others.length === 0 && !elided) e.edits.insert(node.getEnd(), ')');
  else if (!elided) {
    const values = others.map((s) => [s.text ?? '']);
    if (result !== undefined) values.push([result]);
    e.edits.insert(node.getEnd(), ',', ...hook({ word: ref }, values), top ? '' : ')');
  }
  c.releaseTemps(temps);
}

export function emitDelete(e: Emitter, c: FunctionContext, node: ts.DeleteExpression, top: boolean): void {
  const operand = strip(node.expression);
  const optional = ts.isOptionalChain(operand);
  const member = ts.isPropertyAccessExpression(operand) || ts.isElementAccessExpression(operand);
  // `delete a?.b.c` ends at a nullish `a`; only a chain whose last link is optional can be split.
  if (!member || (optional && operand.questionDotToken === undefined)) {
    if (optional) e.degrade(node, 'delete through an optional chain is not recorded');
    return emitExpression(e, c, operand);
  }
  const temps = c.temps;
  const object = optional ? tempSlot(c) : objectSlot(e, c, operand.expression, () => true);
  const key = keySlot(e, c, operand, () => true);
  const result = c.takeTemp();
  e.edits.insert(e.start(node), top ? '' : '__hcY(0,', `${result}=`);
  emitTarget(e, c, operand, object, key);
  const ref = c.push({ k: 'delete', object: object.source, key: key.source, ...e.at(node) });
  const values = [object, key].filter((s) => s.source.from === 'logged').map((s) => [s.text ?? '']);
  e.edits.insert(
    node.getEnd(),
    `,${result}&&${optional ? `${object.text}!=null&&` : ''}`,
    ...hook({ word: ref }, values),
    top ? '' : ')',
  );
  c.releaseTemps(temps);
}
