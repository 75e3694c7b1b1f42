/** What the language's functions of texts and numbers gave. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import { contentsBefore } from './collections.ts';
import { weakHas } from './weak-maps.ts';
import { indexOfKey, isPrimitive, opaque, type Key, type Value } from '../query/values.ts';
import { expression, inputOf, nameOf, partName, Round, shortValue, type Answer } from './hops.ts';
import { madeElements } from './made-elements.ts';
import { noneAt } from './made-objects.ts';
import type { Method } from './natives.ts';
import { entryChanged } from './objects.ts';
import { missingIn, operation } from './operations.ts';
import type { Reenactment } from './reenact.ts';
import type { InnerCall } from './run.ts';
import type { Work } from './traced.ts';
import { elementsOf, type Part } from './shapes.ts';

/** Of a method of a text or a pattern, where more can be said than that it computed it. */
export function* textAnswer(re: Reenactment, method: Method): Work<Answer | undefined> {
  const { node, on, name, given, receiver, facts, path, value } = method;
  const [first] = given;
  const at = indexOfKey(path[0] as Key);
  if (name === 'split' && at >= 0) {
    const made = node.type === 'CallExpression' ? madeElements(re, node) : undefined;
    if (made && at >= made.length) return noneAt(nameOf(re, node), made.length, path[0], expression(re, on));
  }
  if (/^(?:includes|indexOf|lastIndexOf)$/.test(name)) return yield* hasAnswer(re, method);
  const { inner = [] } = facts;
  if (/^replace(?:All)?$/.test(name) && inner.length > 0) return replaced(re, method, inner);
  if (!first || path.length > 0 || value !== null) return undefined;
  const isMatch = name === 'match' && typeof receiver === 'string';
  if (!isMatch && name !== 'exec') return undefined;
  const [text, pattern] = isMatch ? [on, first] : [first, on];
  return {
    kind: 'operation',
    what: `${nameOf(re, text)} does not match ${nameOf(re, pattern)}.`,
    inputs: [inputOf(re, text), inputOf(re, pattern)],
    next: expression(re, text),
  };
}

/** A text that a function gave the parts of. */
function replaced(re: Reenactment, { node, on, name, value }: Method, inner: readonly InnerCall[]): Answer {
  const inputs = inner.slice(0, SHOWN).map(({ serial, value: own }, i) => ({
    text: `part ${i}`,
    value: own,
    lead: expression(re, node, [new Round(serial)]),
  }));
  const next = missingIn(inputs, value)?.lead ?? (inner.length === 1 ? inputs[0]!.lead : undefined);
  return {
    kind: 'operation',
    what: `${name} computed it from ${nameOf(re, on)} and what its function gave.`,
    inputs,
    next,
  };
}

/** More of them are not shown. */
const SHOWN = 5;

/** Whether an array, a Map or a Set has a value; of a text, whether that is a part of it. */
export function* hasAnswer(
  re: Reenactment,
  { node, on, name, given, receiver, facts, value }: Method,
): Work<Answer | undefined> {
  const [first] = given;
  const has = typeof value === 'number' ? value >= 0 : value;
  if (!first || typeof has !== 'boolean' || (name.endsWith('ndexOf') && has)) return undefined;
  const inputs = [inputOf(re, on), inputOf(re, first)];
  const what = `${nameOf(re, on)} ${has ? 'has' : 'does not have'} ${withValue(re, first)}.`;
  const object = contentsBefore(re, receiver, facts.before ?? 0);
  const weak =
    object?.kind === ObjectKind.weak ? yield* weakHas(re, node, on, first, what.replace(/\.$/, ''), has) : undefined;
  if (weak) return weak;
  const next = name === 'has' ? yield* entryChanged(re, on, node, re.valueOf(first)) : undefined;
  const isText = typeof receiver === 'string';
  return { kind: 'operation', what, inputs, next: next ?? (isText ? expression(re, on) : undefined) };
}

/** `key`, or `key, here "tea"`. */
export function withValue(re: Reenactment, node: AnyNode): string {
  const name = nameOf(re, node);
  const short = node.type === 'Literal' ? undefined : shortValue(re.valueOf(node));
  return short === undefined || short === name ? name : `${name}, here ${short}`;
}

/** `Number(text)` and the like. */
export function conversion(re: Reenactment, node: AnyNode, given: readonly AnyNode[]): Answer {
  const [first] = given;
  const text = nameOf(re, node);
  const short = first && shortValue(re.valueOf(first));
  const from = short === undefined || !first || nameOf(re, first) === short ? '' : `, here from ${short}`;
  return operation(re, node, given, `${text} computed it${from}.`);
}

/** `Math.max` and `Math.min`: the argument that it is. */
export function extreme(re: Reenactment, node: AnyNode, given: readonly AnyNode[], name: string, value: Value): Answer {
  const parts = given.flatMap((each): readonly Part[] => {
    if (each.type === 'SpreadElement')
      return elementsOf(re, each.argument) ?? [{ lead: expression(re, each.argument), value: opaque }];
    return [{ lead: expression(re, each), value: re.valueOf(each) }];
  });
  const answer = operation(re, node, given, `${nameOf(re, node)} computed it.`);
  if (parts.length === 0) return { ...answer, what: `Math.${name} was given no numbers.` };
  const known = parts.filter((part) => isPrimitive(part.value));
  const isIt = (part: Part): boolean => Object.is(Number(part.value), value);
  const [taken, ...others] = known.filter(isIt);
  if (!taken || (others.length > 0 && !Number.isNaN(value as number))) return answer;
  const of = partName(re, taken.lead.node, taken.lead.path);
  const what = Number.isNaN(value as number)
    ? `${of} is no number.`
    : `${of} was the ${name === 'max' ? 'greatest' : 'least'}.`;
  return { ...answer, what, next: taken.lead };
}
