/**
 * Errors in which V8 writes the text of what the program called, iterated or took apart: "f(...).x is not a function".
 * Where a hook stands around that text V8 would write the hook. Such a place gets `NM`, which looks whether the error is
 * certain and, if so, asks V8 for its words by a copy of the place without hooks: `const [a] = await f()` has the copy
 * `function*(){const [__hcz]=(yield);}`, since V8 words a value that was awaited and one that was yielded alike.
 */
import { ts } from 'ts-morph';
import type { Emitter } from './emitter.ts';
import { isFunction } from './bindings.ts';
import { mayThrow } from './may-throw.ts';
import { movesLastIndex } from './matches.ts';
import { isAssignment, isUpdate } from './operators.ts';
import { strip } from './rules.ts';

/**
 * What is done with the value: called, constructed, iterated or taken apart by an object pattern. `empty`: by one of which
 * nothing runs before the value is looked at, as `{}`.
 */
const KINDS = { call: 0, new: 1, iterate: 2, destructure: 3, empty: 4 } as const;

interface Consumer {
  readonly kind: keyof typeof KINDS;
  /** texts of the keys between the value and what is consumed */
  readonly keys: readonly string[];
  /** nothing fails where what is consumed is nullish */
  readonly optional: boolean;
  readonly copy: string;
}

/** Names and events of a copy. An event is a read of a property, a call or a yield: the last one gives the value. */
class Copy {
  readonly names = new Set<string>();
  events = 0;

  /** Text of the same shape to V8, or undefined where a copy cannot have it. */
  of(node: ts.Expression): string | undefined {
    if (ts.isParenthesizedExpression(node)) return this.#around('(', node.expression, ')');
    const inner = strip(node);
    if (inner !== node) return this.of(inner);
    if (ts.isIdentifier(node)) return this.name(node.text);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return 'this';
    // V8 shows as little of both
    if (node.kind === ts.SyntaxKind.SuperKeyword) return this.#event('(yield)');
    if (ts.isAwaitExpression(node) || isPlainYield(node)) return this.#suspension(node);
    if (ts.isPropertyAccessExpression(node)) return this.#member(node.expression, propertyText(node, this));
    if (ts.isElementAccessExpression(node)) return this.#member(node.expression, elementText(node, this));
    if (ts.isNewExpression(node)) return this.#around('new ', node.expression, this.#event('()'));
    if (ts.isCallExpression(node)) return this.#member(node.expression, node.questionDotToken ? '?.()' : '()');
    if (ts.isTaggedTemplateExpression(node)) return this.#member(node.tag, '``');
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (ts.isPostfixUnaryExpression(node)) return this.#around('', node.operand, tokenText(node.operator));
    if (ts.isPrefixUnaryExpression(node)) return this.#around(tokenText(node.operator), node.operand, '');
    if (ts.isDeleteExpression(node)) return this.#around('delete ', node.expression, '');
    if (ts.isConditionalExpression(node)) return this.#conditional(node);
    if (ts.isTypeOfExpression(node)) return this.#around('typeof ', node.expression, '');
    if (isFunction(node)) return this.#function(node);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node);
    return isPlain(node) ? node.getText() : undefined;
  }

  name(text: string): string | undefined {
    if (text === 'undefined') return text;
    const name = UNFIT.has(text) ? `${STRANGE}${text}` : text;
    this.names.add(name);
    return name;
  }

  /** V8 shows nothing of a function but, where hooks stand in it, these: what it gives when it is called is an event. */
  #function(node: ts.Node): string {
    const result = `${CALLEE}()`;
    return ts.isArrowFunction(node) ? `()=>${result}` : `function(){return ${result}}`;
  }

  /** V8 shows how many values there are, unless one of them has a place. */
  #object(node: ts.ObjectLiteralExpression): string | undefined {
    const values = node.properties.map((property, i) => {
      const hasPlace = ts.isPropertyAssignment(property) ? !isPlain(strip(property.initializer)) : isPlaced(property);
      // what is read of the object is found behind it
      if (i === 0 && isHolder(node)) return `__proto__:${this.name(VALUE)}`;
      return `k${i}:${hasPlace ? this.name(VALUE) : 0}`;
    });
    return `{${values.join(',')}}`;
  }

  /** A place that is told by its position changes with parentheses. */
  #suspension({ parent }: ts.Expression): string {
    const isOperand = ts.isBinaryExpression(parent) && !isAssignment(parent.operatorToken.kind);
    return this.#event(isOperand || ts.isConditionalExpression(parent) ? '(yield)' : 'yield');
  }

  #event(text: string): string {
    this.events += 1;
    return text;
  }

  #around(before: string, node: ts.Expression, after: string): string | undefined {
    const text = this.of(node);
    return text === undefined ? undefined : before + text + after;
  }

  #member(object: ts.Expression, rest: string | undefined): string | undefined {
    const text = this.of(object);
    if (text === undefined || rest === undefined) return undefined;
    // what a function's own property is, as `call`, is known
    const isOfFunction = isFunction(strip(object)) && /^(?:\?\.|\.)/.test(rest) && !rest.endsWith(')');
    return text + (isOfFunction ? rest : this.#event(rest));
  }

  #conditional({ condition, whenTrue, whenFalse }: ts.ConditionalExpression): string | undefined {
    const [test, yes, no] = [condition, whenTrue, whenFalse].map((part) => this.of(part));
    return test === undefined || yes === undefined || no === undefined ? undefined : `${test}?${yes}:${no}`;
  }

  #binary(node: ts.BinaryExpression): string | undefined {
    const { kind } = node.operatorToken;
    if (isAssignment(kind)) {
      const target = strip(node.left);
      if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)) return undefined;
      // the target's own read is none of a copy's: it is written
      const text = this.of(target);
      if (text !== undefined && !ts.isIdentifier(target)) this.events -= 1;
      return text === undefined ? undefined : `${text}=${this.#event(isInParameter(node) ? `${CALLEE}()` : 'yield')}`;
    }
    const left = this.of(node.left);
    const right = this.of(node.right);
    return left === undefined || right === undefined ? undefined : `${left} ${node.operatorToken.getText()} ${right}`;
  }
}

/** Whether a property of the value is read. */
function isHolder(node: ts.Expression): boolean {
  let at = node;
  while (ts.isExpression(at.parent) && strip(at.parent) === node) at = at.parent;
  const { parent } = at;
  return (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === at;
}

function isPlaced(property: ts.ObjectLiteralElementLike): boolean {
  return ts.isShorthandPropertyAssignment(property) || ts.isMethodDeclaration(property);
}

/** No parameter of a generator may yield. */
function isInParameter(node: ts.Node): boolean {
  let at = node;
  while (ts.isExpression(at)) at = at.parent;
  return ts.isParameter(at);
}

/** Names that a copy cannot have as parameters. */
const UNFIT: ReadonlySet<string> = new Set(
  'eval arguments yield await let static implements interface package private protected public'.split(' '),
);

/** Stands before such a name and, in place of #, before a private one: nobody sees it in what V8 says. */
const STRANGE = '__hcu';

function tokenText(operator: ts.PrefixUnaryOperator): string {
  return ts.tokenToString(operator) ?? '';
}

function propertyText({ name, questionDotToken }: ts.PropertyAccessExpression, copy: Copy): string | undefined {
  if (!ts.isPrivateIdentifier(name)) return `${questionDotToken ? '?.' : '.'}${name.text}`;
  return `${questionDotToken ? '?.' : ''}[${copy.name(`${STRANGE}_${name.text.slice(1)}`)}]`;
}

function elementText(node: ts.ElementAccessExpression, copy: Copy): string | undefined {
  const key = strip(node.argumentExpression);
  const text = ts.isIdentifier(key) ? copy.name(key.text) : isPlain(key) ? key.getText() : undefined;
  return text === undefined ? undefined : `${node.questionDotToken ? '?.' : ''}[${text}]`;
}

function isPlainYield(node: ts.Expression): boolean {
  return ts.isYieldExpression(node) && node.asteriskToken === undefined;
}

/** Text that means the same anywhere. */
function isPlain(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((element) => isPlain(element));
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  return (
    ts.isStringLiteral(node) ||
    ts.isNumericLiteral(node) ||
    ts.isRegularExpressionLiteral(node) ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}

/** `value || []`: gives the value, or what is written. */
function isChoice(node: ts.Expression): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node) || !isPlain(strip(node.right))) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
}

/** Whether V8 would find a hook where it writes the node. */
function isHooked(node: ts.Expression): boolean {
  const inner = strip(node);
  if (isFunction(inner)) return true;
  if (ts.isAwaitExpression(inner) || ts.isYieldExpression(inner) || ts.isDeleteExpression(inner)) return true;
  if (ts.isPrefixUnaryExpression(inner) || ts.isPostfixUnaryExpression(inner)) return isUpdate(inner.operator);
  if (ts.isBinaryExpression(inner))
    return isAssignment(inner.operatorToken.kind) || (isChoice(inner) && isHooked(inner.left));
  if (ts.isTaggedTemplateExpression(inner)) return isHooked(inner.tag);
  if (ts.isCallExpression(inner)) return isWatched(inner) || isHooked(inner.expression);
  return (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) && isHooked(inner.expression);
}

/** Calls that a hook stands around: see emitMatch and emitEval. */
function isWatched(node: ts.CallExpression): boolean {
  return ts.isIdentifier(node.expression) ? node.expression.text === 'eval' : movesLastIndex(node) !== undefined;
}

/** Whether the node is where such a text begins: members of it follow outside. */
function isValue(node: ts.Expression): boolean {
  return !(ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || strip(node) !== node);
}

/** Stands around what an expression's instrumentation inserts; gives what to call behind it. */
export function beginNamed(e: Emitter, node: ts.Node): () => void {
  if (!ts.isExpression(node) || !isValue(node) || !isHooked(node)) return () => undefined;
  switch (namedOutside.get(node)) {
    case undefined:
      return nameValue(e, node);
    case 'full':
      return nameValue(e, node, (position, text) => e.light.insert(position, text));
    case 'both':
      return () => undefined;
  }
}

/** Values around which something stands already, in which of a file's texts. */
const namedOutside = new WeakMap<ts.Node, 'full' | 'both'>();

/** As `beginNamed`, for a value that a hook takes whole: `place` puts text into one of the file's texts, or both. */
export function nameValue(e: Emitter, node: ts.Expression, given?: Place): () => void {
  const place: Place = given ?? ((...i) => e.insertBoth(...i));
  const copy = new Copy();
  const consumer = consumedBy(e, node, copy);
  if (consumer === undefined) return () => undefined;
  namedOutside.set(strip(node), given ? 'full' : 'both');
  const { kind, keys, optional, copy: body } = consumer;
  place(e.start(node), '__hcNM(');
  const facts = `${KINDS[kind]},${optional ? 1 : 0},[${keys.join(',')}]`;
  return () => place(node.getEnd(), `,${facts},${copyText(copy, body)})`);
}

type Place = (position: number, text: string) => void;

/** Whether an error about the node keeps its words where a hook takes the node whole. */
export function canName(e: Emitter, node: ts.Expression): boolean {
  return consumedBy(e, node, new Copy()) !== undefined;
}

/** Whether a copy of the node can stand for it where V8 words an error. */
export function canCopy(node: ts.Expression): boolean {
  return new Copy().of(node) !== undefined;
}

function consumedBy(e: Emitter, node: ts.Expression, copy: Copy): Consumer | undefined {
  const text = copy.of(node);
  return text === undefined ? undefined : consumerOf(e, node, text, copy);
}

/** Arguments of a hook: how many events there are, and the copy. '0,0' where there can be none. */
function copyText({ names, events }: Copy, body: string): string {
  return `${events},function*(${[...names, CALLEE].join(',')}){${body}}`;
}

/** As `copyText`, for what a parameter is given. */
export function parameterCopy(name: ts.BindingName, hasDefault: boolean): string {
  const found = bound(name, (pattern) => `((${pattern}${hasDefault ? '={}' : ''})=>0)(${VALUE});`);
  return `function*(${VALUE},${CALLEE}){${found?.copy ?? ''}}`;
}

/** As `copyText`, or what stands for it, for the operand of a `yield*`, or of a `for await`: V8 words a `for` alike but for one word. */
export function delegateCopy(operand: ts.Expression, kind: 'yield*' | 'for await'): string {
  const copy = new Copy();
  const text = isMade(strip(operand)) && kind === 'yield*' ? copy.name(VALUE) : copy.of(operand);
  const isNew = ts.isNewExpression(strip(operand)) && kind === 'for await';
  if (isNew)
    return `0,${JSON.stringify('(intermediate value) is not a function or its return value is not async iterable')}`;
  const words =
    kind === 'yield*' ? 'yield* (intermediate value) is not iterable' : '(intermediate value) is not async iterable';
  if (text === undefined) return `0,${JSON.stringify(words)}`;
  return copyText(copy, kind === 'yield*' ? `yield* ${text};` : `for(const ${NAME} of ${text});`);
}

/** V8 words what is written there as it words a variable. */
function isMade(node: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isClassExpression(node);
}

const CALLEE = '__hcq';
/** What a copy binds. */
const NAME = '__hcz';
/** Any value; no copy binds it, so that it can be a parameter beside what is bound. */
const VALUE = '__hcy';

function consumerOf(e: Emitter, value: ts.Expression, start: string, copy: Copy): Consumer | undefined {
  const keys: string[] = [];
  let text = start;
  let at: ts.Expression = value;
  for (;;) {
    const parent: ts.Node = at.parent;
    if (ts.isParenthesizedExpression(parent)) text = `(${text})`;
    else if (isMemberOf(parent, at)) {
      const key = keyText(e, parent, copy);
      const rest = ts.isPropertyAccessExpression(parent) ? propertyText(parent, copy) : elementText(parent, copy);
      if (key === undefined || rest === undefined) return undefined;
      keys.push(key);
      copy.events += 1;
      text += rest;
    } else if (!ts.isExpression(parent) || strip(parent) !== strip(at)) break;
    at = parent;
  }
  const found = consume(at, text);
  return found && { ...found, keys, optional: isOptionalCall(at.parent) };
}

function isMemberOf(
  parent: ts.Node,
  node: ts.Node,
): parent is ts.PropertyAccessExpression | ts.ElementAccessExpression {
  return (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === node;
}

/** Text that gives the key early, without an effect. */
function keyText(
  e: Emitter,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  copy: Copy,
): string | undefined {
  if (ts.isPropertyAccessExpression(node))
    return ts.isPrivateIdentifier(node.name) ? undefined : JSON.stringify(node.name.text);
  const key = strip(node.argumentExpression);
  if (ts.isIdentifier(key)) return mayThrow(e, key) ? undefined : copy.name(key.text);
  return isPlain(key) ? key.getText() : undefined;
}

function isOptionalCall(node: ts.Node): boolean {
  return ts.isCallExpression(node) && node.questionDotToken !== undefined;
}

type Found = Pick<Consumer, 'kind' | 'copy'> | undefined;

function consume(node: ts.Expression, text: string): Found {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node)
    return { kind: 'call', copy: statement(`${text}${parent.questionDotToken ? '?.' : ''}()`) };
  if (ts.isTaggedTemplateExpression(parent)) return { kind: 'call', copy: statement(`${text}\`\``) };
  if (ts.isNewExpression(parent) && parent.expression === node) return { kind: 'new', copy: `new ${text}();` };
  if (ts.isSpreadElement(parent)) return spread(parent, text);
  if (ts.isForOfStatement(parent) && parent.expression === node && !parent.awaitModifier)
    return { kind: 'iterate', copy: `for(const ${NAME} of ${text});` };
  if (ts.isVariableDeclaration(parent)) return bound(parent.name, (name) => `const ${name}=${text};`);
  if (ts.isBindingElement(parent)) return bound(parent.name, (name) => `const [${name}=${text}]=[];`);
  if (ts.isParameter(parent) && !text.includes('yield'))
    return bound(parent.name, (name) => `((${name}=${text})=>0)();`);
  if (ts.isParameter(parent)) return bound(parent.name, (name) => `const [${name}=${text}]=[];`);
  if (!ts.isBinaryExpression(parent) || parent.right !== node) return undefined;
  return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken ? assigned(parent, text) : undefined;
}

/** An expression that begins like a declaration or a block needs parentheses, which V8 does not show. */
function statement(expression: string): string {
  return /^(?:function|\{)/.test(expression) ? `(${expression});` : `${expression};`;
}

function spread(element: ts.SpreadElement, text: string): Found {
  const { parent } = element;
  if (ts.isArrayLiteralExpression(parent)) return { kind: 'iterate', copy: `[...${text}];` };
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return undefined;
  const list = (parent.arguments ?? []).map((a) =>
    a === element ? `...${text}` : ts.isSpreadElement(a) ? '...[]' : '0',
  );
  const callee = ts.isNewExpression(parent) ? `new ${CALLEE}` : CALLEE;
  return { kind: 'iterate', copy: `${callee}(${list.join(',')});` };
}

function bound(name: ts.BindingName, copy: (name: string) => string): Found {
  if (ts.isIdentifier(name)) return undefined;
  if (ts.isArrayBindingPattern(name)) return { kind: 'iterate', copy: copy(`[${NAME}]`) };
  const [first] = name.elements;
  if (first === undefined) return { kind: 'empty', copy: copy('{}') };
  if (first.dotDotDotToken) return { kind: 'destructure', copy: copy(`{...${NAME}}`) };
  const key = first.propertyName ?? (ts.isIdentifier(first.name) ? first.name : undefined);
  return { kind: taking(key), copy: copy(`{${patternKey(key)}:${NAME}${first.initializer ? '=0' : ''}}`) };
}

/** V8 looks whether there is something to take from before it computes a first key. */
function taking(key: ts.PropertyName | undefined): 'destructure' | 'empty' {
  return key && ts.isComputedPropertyName(key) ? 'empty' : 'destructure';
}

function patternKey(key: ts.PropertyName | undefined): string {
  if (key === undefined || ts.isComputedPropertyName(key)) return '[0]';
  return key.getText();
}

function assigned(node: ts.BinaryExpression, text: string): Found {
  const target = strip(node.left);
  const isArray = ts.isArrayLiteralExpression(target);
  if (!isArray && !ts.isObjectLiteralExpression(target)) return undefined;
  const first = isArray ? undefined : target.properties[0];
  const key = first?.name && ts.isPropertyName(first.name) ? first.name : undefined;
  const value = first === undefined ? '' : targetText(first);
  const inside = first && ts.isSpreadAssignment(first) ? `...${CALLEE}` : `${patternKey(key)}:${value}`;
  const pattern = isArray ? `[${CALLEE}]` : `{${first ? inside : ''}}`;
  const isDefault = ts.isArrayLiteralExpression(node.parent) || ts.isPropertyAssignment(node.parent);
  const kind = isArray ? 'iterate' : first ? taking(key) : 'empty';
  return { kind, copy: isDefault ? `[${pattern}=${text}]=[];` : `(${pattern}=${text});` };
}

/** V8 names the property only where its target is a name. */
function targetText(property: ts.ObjectLiteralElementLike): string {
  if (ts.isShorthandPropertyAssignment(property)) return property.objectAssignmentInitializer ? `${CALLEE}=0` : CALLEE;
  if (!ts.isPropertyAssignment(property)) return CALLEE;
  const value = strip(property.initializer);
  const isDefault = ts.isBinaryExpression(value);
  const target = strip(isDefault ? value.left : value);
  const isMember = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  return `${CALLEE}${isMember ? '.z' : ''}${isDefault ? '=0' : ''}`;
}
