/**
 * Expressions that need no code to run: names, properties, operators on primitives, a few built-in functions of
 * primitives. They are computed from recorded state here; whatever else an expression asks for is the sandbox's.
 */
import { parseExpressionAt, type AnyNode, type Expression } from 'acorn';
import type { Activation } from '../query/activation.ts';
import { lexicalThis, truthy } from '../query/derive.ts';
import type { StateReader } from '../query/state.ts';
import { Accessor, ObjectValue, hole, isPrimitive, opaque, toKey, type Key, type Value } from '../query/values.ts';

export type Looked =
  | { readonly value: Value | Accessor }
  /** `runs`: code would have to run to tell; `throws`: it would throw, whatever else it did */
  | { readonly fault: string; readonly runs: boolean; readonly throws?: boolean };

/** What cannot be told without running code, or not at all. */
class Unknown extends Error {
  constructor(
    sentence: string,
    readonly runs: boolean,
    readonly throws = false,
  ) {
    super(sentence);
  }
}

type Primitive = undefined | null | boolean | number | bigint | string;

const parsed = new Map<string, Expression | undefined>();

/** undefined where it is no expression of the language */
export function parseExpression(text: string): Expression | undefined {
  if (!parsed.has(text)) {
    if (parsed.size > 1000) parsed.clear();
    parsed.set(text, parse(text));
  }
  return parsed.get(text);
}

function parse(text: string): Expression | undefined {
  try {
    const node = parseExpressionAt(text, 0, { ecmaVersion: 'latest', checkPrivateFields: false });
    return /^[\s;]*$/.test(text.slice(node.end)) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Computes the expression as code in the call would, as far as nothing has to run. */
export function lookUp(reader: StateReader, call: Activation, text: string): Looked {
  const expression = parseExpression(text);
  if (!expression) return { fault: 'This is no expression.', runs: true };
  try {
    return { value: new Lookup(reader, call).any(expression) };
  } catch (error) {
    if (error instanceof Unknown) return { fault: error.message, runs: error.runs, throws: error.throws };
    // of an operator, such as 1n + 1
    if (error instanceof TypeError || error instanceof RangeError) return { fault: error.message, runs: true };
    throw error;
  }
}

class Lookup {
  constructor(
    private readonly reader: StateReader,
    private readonly call: Activation,
  ) {}

  /** A value or, of the expression as a whole, an accessor. */
  any(node: AnyNode): Value | Accessor {
    if (node.type === 'ChainExpression') return this.any(node.expression);
    if (node.type !== 'MemberExpression') return this.value(node);
    if (node.object.type === 'Super') throw new Unknown('super is not known here.', true);
    const object = this.value(node.object);
    if (node.optional && (object === null || object === undefined)) return undefined;
    if (node.property.type === 'PrivateIdentifier') return this.member(object, `#${node.property.name}`, node.object);
    const key = node.computed
      ? keyOf(this.value(node.property))
      : node.property.type === 'Identifier'
        ? node.property.name
        : '';
    return this.member(object, key, node.object);
  }

  private value(node: AnyNode): Value {
    switch (node.type) {
      case 'Literal':
        if ('regex' in node && node.regex) throw needsCode();
        return node.value as Primitive;
      case 'Identifier':
        return this.variable(node.name);
      case 'ThisExpression':
        return known(lexicalThis(this.call.scope), 'this');
      case 'ParenthesizedExpression':
        return this.value(node.expression);
      case 'TemplateLiteral':
        return node.quasis.map(({ value }, i) => (value.cooked ?? '') + this.part(node.expressions[i])).join('');
      case 'ChainExpression':
      case 'MemberExpression': {
        const value = this.any(node);
        if (value instanceof Accessor) throw new Unknown('A getter would have to run.', true);
        return value;
      }
      case 'UnaryExpression':
        return this.unary(node.operator, node.argument);
      case 'BinaryExpression':
        return this.binary(node.operator, this.value(node.left), this.value(node.right));
      case 'LogicalExpression': {
        const left = this.value(node.left);
        if (node.operator === '??') return left === undefined || left === null ? this.value(node.right) : left;
        return isTrue(left) === (node.operator === '&&') ? this.value(node.right) : left;
      }
      case 'ConditionalExpression':
        return this.value(isTrue(this.value(node.test)) ? node.consequent : node.alternate);
      case 'CallExpression':
        return this.callOf(node.callee, node.arguments, node.optional);
      default:
        throw needsCode();
    }
  }

  private part(node: AnyNode | undefined): string {
    return node === undefined ? '' : String(primitive(this.value(node)));
  }

  private unary(operator: string, argument: AnyNode): Value {
    if (operator === 'typeof' && argument.type === 'Identifier' && !this.reader.variable(this.call, argument.name))
      return this.typeOfGlobal(argument.name);
    const value = this.value(argument);
    switch (operator) {
      case 'typeof':
        if (value instanceof ObjectValue) return this.reader.typeOf(value);
        return isPrimitive(value) ? (value === null ? 'object' : typeof value) : 'symbol';
      case '!':
        return !isTrue(value);
      case 'void':
        return undefined;
      case '-':
        return -(primitive(value) as number);
      case '+':
        return +(primitive(value) as number);
      case '~':
        return ~(primitive(value) as number);
      default:
        throw needsCode();
    }
  }

  private binary(operator: string, a: Value, b: Value): Value {
    if (operator === '===' || operator === '!==') return (a === b) === (operator === '===');
    if (operator === '==' || operator === '!=') {
      if (isPrimitive(a) === isPrimitive(b) || a === null || a === undefined || b === null || b === undefined) {
        // oxlint-disable-next-line eqeqeq
        return (a == b) === (operator === '==');
      }
      throw needsCode();
    }
    const compute = BINARY.get(operator);
    if (!compute) throw needsCode();
    return compute(primitive(a) as never, primitive(b) as never);
  }

  /** Built-in functions of primitives whose results are primitives. */
  private callOf(callee: AnyNode, given: readonly AnyNode[], optional: boolean): Value {
    if (callee.type !== 'MemberExpression' || callee.computed || optional || callee.property.type !== 'Identifier')
      throw needsCode();
    const { name } = callee.property;
    const isOf = (holder: string): boolean =>
      callee.object.type === 'Identifier' &&
      callee.object.name === holder &&
      !this.reader.variable(this.call, holder) &&
      !this.reader.isPatched(holder, name);
    if (isOf('Math') && PURE_MATH.has(name)) {
      const numbers = given.map((argument) => Number(primitive(this.value(argument))));
      return (Math[name as 'max'] as (...numbers: readonly number[]) => number)(...numbers);
    }
    const receiver = this.value(callee.object);
    if (typeof receiver === 'string' && PURE_STRING.has(name) && !this.reader.isPatched('String.prototype', name)) {
      const method = String.prototype[name as 'includes'] as (...values: readonly Primitive[]) => Primitive;
      return method.apply(receiver, given.map((argument) => primitive(this.value(argument))) as never);
    }
    throw needsCode();
  }

  private variable(name: string): Value {
    const found = this.reader.variable(this.call, name);
    if (found) return known(found.value, name);
    if (name === 'undefined') return undefined;
    if (name === 'NaN') return Number.NaN;
    if (name === 'Infinity') return Infinity;
    throw new Unknown(`${name} is not defined here.`, true);
  }

  private typeOfGlobal(name: string): string {
    if (name === 'undefined') return 'undefined';
    throw needsCode();
  }

  /** A property, own or inherited, as far as the recording holds it. */
  private member(value: Value, key: Key, node: AnyNode): Value | Accessor {
    if (value === undefined || value === null) throw new Unknown(`${nameOf(node)} is ${String(value)}.`, true, true);
    if (typeof value === 'string') {
      if (key === 'length') return value.length;
      const index = Number(key);
      if (Number.isInteger(index) && index >= 0 && index < value.length) return value[index];
    }
    if (!(value instanceof ObjectValue)) throw needsCode();
    const found = this.reader.property(value, key);
    if (found === undefined) throw needsCode();
    if (found.value instanceof Accessor) return found.value;
    return known(found.value, `${nameOf(node)}.${typeof key === 'string' ? key : ''}`);
  }
}

const BINARY = new Map<string, (a: number, b: number) => Value>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a % b],
  ['**', (a, b) => a ** b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['&', (a, b) => a & b],
  ['|', (a, b) => a | b],
  ['^', (a, b) => a ^ b],
  ['<<', (a, b) => a << b],
  ['>>', (a, b) => a >> b],
  ['>>>', (a, b) => a >>> b],
]);

const PURE_MATH: ReadonlySet<string> = new Set(
  'abs ceil floor round trunc sign sqrt cbrt min max pow hypot log log2 log10'.split(' '),
);
const PURE_STRING: ReadonlySet<string> = new Set(
  (
    'startsWith endsWith includes indexOf lastIndexOf slice substring at charAt charCodeAt codePointAt trim ' +
    'trimStart trimEnd toLowerCase toUpperCase padStart padEnd'
  ).split(' '),
);

function needsCode(): Unknown {
  return new Unknown('Code would have to run to tell.', true);
}

/** What the recording does not hold is no value to compute with. */
function known(value: Value, name: string): Value {
  if (value === hole) return undefined;
  if (value === opaque) throw new Unknown(`The recording does not hold ${name}.`, false);
  if (isPrimitive(value) || value.kind === 'object' || value.kind === 'symbol') return value;
  if (value.kind === 'redacted')
    throw new Unknown(`${name} holds the secret ${value.name}, which is not recorded.`, false);
  throw new Unknown(`${name} is not initialised yet.`, true);
}

function primitive(value: Value): Primitive {
  if (isPrimitive(value)) return value;
  throw needsCode();
}

function isTrue(value: Value): boolean {
  const truth = truthy(value);
  if (truth === undefined) throw needsCode();
  return truth;
}

function keyOf(value: Value): Key {
  const key = toKey(value);
  if (key === undefined) throw needsCode();
  return key;
}

function nameOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ThisExpression') return 'this';
  if (node.type === 'ParenthesizedExpression' || node.type === 'ChainExpression') return nameOf(node.expression);
  if (node.type === 'MemberExpression') {
    const { property } = node;
    const key = node.computed
      ? `[${property.type === 'Literal' ? (property.raw ?? '') : nameOf(property)}]`
      : property.type === 'PrivateIdentifier'
        ? `.#${property.name}`
        : property.type === 'Identifier'
          ? `.${property.name}`
          : '';
    return nameOf(node.object) + key;
  }
  return 'it';
}
