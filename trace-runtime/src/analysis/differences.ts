/** Where two values, or a value and what the source says that it should be, first differ. */
import type { AnyNode } from 'acorn';
import type { StateReader } from '../query/state.ts';
import { Accessor, ObjectValue, type Value } from '../query/values.ts';
import { isKnown } from './primitives.ts';
import type { Reenactment } from './reenact.ts';
import { keyText, plain } from './syntax.ts';

/** How many pairs of values are compared. */
const DEEPEST = 10_000;

/** Zeros are, whatever their sign: not every assertion tells them apart. */
const isAlike = (a: Value, b: Value): boolean => a === b || Object.is(a, b);

/** Where two values first differ; undefined where they do not, or it cannot be told. */
export function firstDifference(reader: StateReader, a: Value, b: Value): readonly string[] | undefined {
  return search({ a, b, path: [] }, ({ a: own, b: other }) => {
    const left = keysOf(reader, own);
    const right = keysOf(reader, other);
    if (!left || !right) return !isAlike(own, other) && isKnown(own) && isKnown(other) ? 'differs' : [];
    return [...new Set([...left, ...right])].flatMap((key) => {
      const mine = partOf(reader, own, key);
      const its = partOf(reader, other, key);
      return mine && its ? [{ key, a: mine.value, b: its.value }] : [];
    });
  });
}

/**
 * Where the value of `actual` first differs from the array or object that `expected` writes out, which nothing recorded
 * was given; undefined where it does not, or it cannot be told.
 */
export function differenceFromSource(
  re: Reenactment,
  actual: AnyNode,
  expected: AnyNode,
): readonly string[] | undefined {
  const { reader } = re.traced;
  const whole = re.valueOf(actual);
  if (!(whole instanceof ObjectValue)) return undefined;
  // what a call gives that is expected is made after it
  re.standAt(re.has(expected) ? expected : actual);
  return search<Value, AnyNode | undefined>({ a: whole, b: expected, path: [] }, ({ a: own, b: node, path }) => {
    const written = node && writtenParts(node);
    const keys = keysOf(reader, own);
    if (!written) return compared(reader, own, node && re.valueOf(node), path);
    if (!keys) return isKnown(own) ? 'differs' : [];
    return [...new Set([...keys, ...written.keys()])].flatMap((key) => {
      const mine = partOf(reader, own, key);
      return mine ? [{ key, a: mine.value, b: written.get(key) }] : [];
    });
  });
}

function compared(
  reader: StateReader,
  a: Value,
  b: Value,
  path: readonly string[],
): 'differs' | { readonly path: readonly string[] } | [] {
  if (isAlike(a, b) || !isKnown(a) || !isKnown(b)) return [];
  if (!(a instanceof ObjectValue) || !(b instanceof ObjectValue)) return 'differs';
  const rest = firstDifference(reader, a, b);
  return rest ? { path: [...path, ...rest] } : [];
}

interface Pair<A, B> {
  readonly a: A;
  readonly b: B;
  readonly path: readonly string[];
}

type Found<A, B> =
  | 'differs'
  | { readonly path: readonly string[] }
  | readonly { readonly key: string; readonly a: A; readonly b: B }[];

/** The nearest to the whole first. */
function search<A, B>(whole: Pair<A, B>, compare: (pair: Pair<A, B>) => Found<A, B>): readonly string[] | undefined {
  const queue = [whole];
  for (let next = queue.shift(), seen = 0; next && seen < DEEPEST; next = queue.shift(), seen++) {
    const { path } = next;
    const found = compare(next);
    if (found === 'differs') return path;
    if ('path' in found) return found.path;
    for (const { key, a, b } of found) queue.push({ a, b, path: [...path, key] });
  }
  return undefined;
}

/** Of its elements and properties; undefined where it is no object that is known. */
function keysOf(reader: StateReader, value: Value): readonly string[] | undefined {
  const state = value instanceof ObjectValue ? reader.object(value) : undefined;
  return (
    state && [
      ...(state.elements ?? []).map((_, i) => String(i)),
      ...state.properties.flatMap(({ key }) => (typeof key === 'string' ? [key] : [])),
    ]
  );
}

/** Undefined where code would have to run. */
function partOf(reader: StateReader, object: Value, key: string): { readonly value: Value } | undefined {
  const value = reader.property(object as ObjectValue, key)?.value;
  return value instanceof Accessor ? undefined : { value };
}

/** What an array or an object is written with; undefined where it is something else, or not all of it stands there. */
function writtenParts(node: AnyNode): ReadonlyMap<string, AnyNode> | undefined {
  const inner = plain(node);
  const parts = new Map<string, AnyNode>();
  if (inner.type === 'ArrayExpression') {
    for (const [i, element] of inner.elements.entries()) {
      if (!element || element.type === 'SpreadElement') return undefined;
      parts.set(String(i), element);
    }
    return parts;
  }
  if (inner.type !== 'ObjectExpression') return undefined;
  for (const property of inner.properties) {
    if (property.type === 'SpreadElement' || property.kind !== 'init') return undefined;
    const key = keyText(property.key, property.computed);
    if (key === undefined) return undefined;
    parts.set(key, property.value);
  }
  return parts;
}
