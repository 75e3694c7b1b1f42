/** How an expression of the source got its value, step by step of the language. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import { truthy } from '../query/derive.ts';
import { Accessor, hole, indexOfKey, isPrimitive, ObjectValue, opaque, type Key, type Value } from '../query/values.ts';
import { abortAnswer } from './aborts.ts';
import { ownerOfThis, thisOf } from './arguments.ts';
import { partOf } from './creation.ts';
import {
  ABORTED,
  AWAITED,
  decidingText,
  Entry,
  expression,
  inputOf,
  isHeld,
  nameOf,
  NAMED,
  PARSED,
  Pair,
  pathText,
  shortValue,
  stepText,
  type Answer,
  type ExpressionLead,
  type Path,
} from './hops.ts';
import { nativeAnswer } from './natives.ts';
import { isLiteral, operation } from './operations.ts';
import { propertyAnswer } from './objects.ts';
import { isKnown } from './primitives.ts';
import type { Evaluated } from './evaluated.ts';
import { returnAnswer } from './returns.ts';
import { elementsOf, partUnder, propertiesOf } from './shapes.ts';
import type { Reenactment } from './reenact.ts';
import { isClass, isFunction, keyText, plain } from './syntax.ts';
import type { Traced, Work } from './traced.ts';
import { variableAnswer } from './variables.ts';

/** What an expression with that path gave; where that is not known, what whoever got it had. */
export function leadValue(lead: ExpressionLead): Value | Accessor {
  const own = ownValue(lead);
  // what `i++` wrote is not what it gave
  return 'value' in lead && (own === opaque || lead.node.type === 'UpdateExpression') ? lead.value : own;
}

export function ownValue({ re, node, path }: ExpressionLead): Value | Accessor {
  const value = re.valueOf(node);
  if (path.length === 0) return value;
  const [first] = path;
  if (value === opaque && typeof first === 'string') {
    const end = path.indexOf(PARSED);
    const part = elementsOf(re, node)?.[indexOfKey(first)];
    return (part && partUnder(re, part, path.slice(1, end < 0 ? undefined : end))?.value) ?? opaque;
  }
  re.standAt(node);
  return heldUnder(re.traced, value, path);
}

/** What the path leads to from a value, where the timeline stands; opaque where it is not known. */
export function heldUnder({ timeline: { replay }, reader }: Traced, from: Value, path: Path): Value | Accessor {
  let at: Value | Accessor = from;
  if (path.at(-1) === NAMED) {
    const key = path.at(-2);
    return key instanceof Entry ? key.key : typeof key === 'string' ? key : opaque;
  }
  for (const [i, step] of path.entries()) {
    if (step === PARSED) break;
    if (path[i - 1] instanceof Pair) continue;
    if (typeof at === 'string' && typeof step === 'string') {
      at = step === 'length' ? at.length : /^\d+$/.test(step) ? at[Number(step)] : opaque;
      continue;
    }
    if (step instanceof Pair && at instanceof ObjectValue && (path[i + 1] === '0' || path[i + 1] === '1')) {
      const entries: ReadonlyMap<Value, Value> | undefined = replay.heap.get(at)?.entries;
      at = path[i + 1] === '0' ? step.key : entries?.has(step.key) ? entries.get(step.key) : opaque;
      continue;
    }
    if (!(at instanceof ObjectValue) || !isHeld(step)) return opaque;
    if (step instanceof Entry) {
      const contents = replay.heap.get(at);
      const isSet = contents?.kind === ObjectKind.set;
      at = contents?.entries?.has(step.key) ? (isSet ? step.key : contents.entries.get(step.key)) : opaque;
    } else {
      const found = reader.property(at, step as Key);
      at = found ? found.value : opaque;
    }
  }
  return at === hole ? undefined : at;
}

/** A part of what an object or array literal makes is the expression in it that stands for the part. */
export function insideLiteral(lead: ExpressionLead): ExpressionLead {
  let at = { ...lead, path: settled(lead) };
  while (isLiteralObject(at.node) && at.path.length > 0) {
    const part = partOf(at.re, at.node, at.path);
    if (!part || part === 'absent') break;
    at = { ...part, path: settled(part), ...('value' in lead && { value: lead.value }) };
  }
  return at;
}

/** How it got its value. */
export function* expressionAnswer(traced: Traced, lead: ExpressionLead): Work<Answer> {
  const { re, node } = lead;
  const path = settled(lead);
  const own = { ...lead, path };
  const aborted = path.at(-1) === ABORTED ? yield* abortAnswer(traced, own) : undefined;
  if (aborted) return aborted;
  if (path.length > 0 && !(lead.made === true)) {
    const known = re.valueOf(node);
    if (known instanceof ObjectValue && isAsked(path[0]!) && !isLiteralObject(node)) {
      const before = re.standAt(node);
      // what is first seen later, in an error say, has no contents yet: how it was made tells
      if (!traced.timeline.replay.heap.isDefined(known.id)) return yield* byType(traced, own);
      const steps = path as readonly [Path[number], ...Path];
      return yield* propertyAnswer(traced, { kind: 'property', object: known, path: steps, before, reader: own });
    }
    if (typeof known === 'string' && isHeld(path[0]!))
      return {
        kind: 'operation',
        what: `It is a part of the text ${nameOf(re, node)}.`,
        next: expression(re, node),
        inputs: [inputOf(re, node)],
      };
    if ((known === undefined || known === null) && re.has(node) && isHeld(path[0]!))
      return {
        kind: 'property',
        what: `${nameOf(re, node)} is ${String(known)}, which has no ${stepText(path[0]!)}.`,
        next: expression(re, node),
        differs: true,
      };
  }
  return yield* byType(traced, own);
}

/** Whether an object itself can tell of the step. */
function isAsked(step: Path[number]): boolean {
  return isHeld(step) || step instanceof Pair;
}

function isLiteralObject({ type }: AnyNode): boolean {
  return type === 'ObjectExpression' || type === 'ArrayExpression';
}

/** What is no promise is what it resolves to. */
function settled({ re, node, path }: ExpressionLead): Path {
  if (path[0] !== AWAITED) return path;
  return (re.has(node) && isOther(re, re.valueOf(node))) || isNoPromise(node) ? path.slice(1) : path;
}

/** Whether a value is known to be no promise. */
function isOther({ traced: { timeline, reader }, run }: ExpressionLead['re'], value: Value): boolean {
  if (!(value instanceof ObjectValue)) return isPrimitive(value);
  if (!reader.object(value)) timeline.seekMoment(run.until);
  const state = reader.object(value);
  return state !== undefined && state.typeName !== 'Promise';
}

function isNoPromise(node: AnyNode): boolean {
  return (
    /^(ObjectExpression|ArrayExpression|Literal|TemplateLiteral|BinaryExpression|UnaryExpression|UpdateExpression)$/.test(
      node.type,
    ) || isFunction(node)
  );
}

function* byType(traced: Traced, lead: ExpressionLead): Work<Answer> {
  const { re, node, path } = lead;
  const go = (to: AnyNode, what: string, kind: Answer['kind'] = 'copy'): Answer => ({
    kind,
    what,
    next: expression(re, to, path),
  });
  switch (node.type) {
    case 'Identifier':
      return yield* variableAnswer(traced, lead, node.name);
    case 'ThisExpression': {
      re.standAt(node);
      const serial = ownerOfThis(traced, re.run.call);
      return serial === undefined
        ? { kind: 'unknown', what: 'The recording does not tell what this was.' }
        : yield* thisOf(traced, serial, path);
    }
    case 'Literal':
    case 'MetaProperty':
      return { kind: 'literal', what: `${nameOf(re, node)} stands in the source.` };
    case 'TemplateLiteral':
      if (node.expressions.length === 0) return { kind: 'literal', what: 'The text stands in the source.' };
      return operation(
        re,
        node,
        node.expressions,
        `The text was put together from ${list(node.expressions.map((each) => nameOf(re, each)))}.`,
      );
    case 'MemberExpression':
      return yield* memberAnswer(traced, lead, node);
    case 'CallExpression':
    case 'NewExpression':
    case 'TaggedTemplateExpression':
      return yield* callAnswer(lead, node);
    case 'ConditionalExpression': {
      const truth = truthy(re.valueOf(node.test));
      if (truth === undefined)
        return {
          kind: 'unknown',
          what: `The recording does not tell what ${nameOf(re, node.test)} was.`,
          inputs: [inputOf(re, node.test)],
        };
      return go(
        truth ? node.consequent : node.alternate,
        `${nameOf(re, node.test)} was ${decidingText(re.valueOf(node.test), truth)}.`,
      );
    }
    case 'LogicalExpression': {
      if (re.has(node.right))
        return go(
          node.right,
          `${nameOf(re, node.left)} was ${passed(node.operator, re.valueOf(node.left))}, so the right side counts.`,
        );
      if (!isKnown(re.valueOf(node.left)))
        return {
          kind: 'unknown',
          what: `The recording does not tell what ${nameOf(re, node.left)} was.`,
          inputs: [inputOf(re, node.left)],
        };
      return go(node.left, `${nameOf(re, node.left)} was not ${passed(node.operator, opaque)}, so it is the value.`);
    }
    case 'SequenceExpression':
      return go(node.expressions.at(-1)!, 'It is the last of the expressions.');
    case 'AwaitExpression':
      return {
        kind: 'copy',
        what: `${nameOf(re, node.argument)} was awaited.`,
        next: expression(re, node.argument, [AWAITED, ...path]),
      };
    case 'AssignmentExpression': {
      if (node.operator === '=') return go(node.right, `It is what was assigned.`);
      if (/^(&&|\|\||\?\?)=$/.test(node.operator))
        return go(re.has(node.right) ? node.right : node.left, `It is what ${node.operator} chose.`);
      return operation(
        re,
        node,
        [node.left, node.right],
        computed(re, node, [node.left, node.right], node.operator.slice(0, -1)),
      );
    }
    case 'UpdateExpression':
      return operation(
        re,
        node,
        [node.argument],
        `${nameOf(re, node.argument)} was ${node.operator === '++' ? 'increased' : 'decreased'} by one.`,
      );
    case 'UnaryExpression':
      if (node.operator === 'void') return { kind: 'literal', what: 'void gives undefined.' };
      if (node.operator === '-' && node.argument.type === 'Literal')
        return { kind: 'literal', what: `${nameOf(re, node)} stands in the source.` };
      return operation(re, node, [node.argument], `${node.operator} was applied to ${nameOf(re, node.argument)}.`);
    case 'BinaryExpression': {
      const operands = node.left.type === 'PrivateIdentifier' ? [node.right] : [node.left, node.right];
      return operation(
        re,
        node,
        operands,
        operands.length === 2
          ? computed(re, node, operands, node.operator)
          : `It tells whether ${nameOf(re, node.right)} has ${re.run.syntax.written(node.left as never)}.`,
      );
    }
    case 'ObjectExpression':
    case 'ArrayExpression': {
      if (path.length === 0) return { kind: 'literal', what: 'It was made here.' };
      if (node.type === 'ArrayExpression' && path[0] === 'length') {
        const count = elementsOf(re, node)?.length;
        if (count !== undefined)
          return { kind: 'literal', what: `${count} element${count === 1 ? ' was' : 's were'} put into it here.` };
      }
      if (partOf(re, node, path) === 'absent' && typeof path[0] === 'string')
        return { kind: 'missing', what: `What was made here has no ${stepText(path[0])}.` };
      return { kind: 'unknown', what: `The text does not tell what ${pathText(path)} is.` };
    }
    case 'ReturnStatement':
      return { kind: 'missing', what: 'It returns without a value.' };
    case 'BlockStatement':
      return { kind: 'missing', what: 'The function ended without returning a value.' };
    case 'YieldExpression':
      return { kind: 'unknown', what: 'Whoever asked the generator passed it.' };
    case 'ImportExpression':
      return { kind: 'boundary', what: 'A module was loaded.' };
    default:
      if (isFunction(node) || isClass(node)) return { kind: 'literal', what: 'It stands in the source.' };
      return { kind: 'unknown', what: 'The recording does not tell.' };
  }
}

/** What the left side of a logical operator is where its right side counts. */
function passed(operator: string, value: Value): string {
  if (isPrimitive(value)) return decidingText(value, operator === '&&');
  return operator === '&&' ? 'true' : operator === '||' ? 'false' : 'undefined or null';
}

/** `It was computed as sum - discount, here 4500 - 500.` */
function computed(re: Reenactment, node: AnyNode, operands: readonly AnyNode[], operator: string): string {
  const text = nameOf(re, node);
  const values = operands.map((each) => shortValue(re.valueOf(each)));
  const here = values.includes(undefined) ? text : values.join(` ${operator} `);
  return `It was computed as ${text}${here === text ? '' : `, here ${here}`}.`;
}

export function list(names: readonly string[]): string {
  const different = [...new Set(names)];
  if (different.length < 2) return different.join('');
  return `${different.slice(0, -1).join(', ')} and ${different.at(-1)}`;
}

function* memberAnswer(
  traced: Traced,
  lead: ExpressionLead,
  node: Extract<AnyNode, { type: 'MemberExpression' }>,
): Work<Answer> {
  const { re, path } = lead;
  const { call } = re.values.get(node) ?? {};
  if (call) return yield* returnAnswer(re, call.serial, path, Infinity, node);
  const key = keyText(node.property, node.computed) ?? re.valueOf(node.property);
  const inTable = inLiteral(lead, node);
  if (inTable) return inTable;
  if (node.object.type === 'Super' || !(typeof key === 'string' || typeof key === 'number'))
    return {
      kind: 'unknown',
      what: `The recording does not tell which property ${nameOf(re, node)} was.`,
      inputs: node.object.type === 'Super' ? [] : [inputOf(re, node.object), inputOf(re, node.property)],
    };
  const steps: Path = [String(key), ...path];
  const object = re.valueOf(node.object);
  if (object instanceof ObjectValue) {
    const before = re.standAt(node);
    const answer = yield* propertyAnswer(traced, {
      kind: 'property',
      object,
      path: steps as [string, ...Path],
      before,
      reader: lead,
    });
    // where nothing is known of the object, its own origin may tell
    return answer.kind === 'unknown' && answer.next === undefined
      ? { ...answer, inputs: [inputOf(re, node.object)] }
      : answer;
  }
  if (object === null || object === undefined)
    return {
      kind: 'property',
      what: `${nameOf(re, node.object)} is ${String(object)}.`,
      next: expression(re, node.object),
      differs: true,
    };
  if (isPrimitive(object))
    return {
      kind: 'operation',
      what: `It is a part of ${nameOf(re, node.object)}.`,
      next: expression(re, node.object),
      inputs: [inputOf(re, node.object)],
    };
  if (isGlobalObject(re, node.object))
    return { kind: 'boundary', what: `${nameOf(re, node)} belongs to Node or the language.` };
  return {
    kind: 'property',
    what: `It is ${stepText(String(key))} of ${nameOf(re, node.object)}.`,
    next: expression(re, node.object, steps),
  };
}

/** `['Sun', 'Mon'][day]`: what is taken out of what stands in the source is decided by the key. */
function inLiteral(lead: ExpressionLead, node: Extract<AnyNode, { type: 'MemberExpression' }>): Answer | undefined {
  const { re, path } = lead;
  const table = plain(node.object);
  if (!node.computed || isLiteral(node.property) || path.length > 0 || !isLiteralObject(table)) return undefined;
  const parts = [...(elementsOf(re, table)?.entries() ?? propertiesOf(re, table)?.entries() ?? [])];
  const value = leadValue(lead);
  const known = re.valueOf(node.property);
  const same = parts.filter(([, part]) => value !== opaque && Object.is(part.value, value));
  const key = known === opaque ? (same.length === 1 ? same[0]![0] : undefined) : known;
  if (!isPrimitive(key) || key === undefined || parts.length === 0) return undefined;
  const taken = parts.find(([own]) => String(own) === String(key))?.[1];
  if (taken && !(taken.lead.path.length === 0 && isLiteral(taken.lead.node))) return undefined;
  const of = nameOf(re, node.property);
  const has = taken !== undefined;
  return {
    kind: 'operation',
    what: has
      ? `${of} was ${JSON.stringify(key)}, and that is what stands there.`
      : `${of} was ${JSON.stringify(key)}, and nothing stands there.`,
    inputs: [inputOf(re, node.property)],
    next: { ...expression(re, node.property), value: key },
  };
}

/** `process.env` and the like: nothing recorded made them. */
function isGlobalObject(re: ExpressionLead['re'], node: AnyNode): boolean {
  if (node.type === 'MemberExpression') return isGlobalObject(re, node.object);
  return (
    node.type === 'Identifier' &&
    /^(process|globalThis|global|Math|Number|navigator|performance)$/.test(node.name) &&
    !isKnown(re.valueOf(node))
  );
}

/** A call of an optional chain that ended before it. */
function cutShort(re: ExpressionLead['re'], node: AnyNode): Answer {
  let at = node;
  while (!re.has(at) || at === node) {
    const next = at.type === 'CallExpression' ? at.callee : at.type === 'MemberExpression' ? at.object : undefined;
    if (!next) return { kind: 'unknown', what: `The recording does not tell what ${nameOf(re, node)} gave.` };
    at = plain(next);
  }
  return {
    kind: 'property',
    what: `${nameOf(re, at)} is ${String(re.valueOf(at))}, so nothing was called.`,
    next: expression(re, at),
    differs: true,
  };
}

function* callAnswer(
  lead: ExpressionLead,
  node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' | 'TaggedTemplateExpression' }>,
): Work<Answer> {
  const { re, path } = lead;
  const facts: Evaluated | undefined = re.values.get(node);
  if (!facts) {
    const caller = [...re.callers.values()].find((each) => each.node === node);
    if (!caller) return { kind: 'unknown', what: `The recording does not tell what ${nameOf(re, node)} gave.` };
    const inner = re.run.happenings.flatMap((each) =>
      each.kind === 'call' && re.callers.get(each.serial)?.node === node ? [each] : [],
    );
    return yield* nativeAnswer(
      re,
      node,
      { value: opaque, at: re.next, callee: caller.callee, inner, events: [], before: caller.before },
      path,
      opaque,
    );
  }
  if (facts.call) return yield* returnAnswer(re, facts.call.serial, path, Infinity, node);
  if (!facts.callee) return cutShort(re, node);
  const value = leadValue(lead);
  return yield* nativeAnswer(re, node, facts, path, value instanceof Accessor ? opaque : value);
}
