/** Values as expressions are computed with: those of the recording, and lists that the expression makes itself. */
import type { AnyNode } from 'acorn';
import { truthy } from '../query/derive.ts';
import {
  ObjectValue,
  hole,
  isPrimitive,
  opaque,
  toKey,
  type Key,
  type Primitive,
  type Value,
} from '../query/values.ts';

/** An array that the expression makes: nobody else has it, so nothing but its elements is to be known of it. */
export class List {
  constructor(readonly elements: readonly Item[]) {}
}

export type Item = Value | List;

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
  if (value instanceof List || isPrimitive(value)) return value;
  if (value === hole) return undefined;
  if (value === opaque) throw new Unknown(`The recording does not hold ${name}.`, false);
  if (value.kind === 'object' || value.kind === 'symbol') return value;
  if (value.kind === 'redacted')
    throw new Unknown(`${name} holds the secret ${value.name}, which is not recorded.`, false);
  throw new Unknown(`${name} is not initialised yet.`, true);
}

export function primitive(value: Item): Primitive {
  if (!(value instanceof List) && isPrimitive(value)) return value;
  throw needsCode();
}

export function isTrue(value: Item): boolean {
  if (value instanceof List) return true;
  const truth = truthy(value);
  if (truth === undefined) throw needsCode();
  return truth;
}

export function keyOf(value: Item): Key {
  const key = value instanceof List ? undefined : toKey(value);
  if (key === undefined) throw needsCode();
  return key;
}

/** As the language tells whether two values are one, NaN being itself. */
export function isSame(a: Item, b: Item): boolean {
  return a === b || (a !== a && b !== b);
}

export function isObject(value: Item): value is ObjectValue | List {
  return value instanceof ObjectValue || value instanceof List;
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
