import { ts } from 'ts-morph';
import type { Expr } from '../model/sites.ts';
import type { Bindings, Variable } from './bindings.ts';

/** A derivation rule for an expression, and the variables that must hold primitives for it to apply. */
export interface Rule {
  readonly rule: Expr;
  /** operands of arithmetic that are not known to be primitive */
  readonly guards: readonly Variable[];
  /** whether the result is a primitive in any case */
  readonly primitive: boolean;
}

export const ARITHMETIC = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, '+'],
  [ts.SyntaxKind.MinusToken, '-'],
  [ts.SyntaxKind.AsteriskToken, '*'],
  [ts.SyntaxKind.SlashToken, '/'],
  [ts.SyntaxKind.PercentToken, '%'],
  [ts.SyntaxKind.AsteriskAsteriskToken, '**'],
  [ts.SyntaxKind.AmpersandToken, '&'],
  [ts.SyntaxKind.BarToken, '|'],
  [ts.SyntaxKind.CaretToken, '^'],
  [ts.SyntaxKind.LessThanLessThanToken, '<<'],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, '>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, '>>>'],
  [ts.SyntaxKind.LessThanToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>'],
  [ts.SyntaxKind.LessThanEqualsToken, '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>='],
  [ts.SyntaxKind.EqualsEqualsToken, '=='],
  [ts.SyntaxKind.ExclamationEqualsToken, '!='],
]);
export const IDENTITY = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '==='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '!=='],
]);
export const COMPOUND = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusEqualsToken, '+'],
  [ts.SyntaxKind.MinusEqualsToken, '-'],
  [ts.SyntaxKind.AsteriskEqualsToken, '*'],
  [ts.SyntaxKind.SlashEqualsToken, '/'],
  [ts.SyntaxKind.PercentEqualsToken, '%'],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, '**'],
  [ts.SyntaxKind.AmpersandEqualsToken, '&'],
  [ts.SyntaxKind.BarEqualsToken, '|'],
  [ts.SyntaxKind.CaretEqualsToken, '^'],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, '<<'],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, '>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, '>>>'],
]);

const COMPARING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

/** Values worth a rule are small; a literal longer than this is logged once and referred to. */
const LONGEST_LITERAL = 1000;

export function strip(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

export class Rules {
  readonly #bindings: Bindings;
  /** whether `this` can be derived at a node */
  readonly #knowsThis: (node: ts.Node) => boolean;

  constructor(bindings: Bindings, knowsThis: (node: ts.Node) => boolean) {
    this.#bindings = bindings;
    this.#knowsThis = knowsThis;
    this.#inferPrimitives();
  }

  /** The rule of an expression, or undefined where it must be logged. */
  of(node: ts.Expression): Rule | undefined {
    const inner = strip(node);
    if (ts.isNumericLiteral(inner)) return constant(Number(inner.text));
    if (ts.isStringLiteral(inner) || ts.isNoSubstitutionTemplateLiteral(inner)) {
      return inner.text.length > LONGEST_LITERAL || !isWellFormed(inner.text) ? undefined : constant(inner.text);
    }
    switch (inner.kind) {
      case ts.SyntaxKind.TrueKeyword:
        return constant(true);
      case ts.SyntaxKind.FalseKeyword:
        return constant(false);
      case ts.SyntaxKind.NullKeyword:
        return constant(null);
      case ts.SyntaxKind.ThisKeyword:
        return this.#knowsThis(inner) ? { rule: { e: 'this' }, guards: [], primitive: false } : undefined;
    }
    if (ts.isIdentifier(inner)) return this.#identifier(inner);
    if (ts.isBigIntLiteral(inner)) {
      return {
        rule: { e: 'bigint', digits: BigInt(inner.text.slice(0, -1).replaceAll('_', '')).toString() },
        guards: [],
        primitive: true,
      };
    }
    if (ts.isVoidExpression(inner) && ts.isNumericLiteral(inner.expression))
      return { rule: { e: 'undefined' }, guards: [], primitive: true };
    if (ts.isTypeOfExpression(inner)) {
      const a = this.of(inner.expression);
      return a && { rule: { e: 'unary', op: 'typeof', a: a.rule }, guards: a.guards, primitive: true };
    }
    if (ts.isPrefixUnaryExpression(inner)) return this.#unary(inner);
    if (ts.isBinaryExpression(inner)) return this.#binary(inner);
    if (ts.isConditionalExpression(inner)) {
      const test = this.of(inner.condition);
      const a = this.of(inner.whenTrue);
      const b = this.of(inner.whenFalse);
      return (
        test &&
        a &&
        b && {
          rule: { e: 'conditional', test: test.rule, a: a.rule, b: b.rule },
          guards: merge(test, a, b),
          primitive: a.primitive && b.primitive,
        }
      );
    }
    if (ts.isTemplateExpression(inner)) return this.#template(inner);
    return undefined;
  }

  /** The rule of `target op= value`. */
  compound(target: Variable, operator: ts.SyntaxKind, value: ts.Expression): Rule | undefined {
    const op = COMPOUND.get(operator);
    const b = this.of(value);
    if (op === undefined || b === undefined || target.untracked || !target.primitive) return undefined;
    const a: Rule = { rule: { e: 'variable', variable: target.index }, guards: [], primitive: true };
    return { rule: { e: 'binary', op, a: a.rule, b: b.rule }, guards: operands(a, b, value, this), primitive: true };
  }

  /** The rule of `target++` and its kin. */
  update(target: Variable, operator: ts.SyntaxKind): Rule | undefined {
    if (target.untracked || !target.primitive) return undefined;
    const op = operator === ts.SyntaxKind.PlusPlusToken ? '++' : '--';
    const a: Expr = { e: 'variable', variable: target.index };
    return { rule: { e: 'binary', op, a, b: { e: 'const', value: 1 } }, guards: [], primitive: true };
  }

  /** Whether an expression's value is a primitive, whatever its operands are. */
  primitive(node: ts.Expression): boolean {
    const inner = strip(node);
    if (ts.isBinaryExpression(inner)) {
      const kind = inner.operatorToken.kind;
      if (ARITHMETIC.has(kind) || IDENTITY.has(kind) || COMPOUND.has(kind)) return true;
      if (kind === ts.SyntaxKind.InKeyword || kind === ts.SyntaxKind.InstanceOfKeyword) return true;
      if (kind === ts.SyntaxKind.CommaToken || kind === ts.SyntaxKind.EqualsToken) return this.primitive(inner.right);
      if (isLogical(kind)) return this.primitive(inner.left) && this.primitive(inner.right);
      return false;
    }
    if (ts.isPrefixUnaryExpression(inner) || ts.isPostfixUnaryExpression(inner)) return true;
    if (
      ts.isTypeOfExpression(inner) ||
      ts.isVoidExpression(inner) ||
      ts.isDeleteExpression(inner) ||
      ts.isTemplateExpression(inner)
    )
      return true;
    if (ts.isConditionalExpression(inner)) return this.primitive(inner.whenTrue) && this.primitive(inner.whenFalse);
    if (ts.isIdentifier(inner)) {
      const variable = this.#bindings.variableOf.get(inner);
      return variable === undefined ? inner.text === 'undefined' : variable.primitive && !variable.untracked;
    }
    return (
      ts.isNumericLiteral(inner) ||
      ts.isStringLiteralLike(inner) ||
      ts.isBigIntLiteral(inner) ||
      inner.kind === ts.SyntaxKind.TrueKeyword ||
      inner.kind === ts.SyntaxKind.FalseKeyword ||
      inner.kind === ts.SyntaxKind.NullKeyword
    );
  }

  #identifier(node: ts.Identifier): Rule | undefined {
    const variable = this.#bindings.variableOf.get(node);
    if (variable === undefined)
      return node.text === 'undefined' ? { rule: { e: 'undefined' }, guards: [], primitive: true } : undefined;
    if (variable.untracked) return undefined;
    return { rule: { e: 'variable', variable: variable.index }, guards: [], primitive: variable.primitive };
  }

  #unary(node: ts.PrefixUnaryExpression): Rule | undefined {
    const a = this.of(node.operand);
    if (a === undefined) return undefined;
    const op = {
      [ts.SyntaxKind.MinusToken]: '-',
      [ts.SyntaxKind.PlusToken]: '+',
      [ts.SyntaxKind.TildeToken]: '~',
      [ts.SyntaxKind.ExclamationToken]: '!',
    }[node.operator as number];
    if (op === undefined) return undefined;
    const guards = op === '!' ? a.guards : operands(a, undefined, node.operand, this);
    return guards && { rule: { e: 'unary', op: op as '-', a: a.rule }, guards, primitive: true };
  }

  #binary(node: ts.BinaryExpression): Rule | undefined {
    const kind = node.operatorToken.kind;
    const a = this.of(node.left);
    if (a === undefined) return undefined;
    const b = this.of(node.right);
    if (b === undefined) return undefined;
    const identity = IDENTITY.get(kind);
    if (identity !== undefined)
      return { rule: { e: 'binary', op: identity, a: a.rule, b: b.rule }, guards: merge(a, b), primitive: true };
    if (isLogical(kind)) {
      const e =
        kind === ts.SyntaxKind.AmpersandAmpersandToken ? 'and' : kind === ts.SyntaxKind.BarBarToken ? 'or' : 'nullish';
      return { rule: { e, a: a.rule, b: b.rule }, guards: merge(a, b), primitive: a.primitive && b.primitive };
    }
    const op = ARITHMETIC.get(kind);
    if (op === undefined) return undefined;
    return {
      rule: { e: 'binary', op, a: a.rule, b: b.rule },
      guards: [...operands(a, undefined, node.left, this), ...operands(b, undefined, node.right, this)],
      primitive: true,
    };
  }

  #template(node: ts.TemplateExpression): Rule | undefined {
    if (!isWellFormed(node.head.text) || node.templateSpans.some((span) => !isWellFormed(span.literal.text)))
      return undefined;
    const parts: (string | Expr)[] = [node.head.text];
    const guards: Variable[] = [];
    for (const span of node.templateSpans) {
      const a = this.of(span.expression);
      if (a === undefined) return undefined;
      guards.push(...operands(a, undefined, span.expression, this));
      parts.push(a.rule, span.literal.text);
    }
    return { rule: { e: 'template', parts }, guards, primitive: true };
  }

  /** Whether a variable holds a number whenever it may be read: a constant made of literals. */
  isNumber(variable: Variable): boolean {
    return this.#isConstant(variable, 0);
  }

  #givesNumber(node: ts.Expression, depth: number): boolean {
    const inner = strip(node);
    if (ts.isNumericLiteral(inner)) return true;
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.MinusToken)
      return this.#givesNumber(inner.operand, depth);
    if (ts.isIdentifier(inner)) {
      const variable = this.#bindings.variableOf.get(inner);
      return variable !== undefined && depth < 10 && this.#isConstant(variable, depth);
    }
    if (!ts.isBinaryExpression(inner) || !ARITHMETIC.has(inner.operatorToken.kind)) return false;
    if (COMPARING.has(inner.operatorToken.kind)) return false;
    return this.#givesNumber(inner.left, depth) && this.#givesNumber(inner.right, depth);
  }

  #isConstant({ kind, untracked, writes }: Variable, depth: number): boolean {
    const [value] = writes;
    if (kind !== 'const' || untracked || writes.length !== 1) return false;
    return typeof value === 'object' && this.#givesNumber(value, depth + 1);
  }

  /** The variable behind an operand that must be guarded, if it is one. */
  guardOf(rule: Rule): Variable | undefined {
    return rule.rule.e === 'variable' ? this.#bindings.variables[rule.rule.variable] : undefined;
  }

  #inferPrimitives(): void {
    for (const variable of this.#bindings.variables) {
      variable.primitive =
        !variable.untracked && (variable.kind === 'var' || variable.kind === 'let' || variable.kind === 'const');
    }
    for (let changed = true; changed;) {
      changed = false;
      for (const variable of this.#bindings.variables) {
        if (!variable.primitive) continue;
        const holds = variable.writes.every((w) => w === 'primitive' || (w !== 'unknown' && this.primitive(w)));
        if (!holds) {
          variable.primitive = false;
          changed = true;
        }
      }
    }
  }
}

/** Guards for operands of arithmetic: a lone variable is checked; anything else must be primitive by itself. */
function operands(a: Rule, b: Rule | undefined, _node: ts.Node, rules: Rules): readonly Variable[] {
  const guards = new Set([...a.guards, ...(b?.guards ?? [])]);
  for (const rule of b === undefined ? [a] : [a, b]) {
    if (rule.primitive) continue;
    const variable = rules.guardOf(rule);
    guards.add(variable ?? UNGUARDED);
  }
  return [...guards];
}

/** Stands for an operand that no check of a variable can vouch for. */
export const UNGUARDED: Variable = {
  index: -1,
  name: '',
  kind: 'var',
  scope: undefined as never,
  start: 0,
  end: 0,
  writes: [],
  writtenInClosure: false,
  referenced: true,
  untracked: true,
  primitive: false,
};

/** A lone surrogate would not survive the table's UTF-8. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function merge(...rules: readonly Rule[]): readonly Variable[] {
  return [...new Set(rules.flatMap((r) => r.guards))];
}

function constant(value: string | number | boolean | null): Rule {
  return { rule: { e: 'const', value }, guards: [], primitive: true };
}

function isLogical(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
