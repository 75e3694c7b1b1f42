/** What arrays and objects hold that the recording has not seen themselves, as their text says. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import { Accessor, hole, indexOfKey, ObjectValue, opaque, type Value } from '../query/values.ts';
import { Entry, expression, NAMED, Pair, type ExpressionLead, type Path } from './hops.ts';
import { madeElements } from './made-elements.ts';
import { isKnown, read } from './primitives.ts';
import type { Reenactment } from './reenact.ts';
import { keyText, plain } from './syntax.ts';

/** An element or a property: where it is, and its value where that is known. */
export interface Part {
  readonly lead: ExpressionLead;
  readonly value: Value;
  /** an array has nothing there */
  readonly isHole?: boolean;
  /** of an array that native code made for it, such as an entry: what that holds */
  readonly parts?: readonly Part[];
}

/** The elements of what an expression gave, in order. Undefined where they are not known. */
export function elementsOf(re: Reenactment, node: AnyNode): readonly Part[] | undefined {
  const inner = plain(node);
  const value = re.valueOf(inner);
  if (value instanceof ObjectValue) {
    re.standAt(inner);
    const contents = re.traced.timeline.replay.heap.get(value);
    // what is seen for the first time where it ends is as its text says
    if (contents?.entries) return ofEntries(re, inner, contents.kind, contents.entries);
    if (contents) return contents.elements && ofKnown(re, inner, contents.elements);
  }
  if (inner.type === 'ArrayExpression') return ofLiteral(re, inner);
  return inner.type === 'CallExpression' ? madeElements(re, inner) : undefined;
}

/** What iterating a Map or a Set gives. */
export function ofEntries(
  re: Reenactment,
  node: AnyNode,
  kind: number,
  entries: ReadonlyMap<Value, Value>,
): readonly Part[] {
  if (kind === ObjectKind.set) return ofSet(re, node, entries.keys());
  return [...entries].map(([key, value], i) => ({
    lead: expression(re, node, [new Pair(key, i)]),
    value: opaque,
    parts: [keyOf(re, node, key), { lead: expression(re, node, [new Entry(key)]), value }],
  }));
}

/** A key of a Map. */
export function keyOf(re: Reenactment, node: AnyNode, key: Value): Part {
  return { lead: expression(re, node, [new Entry(key), NAMED]), value: key };
}

function ofSet(re: Reenactment, node: AnyNode, values: Iterable<Value>): Part[] {
  return [...values].map((value) => ({ lead: expression(re, node, [new Entry(value, true)]), value }));
}

function ofKnown(re: Reenactment, node: AnyNode, elements: readonly Value[]): Part[] {
  return Array.from({ length: elements.length }, (_, i) => ({
    lead: expression(re, node, [String(i)]),
    value: read(elements[i]),
    isHole: !(i in elements) || elements[i] === hole,
  }));
}

function ofLiteral(re: Reenactment, node: Extract<AnyNode, { type: 'ArrayExpression' }>): Part[] | undefined {
  const list: Part[] = [];
  for (const each of node.elements) {
    if (each?.type === 'SpreadElement') {
      const spread = elementsOf(re, each.argument);
      if (!spread) return undefined;
      list.push(...spread);
    } else if (each) list.push({ lead: expression(re, each), value: re.valueOf(each) });
    else list.push({ lead: expression(re, node), value: undefined, isHole: true });
  }
  return list;
}

/** Of an array, as methods take it apart that leave what else can be iterated in one piece. */
function elementsOfArray(re: Reenactment, node: AnyNode): readonly Part[] | undefined {
  const inner = plain(node);
  const value = re.valueOf(inner);
  if (value instanceof ObjectValue) {
    re.standAt(inner);
    if (re.traced.timeline.replay.heap.get(value)?.entries) return undefined;
  }
  const method = inner.type === 'CallExpression' ? plain(inner.callee) : undefined;
  const isIterator = method?.type === 'MemberExpression' && ITERATING.has(keyText(method.property, false) ?? '');
  const isObjects = isIterator && method.object.type === 'Identifier' && method.object.name === 'Object';
  return isIterator && !isObjects ? undefined : elementsOf(re, inner);
}

const ITERATING: ReadonlySet<string> = new Set(['keys', 'values', 'entries']);

export function concatenated(re: Reenactment, on: AnyNode, given: readonly AnyNode[]): readonly Part[] | undefined {
  const first = elementsOfArray(re, on);
  if (!first) return undefined;
  const list = [...first];
  for (const each of given) {
    if (each.type === 'SpreadElement') return undefined;
    const inner = plain(each);
    const elements = elementsOfArray(re, inner);
    if (!elements && !isKnown(re.valueOf(inner)) && inner.type !== 'ObjectExpression') return undefined;
    if (elements) list.push(...elements);
    else list.push({ lead: expression(re, inner), value: re.valueOf(inner) });
  }
  return list;
}

/** The elements one level further down, where elements are arrays. */
export function flattened(re: Reenactment, node: AnyNode): readonly Part[] | undefined {
  const list: Part[] = [];
  for (const part of elementsOf(re, node) ?? []) {
    const inner = part.parts ?? (part.lead.path.length === 0 ? elementsOfArray(re, part.lead.node) : undefined);
    if (inner) list.push(...inner);
    else if (part.value instanceof ObjectValue) {
      re.standAt(node);
      const elements = re.traced.timeline.replay.heap.get(part.value)?.elements;
      if (!elements) list.push(part);
      else
        for (const [i, value] of elements.entries())
          list.push({ lead: { ...part.lead, path: [...part.lead.path, String(i)] }, value });
    } else if (isKnown(part.value) || part.lead.node.type === 'ObjectExpression') list.push(part);
    else return undefined;
  }
  return list;
}

/** The own properties of what an expression gave, by name in the language's order. Undefined where they are not known. */
export function propertiesOf(re: Reenactment, node: AnyNode): ReadonlyMap<string, Part> | undefined {
  const inner = plain(node);
  const value = re.valueOf(inner);
  if (value instanceof ObjectValue) {
    re.standAt(inner);
    const known = ofKnownObject(re, inner, value);
    if (known) return known;
  } else if (value !== opaque) return new Map();
  return inner.type === 'ObjectExpression' ? ofObjectLiteral(re, inner) : undefined;
}

function ofKnownObject(re: Reenactment, node: AnyNode, value: ObjectValue): Map<string, Part> | undefined {
  const state = re.traced.reader.object(value);
  if (!state) return undefined;
  const indices = (state.elements ?? []).flatMap((each, i) => (isKnown(each) ? [String(i)] : []));
  const names = state.properties.flatMap(({ key, attributes }) =>
    typeof key === 'string' && (attributes & 2) !== 0 && !key.startsWith('#') ? [key] : [],
  );
  return new Map(
    [...indices, ...names].map((key) => [key, { lead: expression(re, node, [key]), value: re.member(value, key) }]),
  );
}

function ofObjectLiteral(
  re: Reenactment,
  node: Extract<AnyNode, { type: 'ObjectExpression' }>,
): Map<string, Part> | undefined {
  const found = new Map<string, Part>();
  for (const each of node.properties) {
    if (each.type === 'SpreadElement') {
      const spread = propertiesOf(re, each.argument);
      if (!spread) return undefined;
      for (const [key, part] of spread) found.set(key, part);
      continue;
    }
    const key = each.computed && each.key.type !== 'Literal' ? re.valueOf(each.key) : keyText(each.key, each.computed);
    if (each.kind !== 'init' || (typeof key !== 'string' && typeof key !== 'number')) return undefined;
    found.set(String(key), { lead: expression(re, each.value), value: re.valueOf(each.value) });
  }
  const isIndex = ([key]: [string, Part]): boolean => indexOfKey(key) >= 0;
  const entries = [...found];
  return new Map([
    ...entries.filter(isIndex).sort(([a], [b]) => Number(a) - Number(b)),
    ...entries.filter((each) => !isIndex(each)),
  ]);
}

/** The one element that has the value under a path; undefined where there is none, or where it may be one of several. */
export function samePart(
  re: Reenactment,
  parts: readonly Part[] | undefined,
  value: Value,
  under: Path = [],
): Part | undefined {
  if (!parts || !isKnown(value)) return undefined;
  const same = parts.filter((part) => {
    const held = partUnder(re, part, under);
    if (held === undefined || held.value !== opaque) return held !== undefined && Object.is(held.value, value);
    return held.parts ? holds(re, value, held.parts) : mayBe(re, held.lead, value);
  });
  return same.length === 1 ? same[0] : undefined;
}

/** What a part holds under a path. Undefined where it has nothing there. */
export function partUnder(re: Reenactment, part: Part, [step, ...rest]: Path): Part | undefined {
  if (step === undefined) return part;
  const own = part.parts && typeof step === 'string' ? part.parts[indexOfKey(step)] : undefined;
  if (own) return partUnder(re, own, rest);
  const lead: ExpressionLead = { ...part.lead, path: [...part.lead.path, step] };
  if (!(part.value instanceof ObjectValue) || typeof step !== 'string')
    return part.value === opaque ? partUnder(re, { lead, value: opaque }, rest) : undefined;
  re.standAt(part.lead.node);
  const found = re.traced.reader.property(part.value, step);
  const value = found === undefined || found.value instanceof Accessor ? opaque : found.value;
  return partUnder(re, { lead, value }, rest);
}

/** Whether an array holds those and no others, at the end of the run. */
function holds(re: Reenactment, value: Value, parts: readonly Part[]): boolean {
  const elements = value instanceof ObjectValue ? heldIn(re, value)?.elements : undefined;
  return (
    elements?.length === parts.length &&
    parts.every((part, i) => part.value === opaque || Object.is(part.value, elements[i]))
  );
}

/** Whether what an expression made, of which no more than its text is known, may be the value. */
export function mayBe(re: Reenactment, { node, path }: ExpressionLead, value: Value): boolean {
  if (path.length > 0) return true;
  const isLiteral = node.type === 'ObjectExpression' || node.type === 'ArrayExpression';
  if (!isLiteral)
    return !(node.type === 'Literal' || node.type === 'TemplateLiteral') || !(value instanceof ObjectValue);
  const contents = value instanceof ObjectValue ? heldIn(re, value) : undefined;
  if (!contents) return false;
  if (node.type === 'ArrayExpression') {
    const parts = elementsOf(re, node);
    const elements = contents.elements;
    if (!elements || !parts) return elements !== undefined;
    return (
      parts.length === elements.length && parts.every((part, i) => part.value === opaque || part.value === elements[i])
    );
  }
  const parts = propertiesOf(re, node);
  if (!parts || contents.elements) return !contents.elements;
  for (const [key, part] of parts) {
    if (!contents.properties.has(key)) return false;
    if (part.value !== opaque && part.value !== contents.properties.get(key)) return false;
  }
  return parts.size === contents.properties.size;
}

/** The one literal in a call's expression that can have made the object. */
export function literalIn(re: Reenactment, call: AnyNode, object: ObjectValue): ExpressionLead | undefined {
  const literals = [...re.run.syntax.inside(call)].filter(
    ({ type }) => type === 'ObjectExpression' || type === 'ArrayExpression',
  );
  const made = literals.map((node) => expression(re, node)).filter((lead) => mayBe(re, lead, object));
  return made.length === 1 ? made[0] : undefined;
}

/** What the object held at the end of the run, which looking elsewhere does not change. */
function heldIn({ traced: { timeline }, run }: Reenactment, value: ObjectValue) {
  timeline.seekMoment(run.until);
  const contents = timeline.replay.heap.get(value);
  return contents && { properties: new Map(contents.properties), elements: contents.elements?.slice() };
}
