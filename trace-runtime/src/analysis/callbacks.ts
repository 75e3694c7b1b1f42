/** What the language's collections pass to the functions that they call. */
import type { AnyNode } from 'acorn';
import { ObjectValue, opaque, type Value } from '../query/values.ts';
import { leadOf, spreadArgument, type ArgumentLead } from './arguments.ts';
import { Entry, NAMED, Round } from './hops.ts';
import type { Reenactment } from './reenact.ts';
import type { Caller } from './evaluated.ts';
import { elementsOf } from './shapes.ts';
import { keyText, plain } from './syntax.ts';

const EACH: ReadonlySet<string> = new Set(
  'map forEach filter find findIndex findLast findLastIndex some every flatMap'.split(' '),
);

/** Whether native code calls a function with each element of what it is a method of. */
export function isOfEach({ callee: { name, holder } }: Caller): boolean {
  return EACH.has(name) && holder === '';
}

/** The argument of a function that native code called. Undefined where the recording does not tell. */
export function callbackArgument(re: Reenactment, caller: Caller, index: number): ArgumentLead | 'missing' | undefined {
  const { node, callee, round = 0 } = caller;
  if (node.type !== 'CallExpression') return undefined;
  const on = receiverOf(node);
  const { name, receiver } = callee;
  if (name === 'call') return spreadArgument(re, node.arguments, index + 1);
  if (name === 'apply' && node.arguments[1]) return elementOf(re, node.arguments[1], index);
  if (callee.holder === 'Array' && name === 'from' && node.arguments[0])
    return index === 0 ? elementOf(re, node.arguments[0], round) : undefined;
  if (!on || callee.holder !== '') return undefined;
  if (name === 'emit') return spreadArgument(re, node.arguments, index + 1);
  if (EACH.has(name)) {
    if (index === 2) return { node: on, path: [], value: receiver };
    re.standAt(on);
    const entries = receiver instanceof ObjectValue ? re.traced.timeline.replay.heap.get(receiver)?.entries : undefined;
    if (entries) return entryOf(on, entries, round, index);
    const length = re.member(receiver, 'length');
    if (index !== 0) return undefined;
    if (!name.startsWith('findLast')) return elementOf(re, on, round);
    return typeof length === 'number' ? elementOf(re, on, length - 1 - round) : undefined;
  }
  if (name !== 'reduce' || index > 1) return undefined;
  const initial = node.arguments[1];
  if (index === 1) return elementOf(re, on, initial ? round : round + 1);
  if (round === 0) return initial ? { node: initial, path: [], value: re.valueOf(initial) } : elementOf(re, on, 0);
  for (const [serial, other] of re.callers)
    if (other.node === node && other.round === round - 1) return { node, path: [new Round(serial)], value: opaque };
  return undefined;
}

export function receiverOf(node: AnyNode): AnyNode | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const callee = plain(node.callee);
  return callee.type === 'MemberExpression' && callee.object.type !== 'Super' ? plain(callee.object) : undefined;
}

/** The name of a method as `Array.prototype.slice` and `[].slice` name it. */
export function ofArrays(node: AnyNode): string | undefined {
  const method = plain(node);
  if (method.type !== 'MemberExpression') return undefined;
  const object = plain(method.object);
  const isArrays =
    (object.type === 'ArrayExpression' && object.elements.length === 0) ||
    (object.type === 'MemberExpression' &&
      object.object.type === 'Identifier' &&
      object.object.name === 'Array' &&
      keyText(object.property, object.computed) === 'prototype');
  return isArrays ? keyText(method.property, method.computed) : undefined;
}

/** Where elements are absent, rounds and indices are not the same. */
function elementOf(re: Reenactment, node: AnyNode, index: number): ArgumentLead | undefined {
  const value = re.valueOf(node);
  re.standAt(node);
  const elements = value instanceof ObjectValue ? re.traced.timeline.replay.heap.get(value)?.elements : undefined;
  if (elements && Object.keys(elements).length !== elements.length) return undefined;
  const parts = value === opaque ? elementsOf(re, node) : undefined;
  if (parts?.some(({ isHole }) => isHole === true)) return undefined;
  const part = parts?.[index];
  re.standAt(node);
  if (part) return leadOf(part);
  return { node, path: [String(index)], value: re.member(value, String(index)) };
}

/** The value is passed before its key. */
function entryOf(
  node: AnyNode,
  entries: ReadonlyMap<Value, Value>,
  round: number,
  index: number,
): ArgumentLead | undefined {
  const entry = [...entries][round];
  if (!entry) return undefined;
  const [key, value] = entry;
  return index === 0 ? { node, path: [new Entry(key)], value } : { node, path: [new Entry(key), NAMED], value: key };
}
