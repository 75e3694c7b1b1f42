/** `try`, `catch` and `finally`. */
import { ts } from 'ts-morph';
import type { Piece } from './edits.ts';
import { type Emitter, type FunctionContext, label } from './emitter.ts';
import { RESUME, rollArm, rollBoth } from './flow-text.ts';
import { isAsyncGenerator, resumeText } from './functions.ts';
import { boundVariables, emitBlock, emitBlockInner, logged, openEnvironment } from './statements.ts';

export function emitTry(e: Emitter, c: FunctionContext, s: ts.TryStatement): void {
  const after = label();
  const around = e.bindings.scopeOf.get(c.node);
  const enclosing = c.openScopes.at(-1) ?? around?.index ?? 0;
  if (s.finallyBlock) c.enterTry();
  emitBlock(e, c, s.tryBlock, []);
  c.jump(after);
  if (s.catchClause) {
    emitCatch(e, c, s.catchClause);
    c.jump(after);
  }
  const isPassed = s.finallyBlock !== undefined && c.leaveTry();
  c.place(after);
  if (s.finallyBlock) emitFinally(e, c, s.finallyBlock, enclosing, isPassed);
}

function resume(e: Emitter, c: FunctionContext, byFinally: boolean): Piece[] {
  const scope = e.bindings.scopeOf.get(c.node);
  return c.suspendable && scope ? [resumeText(scope, byFinally)] : [];
}

function emitCatch(e: Emitter, c: FunctionContext, clause: ts.CatchClause): void {
  const scope = e.bindings.scopeOf.get(clause);
  const name = clause.variableDeclaration?.name;
  const variable = name && ts.isIdentifier(name) ? e.bindings.variableOf.get(name) : undefined;
  const ref = c.push({ k: 'catch', variable: variable?.index ?? -1, scope: scope?.index ?? -1, ...e.at(clause) }, true);
  if (scope) c.openScopes.push(scope.index);
  const start = e.start(clause.block);
  const position = start + 1;
  if (name === undefined) e.edits.insert(start, '(__hcx)');
  const value = name === undefined ? '__hcx' : ts.isIdentifier(name) ? name.text : 'void 0';
  // the promise that an asynchronous generator returned was rejected
  const returned = isAsyncGenerator(c.node) ? '__hcd=0;' : '';
  if (name === undefined) e.light.insert(start, '(__hcx)');
  e.light.insert(position, c.suspendable && e.bindings.scopeOf.get(c.node) ? RESUME : '');
  if (value !== 'void 0') e.light.insert(position, `__hco(${value});`);
  e.edits.insert(position, ...resume(e, c, false), returned, '__hcC(', { word: ref }, `,${value});`);
  rollArm(e, c, position, ref);
  if (name && !ts.isIdentifier(name)) {
    for (const v of boundVariables(e, name)) e.edits.insert(position, ...logged(c, v, e.at(name)), ';');
  }
  openEnvironment(e, c, scope, position, e.at(clause));
  emitBlockInner(e, c, clause.block, e.bindings.scopeOf.get(clause.block), position);
  if (scope) {
    c.openScopes.pop();
    c.push({ k: 'leave', scope: scope.index });
  }
}

function emitFinally(e: Emitter, c: FunctionContext, block: ts.Block, enclosing: number, isPassed: boolean): void {
  const ref = c.push({ k: 'finally', scope: enclosing, ...e.at(block) }, true);
  const position = e.start(block) + 1;
  e.edits.insert(position, ...resume(e, c, true), 'const __hcf=__hcd;__hcd=0;__hcF(', { word: ref }, ');');
  e.light.insert(position, c.suspendable && e.bindings.scopeOf.get(c.node) ? RESUME : '');
  if (c.suspendable) rollBoth(e, c, position, ref);
  emitBlockInner(e, c, block, e.bindings.scopeOf.get(block), position);
  // what goes on behind it says nothing else of its last statements: a throw may be pending
  const end = c.push({ k: 'endFinally', ...(isPassed ? {} : { progress: true }) });
  e.edits.insert(block.getEnd() - 1, ...(isPassed ? [] : [';__hcA[2]=', { index: end }]), ';__hcd=__hcf;');
}
