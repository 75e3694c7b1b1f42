import { ts } from 'ts-morph';
import { isErased, isFunction } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression, emitQuietly } from './expressions.ts';
import { emitFunction } from './functions.ts';
import { emitBlockInner } from './statements.ts';

/** `quiet`: the class is evaluated outside its function's flow, so only its functions are instrumented. */
export function emitClass(e: Emitter, c: FunctionContext, node: ts.ClassLikeDeclaration, quiet = false): void {
  const emit = quiet ? emitQuietly : emitExpression;
  if (ts.canHaveDecorators(node)) ts.getDecorators(node)?.forEach((d) => emit(e, c, d.expression));
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token === ts.SyntaxKind.ExtendsKeyword) clause.types.forEach((t) => emit(e, c, t.expression));
  }
  for (const member of node.members) {
    if (isErased(member)) continue;
    if (isFunction(member)) emitFunction(e, c, member);
    else if (ts.isPropertyDeclaration(member)) {
      if (ts.isComputedPropertyName(member.name)) emit(e, c, member.name.expression);
      if (member.initializer) (isStatic(member) ? emit : emitQuietly)(e, c, member.initializer);
    } else if (ts.isClassStaticBlockDeclaration(member)) {
      if (quiet) emitQuietly(e, c, member.body);
      else emitStaticBlock(e, c, member);
    }
  }
  recordFields(e, node);
}

function emitStaticBlock(e: Emitter, c: FunctionContext, node: ts.ClassStaticBlockDeclaration): void {
  emitBlockInner(e, c, node.body, e.bindings.scopeOf.get(node), e.start(node.body) + 1);
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return hasModifier(node, ts.SyntaxKind.StaticKeyword);
}

function hasModifier(node: ts.PropertyDeclaration, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((m) => m.kind === kind) ?? false;
}

/** A last private field whose initialiser records the fields before it; it is not visible to the program. */
function recordFields(e: Emitter, node: ts.ClassLikeDeclaration): void {
  const names: string[] = [];
  const hidden: string[] = [];
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member) || isErased(member) || isStatic(member)) continue;
    if (hasModifier(member, ts.SyntaxKind.AbstractKeyword) || hasModifier(member, ts.SyntaxKind.AccessorKeyword)) continue;
    const name = member.name;
    if (ts.isPrivateIdentifier(name)) hidden.push(`${JSON.stringify(name.text)},this.${name.text}`);
    else if (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)) names.push(JSON.stringify(name.text));
    else e.degrade(member, 'an instance field with a computed name is recorded when its object is next seen');
  }
  if (names.length + hidden.length === 0) return;
  const ref: OpRef = { index: 0, flow: false, op: { k: 'fields', ...e.at(node) } };
  e.detached.push(ref);
  const pieces: Piece[] = [';#__hcf=__hcT(', { word: ref }, `,this,[${names.join(',')}],[${hidden.join(',')}]);`];
  e.edits.insert(node.getEnd() - 1, ...pieces);
}
