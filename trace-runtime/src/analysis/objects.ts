/** Where what an object holds came from: the last write, else the expression that made the object. */
import type { AnyNode } from 'acorn';
import { ObjectKind, Runtime } from '../wire/words.ts';
import type { LoadedFile } from '../query/activation.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { MUTATIONS, type LastEvent } from '../query/stream-state.ts';
import type { Finder } from '../query/timeline.ts';
import { indexOfKey, ObjectValue, type Key, type Value } from '../query/values.ts';
import { findWrites } from '../query/watched.ts';
import { creationOf } from './creation.ts';
import {
  Entry,
  expression,
  heldText,
  inputOf,
  isHeld,
  nameOf,
  NAMED,
  Pair,
  stepText,
  type Answer,
  type ExpressionLead,
  type Path,
  type PropertyLead,
} from './hops.ts';
import { heldUnder } from './expressions.ts';
import { fieldAnswer } from './fields.ts';
import { objectSentAs } from './messages.ts';
import { missingProperty } from './missing.ts';
import { changedBy } from './mutations.ts';
import { walkPattern, reenactAt } from './variables.ts';
import type { PatternStep } from './patterns.ts';
import type { Reenactment } from './reenact.ts';
import { keyText } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';

/** How an object came to hold what it holds under the first step of the path. */
export function* propertyAnswer(traced: Traced, given: PropertyLead): Work<Answer> {
  traced.timeline.seek(given.before);
  const lead = innermost(traced, given);
  const { object, path, before, reader } = lead;
  const [step, ...rest] = path;
  if (step instanceof Pair) return yield* pairAnswer(traced, lead, step);
  if (!isHeld(step)) return yield* fromCreation(traced, lead);
  if (step instanceof Entry) {
    const change = yield* lastChange(traced, object, entryFinder(traced, object, step), before);
    return change ? yield* writeAnswer(traced, change, step, rest) : yield* fromCreation(traced, lead);
  }
  const holder = holderOf(traced, object, step);
  if (holder === undefined) {
    const change =
      typeof step === 'string' ? yield* lastChange(traced, object, writesOf(traced, object, step), before) : undefined;
    if (change && change.code !== EventCode.set) return yield* writeAnswer(traced, change, step, rest);
    return yield* missingProperty(traced, { object, key: step, before, reader });
  }
  if (holder === 'unknown') {
    const label = typeof step === 'string' ? step : 'the property';
    const size = step === 'size' ? traced.timeline.replay.heap.get(object)?.entries?.size : undefined;
    const from = holderExpression(reader);
    if (size !== undefined)
      return {
        kind: 'operation',
        what: `${from ? nameOf(from.re, from.node) : 'It'} has ${size} ${size === 1 ? 'entry' : 'entries'}.`,
        inputs: from ? [inputOf(from.re, from.node)] : [],
      };
    if (inheritsFromLanguage(traced, object))
      return {
        kind: from ? 'operation' : 'boundary',
        what: `It gets ${label} from what Node or the language has for such objects.`,
        next: from,
      };
    return { kind: 'unknown', what: `The recording does not hold ${label} of the object.` };
  }
  const name = typeof step === 'string' ? step : undefined;
  if (name !== undefined) {
    const change = yield* lastChange(traced, holder, writesOf(traced, holder, name), before);
    if (change) return yield* writeAnswer(traced, change, step, rest);
  }
  return yield* fromCreation(traced, { ...lead, object: holder });
}

/** `map` of `map.size`. */
function holderExpression({ re, node, path }: PropertyLead['reader']): ExpressionLead | undefined {
  const isIt = node.type === 'MemberExpression' && path.length === 0 && node.object.type !== 'Super';
  return isIt ? expression(re, node.object) : undefined;
}

/** `[key, value]` of a Map's entry, or a part of it. */
function* pairAnswer(traced: Traced, { object, path, before, reader }: PropertyLead, { key }: Pair): Work<Answer> {
  const [, at, ...rest] = path;
  const of = nameOf(reader.re, reader.node);
  const under = (steps: Path): PropertyLead => ({
    kind: 'property',
    object,
    path: [new Entry(key), ...steps],
    before,
    reader,
  });
  if (at === '1') return yield* propertyAnswer(traced, under(rest));
  if (at === '0')
    return {
      kind: 'operation',
      what: `It is a key of ${of}.`,
      next: under([NAMED]),
      inputs: [inputOf(reader.re, reader.node)],
    };
  return { kind: 'operation', what: `It is the entry of ${of}${stepText(new Entry(key))}.`, next: under([]) };
}

/** What an object further down the path holds is what that object was given, wherever the object itself came from. */
function innermost(traced: Traced, lead: PropertyLead): PropertyLead {
  let { object, path } = lead;
  for (;;) {
    const [step, second, ...rest] = path;
    const isHeld = typeof second === 'string' || second instanceof Entry;
    const held = isHeld ? heldUnder(traced, object, [step]) : undefined;
    if (second === undefined || !(held instanceof ObjectValue)) return { ...lead, object, path };
    [object, path] = [held, [second, ...rest]];
  }
}

/** The object of the prototype chain that has the property. */
export function holderOf(
  { timeline: { replay }, reader }: Traced,
  object: ObjectValue,
  key: Key,
): ObjectValue | 'unknown' | undefined {
  const index = indexOfKey(key);
  let at: Value = object;
  for (let hops = 0; at instanceof ObjectValue && hops < 1000; hops++) {
    const contents = replay.heap.get(at);
    if (!contents) return 'unknown';
    const { elements } = contents;
    if (contents.properties.has(key) || (elements && ((index >= 0 && index in elements) || key === 'length')))
      return at;
    if (contents.lazyPrototype && key === 'prototype') return at;
    at = contents.prototype;
  }
  const found = reader.property(object, key);
  if (isNoPromiseProperty({ reader }, object, key)) return undefined;
  return found && found.value === undefined ? undefined : 'unknown';
}

function inheritsFromLanguage({ timeline: { replay } }: Traced, object: ObjectValue): boolean {
  let at: Value = object;
  for (let hops = 0; at instanceof ObjectValue && hops < 1000; hops++) {
    const contents = replay.heap.get(at);
    if (contents?.kind === ObjectKind.intrinsic) return true;
    if (!contents || contents.kind === ObjectKind.proxy) return false;
    at = contents.prototype;
  }
  return false;
}

/** What a promise will resolve to is none of its properties. */
export function isNoPromiseProperty({ reader }: Pick<Traced, 'reader'>, object: ObjectValue, key: Key): boolean {
  if (typeof key !== 'string' || key in Promise.prototype) return false;
  const state = reader.object(object);
  return state?.typeName === 'Promise' && !state.properties.some((each) => each.key === key);
}

/** A change of an object: an event of code that is recorded, or of native code that it called. */
export interface ObjectChange {
  readonly moment: Moment;
  readonly object: ObjectValue;
  readonly code: EventCode;
  readonly call: number;
  readonly file: LoadedFile | undefined;
  readonly op: number;
  readonly key: Value;
  readonly value: Value;
  readonly detail: number;
}

function* lastChange(
  traced: Traced,
  object: ObjectValue,
  finder: Finder,
  before: PropertyLead['before'],
): Work<ObjectChange | undefined> {
  const { timeline } = traced;
  const after = timeline.unknownBefore(object.id);
  timeline.seek(before);
  if (!(yield* timeline.backward(before, { ...finder, after, object }))) return undefined;
  const { position, replay } = timeline;
  replay.step();
  const { moment, code, activation, file, op, key, value, detail } = replay.event;
  timeline.seek(position);
  return { moment, object, code, call: activation?.serial ?? 0, file, op, key, value, detail: Number(detail) };
}

function writesOf({ files }: Traced, { id }: ObjectValue, name: string): Finder {
  return relevant(findWrites({ kind: 'property', name, object: id }, files), name);
}

const WHOLE: ReadonlySet<number> = new Set([Runtime.push, Runtime.splice, Runtime.elements]);

/** Of changes of an object as a whole only those that may touch the property. */
function relevant(finder: Finder, name: string): Finder {
  const isElement = indexOfKey(name) >= 0 || name === 'length';
  return {
    ...finder,
    event: (event) => {
      if (finder.event?.(event) !== true) return false;
      if (event.code !== EventCode.mutation || event.key !== undefined) return !isEntry(event);
      if (!isElement || !WHOLE.has(Number(event.detail))) return false;
      return name === 'length' || Number(name) >= event.index;
    },
  };
}

function isEntry({ code, detail }: LastEvent): boolean {
  return (
    code === EventCode.mutation &&
    (detail === Runtime.mapSet || detail === Runtime.mapDelete || detail === Runtime.mapClear)
  );
}

function entryFinder(_: Traced, object: ObjectValue, { key }: Entry): Finder {
  return {
    sites: new Set([MUTATIONS]),
    event: (event) => {
      if (!isEntry(event) || event.object !== object) return false;
      return event.detail === Runtime.mapClear || Object.is(event.key, key);
    },
  };
}

/** Where an entry was set, or taken out; undefined where nothing recorded did, of what is no Map or Set. */
export function* entryChanged(re: Reenactment, on: AnyNode, node: AnyNode, key: Value): Work<PropertyLead | undefined> {
  const { traced } = re;
  const object = re.valueOf(on);
  if (!(object instanceof ObjectValue)) return undefined;
  const before = re.standAt(node);
  const isOfSet = traced.timeline.replay.heap.get(object)?.kind === ObjectKind.set;
  const step = new Entry(key, isOfSet);
  const change = yield* lastChange(traced, object, entryFinder(traced, object, step), before);
  return change && { kind: 'property', object, path: [step], before, reader: expression(re, on) };
}

/** The expression that a change took its value from. */
function* writeAnswer(traced: Traced, change: ObjectChange, step: Key | Entry, path: Path): Work<Answer> {
  const { file, call, moment, code } = change;
  const syntax = file && syntaxOf(traced, file);
  if (!file || !syntax || call === 0)
    return {
      kind: 'call',
      what: `It was set by code that is not recorded step by step${file ? `, in ${file.path}` : ''}.`,
    };
  if (code === EventCode.mutation) return yield* changedBy(traced, change, step, path);
  const op = file.table.ops[change.op];
  const node = op && 'start' in op ? syntax.within(op.start, op.end) : undefined;
  if (!node) return { kind: 'unknown', what: 'The recording lacks the source of the write.' };
  const re = yield* reenactAt(traced, call, file, syntax, node, moment);
  const label = stepText(step);
  if (code === EventCode.delete) return { kind: 'missing', what: `${label} was deleted here.`, at: { re, node } };
  if (path[0] === NAMED) return nameAnswer(re, node);
  const assignment = node.type === 'AssignmentExpression' || node.type === 'UpdateExpression' ? node : undefined;
  if (
    assignment?.type === 'AssignmentExpression' &&
    assignment.operator === '=' &&
    assignment.left.type === 'MemberExpression'
  )
    return {
      kind: 'property',
      what: `${nameOf(re, assignment.left)} was set to ${nameOf(re, assignment.right)}.`,
      next: expression(re, assignment.right, path),
    };
  if (assignment && (assignment.type === 'UpdateExpression' || assignment.left.type === 'MemberExpression'))
    return {
      kind: 'property',
      what: `${label} was changed by ${nameOf(re, assignment)}.`,
      next: expression(re, assignment, path),
    };
  return patternTarget(re, node, path) ?? { kind: 'unknown', what: `${label} was written here.`, at: { re, node } };
}

/** The name under which a write set a property. */
function nameAnswer(re: Reenactment, node: AnyNode): Answer {
  const target =
    node.type === 'AssignmentExpression' ? node.left : node.type === 'UpdateExpression' ? node.argument : node;
  const key = target.type === 'MemberExpression' && target.computed ? target.property : undefined;
  return key === undefined || key.type === 'Literal'
    ? { kind: 'literal', what: `The name stands in ${nameOf(re, target)}.`, at: { re, node: target, path: [NAMED] } }
    : { kind: 'property', what: `${nameOf(re, target)} was set under that name.`, next: expression(re, key) };
}

/** `[o.p] = …`: the part of the right side that the target takes. */
function patternTarget(re: Reenactment, target: AnyNode, path: Path): Answer | undefined {
  const { syntax } = re.run;
  for (const node of syntax.around(target)) {
    if (node.type !== 'AssignmentExpression') continue;
    const steps = stepsTo(node.left, target);
    const taken = steps && walkPattern(re, node.right, steps);
    if (!taken) return undefined;
    return {
      kind: 'property',
      what: `It was taken out of ${nameOf(re, node.right)}.`,
      next: expression(re, taken.node, [...taken.path, ...path]),
    };
  }
  return undefined;
}

function stepsTo(pattern: AnyNode, target: AnyNode): readonly PatternStep[] | undefined {
  if (pattern === target) return [];
  if (pattern.type === 'AssignmentPattern') {
    const steps = stepsTo(pattern.left, target);
    return steps && [{ key: undefined, fallback: pattern.right }, ...steps];
  }
  if (pattern.type === 'ObjectPattern') {
    for (const each of pattern.properties) {
      if (each.type === 'RestElement') continue;
      const key = keyText(each.key, each.computed);
      const steps = stepsTo(each.value, target);
      if (steps && key !== undefined) return [{ key, fallback: undefined }, ...steps];
    }
  }
  if (pattern.type === 'ArrayPattern') {
    for (const [i, each] of pattern.elements.entries()) {
      const steps = each && stepsTo(each, target);
      if (steps) return [{ key: String(i), fallback: undefined }, ...steps];
    }
  }
  return undefined;
}

const UNSHOWN = 'The recording does not show how the object was made.';

/** Where the object itself comes from that a part was read of. */
function heldBy(reader: ExpressionLead): ExpressionLead | undefined {
  const { re, node, path } = reader;
  return path.length > 0 ? expression(re, node, path.slice(0, -1)) : holderExpression(reader);
}

/** Nothing wrote it since the object was first seen: it came with the object. */
function* fromCreation(traced: Traced, { object, path, reader }: PropertyLead): Work<Answer> {
  const made = yield* creationOf(traced, object);
  if (!made) {
    const sent = yield* objectSentAs(traced, object, path);
    return sent ?? { kind: 'unknown', what: UNSHOWN, next: heldBy(reader), differs: true };
  }
  const { re, node } = made.lead;
  // the same expression again: it is not known what it took from where
  if (made.lead.path.length === 0 && node === reader.node && reader.made)
    return { kind: 'unknown', what: 'The recording does not tell.' };
  const field = fieldAnswer(made.lead, path);
  if (field) return field;
  const isIterated = made.lead.path[0] instanceof Pair;
  const next = { ...made.lead, path: [...made.lead.path, ...path], made: !isIterated };
  return {
    kind: 'property',
    what: `${node.type === 'Identifier' && !isIterated ? `The object is what ${nameOf(re, node)} collected` : `The object was made by ${isIterated ? 'iterating ' : ''}${nameOf(re, node)}`}, and nothing has changed ${heldText(path[0])} since.`,
    next,
  };
}
