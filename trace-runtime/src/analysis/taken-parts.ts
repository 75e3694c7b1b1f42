/** What methods of collections gave a part of: slices, what functions gave put together, and what a Map has nothing under. */
import type { AnyNode } from 'acorn';
import { indexOfKey, ObjectValue } from '../query/values.ts';
import { expression, inputOf, nameOf, shortValue, type Answer, type Path } from './hops.ts';
import type { Method } from './natives.ts';
import { entryChanged } from './objects.ts';
import { operation } from './operations.ts';
import type { Reenactment } from './reenact.ts';
import { returnAnswer } from './returns.ts';
import type { InnerCall } from './run.ts';
import { keyOf, type Part } from './shapes.ts';
import { withValue } from './texts-and-numbers.ts';
import type { Work } from './traced.ts';

/** More keys are not named. */
const KEYS = 4;

/** Arguments as they were: numbers as such, others by their text. */
export function bounds(re: Reenactment, given: readonly AnyNode[]): string {
  return given.map((each) => shortValue(re.valueOf(each)) ?? nameOf(re, each)).join(', ');
}

/** What a slice has, or that it has not so much. */
export function sliced(
  re: Reenactment,
  { node, on, given, path }: Method,
  length: number,
  made: readonly Part[] | undefined,
): Answer | undefined {
  const [start, end] = given.map((each) => re.valueOf(each));
  if (![start, end].every((each) => each === undefined || typeof each === 'number')) return undefined;
  const count = Array.from({ length }).slice(start as number | undefined, end as number | undefined).length;
  const of = nameOf(re, on);
  const gave = `slice(${bounds(re, given)}) gave`;
  const elements = `${length} element${length === 1 ? '' : 's'}`;
  if (made)
    return {
      kind: 'missing',
      what: `${of} has ${elements}, of which ${gave} ${count}: there is none at ${String(path[0])}.`,
      next: expression(re, on),
      inputs: [inputOf(re, on), ...given.map((each) => inputOf(re, each))],
    };
  return path.length === 0 || path[0] === 'length'
    ? operation(re, node, [on, ...given], `${gave} ${count} of the ${elements} of ${of}.`)
    : undefined;
}

/** An element of what the rounds of a function gave, put together. */
export function* inRound(
  re: Reenactment,
  node: AnyNode,
  inner: readonly InnerCall[],
  [step, ...rest]: Path,
): Work<Answer | undefined> {
  let left = indexOfKey(step as string);
  for (const { serial, value } of inner) {
    re.standAt(node);
    const elements = value instanceof ObjectValue ? re.traced.timeline.replay.heap.get(value)?.elements : undefined;
    const count = elements?.length ?? 1;
    if (left < count) return yield* returnAnswer(re, serial, elements ? [String(left), ...rest] : rest, Infinity, node);
    left -= count;
  }
  return undefined;
}

export function* missingEntry(re: Reenactment, on: AnyNode, key: AnyNode, node: AnyNode): Work<Answer> {
  const changed = yield* entryChanged(re, on, node, re.valueOf(key));
  const map = re.valueOf(on);
  re.standAt(node);
  const entries = map instanceof ObjectValue ? re.traced.timeline.replay.heap.get(map)?.entries : undefined;
  const keys = [...(entries?.keys() ?? [])].slice(0, KEYS + 1).flatMap((each) => shortValue(each) ?? []);
  const shown = keys.length > KEYS ? [...keys.slice(0, KEYS), '…'] : keys;
  const has = entries?.size === 0 ? ': it has no entries' : shown.length > 0 ? `: it has ${shown.join(', ')}` : '';
  // the only key is what it was to be
  const only = entries?.size === 1 ? keyOf(re, on, [...entries.keys()][0]).lead : undefined;
  return {
    kind: 'missing',
    what: `${nameOf(re, on)} has nothing under ${withValue(re, key)}${has}.`,
    next: changed ?? only,
    inputs: [inputOf(re, on), inputOf(re, key)],
    at: { re, node },
  };
}
