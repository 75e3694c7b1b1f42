/** What a call of code that is not recorded took its result from, where the language fixes it. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import { EventCode } from '../query/moments.ts';
import { ObjectValue, indexOfKey, isPrimitive, opaque, type Value } from '../query/values.ts';
import { argumentsOf, spreadArgument } from './arguments.ts';
import { awaitedMessage } from './awaited-messages.ts';
import { ofArrays, receiverOf } from './callbacks.ts';
import { contentsBefore, found, isCollections } from './collections.ts';
import {
  AWAITED,
  Entry,
  expression,
  inputOf,
  nameOf,
  NAMED,
  PARSED,
  pathText,
  Round,
  type Answer,
  type ExpressionLead,
  type Input,
  type Path,
} from './hops.ts';
import { countAnswer, decidedAnswer, passedOf } from './picked.ts';
import { gaveUnrecorded } from './packages.ts';
import { promiseAnswer } from './promises.ts';
import { isKnown } from './primitives.ts';
import { concatenated, elementsOf, flattened, propertiesOf, samePart } from './shapes.ts';
import type { Reenactment } from './reenact.ts';
import type { Evaluated } from './evaluated.ts';
import { missingIn, operation } from './operations.ts';
import { returnAnswer } from './returns.ts';
import { isFunction } from './syntax.ts';
import { weakAnswer } from './weak-maps.ts';
import { requireAnswer } from './modules.ts';
import type { Work } from './traced.ts';

type Call = Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' | 'TaggedTemplateExpression' }>;

/** `value`: what is asked about, where it is known. */
export function* nativeAnswer(re: Reenactment, node: Call, facts: Evaluated, path: Path, value: Value): Work<Answer> {
  const { callee } = facts;
  const [step, ...rest] = path;
  const on = receiverOf(node);
  const name = callee?.name ?? '';
  const holder = callee?.holder ?? '';
  if (step instanceof Round) {
    return yield* returnAnswer(re, step.serial, rest, Infinity, node);
  }
  if (holder === 'require' && name === 'require' && node.type === 'CallExpression')
    return yield* requireAnswer(re, node, facts, path);
  const promised =
    step === AWAITED
      ? ((yield* promiseAnswer(re, node, facts, rest)) ?? (yield* awaitedMessage(re, node, facts, rest)))
      : undefined;
  if (promised) return promised;
  const given = argumentsOf(node);
  const [first] = given;
  const copied = (from: AnyNode, steps: Path, kind: Answer['kind'] = 'element'): Answer => ({
    kind,
    what: `${name} took it from ${nameOf(re, from)}.`,
    next: expression(re, from, steps),
  });
  if (name === 'Array' && path.length === 0 && first && given.length === 1 && typeof re.valueOf(first) === 'number')
    return operation(re, node, given, `${nameOf(re, first)} was its length.`);
  if (node.type === 'NewExpression') {
    if (step instanceof Entry && first && (name === 'Map' || name === 'WeakMap'))
      return ofPairs(re, first, step.key, rest) ?? unrecorded(re, node, facts);
    if (step instanceof Entry && first && name === 'Set')
      return ofSet(re, first, step.key, rest) ?? unrecorded(re, node, facts);
    if (typeof step === 'string' && first && (name === 'Map' || name === 'Set')) {
      const steps = name === 'Set' ? path : [step, ...rest];
      return { kind: 'element', what: `It was given in ${nameOf(re, first)}.`, next: expression(re, first, steps) };
    }
    if (step === 'message' && first && name.endsWith('Error'))
      return { kind: 'argument', what: `It is the message of ${nameOf(re, node)}.`, next: expression(re, first, rest) };
    if (step === 'cause' && given[1] && name.endsWith('Error'))
      return {
        kind: 'argument',
        what: `It is the cause of ${nameOf(re, node)}.`,
        next: expression(re, given[1], path),
      };
    return path.length === 0
      ? { kind: 'literal', what: `${nameOf(re, node)} made it.`, inputs: inputsOf(re, node) }
      : unrecorded(re, node, facts);
  }
  if (holder === 'Object' && first) {
    const answer = ofObject(re, name, given, path);
    if (answer) return answer;
    if (Object.hasOwn(Object, name)) return operation(re, node, given, from(re, `Object.${name}`, first));
  }
  if (holder === 'JSON' && name === 'stringify' && first && step === PARSED) return copied(first, rest, 'copy');
  if (holder === 'JSON' && name === 'parse' && first)
    return {
      kind: 'call',
      what: `JSON.parse read it out of ${nameOf(re, first)}.`,
      next: expression(re, first, [PARSED, ...path]),
      inputs: inputsOf(re, node),
    };
  if (holder === 'JSON' && name === 'stringify' && first)
    return operation(re, node, given, from(re, 'JSON.stringify', first));
  if (holder === 'structuredClone' && first) return copied(first, path, 'copy');
  if (holder === 'Array' && (name === 'from' || name === 'of')) {
    const answer = yield* madeArray(re, node as Extract<Call, { type: 'CallExpression' }>, name, facts, path);
    if (answer) return answer;
  }
  if (on && holder === '') {
    const receiver = callee!.receiver;
    if (receiver instanceof ObjectValue || receiver === opaque) {
      const answer = yield* ofMethod(re, { node, on, name, given, receiver, facts, path, value });
      if (answer) return answer;
      if (isCollections(re, receiver, facts.before, name))
        return operation(re, node, [on, ...given], from(re, name, on));
    } else if (isPrimitive(receiver)) return operation(re, node, [on, ...given], `${name} computed it.`);
  }
  if (
    holder === 'Math' ||
    holder === 'Number' ||
    holder === 'String' ||
    /^(Number|String|Boolean|parseInt|parseFloat|BigInt)$/.test(holder)
  ) {
    if (name !== 'random') return operation(re, node, given, `${nameOf(re, node)} computed it.`);
  }
  return unrecorded(re, node, facts);
}

interface Method {
  readonly node: Call;
  readonly on: AnyNode;
  readonly name: string;
  readonly given: readonly AnyNode[];
  readonly receiver: Value;
  readonly facts: Evaluated;
  readonly path: Path;
  readonly value: Value;
}

/** What a method of a collection gave. */
function* ofMethod(re: Reenactment, method: Method): Work<Answer | undefined> {
  const { node, on, name, given, receiver, facts, path, value } = method;
  const { inner = [], before = 0 } = facts;
  const [first] = given;
  const [step, ...rest] = path;
  const contents = contentsBefore(re, receiver, before);
  const parts = elementsOf(re, on);
  const length = contents?.elements?.length ?? parts?.length;
  const what = `${name} took it from ${nameOf(re, on)}.`;
  const element = (index: number, steps: Path): Answer | undefined => {
    if (index < 0) return undefined;
    const lead = parts?.[index]?.lead ?? expression(re, on, [String(index)]);
    return { kind: 'element', what, next: { ...lead, path: [...lead.path, ...steps] } };
  };
  const same = (): Answer | undefined => {
    const part = samePart(re, parts, value);
    return part && { kind: 'element', what, next: { ...part.lead, path: [...part.lead.path, ...rest] } };
  };
  const at = typeof step === 'string' ? indexOfKey(step) : -1;
  const picking = { node, on, name, test: first, inner, length };
  switch (name) {
    case 'pop':
      return length === undefined ? undefined : element(length - 1, path);
    case 'shift':
      return element(0, path);
    case 'at': {
      const index = first ? re.valueOf(first) : 0;
      if (typeof index !== 'number' || (index < 0 && length === undefined)) return undefined;
      return element(index < 0 ? length! + index : index, path);
    }
    case 'find':
    case 'findLast': {
      const index = found(
        length ?? inner.length,
        name === 'findLast',
        inner.map((call) => call.value),
      );
      if (index === undefined) return undefined;
      return index >= 0 ? element(index, path) : countAnswer(re, picking, 'missing');
    }
    case 'findIndex':
    case 'findLastIndex':
    case 'some':
    case 'every':
      return decidedAnswer(re, picking);
    case 'get': {
      if (first && contents?.kind === ObjectKind.weak) return yield* weakAnswer(re, node, on, first, path);
      if (!first || (contents && !contents.entries)) return undefined;
      const key = re.valueOf(first);
      if (!isKnown(key)) return undefined;
      if (contents && !contents.entries!.has(key)) return missingEntry(re, on, first, node);
      return {
        kind: 'element',
        what: `It was under ${nameOf(re, first)} in ${nameOf(re, on)}.`,
        next: expression(re, on, [new Entry(key), ...path]),
        inputs: [inputOf(re, on), inputOf(re, first)],
      };
    }
    case 'reduce':
    case 'reduceRight': {
      const last = inner.at(-1);
      if (last) return yield* returnAnswer(re, last.serial, path, Infinity, node);
      if (given[1])
        return {
          kind: 'copy',
          what: `${nameOf(re, on)} is empty: reduce gave its initial value.`,
          next: expression(re, given[1], path),
        };
      return element(0, path);
    }
    case 'call':
    case 'apply': {
      const last = inner.at(-1);
      if (last) return yield* returnAnswer(re, last.serial, path, Infinity, node);
      const borrowed = name === 'call' ? ofArrays(on) : undefined;
      if (borrowed === undefined || !first || first.type === 'SpreadElement') return undefined;
      const lent = { ...method, on: first, name: borrowed, given: given.slice(1), receiver: re.valueOf(first) };
      return yield* ofMethod(re, lent);
    }
    case 'map': {
      const call = at >= 0 ? inner[at] : undefined;
      if (call) return yield* returnAnswer(re, call.serial, rest, Infinity, node);
      return at >= 0 && length === inner.length ? element(at, []) : undefined;
    }
    case 'flatMap':
      return undefined;
    case 'join': {
      const inputs = (parts ?? []).map(({ lead, value: own }) => ({
        text: nameOf(lead.re, lead.node) + pathText(lead.path),
        value: own,
        lead,
      }));
      const next = missingIn(inputs, value)?.lead;
      // an array that is known says more than its elements
      return inputs.length === 0 || (contents && !next)
        ? undefined
        : { kind: 'operation', what: from(re, name, on), inputs, next };
    }
    case 'filter': {
      if (path.length === 0 || step === 'length') return countAnswer(re, picking, 'operation');
      const kept = at < 0 ? undefined : passedOf(inner)?.[at];
      return at < 0 || kept !== undefined ? element(kept ?? -1, rest) : countAnswer(re, picking, 'missing');
    }
    case 'slice': {
      const from = first ? re.valueOf(first) : 0;
      if (at < 0 || typeof from !== 'number' || (from < 0 && length === undefined)) return undefined;
      return element(at + (from < 0 ? Math.max(0, length! + from) : from), rest);
    }
    case 'flat': {
      const part = at < 0 || first ? undefined : flattened(re, on)?.[at];
      return part && { kind: 'element', what, next: { ...part.lead, path: [...part.lead.path, ...rest] } };
    }
    case 'concat': {
      const part = at < 0 ? undefined : concatenated(re, on, given)?.[at];
      return (
        part && {
          kind: 'element',
          what: `${name} took it from there.`,
          next: { ...part.lead, path: [...part.lead.path, ...rest] },
        }
      );
    }
    case 'set':
    case 'add': {
      if (!(step instanceof Entry) || !first) return undefined;
      if (re.valueOf(first) !== step.key) return { kind: 'element', what, next: expression(re, on, path) };
      const put = name === 'set' ? given[1] : first;
      return put && { kind: 'element', what: `${name} put ${nameOf(re, put)} there.`, next: expression(re, put, rest) };
    }
    case 'reverse':
    case 'toReversed':
      return at < 0 || length === undefined ? undefined : element(length - 1 - at, rest);
    case 'sort':
    case 'toSorted':
    case 'splice':
    case 'toSpliced':
    case 'fill':
      return at < 0 ? undefined : same();
    case 'with': {
      if (at < 0 || !first || !given[1]) return undefined;
      return re.valueOf(first) === at
        ? { kind: 'element', what: `It was passed to with.`, next: expression(re, given[1], rest) }
        : element(at, rest);
    }
    case 'values':
      return at < 0 ? undefined : contents?.entries ? entryAt(re, on, contents.entries, at, rest) : element(at, rest);
    case 'entries':
      if (at < 0 || rest[0] !== '1') return undefined;
      return contents?.entries ? entryAt(re, on, contents.entries, at, rest.slice(1)) : element(at, rest.slice(1));
    default:
      return undefined;
  }
}

function entryAt(
  re: Reenactment,
  on: AnyNode,
  entries: ReadonlyMap<Value, Value>,
  at: number,
  path: Path,
): Answer | undefined {
  const entry = [...entries][at];
  return (
    entry && {
      kind: 'element',
      what: `It was an entry of ${nameOf(re, on)}.`,
      next: expression(re, on, [new Entry(entry[0]), ...path]),
    }
  );
}

function missingEntry(re: Reenactment, on: AnyNode, key: AnyNode, node: AnyNode): Answer {
  return {
    kind: 'missing',
    what: `${nameOf(re, on)} has nothing under ${nameOf(re, key)}.`,
    inputs: [inputOf(re, on), inputOf(re, key)],
    at: { re, node },
  };
}

/** The one place that holds the value; -1 where there is none, or several. */
export function indexOfSame(elements: readonly Value[] | undefined, value: Value): number {
  if (!elements || !isKnown(value)) return -1;
  const index = elements.indexOf(value);
  return index >= 0 && elements.indexOf(value, index + 1) < 0 ? index : -1;
}

const FIRST_ARGUMENT: ReadonlySet<string> = new Set(
  'freeze seal preventExtensions defineProperty defineProperties setPrototypeOf'.split(' '),
);

function ofObject(re: Reenactment, name: string, given: readonly AnyNode[], path: Path): Answer | undefined {
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
  const parts = at < 0 ? undefined : propertiesOf(re, first);
  const [key, part] = (parts && [...parts][at]) ?? [];
  if (!part) return undefined;
  const from = (steps: Path): Answer => ({
    kind: 'element',
    what: `Object.${name} took it from ${nameOf(re, first)}.`,
    next: { ...part.lead, path: [...part.lead.path, ...steps] },
  });
  if (name === 'values') return from(rest);
  if (name === 'entries' && rest[0] === '1') return from(rest.slice(1));
  if (name === 'keys' || name === 'entries')
    return {
      kind: 'operation',
      what: `It is the name of a property of ${nameOf(re, first)}.`,
      inputs: [inputOf(re, first)],
      ...(key === undefined ? {} : { next: expression(re, first, [key, NAMED]) }),
    };
  return undefined;
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
function ofPairs(re: Reenactment, pairs: AnyNode, key: Value, path: Path): Answer | undefined {
  const what = `It was given in ${nameOf(re, pairs)}.`;
  const list = re.valueOf(pairs);
  re.standAt(pairs);
  const contents = list instanceof ObjectValue ? re.traced.timeline.replay.heap.get(list) : undefined;
  if (contents?.entries) return { kind: 'element', what, next: expression(re, pairs, [new Entry(key), ...path]) };
  for (const { lead, value } of elementsOf(re, pairs)?.toReversed() ?? []) {
    const own = keyOfPair(re, lead, value);
    if (!isKnown(own)) return undefined;
    if (own === key) return { kind: 'element', what, next: { ...lead, path: [...lead.path, '1', ...path] } };
  }
  return undefined;
}

function keyOfPair(re: Reenactment, { node, path }: ExpressionLead, pair: Value): Value {
  if (isKnown(pair)) return re.member(pair, '0');
  return path.length === 0 ? (elementsOf(re, node)?.[0]?.value ?? opaque) : opaque;
}

/** The one element of what a Set was made of. */
function ofSet(re: Reenactment, list: AnyNode, key: Value, path: Path): Answer | undefined {
  const part = samePart(re, elementsOf(re, list), key);
  const what = `It was given in ${nameOf(re, list)}.`;
  return part && { kind: 'element', what, next: { ...part.lead, path: [...part.lead.path, ...path] } };
}

function* madeArray(
  re: Reenactment,
  node: Extract<Call, { type: 'CallExpression' }>,
  name: string,
  { inner = [] }: Evaluated,
  path: Path,
): Work<Answer | undefined> {
  const [step, ...rest] = path;
  const at = typeof step === 'string' ? indexOfKey(step) : -1;
  if (at < 0) return undefined;
  if (name === 'of') {
    const given = spreadArgument(re, node.arguments, at);
    return given && given !== 'missing'
      ? {
          kind: 'element',
          what: `It was passed to Array.of.`,
          next: expression(re, given.node, [...given.path, ...rest]),
        }
      : undefined;
  }
  if (node.arguments[1]) {
    const call = inner[at];
    return call && (yield* returnAnswer(re, call.serial, rest, Infinity, node));
  }
  const [from] = node.arguments;
  return (
    from && {
      kind: 'element',
      what: `Array.from took it from ${nameOf(re, from)}.`,
      next: expression(re, from, [String(at), ...rest]),
    }
  );
}

/** Of what the language itself does. */
function from(re: Reenactment, name: string, first: AnyNode): string {
  return `${name} computed it from ${nameOf(re, first.type === 'SpreadElement' ? first.argument : first)}.`;
}

function inputsOf(re: Reenactment, node: AnyNode): Input[] {
  const on = receiverOf(node);
  const given = argumentsOf(node)
    .filter((each) => !isFunction(each))
    .map((each) => inputOf(re, each.type === 'SpreadElement' ? each.argument : each));
  return on ? [inputOf(re, on), ...given] : given;
}

/** A result that nothing recorded tells more of. */
export function unrecorded(
  re: Reenactment,
  node: AnyNode,
  { events = [], callee }: Pick<Evaluated, 'events' | 'callee'>,
): Answer {
  const crossed = events.find(({ code }) => code === EventCode.boundary);
  const on = receiverOf(node);
  const isLent = on !== undefined && (callee?.name === 'call' || callee?.name === 'apply');
  const name = isLent ? nameOf(re, on) : callee?.name || nameOf(re, 'callee' in node ? (node.callee as AnyNode) : node);
  if (crossed)
    return { kind: 'boundary', what: `It came from outside: ${String(crossed.detail)}.`, inputs: inputsOf(re, node) };
  const inputs = inputsOf(re, node).filter(
    ({ lead }) => lead.kind !== 'expression' || lead.node.type !== 'Identifier' || lead.node.name !== callee?.holder,
  );
  return { kind: 'call', what: `${name || 'The called code'}${gaveUnrecorded(re, node)}`, inputs };
}
