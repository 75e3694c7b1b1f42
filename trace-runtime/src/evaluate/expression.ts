/**
 * Expressions that need no code to run: names, properties, operators on primitives, functions of the language and of the
 * program that only compute. They are computed from recorded state here; whatever else an expression asks for is the
 * sandbox's.
 */
import { parseExpressionAt, type AnyNode, type Expression } from 'acorn';
import type { Activation } from '../query/activation.ts';
import { lexicalThis } from '../query/derive.ts';
import type { StateReader } from '../query/state.ts';
import { Accessor, ObjectValue, isPrimitive, type Key, type Primitive, type Value } from '../query/values.ts';
import {
  ARRAY_METHODS,
  CHANGING,
  GLOBALS,
  PURE_MATH,
  PURE_STRING,
  collectionMethod,
  numberFunction,
  numberMethod,
} from './expression-builtins.ts';
import { Locals, type Names } from './expression-names.ts';
import { binary } from './expression-operators.ts';
import { assign, update } from './expression-changes.ts';
import { bind } from './expression-patterns.ts';
import { iterate } from './expression-iteration.ts';
import { returnedBy } from './expression-statements.ts';
import type { Computing } from './expression-values.ts';
import { callText, takesPattern, tried, usePattern } from './expression-texts.ts';
import {
  List,
  Made,
  Unknown,
  isTrue,
  keyOf,
  known,
  nameOf,
  needsCode,
  primitive,
  type Callback,
  type Item,
} from './expression-values.ts';
import { plainFunction, selfOf, type PlainCall, type PlainFunction, type PlainFunctions } from './plain-functions.ts';

export type Looked =
  | { readonly value: Value | Accessor }
  /** `runs`: code would have to run to tell; `throws`: it would throw, whatever else it did */
  | { readonly fault: string; readonly runs: boolean; readonly throws?: boolean };

const OPTIONS = { ecmaVersion: 'latest', checkPrivateFields: false, preserveParens: true } as const;
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
    const node = parseExpressionAt(text, 0, OPTIONS);
    return /^[\s;]*$/.test(text.slice(node.end)) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Steps after which it is left to the sandbox, which has a time limit; and calls within calls. */
const MOST_STEPS = 500_000;
const DEEPEST = 100;

/**
 * Computes the expression as code in the call would, as far as nothing has to run. `functions`: the program's, where its
 * functions may be looked into.
 */
export function lookUp(
  reader: StateReader,
  call: Activation,
  text: string,
  functions?: PlainFunctions,
  isCondition = false,
): Looked {
  const expression = parseExpression(text);
  if (!expression) return { fault: 'This is no expression.', runs: true };
  const names: Names = { get: (name) => reader.variable(call, name), set: refuse };
  const self = () => lexicalThis(call.scope);
  try {
    const lookup = new Lookup({ reader, functions, steps: 0, depth: 0 }, names, self);
    const value = functions ? lookup.value(expression) : lookup.any(expression);
    if (value instanceof Made) {
      if (isCondition) return { value: true };
      throw needsCode();
    }
    return { value };
  } catch (error) {
    if (error instanceof Unknown) return { fault: error.message, runs: error.runs, throws: error.throws };
    // of an operator, such as 1n + 1
    if (error instanceof TypeError || error instanceof RangeError) return { fault: error.message, runs: true };
    throw error;
  }
}

/** Of one expression. */
interface Work {
  readonly reader: StateReader;
  readonly functions: PlainFunctions | undefined;
  steps: number;
  depth: number;
}

function refuse(): never {
  throw needsCode();
}

/** The rest of a chain is not computed: what `?.` stands behind is null or undefined. */
class ShortCircuit {}

class Lookup implements Computing {
  readonly reader: StateReader;

  constructor(
    private readonly work: Work,
    readonly names: Names,
    private readonly self: () => Item,
  ) {
    this.reader = work.reader;
  }

  /** A value or, of the expression as a whole, an accessor. */
  any(node: AnyNode): Item | Accessor {
    if (node.type === 'ChainExpression') return this.chain(node.expression);
    if (node.type === 'ParenthesizedExpression') return this.any(node.expression);
    if (node.type !== 'MemberExpression') return this.value(node);
    return this.memberOf(node).found;
  }

  private chain(node: AnyNode): Item | Accessor {
    try {
      return this.any(node);
    } catch (error) {
      if (error instanceof ShortCircuit) return undefined;
      throw error;
    }
  }

  /** A property, and what it is one of. */
  private memberOf(node: Extract<AnyNode, { type: 'MemberExpression' }>): { holder: Item; found: Item | Accessor } {
    const [holder, key] = this.keyed(node);
    return { holder, found: this.member(holder, key, node.object) };
  }

  keyed(node: Extract<AnyNode, { type: 'MemberExpression' }>): [Item, Key] {
    if (node.object.type === 'Super') throw new Unknown('super is not known here.', true);
    const holder = this.value(node.object);
    if (node.optional && (holder === null || holder === undefined)) throw new ShortCircuit();
    const { property } = node;
    if (property.type === 'PrivateIdentifier') return [holder, `#${property.name}`];
    if (node.computed) return [holder, keyOf(this.value(property))];
    return [holder, property.type === 'Identifier' ? property.name : ''];
  }

  within(names: Names): Lookup {
    return new Lookup(this.work, names, this.self);
  }

  get mayLookIn(): boolean {
    return this.work.functions !== undefined;
  }

  step(): void {
    if (++this.work.steps > MOST_STEPS) throw needsCode();
  }

  value(node: AnyNode): Item {
    this.step();
    switch (node.type) {
      case 'Literal':
        if ('regex' in node && node.regex) throw needsCode();
        return node.value as Primitive;
      case 'Identifier':
        return this.variable(node.name);
      case 'ThisExpression':
        return known(this.self(), 'this');
      case 'ParenthesizedExpression':
        return this.value(node.expression);
      case 'TemplateLiteral':
        return node.quasis.map(({ value }, i) => (value.cooked ?? '') + this.part(node.expressions[i])).join('');
      case 'ArrayExpression':
        return new List(this.spread(node.elements));
      case 'ObjectExpression':
        return this.made(node);
      case 'AssignmentExpression':
        return assign(node, this);
      case 'UpdateExpression':
        return update(node, this);
      case 'SequenceExpression':
        return node.expressions.map((each) => this.value(each)).at(-1);
      case 'ChainExpression':
      case 'MemberExpression':
        return this.got(node);
      case 'UnaryExpression':
        return this.unary(node.operator, node.argument);
      case 'BinaryExpression':
        if (node.operator === 'instanceof') return this.isInstance(this.value(node.left), node.right);
        return binary(node.operator, this.value(node.left), this.value(node.right));
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

  /** What a property is, its getter's result where it has one that only computes. */
  private got(node: AnyNode): Item {
    const chained = node.type === 'ChainExpression';
    const inner = chained ? node.expression : node;
    if (inner.type !== 'MemberExpression') return (chained ? this.chain(inner) : this.value(inner)) as Item;
    const get = (): Item => {
      const { holder, found } = this.memberOf(inner);
      if (!(found instanceof Accessor)) return found;
      const { functions } = this.work;
      if (!(found.get instanceof ObjectValue) || !functions) throw new Unknown('A getter would have to run.', true);
      return this.call(functions.of(found.get, holder), []);
    };
    if (!chained) return get();
    try {
      return get();
    } catch (error) {
      if (error instanceof ShortCircuit) return undefined;
      throw error;
    }
  }

  private part(node: AnyNode | undefined): string {
    return node === undefined ? '' : String(primitive(this.value(node)));
  }

  private unary(operator: string, argument: AnyNode): Item {
    if (operator === 'typeof' && argument.type === 'Identifier' && !this.names.get(argument.name)) {
      if (argument.name === 'undefined') return 'undefined';
      throw needsCode();
    }
    const value = this.value(argument);
    switch (operator) {
      case 'typeof':
        if (value instanceof Made) return 'object';
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

  private isInstance(value: Item, right: AnyNode): boolean {
    const name = right.type === 'Identifier' && !this.names.get(right.name) ? right.name : undefined;
    const constructor = name === undefined ? this.value(right) : undefined;
    if (name === undefined && !(constructor instanceof ObjectValue)) throw needsCode();
    if (value instanceof Made || !(name ?? constructor)) throw needsCode();
    const is = this.reader.facts.isInstance(value, (name ?? constructor) as string | ObjectValue);
    if (is === undefined) throw needsCode();
    return is;
  }

  private callOf(callee: AnyNode, given: readonly AnyNode[], optional: boolean): Item {
    if (callee.type === 'Identifier') return this.callNamed(callee.name, given, optional);
    if (callee.type !== 'MemberExpression') throw needsCode();
    const { object, property } = callee;
    if (
      !callee.computed &&
      object.type === 'Identifier' &&
      property.type === 'Identifier' &&
      !this.names.get(object.name)
    )
      return this.callStatic(object.name, property.name, given);
    if (object.type === 'Literal' && 'regex' in object && object.regex)
      return usePattern(object, property, given, this);
    const [holder, key] = this.keyed(callee);
    const result = typeof key === 'string' ? this.callBuiltin(holder, key, given) : undefined;
    if (result) return result.value;
    const { functions } = this.work;
    if (!(holder instanceof ObjectValue) || !functions) throw needsCode();
    const method = this.member(holder, key, object);
    if (optional && (method === undefined || method === null)) throw new ShortCircuit();
    if (!(method instanceof ObjectValue)) throw needsCode();
    return this.call(functions.of(method, holder), this.values(given));
  }

  private callNamed(name: string, given: readonly AnyNode[], optional: boolean): Item {
    const found = this.names.get(name);
    const { functions } = this.work;
    if (found) {
      const callee = known(found.value, name);
      if (optional && (callee === undefined || callee === null)) throw new ShortCircuit();
      if (!(callee instanceof ObjectValue) || !functions) throw needsCode();
      return this.call(functions.of(callee, undefined), this.values(given));
    }
    if (this.reader.isPatched('globalThis', name)) throw needsCode();
    if (name === 'Boolean' && given.length === 1) return isTrue(this.value(given[0]!));
    const compute = GLOBALS.get(name) ?? refuse();
    return compute(...this.values(given).map(primitive));
  }

  /** `Math.max` and the like. */
  private callStatic(holder: string, name: string, given: readonly AnyNode[]): Item {
    if (this.reader.isPatched(holder, name) || this.reader.isPatched('globalThis', holder)) throw needsCode();
    const values = this.values(given);
    if (holder === 'Math' && PURE_MATH.has(name))
      return (Math[name as 'max'] as (...numbers: readonly number[]) => number)(
        ...values.map((each) => Number(primitive(each))),
      );
    if (holder === 'Number' && values.length === 1) return numberFunction(name, values[0]);
    if (holder === 'Array' && name === 'isArray' && values.length === 1) {
      const [value] = values;
      return value instanceof List || (value instanceof ObjectValue && (this.reader.facts.isArray(value) ?? refuse()));
    }
    if (holder === 'Object' && values[0] instanceof ObjectValue && values.length === 1) {
      const entries = this.reader.facts.ownEntries(values[0]);
      if (entries && name === 'keys') return new List(entries.map(({ key }) => key));
      if (entries && name === 'values') return new List(entries.map(({ key, value }) => known(value, key)));
      if (entries && name === 'entries')
        return new List(entries.map(({ key, value }) => new List([key, known(value, key)])));
    }
    throw needsCode();
  }

  /** A method that the language gives, or undefined. */
  private callBuiltin(holder: Item, name: string, given: readonly AnyNode[]): { readonly value: Item } | undefined {
    const { reader } = this;
    if (typeof holder === 'string') {
      if (reader.isPatched('String.prototype', name)) throw needsCode();
      if (takesPattern(name)) return { value: callText(holder, name, given, this) };
      if (!PURE_STRING.has(name)) throw needsCode();
      const method = String.prototype[name as 'includes'] as (...values: readonly Primitive[]) => Primitive;
      return { value: method.apply(holder, this.values(given).map(primitive) as never) };
    }
    if (typeof holder === 'number') {
      if (reader.isPatched('Number.prototype', name)) throw needsCode();
      return { value: numberMethod(name, holder, this.values(given)) };
    }
    if (holder === undefined || holder === null)
      throw new Unknown(`It has no method ${name}: it is ${String(holder)}.`, true, true);
    if (holder instanceof List) {
      if (reader.isPatched('Array.prototype', name)) throw needsCode();
      const change = CHANGING.get(name);
      if (change) return { value: change(holder.own, this.values(given)) };
      return { value: this.callArray(holder, holder.elements, name, given) };
    }
    if (!(holder instanceof ObjectValue)) throw needsCode();
    switch (reader.facts.builtinHolder(holder, name)) {
      case undefined:
        return undefined;
      case 'Array.prototype': {
        const elements = reader.facts.elements(holder);
        if (!elements) throw needsCode();
        return { value: this.callArray(holder, elements, name, given) };
      }
      case 'Map.prototype':
      case 'Set.prototype': {
        const entries = reader.facts.entries(holder);
        if (!entries || (name !== 'has' && name !== 'get') || given.length !== 1) throw needsCode();
        return { value: collectionMethod(name, entries, this.values(given)[0]) };
      }
      case 'RegExp.prototype': {
        const pattern = reader.facts.pattern(holder);
        // one that remembers where it was goes on from there
        if (!pattern || name !== 'test' || /[gy]/.test(pattern.flags)) throw needsCode();
        return { value: tried(pattern, given, this) };
      }
      default:
        throw needsCode();
    }
  }

  private callArray(whole: Item, elements: readonly Item[], name: string, given: readonly AnyNode[]): Item {
    const method = ARRAY_METHODS.get(name) ?? refuse();
    if (!method.takesFunction) return method.run(elements, refuse, this.values(given), whole);
    const [first, ...rest] = given;
    if (!first) throw needsCode();
    return method.run(elements, this.callback(first), [undefined, ...this.values(rest)], whole);
  }

  callback(node: AnyNode): Callback {
    const own = plainFunction(node);
    if (own?.isArrow) return (...given) => this.run(own, given, this.names, this.self);
    const callee = this.value(node);
    if (!(callee instanceof ObjectValue)) throw needsCode();
    const plain = this.work.functions?.of(callee, undefined) ?? refuse();
    return (...given) => this.call(plain, given);
  }

  iterate(value: Item): Generator<Item, void> {
    return iterate(value, this.reader.facts);
  }

  values(nodes: readonly AnyNode[]): Item[] {
    return this.spread(nodes);
  }

  private spread(nodes: readonly (AnyNode | null)[]): Item[] {
    return nodes.flatMap((each) => {
      if (!each) throw needsCode();
      return each.type === 'SpreadElement' ? [...this.iterate(this.value(each.argument))] : [this.value(each)];
    });
  }

  private made({ properties }: Extract<AnyNode, { type: 'ObjectExpression' }>): Made {
    const made = new Map<string, Item>();
    for (const each of properties) {
      if (each.type !== 'Property' || each.kind !== 'init' || each.method) throw needsCode();
      const key = each.computed || each.key.type !== 'Identifier' ? keyOf(this.value(each.key)) : each.key.name;
      if (typeof key !== 'string' || key === '__proto__') throw needsCode();
      made.set(key, this.value(each.value));
    }
    return new Made(made);
  }

  private call(plain: PlainCall, given: readonly Item[]): Item {
    const { code, scope } = plain;
    const get: Names['get'] = (name) => {
      if (!code.isArrow && name === 'arguments') throw needsCode();
      if (name === code.ownName) throw needsCode();
      return this.reader.variableIn(scope, name);
    };
    const names: Names = { get, set: refuse };
    return this.run(code, given, names, () => selfOf(plain));
  }

  private run({ parameters, body }: PlainFunction, given: readonly Item[], names: Names, self: () => Item): Item {
    const { work } = this;
    if (work.depth >= DEEPEST) throw needsCode();
    const locals = new Locals(names);
    const inside = new Lookup(work, locals, self);
    work.depth++;
    try {
      parameters.forEach((each, i) => inside.bind(each, given[i], (name, value) => locals.declare(name, value)));
      return body.type === 'BlockStatement' ? returnedBy(body.body, inside, locals) : inside.value(body);
    } finally {
      work.depth--;
    }
  }

  bind(pattern: AnyNode, value: Item, declare: (name: string, value: Item) => void): void {
    bind(pattern, value, declare, this);
  }

  private variable(name: string): Item {
    const found = this.names.get(name);
    if (found) return known(found.value, name);
    if (name === 'undefined') return undefined;
    if (name === 'NaN') return Number.NaN;
    if (name === 'Infinity') return Infinity;
    throw new Unknown(`${name} is not defined here.`, true);
  }

  /** Of what it inherits nothing is known here. */
  private madeMember({ properties }: Made, key: Key): Item {
    if (typeof key !== 'string') throw needsCode();
    if (properties.has(key)) return properties.get(key);
    if (key in Object.prototype || key in Array.prototype || this.reader.isPatched('Object.prototype', key))
      throw needsCode();
    if (this.reader.isPatched('Array.prototype', key)) throw needsCode();
    return undefined;
  }

  /** A property, own or inherited, as far as the recording holds it. */
  member(value: Item, key: Key, node: AnyNode): Item | Accessor {
    if (value === undefined || value === null) throw new Unknown(`${nameOf(node)} is ${String(value)}.`, true, true);
    if (typeof value === 'string' || value instanceof List) {
      const all = typeof value === 'string' ? value : value.elements;
      if (key === 'length') return all.length;
      const index = Number(key);
      if (Number.isInteger(index) && index >= 0 && index < all.length) return all[index];
    }
    if (value instanceof Made) return this.madeMember(value, key);
    if (!(value instanceof ObjectValue)) throw needsCode();
    const found = this.reader.property(value, key);
    if (found === undefined) throw needsCode();
    if (found.value instanceof Accessor) return found.value;
    return known(found.value, `${nameOf(node)}.${typeof key === 'string' ? key : ''}`);
  }
}
