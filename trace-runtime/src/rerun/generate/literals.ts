/** Recorded values as JavaScript that makes them again. */
import type { AnyNode } from 'acorn';
import { parseAs } from '../../evaluate/parsed-source.ts';
import { ObjectKind } from '../../wire/words.ts';
import { ORDINARY, type Heap, type HeapObject } from '../../query/heap.ts';
import { Accessor, Hole, isPrimitive, ObjectValue, Redacted, type Value } from '../../query/values.ts';

export interface Literal {
  readonly code: string;
  /** as JSON has it; undefined where it has more than that, or a secret */
  readonly data: { readonly value: unknown } | undefined;
  /** where it is a text */
  readonly text: string | undefined;
}

const MOST_LENGTH = 2_000_000;
const REDACTED = /«redacted:([^»]+)»/g;

/** undefined: no literal makes such a value. Secrets are taken from the environment; `needs` gets their names. */
export function literalOf(heap: Heap, value: Value, needs: Set<string>): Literal | undefined {
  const writer = new Writer(heap, needs);
  const code = writer.value(value, '');
  if (code === undefined || code.length > MOST_LENGTH) return undefined;
  const text = typeof value === 'string' && !writer.hasSecret ? value : undefined;
  const data = writer.isJson && !writer.hasSecret ? { value: plainOf(heap, value) } : undefined;
  return { code, data, text };
}

/**
 * What own fields of an object hold, by name, `#` in front of private ones; undefined where one has no literal. Functions are
 * told apart by what they are, for comparison alone: see `isOwn`.
 */
export function fieldsOf(heap: Heap, value: ObjectValue, needs: Set<string>): ReadonlyMap<string, string> | undefined {
  const object = heap.get(value);
  if (object?.kind !== ObjectKind.plain) return undefined;
  const fields = new Map<string, string>();
  for (const [key, each] of object.properties) {
    if (typeof key !== 'string' || each instanceof Accessor) return undefined;
    const isFunction = each instanceof ObjectValue && heap.get(each)?.kind === ObjectKind.function;
    const code = isFunction ? `${OWN}${each.id}` : literalOf(heap, each, needs)?.code;
    if (code === undefined) return undefined;
    fields.set(key, code);
  }
  return fields;
}

const OWN = '\0';

/** Whether it is no code, but stands for a function of the program. */
export function isOwn(code: string): boolean {
  return code.startsWith(OWN);
}

/** An expression for a text; secrets in it come from the environment. */
export function textCode(text: string, needs: Set<string>): string {
  const names = [...text.matchAll(REDACTED)].map(([, name]) => name!);
  if (names.length === 0) return quoted(text);
  for (const name of names) needs.add(name);
  if (text === `«redacted:${names[0]}»`) return `process.env.${names[0]}`;
  const escaped = text.replaceAll(/[`\\]|\$\{/g, '\\$&');
  return `\`${escaped.replaceAll(REDACTED, (_, name: string) => `\${process.env.${name}}`)}\``;
}

export function quoted(text: string): string {
  const plain = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return `'${plain.replaceAll("'", "\\'")}'`;
}

/** Of a text that is a literal of plain data: objects, arrays, primitives. */
export function dataLiteral(text: string): Literal | undefined {
  const [statement] = parseAs(`(${text}\n)`, true)?.body ?? [];
  const code = statement?.type === 'ExpressionStatement' ? dataCode(statement.expression, '') : undefined;
  return code === undefined ? undefined : { code, data: undefined, text: undefined };
}

function dataCode(node: AnyNode, indent: string): string | undefined {
  const inner = `${indent}  `;
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? quoted(node.value) : node.raw;
    case 'Identifier':
      return /^(?:undefined|NaN|Infinity)$/.test(node.name) ? node.name : undefined;
    case 'UnaryExpression': {
      const of = node.operator === '-' ? dataCode(node.argument, indent) : undefined;
      return of === undefined ? undefined : `-${of}`;
    }
    case 'ArrayExpression':
      return laidOut('[', all(node.elements.map((each) => (each ? dataCode(each, inner) : undefined))), ']', indent);
    case 'ObjectExpression':
      return laidOut('{', all(node.properties.map((each) => propertyCode(each, inner))), '}', indent);
    default:
      return undefined;
  }
}

function propertyCode(node: AnyNode, indent: string): string | undefined {
  if (node.type !== 'Property' || node.computed) return undefined;
  const key =
    node.key.type === 'Literal' ? String(node.key.value) : node.key.type === 'Identifier' ? node.key.name : '';
  const value = dataCode(node.value, indent);
  return value === undefined ? undefined : `${keyCode(key)}: ${value}`;
}

export function keyCode(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

function all(parts: readonly (string | undefined)[]): readonly string[] | undefined {
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** What the writer found to be JSON, as the reader's own data. */
function plainOf(heap: Heap, value: Value): unknown {
  const object = value instanceof ObjectValue ? heap.get(value) : undefined;
  if (!object) return value;
  if (object.elements) return object.elements.map((each) => plainOf(heap, each));
  return Object.fromEntries([...object.properties].map(([key, each]) => [key, plainOf(heap, each as Value)]));
}

const WIDTH = 90;

class Writer {
  isJson = true;
  hasSecret = false;
  readonly #open = new Set<ObjectValue>();

  constructor(
    private readonly heap: Heap,
    private readonly needs: Set<string>,
  ) {}

  value(value: Value, indent: string): string | undefined {
    if (typeof value === 'string') {
      if (value.search(REDACTED) >= 0) this.hasSecret = true;
      return textCode(value, this.needs);
    }
    if (isPrimitive(value)) return this.#primitive(value);
    if (value instanceof Redacted) {
      this.hasSecret = true;
      this.needs.add(value.name);
      return `process.env.${value.name}`;
    }
    return value instanceof ObjectValue ? this.#object(value, indent) : undefined;
  }

  #primitive(value: undefined | null | boolean | number | bigint): string {
    const isPlain =
      value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
    if (!isPlain || Object.is(value, -0)) this.isJson = false;
    if (typeof value === 'bigint') return `${value}n`;
    return Object.is(value, -0) ? '-0' : String(value);
  }

  #object(value: ObjectValue, indent: string): string | undefined {
    const object = this.heap.get(value);
    if (!object || this.#open.has(value) || this.#open.size > 200) return undefined;
    this.#open.add(value);
    try {
      return this.#contents(object, indent);
    } finally {
      this.#open.delete(value);
    }
  }

  #contents(object: HeapObject, indent: string): string | undefined {
    const inner = `${indent}  `;
    switch (object.kind) {
      case ObjectKind.array: {
        if (object.className !== 'Array' || object.properties.size > 0) return undefined;
        return laidOut('[', this.#all(object.elements ?? [], inner), ']', indent);
      }
      case ObjectKind.plain:
        return object.className === 'Object' ? this.#plain(object, indent) : undefined;
      case ObjectKind.map:
      case ObjectKind.set: {
        this.isJson = false;
        const entries = [...(object.entries ?? [])];
        const isMap = object.kind === ObjectKind.map;
        const parts = isMap
          ? entries.map(([key, each]) => this.#pair(key, each, inner))
          : this.#all(
              entries.map(([key]) => key),
              inner,
            );
        const list = parts?.every((part) => part !== undefined)
          ? laidOut('[', parts as string[], ']', indent)
          : undefined;
        return list === undefined ? undefined : `new ${isMap ? 'Map' : 'Set'}(${list})`;
      }
      case ObjectKind.date:
        this.isJson = false;
        if (typeof object.inner !== 'number') return undefined;
        return Number.isNaN(object.inner) ? 'new Date(NaN)' : `new Date('${new Date(object.inner).toISOString()}')`;
      case ObjectKind.regexp:
        this.isJson = false;
        return `new RegExp(${quoted(String(object.inner))}, ${quoted(String(object.inner2 ?? ''))})`;
      default:
        return undefined;
    }
  }

  #pair(key: Value, value: Value, indent: string): string | undefined {
    const [a, b] = [this.value(key, indent), this.value(value, indent)];
    return a === undefined || b === undefined ? undefined : `[${a}, ${b}]`;
  }

  #all(values: readonly Value[], indent: string): readonly string[] | undefined {
    const parts: string[] = [];
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      const part = !(at in values) || value instanceof Hole ? undefined : this.value(value, indent);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return parts;
  }

  #plain(object: HeapObject, indent: string): string | undefined {
    const parts: string[] = [];
    for (const [key, value] of object.properties) {
      if (typeof key !== 'string' || value instanceof Accessor || object.attributesOf(key) !== ORDINARY)
        return undefined;
      const written = this.value(value, `${indent}  `);
      if (written === undefined || key === '__proto__') return undefined;
      parts.push(`${keyCode(key)}: ${written}`);
    }
    return laidOut('{', parts, '}', indent);
  }
}

/** In one line where it fits. */
export function laidOut(
  open: string,
  parts: readonly string[] | undefined,
  close: string,
  indent: string,
): string | undefined {
  if (parts === undefined) return undefined;
  if (parts.length === 0) return open + close;
  const gap = open === '{' ? ' ' : '';
  const line = `${open}${gap}${parts.join(', ')}${gap}${close}`;
  if (line.length + indent.length <= WIDTH && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => `${indent}  ${part},\n`).join('')}${indent}${close}`;
}
