/**
 * Patterns of declarations. Between two of their variables code of the program may run: a getter of the source, a
 * computed key, a default. It must find recorded what was bound before it.
 *
 * Keys are evaluated in order, each before its value is fetched, so a key can make records: `{ a, b: c = 1 } = o` becomes
 * `{ a, [(__hc1(w,a),"b")]: c = 1 } = o`. The first key of a pattern stays, since V8 names it where there is nothing to
 * take from. Before a rest, which may call many getters, stands a key that nobody has: `[(__hc1(w,a),__hcPK)]:{}=0`. Where
 * the source would notice that it is asked for, `__hcPS(o)` gives what answers in its place.
 */
import { ts } from 'ts-morph';
import type { Variable } from './bindings.ts';
import type { Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression } from './expressions.ts';
import { mayThrow } from './may-throw.ts';
import { canName, nameValue } from './named-errors.ts';
import { strip } from './rules.ts';
import { boundVariables, logged } from './statements.ts';

/** Instruments a declaration; gives the hook calls that follow it. `recordsParts`: records may stand inside the pattern. */
export function emitDeclaredPattern(
  e: Emitter,
  c: FunctionContext,
  declaration: ts.VariableDeclaration,
  name: ts.BindingPattern,
  recordsParts: boolean,
): Piece[][] {
  const at = e.at(declaration);
  const value = declaration.initializer;
  const asks = recordsParts && value !== undefined && needsSource(e, name, value);
  const finish = asks ? nameValue(e, value, (position, text) => e.edits.insert(position, text)) : undefined;
  if (asks) e.edits.insert(e.start(value), '__hcPS(');
  if (value) emitExpression(e, c, value);
  if (asks) e.edits.insert(value.getEnd(), ')');
  finish?.();
  if (!recordsParts) {
    emitParts(e, c, name);
    return boundVariables(e, name).map((variable) => logged(c, variable, at));
  }
  const parts: Parts = { at, asks, bound: [] };
  emitParts(e, c, name, parts);
  return parts.bound.map((variable) => logged(c, variable, at));
}

interface Parts {
  readonly at: { readonly start: number; readonly end: number };
  /** the source of the whole pattern was made fit to be asked for a key that nobody has */
  readonly asks: boolean;
  /** variables that have their values and are not recorded */
  readonly bound: Variable[];
}

/** A rest after other variables, of a source that an error can still be told of. */
function needsSource(e: Emitter, pattern: ts.BindingPattern, value: ts.Expression): boolean {
  if (!ts.isObjectBindingPattern(pattern)) return false;
  // from a literal there is always something to take
  if (!ts.isObjectLiteralExpression(strip(value)) && !canName(e, value)) return false;
  const [first, ...others] = pattern.elements;
  // V8 names the default where the first target is a pattern with one
  if (first === undefined || (first.initializer && !ts.isIdentifier(first.name))) return false;
  return others.at(-1)?.dotDotDotToken !== undefined;
}

/** `parts`: where records may stand inside the pattern. */
function emitParts(e: Emitter, c: FunctionContext, pattern: ts.BindingPattern, parts?: Parts, inner = false): void {
  pattern.elements.forEach((element, i) => {
    if (!ts.isBindingElement(element)) return;
    if (ts.isObjectBindingPattern(pattern)) emitKey(e, c, element, i > 0 ? parts : undefined, inner);
    if (element.initializer) emitDefault(e, c, element.initializer, parts);
    if (!ts.isIdentifier(element.name)) return emitParts(e, c, element.name, parts, true);
    const variable = e.bindings.variableOf.get(element.name);
    if (variable) parts?.bound.push(variable);
  });
}

function emitKey(e: Emitter, c: FunctionContext, element: ts.BindingElement, parts: Parts | undefined, inner: boolean) {
  const { propertyName: key, name, dotDotDotToken: rest } = element;
  const records = (): Piece[] =>
    (parts?.bound.splice(0) ?? []).flatMap((variable) => [...logged(c, variable, parts!.at), ',']);
  if (rest) {
    const before = parts?.asks && !inner ? records() : [];
    if (before.length > 0) e.edits.insert(e.start(element), '[(', ...before, '__hcPK)]:{}=0,');
    return;
  }
  const computed = key && ts.isComputedPropertyName(key) ? key.expression : undefined;
  const before = records();
  if (computed) {
    if (before.length > 0) e.edits.insert(e.start(computed), '(', ...before);
    emitExpression(e, c, computed);
    if (before.length > 0) e.edits.insert(computed.getEnd(), ')');
  } else if (before.length > 0) {
    const named = key ?? name;
    const isName = ts.isIdentifier(named);
    const text = isName ? `${JSON.stringify(named.text)}` : '';
    if (key === undefined) e.edits.insert(e.start(named), '[(', ...before, text, ')]:');
    else {
      e.edits.insert(e.start(key), '[(', ...before, text, isName ? '/*' : '');
      e.edits.insert(key.getEnd(), isName ? '*/)]' : ')]');
    }
  }
}

function emitDefault(e: Emitter, c: FunctionContext, value: ts.Expression, parts: Parts | undefined): void {
  const known = parts && !ts.isClassExpression(strip(value)) && mayThrow(e, value) ? parts.bound : [];
  const hooks = known.flatMap((variable) => [...logged(c, variable, e.at(value)), ',']);
  if (known.length > 0) e.edits.insert(e.start(value), '(', ...hooks);
  emitExpression(e, c, value);
  if (known.length > 0) e.edits.insert(value.getEnd(), ')');
}
