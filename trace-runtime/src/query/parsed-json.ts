/** Objects that a recording has as a JSON text. */
import { ObjectKind } from '../wire/words.ts';
import { ownProperties, type Heap, type HeapObject } from './heap.ts';
import { ObjectValue, type Value } from './values.ts';

/** The objects of a text that was parsed: the outermost has the number `first`, the others those behind it. */
export interface ParsedObjects {
  readonly first: number;
  readonly text: string;
  readonly prototype: Value;
  readonly ofArrays: Value;
}

/** What a JSON text holds: its objects, breadth first, in the order of their properties. */
export class ParsedTree {
  private readonly nodes: object[] = [];
  /** of each object, where in the order those begin that it holds */
  private readonly inner: number[] = [];

  /** undefined where it is no JSON text */
  static of(text: string): ParsedTree | undefined {
    try {
      return new ParsedTree(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  private constructor(result: unknown) {
    const { nodes, inner } = this;
    if (isObject(result)) nodes.push(result);
    for (let i = 0; i < nodes.length; i++) {
      inner.push(nodes.length);
      for (const value of valuesOf(nodes[i]!)) if (isObject(value)) nodes.push(value);
    }
  }

  /** how many objects */
  get count(): number {
    return this.nodes.length;
  }

  /** Gives an object that is being made the contents of one of the text's. */
  fill(made: HeapObject, at: number, { first, prototype, ofArrays }: ParsedObjects, heap: Heap): void {
    const node = this.nodes[at]!;
    let inner = first + this.inner[at]!;
    const take = (value: unknown): Value => (isObject(value) ? heap.value(inner++) : (value as Value));
    if (Array.isArray(node)) {
      made.kind = ObjectKind.array;
      made.className = 'Array';
      made.prototype = ofArrays;
      made.elements = node.map(take);
      return;
    }
    made.kind = ObjectKind.plain;
    made.className = 'Object';
    made.prototype = prototype;
    for (const [key, value] of Object.entries(node)) ownProperties(made).set(key, take(value));
  }

  /** Whether an object has exactly the contents that it was given. */
  isUnchanged(object: HeapObject, at: number, { first, prototype, ofArrays }: ParsedObjects, heap: Heap): boolean {
    const node = this.nodes[at]!;
    const { kind, flags, className, elements, properties, attributes, inner, inner2, closure, mapped } = object;
    if (flags !== 0 || attributes || inner !== undefined || inner2 !== undefined || closure || mapped) return false;
    let next = first + this.inner[at]!;
    const isStill = (value: Value | object | undefined, original: unknown): boolean =>
      isObject(original) ? value instanceof ObjectValue && value === heap.value(next++) : Object.is(value, original);
    if (Array.isArray(node)) {
      if (kind !== ObjectKind.array || className !== 'Array' || object.prototype !== ofArrays) return false;
      if (properties.size > 0) return false;
      if (elements?.length !== node.length) return false;
      for (let i = 0; i < node.length; i++) if (!isStill(elements[i], node[i])) return false;
      return true;
    }
    if (kind !== ObjectKind.plain || className !== 'Object' || object.prototype !== prototype) return false;
    if (elements) return false;
    const keys = Object.keys(node);
    if (properties.size !== keys.length) return false;
    let i = 0;
    for (const [key, value] of properties) {
      if (key !== keys[i++] || !isStill(value, (node as Record<string, unknown>)[key])) return false;
    }
    return true;
  }
}

/** Defines all that the text holds. False where it is no JSON text. */
export function defineParsed(heap: Heap, parsed: ParsedObjects): boolean {
  const tree = ParsedTree.of(parsed.text);
  if (!tree) return false;
  for (let at = 0; at < tree.count; at++) tree.fill(heap.define(parsed.first + at), at, parsed, heap);
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function valuesOf(node: object): readonly unknown[] {
  return Array.isArray(node) ? node : Object.values(node);
}
