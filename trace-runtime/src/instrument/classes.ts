import { ts } from 'ts-morph';
import { isErased, isFunction, isStaticElement } from './bindings.ts';
import type { OpRef, Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitFieldInitialiser } from './early.ts';
import { emitExpression, emitQuietly } from './expressions.ts';
import { emitFunction } from './functions.ts';
import { emitBlockInner, enterScope } from './statements.ts';

/** `quiet`: the class is evaluated outside its function's flow, so only its functions are instrumented. */
export function emitClass(e: Emitter, c: FunctionContext, node: ts.ClassLikeDeclaration, quiet = false): void {
  const emit = quiet ? emitQuietly : emitExpression;
  if (ts.canHaveDecorators(node)) ts.getDecorators(node)?.forEach((d) => emit(e, c, d.expression));
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token === ts.SyntaxKind.ExtendsKeyword) clause.types.forEach((t) => emit(e, c, t.expression));
  }
  const temps = c.temps;
  const leave = quiet ? () => undefined : enterScope(c, e.bindings.scopeOf.get(node));
  const temporaries = quiet ? new Map<ts.Node, string>() : computedKeys(c, node);
  const keys = new Map<ts.Node, StaticKey>();
  // Functions and computed keys first: no initialiser and no block runs before all keys are there.
  for (const member of node.members) {
    if (isErased(member)) continue;
    if (isFunction(member)) emitFunction(e, c, member);
    if (!ts.isPropertyDeclaration(member)) continue;
    const recorded = isStatic(member) && !quiet && !hasModifier(member, ts.SyntaxKind.AccessorKeyword);
    const key = recorded ? staticKey(e, temporaries.get(member), member.name) : undefined;
    if (ts.isComputedPropertyName(member.name)) emit(e, c, member.name.expression);
    if (key?.close) e.edits.insert(member.name.getEnd() - 1, key.close);
    if (key) keys.set(member, key);
  }
  if (!quiet) recordName(e, c, node);
  const fields = new Fields(e);
  for (const member of node.members) {
    if (isErased(member)) continue;
    if (ts.isPropertyDeclaration(member)) {
      const key = keys.get(member);
      if (member.initializer && isStatic(member)) emit(e, c, member.initializer);
      else if (member.initializer) emitFieldInitialiser(e, c, node, member.initializer, fields.flush(member));
      if (key) recordStatic(e, member, key);
      fields.add(member);
    } else if (ts.isClassStaticBlockDeclaration(member)) {
      if (quiet) emitQuietly(e, c, member.body);
      else emitStaticBlock(e, c, member);
    }
  }
  leave();
  c.releaseTemps(temps);
  fields.record(node);
}

/** The class's own name inside it, which is there before its first static member. */
function recordName(e: Emitter, c: FunctionContext, node: ts.ClassLikeDeclaration): void {
  const variable = node.name && e.bindings.scopeOf.get(node)?.names.get(node.name.text);
  if (variable === undefined || !variable.referenced) return;
  const ref = c.push(e.loggedWrite(node, variable));
  const first = node.members.find(isStaticElement);
  const position = first ? e.start(first) : node.getEnd() - 1;
  e.edits.insert(position, ';static{__hc1(', { word: ref }, ',this);}');
}

interface StaticKey {
  /** what is passed to the hook: names, and pairs of private names and values */
  readonly names: string;
  readonly hidden: string;
  readonly close: string;
}

/** All keys are computed before the first initialiser or block runs, which use temporaries too. */
function computedKeys(c: FunctionContext, node: ts.ClassLikeDeclaration): ReadonlyMap<ts.Node, string> {
  const fields = node.members.filter(
    (m) => ts.isPropertyDeclaration(m) && isStatic(m) && ts.isComputedPropertyName(m.name),
  );
  return new Map(fields.map((field) => [field, c.takeTemp()]));
}

/** A computed key is kept in a temporary until the field's value is there. */
function staticKey(e: Emitter, temp: string | undefined, name: ts.PropertyName): StaticKey {
  if (ts.isPrivateIdentifier(name))
    return { names: '', hidden: `${JSON.stringify(name.text)},this.${name.text}`, close: '' };
  if (!ts.isComputedPropertyName(name)) return { names: JSON.stringify(name.text), hidden: '', close: '' };
  e.edits.insert(e.start(name.expression), `${temp}=(`);
  return { names: temp ?? '', hidden: '', close: ')' };
}

/** A static block behind the field: blocks and initialisers after it see the class as it is recorded. */
function recordStatic(e: Emitter, member: ts.PropertyDeclaration, { names, hidden }: StaticKey): void {
  const ref: OpRef = { index: 0, flow: false, op: { k: 'fields', ...e.at(member) } };
  e.detached.push(ref);
  e.edits.insert(member.getEnd(), ';static{__hcT(', { word: ref }, `,this,[${names}],[${hidden}]);}`);
}

function emitStaticBlock(e: Emitter, c: FunctionContext, node: ts.ClassStaticBlockDeclaration): void {
  const { inStaticBlock } = e;
  e.inStaticBlock = true;
  emitBlockInner(e, c, node.body, e.bindings.scopeOf.get(node), e.start(node.body) + 1);
  e.inStaticBlock = inStaticBlock;
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return hasModifier(node, ts.SyntaxKind.StaticKeyword);
}

function hasModifier(node: ts.PropertyDeclaration, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((m) => m.kind === kind) ?? false;
}

/** The instance fields of a class in the order in which they are initialised. */
class Fields {
  readonly #e: Emitter;
  readonly #names: string[] = [];
  readonly #hidden: string[] = [];
  #computed = 0;
  #flushed = 0;

  constructor(e: Emitter) {
    this.#e = e;
  }

  /** The text that records the fields before one whose initialiser may look at them; empty where there are none. */
  flush(before: ts.PropertyDeclaration): Piece[] {
    const count = this.#count();
    const fresh = count > this.#flushed;
    this.#flushed = count;
    return fresh ? this.#text(before) : [];
  }

  add(member: ts.PropertyDeclaration): void {
    if (isStatic(member)) return;
    if (hasModifier(member, ts.SyntaxKind.AbstractKeyword) || hasModifier(member, ts.SyntaxKind.AccessorKeyword))
      return;
    const name = member.name;
    if (ts.isPrivateIdentifier(name)) this.#hidden.push(`${JSON.stringify(name.text)},this.${name.text}`);
    else if (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name))
      this.#names.push(JSON.stringify(name.text));
    else this.#computed++;
  }

  /** A last private field whose initialiser records the fields before it; it is not visible to the program. */
  record(node: ts.ClassLikeDeclaration): void {
    if (this.#count() === 0) return;
    this.#e.edits.insert(node.getEnd() - 1, ';#__hcf=', ...this.#text(node), ';');
  }

  #count(): number {
    return this.#names.length + this.#hidden.length + this.#computed;
  }

  /** A computed name was computed with its class, once: then all that the object has is looked through. */
  #text(at: ts.Node): Piece[] {
    const ref: OpRef = { index: 0, flow: false, op: { k: 'fields', ...this.#e.at(at) } };
    this.#e.detached.push(ref);
    const names = this.#computed > 0 ? '0' : `[${this.#names.join(',')}]`;
    return ['__hcT(', { word: ref }, `,this,${names},[${this.#hidden.join(',')}])`];
  }
}
