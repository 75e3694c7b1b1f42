/** The elements of arrays that the language's own functions make: the recording may not have seen these arrays themselves. */
import type { AnyNode } from 'acorn';
import { truthy } from '../query/derive.ts';
import { indexOfKey, isPrimitive, ObjectValue, opaque, toKey, type Value } from '../query/values.ts';
import { receiverOf } from './callbacks.ts';
import { contentsBefore } from './collections.ts';
import { Entry, expression, NAMED } from './hops.ts';
import { holderOf } from './names.ts';
import { passedOf } from './picked.ts';
import type { Reenactment } from './reenact.ts';
import type { InnerCall } from './run.ts';
import { concatenated, elementsOf, flattened, keyOf, ofEntries, propertiesOf, type Part } from './shapes.ts';
import { plain, type Of } from './syntax.ts';

type Call = Of<'CallExpression'>;

/** What such a call gave, or what iterating that gives. Undefined where it is no such call, or the recording does not tell. */
export function madeElements(re: Reenactment, node: Call): readonly Part[] | undefined {
  const { callee, inner = [], before = 0, call } = re.values.get(node) ?? {};
  if (!callee || call) return undefined;
  const { holder, name, receiver } = callee;
  const [first, second] = node.arguments;
  if (holder === 'Object') return first && ofObject(re, node, name, first);
  if (holder === 'Array' && name === 'from' && first) return second ? rounds(re, node, inner) : elementsOf(re, first);
  const on = receiverOf(node);
  if (!on || holder !== '') return undefined;
  if (typeof receiver === 'string') return name === 'split' ? ofText(re, node, receiver) : undefined;
  const contents = contentsBefore(re, receiver, before);
  if ((contents?.entries?.size ?? contents?.elements?.length ?? 0) > MOST) return undefined;
  if (contents?.entries) {
    if (name === 'keys') return [...contents.entries.keys()].map((key) => keyOf(re, on, key));
    if (name === 'values')
      return [...contents.entries].map(([key, value]) => ({ lead: expression(re, on, [new Entry(key)]), value }));
    return name === 'entries' ? ofEntries(re, on, contents.kind, contents.entries) : undefined;
  }
  return ofArray(re, node, name, inner);
}

/** An element, or how many there are, of what such a call gave; opaque where that is not known. */
export function memberOfMade(re: Reenactment, node: AnyNode, key: Value): Value {
  const inner = plain(node);
  const name = toKey(key);
  if (inner.type !== 'CallExpression' || typeof name !== 'string') return opaque;
  const index = indexOfKey(name);
  const parts = index >= 0 || name === 'length' ? elementsOf(re, inner) : undefined;
  return parts ? (index < 0 ? parts.length : parts[index]?.value) : opaque;
}

function ofObject(re: Reenactment, node: Call, name: string, first: Call['arguments'][number]): Part[] | undefined {
  if (!/^(?:keys|values|entries)$/.test(name) || isPrimitive(re.valueOf(first))) return undefined;
  const properties = propertiesOf(re, first);
  if (!properties) return undefined;
  return [...properties].map(([key, part], i) => {
    if (name === 'values') return part;
    const named = { lead: expression(re, first, [key, NAMED]), value: key };
    if (name === 'keys') return named;
    return { lead: expression(re, node, [String(i)]), value: opaque, parts: [named, part] };
  });
}

/** More elements are not taken one by one. */
const MOST = 20_000;
/** Longer texts are not split here. */
const LONGEST = 100_000;

function ofText(re: Reenactment, node: Call, text: string): Part[] | undefined {
  const [separator, limit] = node.arguments.map((each) => re.valueOf(each));
  if (text.length > LONGEST || !isOptional(separator, 'string') || !isOptional(limit, 'number')) return undefined;
  return text
    .split(separator as string, limit as number | undefined)
    .map((value, i) => ({ lead: expression(re, node, [String(i)]), value }));
}

function isOptional(value: Value, type: string): boolean {
  return value === undefined || typeof value === type;
}

/** What a function gave that was called for each element. */
function rounds(re: Reenactment, node: Call, inner: readonly InnerCall[]): Part[] {
  return inner.map(({ value }, i) => ({ lead: expression(re, node, [String(i)]), value }));
}

function ofArray(re: Reenactment, node: Call, name: string, inner: readonly InnerCall[]): readonly Part[] | undefined {
  const on = receiverOf(node)!;
  const given = node.arguments;
  if (name === 'concat') return concatenated(re, on, given);
  if (name === 'flat' && given.length === 0) return flattened(re, on);
  const list = elementsOf(re, on);
  if (!list) return undefined;
  // functions are not called for absent elements
  const isWhole = inner.length === list.length && !list.some(({ isHole }) => isHole === true);
  switch (name) {
    case 'map':
      return isWhole ? rounds(re, node, inner) : undefined;
    case 'filter':
      if (isBoolean(re, given[0])) return truths(list);
      return isWhole ? passedOf(inner)?.map((at) => list[at]!) : undefined;
    case 'flatMap':
      return isWhole ? flatMapped(re, node, inner) : undefined;
    case 'slice':
    case 'splice': {
      const [from, to] = given.map((each) => re.valueOf(each));
      if (!isOptional(from, 'number') || !isOptional(to, 'number')) return undefined;
      if (name === 'slice') return list.slice(from as number | undefined, to as number | undefined);
      return given.length < 2 ? list.slice(from as number) : [...list].splice(from as number, to as number);
    }
    case 'sort':
    case 'toSorted':
      // which is where the result alone tells
      return list.map((_, i) => ({ lead: expression(re, node, [String(i)]), value: opaque }));
    case 'reverse':
    case 'toReversed':
      return list.toReversed();
    case 'values':
    case 'toArray':
      return list;
    default:
      return undefined;
  }
}

function isBoolean(re: Reenactment, test: Call['arguments'][number] | undefined): boolean {
  return test?.type === 'Identifier' && test.name === 'Boolean' && holderOf(re, test) === 'Boolean';
}

/** Those that count as true; undefined where that is not known of all. */
function truths(list: readonly Part[]): Part[] | undefined {
  const known = list.map(({ value }) => truthy(value));
  return known.includes(undefined) ? undefined : list.filter((_, i) => known[i]);
}

/** What each call gave, arrays by their elements. */
function flatMapped(re: Reenactment, node: Call, inner: readonly InnerCall[]): Part[] | undefined {
  const list: Part[] = [];
  for (const { value } of inner) {
    const at = (): Part => ({ lead: expression(re, node, [String(list.length)]), value });
    if (isPrimitive(value)) list.push(at());
    else if (!(value instanceof ObjectValue)) return undefined;
    else {
      re.standAt(node);
      const contents = re.traced.timeline.replay.heap.get(value);
      if (!contents) return undefined;
      if (!contents.elements) list.push(at());
      else for (const each of contents.elements) list.push({ ...at(), value: each });
    }
  }
  return list;
}
