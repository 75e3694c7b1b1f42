import type { Expr, VariableIndex } from '../model/sites.ts';
import type { ScopeInstance } from './activation.ts';
import { ObjectValue, SymbolValue, isPrimitive, opaque } from './values.ts';
import type { Value } from './values.ts';

/** What a rule is evaluated in. */
export interface Frame {
  readonly scope: ScopeInstance;
  typeOf(value: ObjectValue): 'function' | 'object';
}

export type Rule = (frame: Frame) => Value;

/** Where a variable lives: scope index and position among its variables. */
export interface Place {
  readonly scope: number;
  readonly slot: number;
}

/** Compiles a rule of the site table. Rules compute as the language does; what cannot be known is `opaque`. */
export function compileRule(expr: Expr, place: (variable: VariableIndex) => Place): Rule {
  switch (expr.e) {
    case 'const': {
      const value = expr.value;
      return () => value;
    }
    case 'undefined':
      return () => undefined;
    case 'bigint': {
      const value = BigInt(expr.digits);
      return () => value;
    }
    case 'variable': {
      const { scope, slot } = place(expr.variable);
      return (frame) => {
        const instance = findScope(frame.scope, scope);
        return instance === undefined ? opaque : instance.values[slot];
      };
    }
    case 'this':
      return (frame) => lexicalThis(frame.scope);
    case 'unary':
      return unary(expr.op, compileRule(expr.a, place));
    case 'binary':
      return binary(expr.op, compileRule(expr.a, place), compileRule(expr.b, place));
    case 'and':
    case 'or':
    case 'nullish':
      return logical(expr.e, compileRule(expr.a, place), compileRule(expr.b, place));
    case 'conditional': {
      const test = compileRule(expr.test, place);
      const a = compileRule(expr.a, place);
      const b = compileRule(expr.b, place);
      return (frame) => {
        const truth = truthy(test(frame));
        return truth === undefined ? opaque : truth ? a(frame) : b(frame);
      };
    }
    case 'template': {
      const parts = expr.parts.map((part) => (typeof part === 'string' ? () => part : compileRule(part, place)));
      return (frame) => {
        let text = '';
        for (const part of parts) {
          const value = part(frame);
          if (!isPrimitive(value)) return opaque;
          text += String(value);
        }
        return text;
      };
    }
  }
}

export function findScope(from: ScopeInstance | undefined, scope: number): ScopeInstance | undefined {
  let instance = from;
  while (instance !== undefined && instance.scope !== scope) instance = instance.parent;
  return instance;
}

/** `this` as code in the scope sees it. */
export function lexicalThis(from: ScopeInstance): Value {
  for (let scope: ScopeInstance | undefined = from; scope !== undefined; scope = scope.parent) {
    if (scope.hasThis) return scope.thisValue;
  }
  return opaque;
}

/** undefined where it is not known */
export function truthy(value: Value): boolean | undefined {
  if (isPrimitive(value)) return Boolean(value);
  return value instanceof ObjectValue || value instanceof SymbolValue ? true : undefined;
}

function unary(op: '-' | '+' | '!' | '~' | 'typeof' | 'void', a: Rule): Rule {
  switch (op) {
    case 'void':
      return (frame) => (a(frame), undefined);
    case '!':
      return (frame) => {
        const truth = truthy(a(frame));
        return truth === undefined ? opaque : !truth;
      };
    case 'typeof':
      return (frame) => typeOf(frame, a(frame));
    case '-':
      return primitive1(a, (x) => -(x as number));
    case '+':
      return primitive1(a, (x) => +(x as number));
    case '~':
      return primitive1(a, (x) => ~(x as number));
  }
}

function typeOf(frame: Frame, value: Value): Value {
  if (isPrimitive(value)) return typeof value;
  if (value instanceof ObjectValue) return frame.typeOf(value);
  return value instanceof SymbolValue ? 'symbol' : opaque;
}

function logical(kind: 'and' | 'or' | 'nullish', a: Rule, b: Rule): Rule {
  if (kind === 'nullish') {
    return (frame) => {
      const left = a(frame);
      return left === null || left === undefined ? b(frame) : left;
    };
  }
  const goOn = kind === 'and';
  return (frame) => {
    const left = a(frame);
    const truth = truthy(left);
    return truth === undefined ? opaque : truth === goOn ? b(frame) : left;
  };
}

function primitive1(a: Rule, compute: (x: Value) => Value): Rule {
  return (frame) => {
    const x = a(frame);
    if (!isPrimitive(x)) return opaque;
    try {
      return compute(x);
    } catch {
      return opaque;
    }
  };
}

type Operator = (x: never, y: never) => Value;

/** The operators as the engine has them: operands are primitives, so nothing of the program runs. */
const operators: Readonly<Record<string, Operator>> = {
  '+': (x: number, y: number) => x + y,
  '-': (x: number, y: number) => x - y,
  '*': (x: number, y: number) => x * y,
  '/': (x: number, y: number) => x / y,
  '%': (x: number, y: number) => x % y,
  '**': (x: number, y: number) => x ** y,
  '<<': (x: number, y: number) => x << y,
  '>>': (x: number, y: number) => x >> y,
  '>>>': (x: number, y: number) => x >>> y,
  '&': (x: number, y: number) => x & y,
  '|': (x: number, y: number) => x | y,
  '^': (x: number, y: number) => x ^ y,
  '<': (x: number, y: number) => x < y,
  '>': (x: number, y: number) => x > y,
  '<=': (x: number, y: number) => x <= y,
  '>=': (x: number, y: number) => x >= y,
  // one step of the operand's own kind, number or bigint; the right side is not looked at
  '++': (x: number) => ++x,
  '--': (x: number) => --x,
};

function binary(op: string, a: Rule, b: Rule): Rule {
  switch (op) {
    case '===':
      return (frame) => strictEquals(a(frame), b(frame));
    case '!==':
      return (frame) => negate(strictEquals(a(frame), b(frame)));
    case '==':
      return (frame) => looseEquals(a(frame), b(frame));
    case '!=':
      return (frame) => negate(looseEquals(a(frame), b(frame)));
    default:
  }
  const operator = operators[op] as ((x: Value, y: Value) => Value) | undefined;
  if (operator === undefined) return () => opaque;
  return (frame) => {
    const x = a(frame);
    const y = b(frame);
    if (!isPrimitive(x) || !isPrimitive(y)) return opaque;
    try {
      return operator(x, y);
    } catch {
      // the program threw here too, or the operands are not what it had
      return opaque;
    }
  };
}

function negate(value: Value): Value {
  return typeof value === 'boolean' ? !value : value;
}

function isKnown(value: Value): boolean {
  return isPrimitive(value) || value instanceof ObjectValue || value instanceof SymbolValue;
}

function strictEquals(x: Value, y: Value): Value {
  return isKnown(x) && isKnown(y) ? x === y : opaque;
}

function looseEquals(x: Value, y: Value): Value {
  if (!isKnown(x) || !isKnown(y)) return opaque;
  if (isPrimitive(x) && isPrimitive(y)) {
    // oxlint-disable-next-line eqeqeq -- the program's own operator
    return x == y;
  }
  if (!isPrimitive(x) && !isPrimitive(y)) return x === y || (x instanceof ObjectValue === y instanceof ObjectValue ? false : opaque);
  const simple = isPrimitive(x) ? x : y;
  const other = isPrimitive(x) ? y : x;
  if (simple === null || simple === undefined) return false;
  return other instanceof SymbolValue ? false : opaque;
}
