import type { Expr, VariableIndex } from '../model/sites.ts';
import type { ScopeInstance } from './activation.ts';
import { ObjectValue, SymbolValue, isPrimitive, opaque } from './values.ts';
import type { Value } from './values.ts';

/** What rules ask of the heap. */
export interface Types {
  typeOf(value: ObjectValue): 'function' | 'object';
}

/** Evaluated in a scope: the innermost instance. */
export type Rule = (scope: ScopeInstance, types: Types) => Value;

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
      const { scope: wanted, slot } = place(expr.variable);
      return (scope) => {
        let instance: ScopeInstance | undefined = scope;
        while (instance !== undefined && instance.scope !== wanted) instance = instance.parent;
        return instance === undefined ? opaque : instance.values[slot];
      };
    }
    case 'this':
      return (scope) => lexicalThis(scope);
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
      return (scope, types) => {
        const truth = truthy(test(scope, types));
        return truth === undefined ? opaque : truth ? a(scope, types) : b(scope, types);
      };
    }
    case 'math': {
      const given = expr.arguments.map((argument) => compileRule(argument, place));
      return mathRule(Math[expr.name] as (...numbers: readonly number[]) => number, given);
    }
    case 'template': {
      const parts = expr.parts.map((part) => (typeof part === 'string' ? () => part : compileRule(part, place)));
      return (scope, types) => {
        let text = '';
        for (const part of parts) {
          const value = part(scope, types);
          if (!isPrimitive(value)) return opaque;
          text += String(value);
        }
        return text;
      };
    }
  }
}

function mathRule(compute: (...numbers: readonly number[]) => number, given: readonly Rule[]): Rule {
  return (scope, types) => {
    const numbers: number[] = [];
    for (const rule of given) {
      const value = rule(scope, types);
      if (typeof value !== 'number') return opaque;
      numbers.push(value);
    }
    return compute(...numbers);
  };
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
      return (scope, types) => (a(scope, types), undefined);
    case '!':
      return (scope, types) => {
        const truth = truthy(a(scope, types));
        return truth === undefined ? opaque : !truth;
      };
    case 'typeof':
      return (scope, types) => typeOf(types, a(scope, types));
    case '-':
      return primitive1(a, (x) => -(x as number));
    case '+':
      return primitive1(a, (x) => +(x as number));
    case '~':
      return primitive1(a, (x) => ~(x as number));
  }
}

function typeOf(types: Types, value: Value): Value {
  if (isPrimitive(value)) return typeof value;
  if (value instanceof ObjectValue) return types.typeOf(value);
  return value instanceof SymbolValue ? 'symbol' : opaque;
}

function logical(kind: 'and' | 'or' | 'nullish', a: Rule, b: Rule): Rule {
  if (kind === 'nullish') {
    return (scope, types) => {
      const left = a(scope, types);
      return left === null || left === undefined ? b(scope, types) : left;
    };
  }
  const goOn = kind === 'and';
  return (scope, types) => {
    const left = a(scope, types);
    const truth = truthy(left);
    return truth === undefined ? opaque : truth === goOn ? b(scope, types) : left;
  };
}

function primitive1(a: Rule, compute: (x: Value) => Value): Rule {
  return (scope, types) => {
    const x = a(scope, types);
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
      return (scope, types) => strictEquals(a(scope, types), b(scope, types));
    case '!==':
      return (scope, types) => negate(strictEquals(a(scope, types), b(scope, types)));
    case '==':
      return (scope, types) => looseEquals(a(scope, types), b(scope, types));
    case '!=':
      return (scope, types) => negate(looseEquals(a(scope, types), b(scope, types)));
    default:
  }
  const slow = operators[op] as ((x: Value, y: Value) => Value) | undefined;
  if (slow === undefined) return () => opaque;
  return numeric(op, a, b, slow) ?? ((scope, types) => general(slow, a(scope, types), b(scope, types)));
}

/** `old + operand` for primitives. */
export function appended(old: Value | undefined, operand: Value): Value {
  return old === undefined ? opaque : general(operators['+'] as (x: Value, y: Value) => Value, old, operand);
}

function general(operator: (x: Value, y: Value) => Value, x: Value, y: Value): Value {
  if (!isPrimitive(x) || !isPrimitive(y)) return opaque;
  try {
    return operator(x, y);
  } catch {
    // the program threw here too, or the operands are not what it had
    return opaque;
  }
}

/** The commonest operators with a short way for numbers: a function each, so that the engine specialises it. */
function numeric(op: string, a: Rule, b: Rule, slow: (x: Value, y: Value) => Value): Rule | undefined {
  switch (op) {
    case '+':
      return (scope, types) => {
        const x = a(scope, types);
        const y = b(scope, types);
        return typeof x === 'number' && typeof y === 'number' ? x + y : general(slow, x, y);
      };
    case '-':
      return (scope, types) => {
        const x = a(scope, types);
        const y = b(scope, types);
        return typeof x === 'number' && typeof y === 'number' ? x - y : general(slow, x, y);
      };
    case '*':
      return (scope, types) => {
        const x = a(scope, types);
        const y = b(scope, types);
        return typeof x === 'number' && typeof y === 'number' ? x * y : general(slow, x, y);
      };
    case '|':
      return (scope, types) => {
        const x = a(scope, types);
        const y = b(scope, types);
        return typeof x === 'number' && typeof y === 'number' ? x | y : general(slow, x, y);
      };
    case '++':
      return (scope, types) => {
        const x = a(scope, types);
        return typeof x === 'number' ? x + 1 : general(slow, x, 1);
      };
    case '--':
      return (scope, types) => {
        const x = a(scope, types);
        return typeof x === 'number' ? x - 1 : general(slow, x, 1);
      };
    default:
      return undefined;
  }
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
  if (!isPrimitive(x) && !isPrimitive(y))
    return x === y || (x instanceof ObjectValue === y instanceof ObjectValue ? false : opaque);
  const simple = isPrimitive(x) ? x : y;
  const other = isPrimitive(x) ? y : x;
  if (simple === null || simple === undefined) return false;
  return other instanceof SymbolValue ? false : opaque;
}
