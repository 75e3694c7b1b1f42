/** What functions of `Object` gave, and what Maps and Sets were made of. */
import type { AnyNode } from 'acorn';
import { indexOfKey, isPrimitive, ObjectValue, opaque, type Value } from '../query/values.ts';
import {
  Entry,
  expression,
  inputOf,
  nameOf,
  NAMED,
  partName,
  type Answer,
  type ExpressionLead,
  type Path,
  type Step,
} from './hops.ts';
import { isKnown } from './primitives.ts';
import type { Reenactment } from './reenact.ts';
import { elementsOf, partUnder, propertiesOf, samePart, type Part } from './shapes.ts';

const FIRST_ARGUMENT: ReadonlySet<string> = new Set(
  'freeze seal preventExtensions defineProperty defineProperties setPrototypeOf'.split(' '),
);

/** What a function of `Object` gave. Undefined where nothing recorded tells. */
export function ofObject(re: Reenactment, name: string, given: readonly AnyNode[], path: Path): Answer | undefined {
  const [first] = given;
  const [step, ...rest] = path;
  if (!first) return undefined;
  if (FIRST_ARGUMENT.has(name))
    return { kind: 'copy', what: `Object.${name} gives what it was given.`, next: expression(re, first, path) };
  if (name === 'assign') {
    if (typeof step !== 'string')
      return { kind: 'copy', what: 'Object.assign gives its first argument.', next: expression(re, first, path) };
    return assigned(re, given, step, rest);
  }
  if (name === 'fromEntries') return typeof step === 'string' ? ofPairs(re, first, step, rest) : undefined;
  const at = typeof step === 'string' ? indexOfKey(step) : -1;
  if (at < 0 || !/^(?:keys|values|entries)$/.test(name)) return undefined;
  const parts = propertiesOf(re, first);
  const of = nameOf(re, first);
  if (parts && at >= parts.size) return noneAt(`Object.${name}(${of})`, parts.size, step, expression(re, first));
  const [key, part] = (parts && [...parts][at]) ?? [];
  if (key === undefined || !part) return undefined;
  const named = expression(re, first, [key, NAMED]);
  if (name === 'keys' || rest[0] === '0')
    return {
      kind: 'operation',
      what: `It is the name of a property of ${of}.`,
      inputs: [inputOf(re, first)],
      next: named,
    };
  if (name === 'entries' && rest.length === 0)
    return {
      kind: 'operation',
      what: `Object.entries made it of ${partName(re, first, [key])}.`,
      inputs: [inputOf(re, first)],
      next: part.lead,
    };
  return {
    kind: 'element',
    what: `Object.${name} took it from ${of}.`,
    next: { ...part.lead, path: [...part.lead.path, ...(name === 'entries' ? rest.slice(1) : rest)] },
  };
}

/** An array that is known to be shorter. `from`: what it was made of. */
export function noneAt(array: string, length: number, step: Step | undefined, from: ExpressionLead): Answer {
  const what = `${array} has ${length} element${length === 1 ? '' : 's'}: there is none at ${String(step)}.`;
  return { kind: 'missing', what, next: from };
}

/** The last of the sources that has the property. */
export function assigned(re: Reenactment, given: readonly AnyNode[], key: string, path: Path): Answer | undefined {
  for (let i = given.length - 1; i >= 0; i--) {
    const each = given[i]!;
    if (each.type === 'SpreadElement') return undefined;
    const has = hasOwn(re, each, key);
    if (has === undefined) return undefined;
    if (has)
      return {
        kind: 'property',
        what: `Object.assign took it from ${nameOf(re, each)}.`,
        next: expression(re, each, [key, ...path]),
      };
  }
  return undefined;
}

/** Whether an object has the property. */
export function hasOwn(re: Reenactment, node: AnyNode, key: string): boolean | undefined {
  return propertiesOf(re, node)?.has(key);
}

/** The last of the pairs that has the key. */
export function ofPairs(re: Reenactment, pairs: AnyNode, key: Value, path: Path): Answer | undefined {
  const what = `It was given in ${nameOf(re, pairs)}.`;
  const list = re.valueOf(pairs);
  re.standAt(pairs);
  const contents = list instanceof ObjectValue ? re.traced.timeline.replay.heap.get(list) : undefined;
  if (contents?.entries) return { kind: 'element', what, next: expression(re, pairs, [new Entry(key), ...path]) };
  for (const part of elementsOf(re, pairs)?.toReversed() ?? []) {
    const own = keyOfPair(re, part);
    if (!isKnown(own)) return undefined;
    if (own === key || (typeof key === 'string' && isPrimitive(own) && String(own) === key)) {
      const isName = path[0] === NAMED;
      const { lead } = partUnder(re, part, [isName ? '0' : '1']) ?? part;
      return { kind: 'element', what, next: { ...lead, path: [...lead.path, ...(isName ? path.slice(1) : path)] } };
    }
  }
  return undefined;
}

function keyOfPair(re: Reenactment, part: Part): Value {
  const own = partUnder(re, part, ['0'])?.value;
  if (own !== opaque || part.lead.path.length > 0) return own;
  return elementsOf(re, part.lead.node)?.[0]?.value ?? opaque;
}

/** The one element of what a Set was made of. */
export function ofSet(re: Reenactment, list: AnyNode, key: Value, path: Path): Answer | undefined {
  const part = samePart(re, elementsOf(re, list), key);
  const what = `It was given in ${nameOf(re, list)}.`;
  return part && { kind: 'element', what, next: { ...part.lead, path: [...part.lead.path, ...path] } };
}
