/** What a call of code that is not recorded took its result from, where the language fixes it. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import { EventCode } from '../query/moments.ts';
import { ObjectValue, indexOfKey, isPrimitive, opaque, type Value } from '../query/values.ts';
import { argumentsOf, spreadArgument } from './arguments.ts';
import { awaitedMessage } from './awaited-messages.ts';
import { ofArrays, receiverOf } from './callbacks.ts';
import type { Callee } from './calls.ts';
import { contentsBefore, found, isLanguages } from './collections.ts';
import {
  AWAITED,
  Entry,
  expression,
  inputOf,
  nameOf,
  Pair,
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
import { madeElements } from './made-elements.ts';
import { yieldedBy } from './loops.ts';
import { noneAt, ofObject, ofPairs, ofSet } from './made-objects.ts';
import { concatenated, elementsOf, flattened, keyOf, samePart, type Part } from './shapes.ts';
import type { Reenactment } from './reenact.ts';
import type { Evaluated } from './evaluated.ts';
import { missingIn, operation } from './operations.ts';
import { returnAnswer } from './returns.ts';
import { isFunction } from './syntax.ts';
import { conversion, extreme, hasAnswer, textAnswer } from './texts-and-numbers.ts';
import { bounds, inRound, missingEntry, sliced } from './taken-parts.ts';
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
  if (callee?.code?.file.table.functions[callee.code.index]!.generator === true && path.length > 0)
    return { kind: 'unknown', what: `${nameOf(re, node)} yielded it: the recording does not tell where.` };
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
    if (step === 'size' && (holder === 'Map' || holder === 'Set'))
      return operation(re, node, given, `It is how many entries ${nameOf(re, node)} has.`);
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
    if (path.length > 0) return unrecorded(re, node, facts);
    const what = `${nameOf(re, node)} made it.`;
    return holder === 'Date' && given.length > 0
      ? operation(re, node, given, what)
      : { kind: 'literal', what, inputs: inputsOf(re, node) };
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
    const { receiver } = callee!;
    const method = { node, on, name, given, receiver, facts, path, value };
    if (receiver instanceof ObjectValue || receiver === opaque) {
      const answer = yield* ofMethod(re, method);
      if (answer) return answer;
      if (isPattern(on) && first)
        return (yield* textAnswer(re, method)) ?? operation(re, node, given, from(re, name, first));
      if (isLanguages(re, receiver, facts.before, name) || isMade(re, on))
        return (yield* textAnswer(re, method)) ?? operation(re, node, [on, ...given], from(re, name, on));
    } else if (isPrimitive(receiver))
      return (yield* textAnswer(re, method)) ?? operation(re, node, [on, ...given], from(re, name, on));
  }
  if (holder === 'Math' && (name === 'max' || name === 'min')) return extreme(re, node, given, name, value);
  if (/^(?:Number|String|Boolean|parseInt|parseFloat|BigInt)$/.test(holder)) return conversion(re, node, given);
  if (holder === 'Math' ? name !== 'random' : holder === 'Date' && (name === 'parse' || name === 'UTC'))
    return operation(re, node, given, `${nameOf(re, node)} computed it.`);
  if (callee && path.length === 0 && isOfPaths(re, callee))
    return operation(re, node, given, `${name} put the path together.`);
  return unrecorded(re, node, facts);
}

/** Whether it is a function of `node:path`, which looks at texts alone. */
function isOfPaths(re: Reenactment, { value, receiver, name }: Callee): boolean {
  if (!/^(?:join|resolve|normalize|relative|dirname|basename|extname|format)$/.test(name)) return false;
  const { heap } = re.traced.timeline.replay;
  return [value, receiver].some((each) => {
    const inner = each instanceof ObjectValue ? heap.get(each)?.inner : undefined;
    return typeof inner === 'string' && /^node:path\b/.test(inner);
  });
}

export interface Method {
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
    return taken(what, parts?.[index]?.lead ?? expression(re, on, [String(index)]), steps);
  };
  const at = typeof step === 'string' ? indexOfKey(step) : -1;
  const made = at >= 0 && node.type === 'CallExpression' ? madeElements(re, node) : undefined;
  const part = (list: readonly Part[] | undefined): Answer | undefined => {
    const own = list?.[at];
    if (own) return taken(what, own.lead, rest);
    return list && noneAt(nameOf(re, node), list.length, step, expression(re, on));
  };
  const picking = { node, on, name, test: first, inner, length };
  switch (name) {
    case 'next':
      return step === 'value' ? yield* yieldedBy(re, before, rest) : undefined;
    case 'pop':
    case 'shift':
      if (length === 0)
        return { kind: 'missing', what: `${nameOf(re, on)} had no elements.`, next: expression(re, on) };
      if (name === 'shift') return element(0, path);
      return length === undefined ? undefined : element(length - 1, path);
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
      if (contents && !contents.entries!.has(key)) return yield* missingEntry(re, on, first, node);
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
      if (given[1] && path.length === 0)
        return { ...operation(re, node, [on, given[1]], EMPTY(re, on)), next: expression(re, on) };
      if (given[1]) return { kind: 'copy', what: EMPTY(re, on), next: expression(re, given[1], path) };
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
      if (at >= 0 && inner.length === 0 && length !== undefined && first && at < length)
        return {
          ...element(at, []),
          kind: 'operation',
          what: `${nameOf(re, first)} made it of ${nameOf(re, on)}[${at}].`,
        };
      return at >= 0 && length === inner.length ? element(at, []) : undefined;
    }
    case 'has':
    case 'includes':
    case 'indexOf':
    case 'lastIndexOf':
      // what others mean by it nobody knows
      return contents?.elements || contents?.entries || contents?.kind === ObjectKind.weak || isMade(re, on)
        ? yield* hasAnswer(re, method)
        : undefined;
    case 'flatMap':
      return made?.[at] && (yield* inRound(re, node, inner, path));
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
      if (made?.[at]) return taken(what, made[at].lead, rest);
      const kept = at < 0 ? undefined : passedOf(inner)?.[at];
      return at < 0 || kept !== undefined ? element(kept ?? -1, rest) : countAnswer(re, picking, 'missing');
    }
    case 'slice': {
      const start = first ? re.valueOf(first) : 0;
      if (length !== undefined && (at < 0 || (made && made[at] === undefined))) return sliced(re, method, length, made);
      if (at < 0 || typeof start !== 'number' || (start < 0 && length === undefined)) return undefined;
      const from = element(at + (start < 0 ? Math.max(0, length! + start) : start), rest);
      return from && { ...from, what: `slice(${bounds(re, given)}) took it from ${nameOf(re, on)}.` };
    }
    case 'flat':
      return at < 0 || first ? undefined : part(flattened(re, on));
    case 'concat':
      return at < 0 ? undefined : part(concatenated(re, on, given));
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
    case 'splice':
    case 'sort':
    case 'toSorted':
    case 'toSpliced':
    case 'fill': {
      if (name === 'sort' && path.length === 0 && contents?.elements)
        return { kind: 'copy', what: 'sort gives the array itself, in another order.', next: expression(re, on) };
      if (made && name === 'splice') return part(made);
      const same = at < 0 ? undefined : samePart(re, parts, value, rest);
      return same && taken(what, same.lead, rest);
    }
    case 'with': {
      if (at < 0 || !first || !given[1]) return undefined;
      return re.valueOf(first) === at
        ? { kind: 'element', what: `It was passed to with.`, next: expression(re, given[1], rest) }
        : element(at, rest);
    }
    case 'keys': {
      const key = at >= 0 && contents?.entries ? [...contents.entries.keys()][at] : undefined;
      return key === undefined
        ? undefined
        : {
            kind: 'operation',
            what: `It is a key of ${nameOf(re, on)}.`,
            inputs: [inputOf(re, on)],
            next: keyOf(re, on, key).lead,
          };
    }
    case 'values':
    case 'entries': {
      const entry = at >= 0 && contents?.entries ? [...contents.entries][at] : undefined;
      if (at < 0 || (contents?.entries && !entry)) return undefined;
      if (entry)
        return taken(
          `It was an entry of ${nameOf(re, on)}.`,
          expression(re, on, [name === 'values' ? new Entry(entry[0]) : new Pair(entry[0], at)]),
          rest,
        );
      if (name === 'values') return element(at, rest);
      return rest[0] === '1' ? element(at, rest.slice(1)) : undefined;
    }
    default:
      return undefined;
  }
}

const EMPTY = (re: Reenactment, on: AnyNode): string => `${nameOf(re, on)} is empty: reduce gave its initial value.`;

/** What a method took out of what it was called on. */
function taken(what: string, lead: ExpressionLead, path: Path): Answer {
  return { kind: 'element', what, next: { ...lead, path: [...lead.path, ...path] } };
}

/** The one place that holds the value; -1 where there is none, or several. */
export function indexOfSame(elements: readonly Value[] | undefined, value: Value): number {
  if (!elements || !isKnown(value)) return -1;
  const index = elements.indexOf(value);
  return index >= 0 && elements.indexOf(value, index + 1) < 0 ? index : -1;
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
  if (at < 0) return operation(re, node, node.arguments, from(re, `Array.${name}`, node.arguments[0] ?? node));
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
  const [source] = node.arguments;
  if (!source) return undefined;
  const lead = elementsOf(re, source)?.[at]?.lead ?? expression(re, source, [String(at)]);
  return taken(`Array.from took it from ${nameOf(re, source)}.`, lead, rest);
}

/** Of what the language itself does. */
function from(re: Reenactment, name: string, first: AnyNode): string {
  return `${name} computed it from ${nameOf(re, first.type === 'SpreadElement' ? first.argument : first)}.`;
}

function isPattern(node: AnyNode): boolean {
  return node.type === 'Literal' && 'regex' in node && node.regex !== undefined;
}

/** Whether the language made what an expression gave, so that the methods of that are the language's. */
function isMade(re: Reenactment, node: AnyNode): boolean {
  const { callee, call, before } = re.values.get(node) ?? {};
  if (node.type === 'ArrayExpression') return true;
  if (node.type === 'NewExpression') return /^(?:Date|Map|Set|Array|RegExp)$/.test(callee?.holder ?? '');
  const on = receiverOf(node);
  if (node.type !== 'CallExpression' || !callee || call || !on) return false;
  if (callee.holder !== '') return /^(?:Object|Array|JSON)$/.test(callee.holder);
  if (isPrimitive(callee.receiver)) return true;
  return isLanguages(re, callee.receiver, before, callee.name) || (callee.receiver === opaque && isMade(re, on));
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
