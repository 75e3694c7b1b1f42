/** Initialisers of parameters and of a constructor's fields: code that runs in a function's name before its body. */
import { ts } from 'ts-morph';
import type { SiteTable } from '../model/sites.ts';
import { type Variable, isErased, isFunction } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import { type Emitter, type FunctionContext, environmentName, environmentText, keepsEnvironment } from './emitter.ts';
import { emitQuietly } from './expressions.ts';
import { nameValue } from './named-errors.ts';
import { holdMore, neverFails, patternParameters, surround } from './parameter-patterns.ts';
import { writesVariable } from './quiet-writes.ts';
import { namesKept } from './shadowed-parameters.ts';
import { strip } from './rules.ts';

/** Whether evaluating the node may run recorded code: it calls something other than a global, or hands a function on. */
export function runsCode(e: Emitter, node: ts.Node): boolean {
  if (isErased(node) || isFunction(node) || ts.isClassLike(node)) return false;
  if (ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const handsOn = node.arguments?.some((a) => isFunction(strip(a))) ?? false;
    if (handsOn || !isGlobal(e, node.expression)) return true;
  }
  return ts.forEachChild(node, (child) => runsCode(e, child) || undefined) ?? false;
}

/**
 * Whether evaluating the node may run a getter or an iterator: it reads a property of what is no global, nor was written as a
 * literal without any. `length` counts where the file has a getter of that name.
 */
function readsProperties(e: Emitter, node: ts.Node): boolean {
  if (isErased(node) || isFunction(node) || ts.isClassLike(node)) return false;
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) return true;
  if ((ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && !isOnlyWritten(node)) {
    const isLength = ts.isPropertyAccessExpression(node) && node.name.text === 'length';
    const mayRun = isLength ? /\bget\s+length\b/.test(e.file.text) : !isGlobal(e, node) && !isOfLiteral(e, node);
    if (mayRun) return true;
  }
  return ts.forEachChild(node, (child) => readsProperties(e, child) || undefined) ?? false;
}

function isOnlyWritten(node: ts.Expression): boolean {
  const { parent } = node;
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** A property of a variable that holds nothing but literals of plain properties. */
function isOfLiteral(e: Emitter, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean {
  const object = strip(node.expression);
  const variable = ts.isIdentifier(object) ? e.bindings.variableOf.get(object) : undefined;
  if (variable === undefined || variable.untracked || variable.writes.length === 0) return false;
  return variable.writes.every(
    (value) => typeof value === 'object' && (isPlainLiteral(strip(value)) || ts.isArrayLiteralExpression(strip(value))),
  );
}

function isPlainLiteral(node: ts.Expression): boolean {
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.every(
    (p) =>
      ts.isMethodDeclaration(p) ||
      ts.isShorthandPropertyAssignment(p) ||
      (ts.isPropertyAssignment(p) && p.name.getText() !== '__proto__'),
  );
}

/** Whether evaluating the node reads a property by a getter of the class itself, or perhaps of what it extends. */
function readsAccessor(owner: ts.ClassLikeDeclaration, node: ts.Node): boolean {
  if (isErased(node) || isFunction(node) || ts.isClassLike(node)) return false;
  if (node.kind === ts.SyntaxKind.SuperKeyword) return true;
  if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const { text } = node.name;
    if (owner.members.some((m) => ts.isGetAccessorDeclaration(m) && m.name.getText() === text)) return true;
  }
  return ts.forEachChild(node, (child) => readsAccessor(owner, child) || undefined) ?? false;
}

function isGlobal(e: Emitter, callee: ts.Expression): boolean {
  const inner = strip(callee);
  if (ts.isPropertyAccessExpression(inner)) return isGlobal(e, inner.expression);
  return ts.isIdentifier(inner) && e.bindings.variableOf.get(inner) === undefined;
}

/** How the function's `enter` knows its surroundings. */
export interface Surroundings {
  /** text of the environment id, '' where there is none */
  readonly environment: string;
  readonly this: boolean;
}

/** Instruments the parameters' patterns and defaults. The body's temporaries are not in sight of them. */
export function emitParameters(
  e: Emitter,
  outer: FunctionContext,
  node: ts.FunctionLikeDeclaration,
  around: Surroundings,
): void {
  const before: Variable[] = [];
  const patterns = patternParameters(e, node);
  const scope = e.bindings.scopeOf.get(node);
  const environment = scope && keepsEnvironment(scope) ? environmentName(scope) : undefined;
  let finish: (() => void) | undefined;
  const initialise = (value: ts.Expression | undefined, taken?: ts.BindingName): void => {
    if (value === undefined) return;
    if (!runsCode(e, value) && !readsProperties(e, value) && !writesVariable(e, value)) {
      const isTold = !finish || taken === undefined || ts.isIdentifier(taken) || neverFails(taken, value);
      const named = isTold ? undefined : nameValue(e, value, (position, text) => e.edits.insert(position, text));
      emitQuietly(e, outer, value);
      return named?.();
    }
    const ref = pushEarly(e, node, value, { around, parameters: before.map((v) => v.index), fields: false });
    const named = nameValue(e, value);
    const begin = beginText(ref, around, before);
    if (finish) e.edits.insert(e.start(value), '__hcPW(__hcpt,__hcPV(__hcpt,', ...begin.slice(1), ',');
    else e.edits.insert(e.start(value), '__hcEB(', ...begin, ',');
    e.light.insert(e.start(value), '__hcEB(__hcEA(', { word: ref }, '),');
    emitQuietly(e, outer, value);
    e.edits.insert(value.getEnd(), ')');
    e.light.insert(value.getEnd(), ')');
    named();
  };
  const bindName = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      const variable = e.bindings.variableOf.get(name);
      if (variable && name.text !== 'this') before.push(variable);
      return;
    }
    for (const element of name.elements) {
      if (!ts.isBindingElement(element)) continue;
      if (element.propertyName && ts.isComputedPropertyName(element.propertyName))
        emitQuietly(e, outer, element.propertyName);
      initialise(element.initializer);
      bindName(element.name);
    }
  };
  node.parameters.forEach((parameter, i) => {
    if (patterns?.first === i) {
      const ref = pushEarly(e, node, parameter, { around, parameters: before.map((v) => v.index), fields: false });
      finish = surround(e, node, patterns, ref, { values: surroundings(around, before), environment });
    }
    if (ts.canHaveDecorators(parameter)) ts.getDecorators(parameter)?.forEach((d) => emitQuietly(e, outer, d));
    initialise(parameter.initializer, parameter.name);
    bindName(parameter.name);
  });
  finish?.();
  if (environment !== undefined && patterns === undefined) holdMore(e, node, environment);
  else if (environment === undefined && scope?.captured && node.body && namesKept(node.parameters).size > 0)
    e.degrade(node, 'functions among these parameters do not see them');
}

/**
 * Instruments the initialiser of an instance field. `flush` records the fields before it. A derived constructor stands
 * on the stack already.
 */
export function emitFieldInitialiser(
  e: Emitter,
  outer: FunctionContext,
  node: ts.ClassLikeDeclaration,
  value: ts.Expression,
  flush: readonly Piece[],
): void {
  const writes = writesVariable(e, value);
  if (!runsCode(e, value) && !readsAccessor(node, value) && !writes) return emitQuietly(e, outer, value);
  const derived = node.heritageClauses?.some((h) => h.token === ts.SyntaxKind.ExtendsKeyword) ?? false;
  const own = derived ? undefined : node.members.find((m) => ts.isConstructorDeclaration(m) && m.body !== undefined);
  const start = e.start(value);
  if (own === undefined) {
    if (writes) e.degrade(value, 'a variable that a field’s initialiser writes is not recorded there');
    if (flush.length === 0) return emitQuietly(e, outer, value);
    e.edits.insert(start, '(', ...flush, ',');
  } else {
    const environment = e.environmentAround(e.bindings.scopeOf.get(own)?.parent, own.pos);
    const around = { environment: environment ? environmentText(environment, own.pos) : '', this: true };
    const ref = pushEarly(e, own, value, { around, parameters: [], fields: true });
    if (flush.length > 0) e.edits.insert(start, '__hcEB((', ...flush, ',', ...beginText(ref, around, []), '),');
    else e.edits.insert(start, '__hcEB(', ...beginText(ref, around, []), ',');
    e.light.insert(start, '__hcEB(__hcEA(', { word: ref }, '),');
  }
  emitQuietly(e, outer, value);
  e.edits.insert(value.getEnd(), ')');
  if (own !== undefined) e.light.insert(value.getEnd(), ')');
}

function pushEarly(
  e: Emitter,
  node: ts.Node,
  at: ts.Node,
  facts: { readonly around: Surroundings; readonly parameters: readonly number[]; readonly fields: boolean },
): OpRef {
  const op: Extract<SiteTable['ops'][number], { k: 'early' }> = {
    k: 'early',
    function: -1,
    outerEnvironment: facts.around.environment !== '',
    this: facts.around.this,
    parameters: facts.parameters,
    fields: facts.fields,
    ...e.at(at),
  };
  const ref: OpRef = { index: 0, flow: false, op };
  e.detached.push(ref);
  e.closures.push({ ref, node });
  return ref;
}

function beginText(ref: OpRef, around: Surroundings, before: readonly Variable[]): Piece[] {
  const values = surroundings(around, before);
  return ['__hcEA(', { word: ref }, ',', { index: ref }, values.map((v) => `,${v}`).join(''), ')'];
}

/** What the record of an `early` op holds. */
function surroundings(around: Surroundings, before: readonly Variable[]): string[] {
  return [
    ...(around.environment ? [around.environment] : []),
    ...(around.this ? ['this'] : []),
    ...before.map((v) => v.name),
  ];
}
