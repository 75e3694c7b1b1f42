/** Values as expressions are computed with: those of the recording, and lists that the expression makes itself. */
import type { AnyNode } from 'acorn';
import { truthy } from '../query/derive.ts';
import type { StateReader } from '../query/state.ts';
import type { Names } from './expression-names.ts';
import {
  type Accessor,
  ObjectValue,
  hole,
  isPrimitive,
  opaque,
  toKey,
  type Key,
  type Primitive,
  type Value,
} from '../query/values.ts';

/** An object that the expression makes: nobody else has it, so nothing but its properties is to be known of it. */
export class Made {
  constructor(readonly properties: Map<string, Item> = new Map()) {}
}

/** An array that the expression makes, with what it has beside its elements. */
export class List extends Made {
  constructor(
    readonly elements: readonly Item[],
    properties?: Map<string, Item>,
  ) {
    super(properties);
  }

  /** Its elements, to be changed: only the expression has them. */
  get own(): Item[] {
    return this.elements as Item[];
  }
}

export type Item = Value | Made;

/** Computes expressions where the names are known. */
export interface Computing {
  readonly reader: StateReader;
  readonly names: Names;
  /** whether functions and patterns of the program may be looked into */
  readonly mayLookIn: boolean;
  /** with other names */
  within(names: Names): Computing;
  value(node: AnyNode): Item;
  values(nodes: readonly AnyNode[]): Item[];
  /** The object and the key that a place names. */
  keyed(node: Extract<AnyNode, { type: 'MemberExpression' }>): [Item, Key];
  /** A property, own or inherited, as far as the recording holds it. */
  member(value: Item, key: Key, node: AnyNode): Item | Accessor;
  callback(node: AnyNode): Callback;
  bind(pattern: AnyNode, value: Item, declare: (name: string, value: Item) => void): void;
  iterate(value: Item): Generator<Item, void>;
  /** Throws where it took too many. */
  step(): void;
}

/** What is called for each element: a function of the expression, or one that was recorded. */
export type Callback = (...given: readonly Item[]) => Item;

/** What cannot be told without running code, or not at all. */
export class Unknown extends Error {
  constructor(
    sentence: string,
    /** code would have to run to tell */
    readonly runs: boolean,
    /** it would throw, whatever else it did */
    readonly throws = false,
  ) {
    super(sentence);
  }
}

export function needsCode(): Unknown {
  return new Unknown('Code would have to run to tell.', true);
}

/** What the recording does not hold is no value to compute with. */
export function known<T extends Item>(value: T, name: string): T | undefined {
  if (value instanceof Made || isPrimitive(value)) return value;
  if (value === hole) return undefined;
  if (value === opaque) throw new Unknown(`The recording does not hold ${name}.`, false);
  if (value.kind === 'object' || value.kind === 'symbol') return value;
  if (value.kind === 'redacted')
    throw new Unknown(`${name} holds the secret ${value.name}, which is not recorded.`, false);
  throw new Unknown(`${name} is not initialised yet.`, true);
}

export function primitive(value: Item): Primitive {
  if (!(value instanceof Made) && isPrimitive(value)) return value;
  throw needsCode();
}

export function isTrue(value: Item): boolean {
  if (value instanceof Made) return true;
  const truth = truthy(value);
  if (truth === undefined) throw needsCode();
  return truth;
}

export function keyOf(value: Item): Key {
  const key = value instanceof Made ? undefined : toKey(value);
  if (key === undefined) throw needsCode();
  return key;
}

/** As the language tells whether two values are one, NaN being itself. */
export function isSame(a: Item, b: Item): boolean {
  return a === b || (a !== a && b !== b);
}

export function isObject(value: Item): value is ObjectValue | Made {
  return value instanceof ObjectValue || value instanceof Made;
}

/** As a person would name what stands there. */
export function nameOf(node: AnyNode): string {
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
