/** Rules of expressions whose every operand is a number, and what must be asked so that they hold. */
import { ts } from 'ts-morph';
import { EXACT_MATH, type Expr, type ExactMath } from '../model/sites.ts';
import { type Variable, isFunction } from './bindings.ts';
import { isUpdate } from './operators.ts';
import type { Emitter } from './emitter.ts';
import { ARITHMETIC, COMPOUND, IDENTITY, strip } from './rules.ts';

/** `target = rule`, in order of execution; `at` is the expression that makes the write. */
export interface Assignment {
  readonly target: Variable;
  readonly rule: Expr;
  readonly at: ts.Expression;
}

/** More variables than this are not asked for their types: the loop is recorded. */
const MOST_GUARDS = 12;
const COMPARISONS = new Set(['<', '>', '<=', '>=', '==', '!=', '===', '!==']);

/**
 * The rules of one loop. Whatever an assignment of the loop gives a variable is a number if all variables of the loop
 * are; so it is enough to ask, before the loop, for those that have a value by then.
 */
export class NumericRules {
  readonly #e: Emitter;
  readonly #loop: ts.Node;
  readonly #owner: ts.Node;
  /** read or written in the loop */
  readonly #used = new Set<Variable>();
  /** got their first value in the loop before anything read them */
  readonly #made = new Set<Variable>();
  #conditional = 0;
  readonly #math = new Set<ExactMath>();

  constructor(e: Emitter, loop: ts.Node) {
    this.#e = e;
    this.#loop = loop;
    this.#owner = ownerOf(loop);
  }

  /** The rule of an expression that gives a number. */
  value(node: ts.Expression): Expr | undefined {
    const inner = strip(node);
    if (ts.isNumericLiteral(inner)) return { e: 'const', value: Number(inner.text) };
    if (ts.isIdentifier(inner)) return this.#variable(inner);
    if (ts.isPrefixUnaryExpression(inner)) return this.#unary(inner);
    if (ts.isCallExpression(inner)) return this.#call(inner);
    if (ts.isConditionalExpression(inner)) {
      const test = this.test(inner.condition);
      const a = test && this.value(inner.whenTrue);
      const b = a && this.value(inner.whenFalse);
      return b && { e: 'conditional', test, a, b };
    }
    if (!ts.isBinaryExpression(inner)) return undefined;
    const op = ARITHMETIC.get(inner.operatorToken.kind);
    if (op === undefined || COMPARISONS.has(op)) return undefined;
    return this.#pair(op, inner.left, inner.right);
  }

  /** The rule of a condition over numbers. */
  test(node: ts.Expression): Expr | undefined {
    const inner = strip(node);
    if (inner.kind === ts.SyntaxKind.TrueKeyword) return { e: 'const', value: true };
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken) {
      const a = this.test(inner.operand);
      return a && { e: 'unary', op: '!', a };
    }
    if (ts.isBinaryExpression(inner)) {
      const kind = inner.operatorToken.kind;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken) {
        const a = this.test(inner.left);
        const b = a && this.test(inner.right);
        return b && { e: kind === ts.SyntaxKind.BarBarToken ? 'or' : 'and', a, b };
      }
      const op = ARITHMETIC.get(kind) ?? IDENTITY.get(kind);
      if (op !== undefined && COMPARISONS.has(op)) return this.#pair(op, inner.left, inner.right);
    }
    return this.value(inner);
  }

  /** The writes of an expression statement that is nothing but assignments, in order; undefined if it is more. */
  assignments(node: ts.Expression): Assignment[] | undefined {
    const inner = strip(node);
    if (ts.isBinaryExpression(inner)) {
      const kind = inner.operatorToken.kind;
      if (kind === ts.SyntaxKind.CommaToken) {
        const a = this.assignments(inner.left);
        const b = a && this.assignments(inner.right);
        return b && [...a, ...b];
      }
      const target = this.#target(inner.left);
      if (target === undefined) return undefined;
      const b = this.value(inner.right);
      if (b === undefined) return undefined;
      if (kind === ts.SyntaxKind.EqualsToken) {
        this.#write(target);
        return [{ target, rule: b, at: inner }];
      }
      const op = COMPOUND.get(kind);
      this.#used.add(target);
      const a: Expr = { e: 'variable', variable: target.index };
      return op === undefined ? undefined : [{ target, rule: { e: 'binary', op, a, b }, at: inner }];
    }
    const update = updateOf(inner);
    const target = update && this.#target(update.operand);
    if (target === undefined) return undefined;
    this.#used.add(target);
    const a: Expr = { e: 'variable', variable: target.index };
    const rule: Expr = { e: 'binary', op: update?.step === 1 ? '++' : '--', a, b: { e: 'const', value: 1 } };
    return [{ target, rule, at: inner as ts.Expression }];
  }

  /** Whether a name declared in the loop can be followed; asked after its value was. */
  declares(name: ts.Identifier): boolean {
    const variable = this.#e.bindings.variableOf.get(name);
    if (variable === undefined || variable.untracked) return false;
    this.#write(variable);
    return true;
  }

  /** For parts of the loop that may not be executed. */
  maybe(look: () => boolean): boolean {
    this.#conditional++;
    const found = look();
    this.#conditional--;
    return found;
  }

  #write(variable: Variable): void {
    if (this.#conditional === 0 && !this.#used.has(variable)) this.#made.add(variable);
    this.#used.add(variable);
  }

  /** Conditions that make the loop numeric, as text; undefined where they cannot be asked without harm. */
  guards(): string[] | undefined {
    const out: string[] = [];
    for (const variable of this.#used) {
      if (this.#made.has(variable) || this.#isInside(variable) || this.#e.rules.isNumber(variable)) continue;
      if (!this.#maySafelyAsk(variable)) return undefined;
      out.push(`typeof ${variable.name}==='number'`);
    }
    for (const name of this.#math) out.push(`Math.${name}===__hcm.${name}`);
    return out.length > MOST_GUARDS ? undefined : out;
  }

  #variable(node: ts.Identifier): Expr | undefined {
    const variable = this.#e.bindings.variableOf.get(node);
    if (variable === undefined || variable.untracked) return undefined;
    this.#used.add(variable);
    return { e: 'variable', variable: variable.index };
  }

  #target(node: ts.Expression): Variable | undefined {
    const inner = strip(node);
    if (!ts.isIdentifier(inner)) return undefined;
    const variable = this.#e.bindings.variableOf.get(inner);
    return variable === undefined || variable.untracked || isFixed(variable) ? undefined : variable;
  }

  #unary(node: ts.PrefixUnaryExpression): Expr | undefined {
    const op = UNARY[node.operator];
    const a = op && this.value(node.operand);
    return a && { e: 'unary', op, a };
  }

  #pair(op: string, left: ts.Expression, right: ts.Expression): Expr | undefined {
    const a = this.value(left);
    const b = a && this.value(right);
    return b && { e: 'binary', op, a, b };
  }

  #call(node: ts.CallExpression): Expr | undefined {
    const name = mathName(this.#e, node.expression);
    if (name === undefined || node.questionDotToken !== undefined) return undefined;
    const given: Expr[] = [];
    for (const argument of node.arguments) {
      const rule = ts.isSpreadElement(argument) ? undefined : this.value(argument);
      if (rule === undefined) return undefined;
      given.push(rule);
    }
    this.#math.add(name);
    return { e: 'math', name, arguments: given };
  }

  /** Declared in the loop: it has no value before. */
  #isInside({ scope, kind }: Variable): boolean {
    if (kind === 'var' || kind === 'parameter') return false;
    const { node } = scope;
    return node.pos >= this.#loop.pos && node.end <= this.#loop.end && node.kind !== ts.SyntaxKind.SourceFile;
  }

  /** Of the same function and declared before the loop, so that it is not in its temporal dead zone. */
  #maySafelyAsk({ kind, scope, end }: Variable): boolean {
    if (scope.owner !== this.#owner || isInSwitch(scope.node)) return false;
    return kind === 'parameter' || kind === 'var' || (kind !== 'class' && kind !== 'import' && end <= this.#loop.pos);
  }
}

const UNARY: { readonly [kind: number]: '-' | '+' | '~' | undefined } = {
  [ts.SyntaxKind.MinusToken]: '-',
  [ts.SyntaxKind.PlusToken]: '+',
  [ts.SyntaxKind.TildeToken]: '~',
};

/** `x++`, `--x` */
export function updateOf(node: ts.Node): { readonly operand: ts.Expression; readonly step: 1 | -1 } | undefined {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return undefined;
  if (!isUpdate(node.operator)) return undefined;
  return { operand: node.operand, step: node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1 };
}

/** The function of `Math.name` where that is one whose result the language fixes to the last bit. */
export function mathName(e: Emitter, node: ts.Expression): ExactMath | undefined {
  if (!ts.isPropertyAccessExpression(node) || node.questionDotToken !== undefined) return undefined;
  const { expression, name } = node;
  if (!ts.isIdentifier(expression) || expression.text !== 'Math' || e.bindings.variableOf.has(expression))
    return undefined;
  return EXACT_MATH.find((known) => known === name.text);
}

function isFixed(variable: Variable): boolean {
  const { kind } = variable;
  return kind === 'const' || kind === 'import' || kind === 'class' || kind === 'function';
}

function ownerOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (!isFunction(at) && !ts.isSourceFile(at) && !ts.isClassStaticBlockDeclaration(at)) at = at.parent;
  return at;
}

function isInSwitch(node: ts.Node): boolean {
  return ts.isCaseBlock(node);
}
