/** What arrays and objects hold that the recording has not seen themselves, as their text says. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import { hole, indexOfKey, ObjectValue, opaque, type Value } from '../query/values.ts';
import { receiverOf } from './callbacks.ts';
import { contentsBefore } from './collections.ts';
import { Entry, expression, type ExpressionLead } from './hops.ts';
import { isKnown } from './primitives.ts';
import type { Reenactment } from './reenact.ts';
import { keyText, plain } from './syntax.ts';

/** An element or a property: where it is, and its value where that is known. */
export interface Part {
  readonly lead: ExpressionLead;
  readonly value: Value;
  /** an array has nothing there */
  readonly isHole?: boolean;
}

/** The elements of what an expression gave, in order. Undefined where they are not known. */
export function elementsOf(re: Reenactment, node: AnyNode): readonly Part[] | undefined {
  const inner = plain(node);
  const value = re.valueOf(inner);
  if (value instanceof ObjectValue) {
    re.standAt(inner);
    const contents = re.traced.timeline.replay.heap.get(value);
    // what is seen for the first time where it ends is as its text says
    if (contents?.kind === ObjectKind.set) return ofSet(re, inner, contents.entries?.keys() ?? []);
    if (contents) return contents.elements && ofKnown(re, inner, contents.elements);
  }
  if (inner.type === 'ArrayExpression') return ofLiteral(re, inner);
  if (inner.type === 'AwaitExpression' || inner.type !== 'CallExpression') return undefined;
  return ofNativeCall(re, inner);
}

/** Of what a method of a collection gave. */
function ofNativeCall(
  re: Reenactment,
  node: Extract<AnyNode, { type: 'CallExpression' }>,
): readonly Part[] | undefined {
  const on = receiverOf(node);
  const { callee, inner = [], before = 0 } = re.values.get(node) ?? {};
  if (!on || callee?.holder !== '') return undefined;
  const entries = contentsBefore(re, callee.receiver, before)?.entries;
  if (entries && callee.name === 'values')
    return [...entries].map(([key, value]) => ({ lead: expression(re, on, [new Entry(key)]), value }));
  if (callee.name === 'map' && inner.length > 0 && elementsOf(re, on)?.length === inner.length)
    return inner.map(({ value }, i) => ({ lead: expression(re, node, [String(i)]), value }));
  if (callee.name === 'concat') return concatenated(re, on, node.arguments);
  if (callee.name === 'flat' && node.arguments.length === 0) return flattened(re, on);
  return undefined;
}

function ofSet(re: Reenactment, node: AnyNode, values: Iterable<Value>): Part[] {
  return [...values].map((value) => ({ lead: expression(re, node, [new Entry(value)]), value }));
}

function ofKnown(re: Reenactment, node: AnyNode, elements: readonly Value[]): Part[] {
  return Array.from({ length: elements.length }, (_, i) => ({
    lead: expression(re, node, [String(i)]),
    value: re.member(re.valueOf(node), String(i)),
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

export function concatenated(re: Reenactment, on: AnyNode, given: readonly AnyNode[]): readonly Part[] | undefined {
  const first = elementsOf(re, on);
  if (!first) return undefined;
  const list = [...first];
  for (const each of given) {
    if (each.type === 'SpreadElement') return undefined;
    const inner = plain(each);
    const elements = elementsOf(re, inner);
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
    const inner = part.lead.path.length === 0 ? elementsOf(re, part.lead.node) : undefined;
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

/** The one element that is the value; undefined where there is none, or where it may be one of several. */
export function samePart(re: Reenactment, parts: readonly Part[] | undefined, value: Value): Part | undefined {
  if (!parts || !isKnown(value)) return undefined;
  const same = parts.filter((part) => part.value === value || (part.value === opaque && mayBe(re, part.lead, value)));
  return same.length === 1 ? same[0] : undefined;
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
