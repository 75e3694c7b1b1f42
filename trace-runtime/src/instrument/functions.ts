import { ts } from 'ts-morph';
import type { FunctionSite, Source } from '../model/sites.ts';
import { isFunction, type Scope, type Variable } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import { environmentName, environmentText, FunctionContext, keepsEnvironment, type Emitter } from './emitter.ts';
import { disposes } from './disposals.ts';
import { emitParameters } from './early.ts';
import { emitExpression } from './expressions.ts';
import { isExec } from './matches.ts';
import { afterDirectives, boundVariables, emitStatements, enterScope, logged, openEnvironment } from './statements.ts';
import { restText } from './parameter-patterns.ts';
import { hashOf, hashVariable, lightExit, lightFinally, lightPrologue, rolled } from './flow-text.ts';
import { isStrict } from './strictness.ts';
import { lookAround } from './text-code.ts';

/** Values that fit one entry hook; more follow one by one. */
const ENTRY_VALUES = 6;

export function emitFunction(e: Emitter, outer: FunctionContext, node: ts.FunctionLikeDeclaration): void {
  if (node.body === undefined) return;
  if (node.name && ts.isComputedPropertyName(node.name)) emitExpression(e, outer, node.name.expression);
  const scope = e.bindings.scopeOf.get(node);
  if (scope === undefined) return;
  const generator = 'asteriskToken' in node && node.asteriskToken !== undefined;
  const async = node.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  const c = new FunctionContext(e.functions.length, node, async || generator);
  c.isInner = !c.suspendable && e.inner.has(node);
  c.recurs = e.recursive.has(node);
  e.functions.push({ site: describe(e, node, scope, outer, async, generator), context: c });
  const around = e.environmentAround(scope.parent, node.pos);
  const environment = around ? environmentText(around, node.pos) : '';
  emitParameters(e, outer, node, { environment, this: logsThis(e, node) });

  const entry = enter(e, c, node, scope);
  if (ts.isBlock(node.body)) emitBlockBody(e, c, node, node.body, entry);
  else emitExpressionBody(e, c, node.body, entry);
}

interface Entry {
  readonly ref: OpRef;
  /** variables of parameters that are not simple */
  readonly bound: readonly Variable[];
  /** the statements that begin the body; to be asked for when the body has been instrumented */
  readonly text: () => Piece[];
  readonly environment: Scope | undefined;
}

function enter(e: Emitter, c: FunctionContext, node: ts.FunctionLikeDeclaration, scope: Scope): Entry {
  const outerScope = e.environmentAround(scope.parent, node.pos);
  const simple: Variable[] = [];
  const bound: Variable[] = [];
  for (const parameter of node.parameters) {
    const name = parameter.name;
    if (ts.isIdentifier(name) && name.text === 'this') continue;
    const variables = boundVariables(e, name);
    if (ts.isIdentifier(name) && !parameter.initializer && !parameter.dotDotDotToken) simple.push(...variables);
    else bound.push(...variables);
  }
  const self =
    ts.isFunctionExpression(node) && node.name
      ? e.bindings.scopeOf.get(node.name)?.names.get(node.name.text)
      : undefined;
  if (self?.referenced && !scope.names.has(self.name)) simple.push(self);
  const environment = scope.captured || c.suspendable;
  const usesThis = logsThis(e, node);
  const usesArguments = !ts.isArrowFunction(node) && e.bindings.usesArguments.has(node);
  const ref = c.push(
    {
      k: 'enter',
      function: c.site,
      outerEnvironment: outerScope !== undefined,
      environment,
      this: usesThis,
      newTarget: false,
      parameters: simple.map((v) => v.index),
      arguments: usesArguments,
      start: e.start(node),
      end: e.start(node),
    },
    true,
  );
  const values = [
    ...(outerScope ? [environmentText(outerScope, node.pos)] : []),
    ...(environment ? [environmentName(scope)] : []),
    ...(usesThis ? ['this'] : []),
    ...simple.map((v) => v.name),
    ...(usesArguments ? ['arguments'] : []),
  ];
  const first = values.slice(0, ENTRY_VALUES);
  const rest = values
    .slice(ENTRY_VALUES)
    .map((v) => `__hcV(${v});`)
    .join('');
  const text = (): Piece[] => [
    restText(e, node, keepsEnvironment(scope)),
    newbornText(e, c, node),
    environment ? `${keepsEnvironment(scope) ? '' : 'const '}${environmentName(scope)}=__hcI();` : '',
    `let __hcc=__hcE${first.length}(`,
    { word: ref },
    first.map((v) => `,${v}`).join(''),
    '),__hcd=0',
    c.suspendable ? ',__hcs=0' : '',
    temporaries(c),
    ...hashVariable(c, ref),
    ';',
    ...(c.suspendable ? rolled(c, ref) : []),
    rest,
  ];
  return { ref, bound, text, environment: environment ? scope : undefined };
}

/** What defines a constructor's `this` before the entry's record names it. */
function newbornText(e: Emitter, c: FunctionContext, node: ts.FunctionLikeDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return isDerivedConstructor(node) ? '' : '__hcn(this);';
  const mayConstruct = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node);
  return mayConstruct && !c.suspendable && e.bindings.usesThis.has(node) ? 'new.target&&__hcn(this);' : '';
}

function temporaries(c: FunctionContext): string {
  return Array.from({ length: c.maxTemps }, (_, i) => `,__hct${i + 1}`).join('');
}

function emitBlockBody(
  e: Emitter,
  c: FunctionContext,
  node: ts.FunctionLikeDeclaration,
  body: ts.Block,
  entry: Entry,
): void {
  const { position, statements } = afterDirectives(body.statements, e.start(body) + 1);
  const protect = !redeclares(e, body, node);
  c.protect = protect;
  c.rolls = !protect && !c.suspendable;
  const prologue = e.edits.reserve(position);
  const light = e.light.reserve(position);
  for (const variable of entry.bound) {
    const ref = c.push({
      k: 'write',
      variable: variable.index,
      value: { from: 'logged' },
      elided: false,
      guarded: false,
      start: variable.start,
      end: variable.end,
    });
    e.edits.insert(position, '__hc1(', { word: ref }, `,${variable.name});`);
  }
  const own = e.bindings.scopeOf.get(body);
  enterScope(c, own);
  openEnvironment(e, c, own, position, e.at(body));
  for (const variable of own?.names.values() ?? []) e.edits.insert(position, ...logged(c, variable, e.at(body)), ';');
  if (isExec(node)) e.edits.insert(position, '__hcG(this);');
  const ends: Piece[] = [];
  const atEnd = (): void => void ends.push(...endText(c, body, protect && disposes(statements)));
  emitStatements(e, c, statements, position, atEnd);
  prologue.push(';', ...entry.text(), '__hcA[2]=', { index: entry.ref }, protect ? ';try{' : ';');
  e.edits.insert(body.getEnd() - 1, ...ends, ...(protect ? epilogue(c, entry) : [';', ...exitHash(c, entry)]));
  light.push(';', ...lightPrologue(c, entry.ref, protect));
  e.light.insert(
    body.getEnd() - 1,
    protect ? lightFinally(isAsyncFunction(c.node)) : ';',
    ...lightExit(c, entry.ref),
    protect ? '}' : '',
  );
}

/** What a body says at its end. `disposes`: code runs behind it yet, and the function ends after that. */
function endText(c: FunctionContext, body: ts.Block, disposes: boolean): Piece[] {
  const at = { start: body.getEnd() - 1, end: body.getEnd() };
  if (!disposes) return [';__hcd=1;__hcZ(', { word: c.push({ k: 'exit', ...at }) }, ',__hcc)'];
  c.pendingReturns = true;
  const value: Source = { from: 'derived', rule: { e: 'undefined' } };
  const ref = c.push({ k: 'return', value, pending: true, ...at });
  return [';__hc0(', { word: ref }, ');__hcd=2'];
}

function emitExpressionBody(e: Emitter, c: FunctionContext, body: ts.Expression, entry: Entry): void {
  const start = e.start(body);
  const prologue = e.edits.reserve(start);
  const light = e.light.reserve(start);
  for (const variable of entry.bound) {
    const ref = c.push({
      k: 'write',
      variable: variable.index,
      value: { from: 'logged' },
      elided: false,
      guarded: false,
      start: variable.start,
      end: variable.end,
    });
    e.edits.insert(start, '__hc1(', { word: ref }, `,${variable.name});`);
  }
  const statement = c.push({ k: 'statement', progress: true, ...e.at(body) });
  const rule = e.rules.of(body);
  const derived = rule !== undefined && rule.guards.length === 0;
  const head = e.edits.reserve(start);
  const [looking, looked] = lookAround(e, body);
  emitExpression(e, c, body);
  const value: Source = derived ? { from: 'derived', rule: rule.rule } : { from: 'logged' };
  const ref = c.push({ k: 'return', value, pending: false, ...e.at(body) });
  c.push({ k: 'exit', start: body.getEnd(), end: body.getEnd() });
  head.push('return ', derived ? '__hcQ(' : '__hcR(', { word: ref }, ',__hcc,', looking);
  prologue.push('{', ...entry.text(), '__hcA[2]=', { index: statement }, ';try{');
  e.edits.insert(body.getEnd(), looked, ',__hcd=1)', ...epilogue(c, entry), '}');
  light.push('{', ...lightPrologue(c, entry.ref, true), 'return ');
  e.light.insert(body.getEnd(), lightFinally(isAsyncFunction(c.node)), ...lightExit(c, entry.ref), '}}');
}

/** Closes the body's `try`: an activation that did not leave normally says so. */
function epilogue(c: FunctionContext, entry: Entry): Piece[] {
  const abrupt = c.pendingReturns ? '__hcd===1||(__hcd===2?__hcN(__hcc):__hcX(__hcc))' : '__hcd||__hcX(__hcc)';
  const resume = c.suspendable && entry.environment ? resumeText(entry.environment, true) : '';
  // a return whose value awaits has named a caller that is not there any more
  const caller = c.suspendable ? ';__hcA[2]=__hcc' : '';
  return ['}finally{', resume, ...exitHash(c, entry), abrupt, caller, '}'];
}

/** What the activation has come to, where it is not rolled yet. */
function exitHash(c: FunctionContext, entry: Entry): Piece[] {
  return c.suspendable ? [] : ['__hck(', hashOf(c, entry.ref), ');'];
}

/**
 * After a throw or a return into a suspended activation: it goes on where it was suspended. A `finally` block says by a
 * negative environment that it was the first to notice: nothing between the suspension and it runs.
 */
export function resumeText(scope: Scope, byFinally = false): string {
  return `__hcs&&(__hcc=__hcU(${byFinally ? '-' : ''}${environmentName(scope)},__hcs),__hcs=0);`;
}

export function isAsyncGenerator(node: ts.Node): boolean {
  return isGenerator(node) && isAsync(node);
}

function isAsyncFunction(node: ts.Node): boolean {
  return isAsync(node) && !isGenerator(node);
}

function isGenerator(node: ts.Node): boolean {
  return isFunction(node) && 'asteriskToken' in node && node.asteriskToken !== undefined;
}

function isAsync(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

/** Whether `this` is among the entry's values. */
function logsThis(e: Emitter, node: ts.FunctionLikeDeclaration): boolean {
  if (!ts.isArrowFunction(node)) return !isDerivedConstructor(node);
  if (!e.bindings.usesThis.has(node)) return false;
  for (let parent: ts.Node = node.parent; parent; parent = parent.parent) {
    if (isFunction(parent) && !ts.isArrowFunction(parent)) return !isDerivedConstructor(parent);
    if (ts.isPropertyDeclaration(parent) || ts.isClassStaticBlockDeclaration(parent)) return true;
  }
  return true;
}

export function isDerivedConstructor(node: ts.Node): boolean {
  return (
    ts.isConstructorDeclaration(node) &&
    (node.parent.heritageClauses?.some((h) => h.token === ts.SyntaxKind.ExtendsKeyword) ?? false)
  );
}

/** Whether a reader can tell `this` at a node from the entry of the function it stands in. */
export function knowsThis(usesThis: ReadonlySet<ts.Node>, node: ts.Node, atTop: boolean): boolean {
  for (let parent: ts.Node = node.parent; parent; parent = parent.parent) {
    if (ts.isPropertyDeclaration(parent) || ts.isClassStaticBlockDeclaration(parent) || ts.isParameter(parent))
      return false;
    if (!isFunction(parent)) continue;
    if (!ts.isArrowFunction(parent)) return true;
    if (!usesThis.has(parent)) return false;
    for (let above: ts.Node = parent.parent; above; above = above.parent) {
      if (isFunction(above) && !ts.isArrowFunction(above)) return !isDerivedConstructor(above);
    }
    return true;
  }
  return atTop;
}

/**
 * A function declaration that shares its name with a `var` or another function cannot stand in a block; nor one that a
 * sloppy function in an inner block gives a new value to.
 */
export function redeclares(e: Emitter, body: ts.Block, node: ts.Node): boolean {
  const names = new Set<string>();
  for (const statement of body.statements) {
    if (!ts.isFunctionDeclaration(statement) || !statement.name) continue;
    if (names.has(statement.name.text)) return true;
    names.add(statement.name.text);
  }
  if (names.size === 0) return false;
  if (isFunction(node) && node.parameters.some((p) => boundVariables(e, p.name).some((v) => names.has(v.name))))
    return true;
  let clash = false;
  const sloppy = !isStrict(e.goal, node);
  const look = (inner: ts.Node): void => {
    if (sloppy && ts.isFunctionDeclaration(inner) && inner.parent !== body && inner.name)
      clash ||= names.has(inner.name.text);
    if (isFunction(inner) || clash) return;
    if (ts.isVariableDeclarationList(inner) && (inner.flags & ts.NodeFlags.BlockScoped) === 0) {
      clash ||= inner.declarations.some((d) => boundVariables(e, d.name).some((v) => names.has(v.name)));
    }
    ts.forEachChild(inner, look);
  };
  body.statements.forEach(look);
  return clash;
}

function describe(
  e: Emitter,
  node: ts.FunctionLikeDeclaration,
  scope: Scope,
  outer: FunctionContext,
  async: boolean,
  generator: boolean,
): Omit<FunctionSite, 'firstOp' | 'endOp'> {
  const parameters = node.parameters.filter((p) => !(ts.isIdentifier(p.name) && p.name.text === 'this'));
  const firstDefault = parameters.findIndex((p) => p.initializer !== undefined || p.dotDotDotToken !== undefined);
  return {
    name: nameOf(e, node),
    kind: kindOf(node),
    async,
    generator,
    strict: isStrict(e.goal, node),
    start: e.start(node),
    end: node.getEnd(),
    parent: outer.site,
    scope: scope.index,
    outer: scope.parent?.index ?? 0,
    parameters: parameters.map((p) => p.getText(e.file)),
    length: firstDefault < 0 ? parameters.length : firstDefault,
  };
}

function kindOf(node: ts.FunctionLikeDeclaration): FunctionSite['kind'] {
  if (ts.isArrowFunction(node)) return 'arrow';
  if (ts.isConstructorDeclaration(node)) return isDerivedConstructor(node) ? 'derivedConstructor' : 'constructor';
  if (ts.isGetAccessorDeclaration(node)) return 'getter';
  if (ts.isSetAccessorDeclaration(node)) return 'setter';
  return ts.isMethodDeclaration(node) ? 'method' : 'function';
}

function nameOf(e: Emitter, node: ts.FunctionLikeDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return node.parent.name?.text ?? inferredName(node.parent);
  if (node.name) return ts.isComputedPropertyName(node.name) ? node.name.getText(e.file) : node.name.text;
  return inferredName(node);
}

function inferredName(node: ts.Node): string {
  let child: ts.Node = node;
  let parent = node.parent;
  while (ts.isParenthesizedExpression(parent)) [child, parent] = [parent, parent.parent];
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if ((ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) && parent.initializer === child) {
    return ts.isIdentifier(parent.name) || ts.isStringLiteral(parent.name) || ts.isPrivateIdentifier(parent.name)
      ? parent.name.text
      : '';
  }
  if (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === child
  ) {
    return ts.isIdentifier(parent.left) ? parent.left.text : '';
  }
  if ((ts.isParameter(parent) || ts.isBindingElement(parent)) && ts.isIdentifier(parent.name)) return parent.name.text;
  return '';
}
