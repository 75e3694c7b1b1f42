/**
 * Assignment patterns. Between two of their targets code of the program may run: an iterator's `next` and `return`, a
 * getter of the source, a default, a setter. It must find recorded what was assigned before it.
 *
 * Where such code may run, each target records itself: `[x, o.p] = it` becomes
 * `[__hcPA({__hcw:__hcv=>{x=__hcv;__hc1(w,x)}}).v, __hcPT(w,false,o).p] = it`. Object and key of a target are still
 * evaluated before its value is fetched, and the assignment itself is the program's. Elsewhere (a swap in an array
 * literal) records follow at the next target that can take them, or behind the pattern.
 */
import { ts } from 'ts-morph';
import type { Op, Source } from '../model/sites.ts';
import { isFunction } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression, lazy, slotWord } from './expressions.ts';
import { isStrict } from './strictness.ts';
import { mayThrow } from './may-throw.ts';
import { type Target, isPrivateAccessor } from './property-writes.ts';
import { strip } from './rules.ts';

const LOGGED: Source = { from: 'logged' };

/** Around a target that is assigned by a function: its name is known to those who hide its frames. */
const OPEN = '__hcPA({__hcw:__hcv=>{';
const CLOSE = '}})';

interface Plan {
  /** code of the program may run between the targets */
  readonly runsCode: boolean;
  readonly strict: boolean;
  /** the target's record may follow at the next one */
  readonly follows: boolean;
  /** names that the pattern assigns */
  readonly assigned: ReadonlySet<string>;
  /** records that have found no place yet */
  readonly late: Piece[][];
}

export function emitPatternAssignment(
  e: Emitter,
  c: FunctionContext,
  node: ts.BinaryExpression,
  pattern: ts.Expression,
  top: boolean,
): void {
  if (!top) e.edits.insert(e.start(node), '__hcY(0,');
  emitExpression(e, c, node.right);
  const plan: Plan = {
    runsCode: mayRunCode(e, pattern, strip(node.right)),
    strict: isStrict(e.goal, node),
    follows: false,
    assigned: new Set(namesIn(pattern)),
    late: [],
  };
  emitTarget(e, c, pattern, plan);
  e.edits.insert(node.getEnd(), ...plan.late.flatMap((h) => [',', ...h]), top ? '' : ')');
}

/** Hook calls, after the assignment, for every target of an assignment pattern. */
export function patternHooks(e: Emitter, c: FunctionContext, node: ts.Expression): Piece[][] {
  const target = strip(node);
  if (ts.isIdentifier(target)) return [nameHook(e, target, [{ word: pushName(e, c, target) }])];
  if (ts.isArrayLiteralExpression(target)) return elementsOf(target).flatMap((el) => patternHooks(e, c, el));
  if (ts.isObjectLiteralExpression(target)) {
    return target.properties.flatMap((p) => {
      const inner = targetOf(p);
      return inner ? patternHooks(e, c, inner) : [];
    });
  }
  if (ts.isBinaryExpression(target)) return patternHooks(e, c, target.left);
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    const found = memberHook(e, c, target, new Set()) ?? privateHook(e, c, target);
    if (!found) e.degrade(target, 'a destructuring target with a computed object or key is not recorded');
    return found && found.length > 0 ? [found] : [];
  }
  return [];
}

/** A private field of what has a name; a private accessor records what it does itself. */
function privateHook(e: Emitter, c: FunctionContext, target: Target): Piece[] | undefined {
  if (!ts.isPropertyAccessExpression(target) || !ts.isPrivateIdentifier(target.name)) return undefined;
  if (isPrivateAccessor(target)) return [];
  const object = strip(target.expression);
  if (object.kind !== ts.SyntaxKind.ThisKeyword && !ts.isIdentifier(object)) return undefined;
  const key: Source = { from: 'derived', rule: { e: 'const', value: target.name.text } };
  const text = object.getText(e.file);
  return ['__hc2(', { word: c.push(setOp(e, target, key)) }, `,${text},${text}.${target.name.text})`];
}

/** False only where engine code alone runs from the first assignment to the pattern's end. */
function mayRunCode(e: Emitter, pattern: ts.Expression, value: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(pattern)) {
    const [only] = pattern.properties;
    if (only === undefined) return false;
    return pattern.properties.length > 1 || isPattern(targetOf(only));
  }
  if (!ts.isArrayLiteralExpression(pattern) || !ts.isArrayLiteralExpression(value)) return true;
  return elementsOf(pattern).some((element) => {
    if (ts.isBinaryExpression(element)) return isPattern(element.left) || mayThrow(e, element.right);
    return isPattern(element);
  });
}

function isPattern(node: ts.Expression | undefined): boolean {
  if (node === undefined) return false;
  const target = strip(node);
  if (ts.isBinaryExpression(target)) return isPattern(target.left);
  return ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target);
}

function elementsOf(pattern: ts.ArrayLiteralExpression): ts.Expression[] {
  return pattern.elements
    .filter((element) => !ts.isOmittedExpression(element))
    .map((element) => strip(ts.isSpreadElement(element) ? element.expression : element));
}

/** What a property of an object pattern assigns. */
export function targetOf(property: ts.ObjectLiteralElementLike): ts.Expression | undefined {
  if (ts.isShorthandPropertyAssignment(property)) return property.name;
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isSpreadAssignment(property) ? property.expression : undefined;
}

function namesIn(node: ts.Expression): string[] {
  const target = strip(node);
  if (ts.isIdentifier(target)) return [target.text];
  if (ts.isBinaryExpression(target)) return namesIn(target.left);
  if (ts.isArrayLiteralExpression(target)) return elementsOf(target).flatMap(namesIn);
  if (!ts.isObjectLiteralExpression(target)) return [];
  return target.properties.flatMap((property) => {
    const inner = targetOf(property);
    return inner ? namesIn(inner) : [];
  });
}

/** Instruments one target with what stands inside it, in the order of its evaluation. */
function emitTarget(e: Emitter, c: FunctionContext, node: ts.Expression, plan: Plan): void {
  const target = strip(node);
  if (ts.isArrayLiteralExpression(target)) {
    for (const element of elementsOf(target)) emitTarget(e, c, element, plan);
  } else if (ts.isObjectLiteralExpression(target)) {
    target.properties.forEach((property, i) => emitProperty(e, c, property, planOf(plan, target, i)));
  } else if (ts.isBinaryExpression(target)) {
    if (isPattern(target.left)) {
      emitExpression(e, c, target.right);
      return emitTarget(e, c, target.left, plan);
    }
    const record = beginTarget(e, c, strip(target.left), plan, isNamed(target.right));
    emitExpression(e, c, target.right);
    record();
  } else beginTarget(e, c, target, plan, false)();
}

/**
 * Of an object pattern's property. V8 has a better message where there is nothing to take from, if the first property
 * asks before any call: its record can follow at the second target, unless that is a pattern.
 */
function planOf(plan: Plan, { properties }: ts.ObjectLiteralExpression, index: number): Plan {
  const next = properties[1];
  return index === 0 && next && !isPattern(targetOf(next)) ? { ...plan, follows: true } : { ...plan, follows: false };
}

function emitProperty(e: Emitter, c: FunctionContext, property: ts.ObjectLiteralElementLike, plan: Plan): void {
  if (property.name && ts.isComputedPropertyName(property.name)) emitExpression(e, c, property.name.expression);
  if (!ts.isShorthandPropertyAssignment(property)) {
    const target = targetOf(property);
    return target && emitTarget(e, c, target, plan);
  }
  const { name, objectAssignmentInitializer: initial } = property;
  const finish = beginName(e, c, name, plan, initial !== undefined && isNamed(initial), true);
  if (initial) emitExpression(e, c, initial);
  finish();
}

/** Whether V8 names the function after the target that it is the default of. */
function isNamed(node: ts.Expression): boolean {
  const value = strip(node);
  return ts.isClassExpression(value) ? !value.name : isFunction(value);
}

/** What stands before and behind an expression, so that it makes the records that wait. */
function takeLate({ late }: Plan): readonly [Piece[], string] {
  if (late.length === 0) return [[], ''];
  return [['(', ...late.splice(0).flatMap((h) => [...h, ','])], ')'];
}

/** Names that mean something else inside an arrow function. */
const ELSEWHERE: ReadonlySet<string> = new Set(['arguments', 'eval', 'yield', 'await']);

/** Text for a target that is no pattern; gives what to call when its default has been instrumented. */
function beginTarget(e: Emitter, c: FunctionContext, target: ts.Expression, plan: Plan, named: boolean): () => void {
  if (ts.isIdentifier(target)) return beginName(e, c, target, plan, named);
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))
    return beginMember(e, c, target, plan);
  emitExpression(e, c, target);
  return () => undefined;
}

function beginName(
  e: Emitter,
  c: FunctionContext,
  name: ts.Identifier,
  plan: Plan,
  named: boolean,
  shorthand = false,
): () => void {
  if (!plan.runsCode || plan.follows || named || ELSEWHERE.has(name.text))
    return () => void plan.late.push(nameHook(e, name, [{ word: pushName(e, c, name) }]));
  const slot: Piece[] = [];
  const [before, after] = takeLate(plan);
  if (shorthand) e.edits.insert(name.getEnd(), ':', ...before, OPEN, name.text);
  else e.edits.insert(e.start(name), ...before, OPEN);
  e.edits.insert(name.getEnd(), '=__hcv;', ...nameHook(e, name, lazy(slot)), CLOSE, after, '.v');
  return () => slotWord(slot, pushName(e, c, name));
}

function beginMember(e: Emitter, c: FunctionContext, target: Target, plan: Plan): () => void {
  const object = strip(target.expression);
  const isSuper = object.kind === ts.SyntaxKind.SuperKeyword;
  if (isSuper || (ts.isPropertyAccessExpression(target) && ts.isPrivateIdentifier(target.name)))
    return beginHidden(e, c, target, object, plan);
  const start = e.start(target.expression);
  const [before, after] = takeLate(plan);
  const simple = (!plan.runsCode || plan.follows) && isSteady(target, plan.assigned);
  const slot: Piece[] = [];
  e.edits.insert(start, ...before);
  if (!simple) e.edits.insert(start, '__hcPT(', ...lazy(slot), `,${plan.strict},`);
  emitExpression(e, c, target.expression);
  e.edits.insert(target.expression.getEnd(), simple ? '' : ')', after);
  if (ts.isElementAccessExpression(target)) emitExpression(e, c, target.argumentExpression);
  return () => {
    if (!simple) return slotWord(slot, c.push(setOp(e, target, LOGGED)));
    const found = memberHook(e, c, target, plan.assigned);
    if (found) plan.late.push(found);
  };
}

/** `this.#p` and `super.p` can be assigned by text that stands where they are in sight, and nowhere else. */
function beginHidden(e: Emitter, c: FunctionContext, target: Target, object: ts.Expression, plan: Plan): () => void {
  const steady =
    object.kind === ts.SyntaxKind.SuperKeyword ||
    object.kind === ts.SyntaxKind.ThisKeyword ||
    (ts.isIdentifier(object) && !plan.assigned.has(object.text) && !ELSEWHERE.has(object.text));
  if (!steady || !ts.isPropertyAccessExpression(target)) {
    e.degrade(target, 'a destructuring target with a computed object or key is not recorded');
    emitExpression(e, c, target);
    return () => undefined;
  }
  const holder = ts.isIdentifier(object) ? object.text : 'this';
  const slot: Piece[] = [];
  // a private accessor records what it does itself
  const record: Piece[] = isPrivateAccessor(target) ? [] : ['__hc2(', ...lazy(slot), `,${holder},__hcv)`];
  const [before, after] = takeLate(plan);
  e.edits.insert(e.start(target), ...before, OPEN);
  e.edits.insert(target.getEnd(), '=__hcv;', ...record, CLOSE, after, '.v');
  return () => {
    if (record.length === 0) return;
    slotWord(slot, c.push(setOp(e, target, { from: 'derived', rule: { e: 'const', value: target.name.text } })));
  };
}

function setOp(e: Emitter, target: ts.Node, key: Source): Op {
  return { k: 'set', object: LOGGED, key, value: LOGGED, elided: false, define: false, delta: 0, ...e.at(target) };
}

function pushName(e: Emitter, c: FunctionContext, name: ts.Identifier): OpRef {
  const variable = e.bindings.variableOf.get(name)?.index;
  if (variable === undefined)
    return c.push(setOp(e, name, { from: 'derived', rule: { e: 'const', value: name.text } }));
  return c.push({ k: 'write', variable, value: LOGGED, elided: false, guarded: false, ...e.at(name) });
}

function nameHook(e: Emitter, name: ts.Identifier, word: readonly Piece[]): Piece[] {
  const known = e.bindings.variableOf.has(name);
  return [known ? '__hc1(' : '__hc2(', ...word, known ? `,${name.text})` : `,globalThis,${name.text})`];
}

/** Whether a member names the same property when the whole pattern is done. */
function isSteady(target: Target, assigned: ReadonlySet<string>): boolean {
  const object = strip(target.expression);
  const stays = (node: ts.Expression): boolean => ts.isIdentifier(node) && !assigned.has(node.text);
  if (object.kind !== ts.SyntaxKind.ThisKeyword && !stays(object)) return false;
  if (ts.isPropertyAccessExpression(target)) return !ts.isPrivateIdentifier(target.name);
  const key = target.argumentExpression;
  return stays(key) || ts.isNumericLiteral(key) || ts.isStringLiteral(key);
}

function memberHook(
  e: Emitter,
  c: FunctionContext,
  target: Target,
  assigned: ReadonlySet<string>,
): Piece[] | undefined {
  if (!isSteady(target, assigned)) return undefined;
  const object = strip(target.expression).getText(e.file);
  const key = ts.isPropertyAccessExpression(target)
    ? JSON.stringify(target.name.text)
    : target.argumentExpression.getText(e.file);
  return ['__hcD(', { word: c.push(setOp(e, target, LOGGED)) }, `,${object},${key})`];
}
