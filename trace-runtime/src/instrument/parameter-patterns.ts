/**
 * Parameters that are patterns. Getters, iterators and proxies run while they bind, in the function's name, and nothing
 * can stand before them in the list. So what is given is taken first, and the patterns then take it from an object literal:
 * `(a, { b }, c = 1) =>` becomes
 * `(a, __hcp1, __hcp2=void 0, ...{[__hcPK]:{__hct:__hcpt,__hcp1:{ b }, __hcp2:c = 1,__hcz:__hcpz=__hcPE(__hcpt)}=__hcPB({…,__hcp1,__hcp2})}) =>`.
 * Order, `length`, `arguments` and the temporal dead zone stay what they are. What V8 would say of a value that cannot be
 * taken apart is asked of a copy, as in named-errors.ts.
 */
import { ts } from 'ts-morph';
import type { OpRef, Piece } from './edits.ts';
import type { Emitter } from './emitter.ts';
import { isFunction } from './bindings.ts';
import { lastPlace } from './expression-places.ts';
import { canName, parameterCopy } from './named-errors.ts';
import { isAssignment } from './operators.ts';
import { strip } from './rules.ts';

/** The parameters from the first pattern on. */
export interface PatternParameters {
  /** without a rest */
  readonly taken: readonly ts.ParameterDeclaration[];
  /** index of the first of them */
  readonly first: number;
  readonly rest: (ts.ParameterDeclaration & { readonly name: ts.Identifier }) | undefined;
  /** where V8 says that array patterns ask for values, and where the instrumented text has it say so */
  readonly asking: readonly { readonly from: readonly ts.Node[]; readonly to: number }[];
}

/** undefined: there is none, or nothing can be put around them. */
export function patternParameters(e: Emitter, node: ts.FunctionLikeDeclaration): PatternParameters | undefined {
  const { parameters } = node;
  const first = parameters.findIndex(({ name, dotDotDotToken }) => !dotDotDotToken && isTaking(name));
  // a setter has one parameter, and no rest
  if (first < 0 || ts.isSetAccessorDeclaration(node) || isElement(node)) return undefined;
  const last = parameters.at(-1)!;
  const rest = last.dotDotDotToken && isNamed(last) ? last : undefined;
  const taken = parameters.slice(first, rest ? -1 : undefined);
  if (!taken.every((parameter) => isMovable(e, parameter)) || (rest && isDeclaredAgain(node, rest.name.text)))
    return undefined;
  const asking: { from: readonly ts.Node[]; to: number }[] = [];
  for (const parameter of taken) {
    if (!ts.isArrayBindingPattern(parameter.name)) continue;
    const { initializer } = parameter;
    const to = (initializer && lastPlace(e.file, initializer)) ?? placeBefore(e, node, parameter);
    if (to === undefined) return undefined;
    asking.push({ from: initializer ? [parameter, initializer] : [parameter], to });
  }
  return { taken, first, rest, asking };
}

function isNamed(parameter: ts.ParameterDeclaration): parameter is NonNullable<PatternParameters['rest']> {
  return ts.isIdentifier(parameter.name);
}

function isDeclaredAgain({ body }: ts.FunctionLikeDeclaration, name: string): boolean {
  const declared = new RegExp(`\\b(?:var|function)\\b[^;]*${name.replaceAll('$', '\\$')}`);
  return body !== undefined && declared.test(body.getText());
}

/** The place of what is done last before the parameter is bound; undefined: it cannot be told. */
function placeBefore(
  e: Emitter,
  node: ts.FunctionLikeDeclaration,
  parameter: ts.ParameterDeclaration,
): number | undefined {
  for (let i = node.parameters.indexOf(parameter) - 1; i >= 0; i--) {
    const { name, initializer } = node.parameters[i]!;
    if (!ts.isIdentifier(name)) return lastBound(e, name);
    const place = initializer && lastPlace(e.file, initializer);
    if (place !== undefined) return place;
  }
  return ts.isArrowFunction(node) ? e.start(node) : node.parameters.pos - 1;
}

function lastBound(e: Emitter, { elements }: ts.BindingPattern): number | undefined {
  const last = elements.at(-1);
  if (!last || !ts.isBindingElement(last)) return undefined;
  const { name, initializer } = last;
  const place = initializer && lastPlace(e.file, initializer);
  return place ?? (ts.isIdentifier(name) ? e.start(name) : lastBound(e, name));
}

/** V8 names nameless functions in an array literal by what is written behind them, in parameters too. */
export function isElement(node: ts.Node): boolean {
  let at = node;
  while (ts.isExpression(at.parent) && !ts.isCallExpression(at.parent)) {
    at = at.parent;
    if (ts.isArrayLiteralExpression(at)) return true;
  }
  return false;
}

/** Whether binding it may run code. */
function isTaking(name: ts.BindingName): boolean {
  return ts.isArrayBindingPattern(name) || (ts.isObjectBindingPattern(name) && name.elements.length > 0);
}

function isMovable(e: Emitter, { name, initializer, dotDotDotToken, modifiers }: ts.ParameterDeclaration): boolean {
  if (dotDotDotToken || (modifiers?.length ?? 0) > 0) return false;
  // V8 looks whether there is something to take from before it computes the key
  if (ts.isObjectBindingPattern(name) && isComputed(name.elements[0])) return false;
  if (ts.isIdentifier(name) || initializer === undefined || neverFails(name, initializer)) return true;
  // what is written to `super` has no copy that V8 words as it words a parameter's
  return canName(e, initializer) && !writesSuper(initializer);
}

function writesSuper(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && isOfSuper(strip(node.left))) return true;
  return ts.forEachChild(node, (child) => writesSuper(child) || undefined) ?? false;
}

function isOfSuper(node: ts.Expression): boolean {
  const isMember = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  return isMember && node.expression.kind === ts.SyntaxKind.SuperKeyword;
}

function isComputed(element: ts.BindingElement | undefined): boolean {
  return element?.propertyName !== undefined && ts.isComputedPropertyName(element.propertyName);
}

/** Of a pattern within as the first, V8 tells the default, whoever takes it apart. */
function tellsDefault(element: ts.BindingElement | undefined): boolean {
  return element?.initializer !== undefined && !ts.isIdentifier(element.name);
}

/** Whether a default can always be taken apart. */
export function neverFails(name: ts.BindingName, value: ts.Expression): boolean {
  const inner = strip(value);
  if (ts.isArrayBindingPattern(name)) return ts.isArrayLiteralExpression(inner) || ts.isStringLiteral(inner);
  return ts.isObjectLiteralExpression(inner) || ts.isArrayLiteralExpression(inner) || isFunction(inner);
}

/**
 * Text that stands around them; gives what to call behind them. `values`: of the `early` op's record; `environment`: the name
 * that the function's environment is bound to, where functions among the parameters know it.
 */
export function surround(
  e: Emitter,
  { parameters }: ts.FunctionLikeDeclaration,
  { taken, first, rest }: PatternParameters,
  ref: OpRef,
  { values, environment }: { readonly values: readonly string[]; readonly environment: string | undefined },
): () => void {
  const places = taken.map((_, i) => `__hcp${first + i}`);
  const heads = taken.map(({ initializer }, i) => places[i] + (initializer ? '=void 0' : ''));
  taken.forEach((parameter, i) => {
    const head = i === 0 ? `${heads.join(',')},...{[__hcPK]:{__hct:__hcpt,` : '';
    e.edits.insert(e.start(parameter), `${head}${places[i]}:`);
    hideType(e, parameter);
  });
  const sources: Piece[] = taken.map((parameter, i) => `,${places[i]}:${sourceText(parameter, places[i]!)}`);
  const close: Piece[] = [
    `__hcz:__hcpz=__hcPE(__hcpt)${environment === undefined ? '' : `,__hcze:${environment}`}}=__hcPB({__hci:`,
    { word: ref },
    `,__hcv:[${values.join(',')}],__hct:0,__hcc:0,__hcs:0,__hco:void 0`,
    ...sources,
    '})',
  ];
  return () => {
    if (rest) {
      e.edits.insert(e.start(rest), ...close, ',');
      hideType(e, rest);
      e.edits.insert(rest.getEnd(), '}');
    } else if (parameters.hasTrailingComma) e.edits.insert(parameters.end, ...close, '}');
    else e.edits.insert(taken.at(-1)!.getEnd(), ',', ...close, '}');
  };
}

/** Whether a name can be declared behind the parameters, with nothing asked of what is given to them. */
export function canHoldMore(node: ts.FunctionLikeDeclaration): boolean {
  if (ts.isSetAccessorDeclaration(node)) return false;
  const last = node.parameters.at(-1)!;
  if (!last.dotDotDotToken) return true;
  return isNamed(last) ? !isDeclaredAgain(node, last.name.text) : placeIn(last.name) !== undefined;
}

/** The pattern within which a name can stand behind all others: its own rest takes nothing away from another. */
function placeIn(name: ts.BindingName): ts.BindingPattern | undefined {
  if (ts.isIdentifier(name)) return undefined;
  const last = name.elements.at(-1);
  if (ts.isObjectBindingPattern(name) || !last || !ts.isBindingElement(last) || !last.dotDotDotToken) return name;
  return placeIn(last.name);
}

/** Declares `added`, undefined until the body begins, behind parameters that are taken as they are written. */
export function holdMore(e: Emitter, { parameters }: ts.FunctionLikeDeclaration, added: string): void {
  const last = parameters.at(-1)!;
  if (!last.dotDotDotToken) {
    const end = parameters.hasTrailingComma ? parameters.end : last.getEnd();
    e.edits.insert(end, parameters.hasTrailingComma ? '' : ',', '...', added);
  } else if (isNamed(last)) {
    e.edits.insert(e.start(last.name), `{[__hcPK]:${added},...`);
    hideType(e, last);
    e.edits.insert(last.getEnd(), '}');
  } else {
    const { elements, kind, end } = placeIn(last.name)!;
    const text = kind === ts.SyntaxKind.ObjectBindingPattern ? `[__hcPK]:${added}` : added;
    const own = elements.at(-1);
    if (own && ts.isBindingElement(own) && own.dotDotDotToken) e.edits.insert(e.start(own), `${text},`);
    else e.edits.insert(end - 1, elements.length === 0 || elements.hasTrailingComma ? '' : ',', text);
  }
}

/** What makes the rest an array again, before the body. */
export function restText(e: Emitter, node: ts.FunctionLikeDeclaration, holdsMore: boolean): string {
  const patterns = patternParameters(e, node);
  const last = node.parameters.at(-1);
  const isTaken = last?.dotDotDotToken && isNamed(last) && (patterns !== undefined || holdsMore);
  return isTaken ? `;${last.name.getText()}=__hcPR(${last.name.getText()});` : '';
}

/** A type has no place in a pattern. */
function hideType(e: Emitter, { name, questionToken, type }: ts.ParameterDeclaration): void {
  const end = type?.getEnd() ?? questionToken?.getEnd();
  if (end === undefined) return;
  const start = name.getEnd();
  e.edits.insert(start, '/*');
  const text = e.source.slice(start, end);
  for (let at = text.indexOf('*/'); at >= 0; at = text.indexOf('*/', at + 2)) e.edits.insert(start + at + 2, '/*');
  e.edits.insert(end, '*/');
}

/** What the pattern takes from, or what throws as V8 would. */
function sourceText({ name, initializer }: ts.ParameterDeclaration, place: string): string {
  if (ts.isIdentifier(name) || !isTaking(name)) return place;
  if (ts.isObjectBindingPattern(name) && tellsDefault(name.elements[0])) return place;
  const isGiven = initializer === undefined ? '' : `${place}===void 0||`;
  const kind = ts.isArrayBindingPattern(name) ? 2 : 3;
  const test = kind === 2 ? `${isGiven}__hcPI(${place})` : `${isGiven}${place}!=null`;
  return `${test}?${place}:__hcNM(${place},${kind},0,[],0,${parameterCopy(name, initializer !== undefined)})`;
}
