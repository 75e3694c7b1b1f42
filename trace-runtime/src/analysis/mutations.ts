/** What native code put into an object that recorded code handed to it. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import { indexOfKey, ObjectValue, type Key, type Value } from '../query/values.ts';
import { argumentsOf, spreadArgument } from './arguments.ts';
import { contentsBefore } from './collections.ts';
import { receiverOf } from './callbacks.ts';
import {
  Entry,
  expression,
  heldText,
  inputOf,
  leadName,
  nameOf,
  NAMED,
  type Answer,
  type ExpressionLead,
  type Path,
} from './hops.ts';
import { assigned, hasOwn } from './made-objects.ts';
import { indexOfSame } from './natives.ts';
import type { ObjectChange } from './objects.ts';
import { Reenactment } from './reenact.ts';
import { type Evaluated } from './evaluated.ts';
import { currentRun } from './run.ts';
import { literalIn } from './shapes.ts';
import type { Traced, Work } from './traced.ts';

interface At {
  readonly call: number;
  readonly file: LoadedFile;
  readonly moment: Moment;
}

interface NativeSite {
  readonly re: Reenactment;
  readonly node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' | 'TaggedTemplateExpression' }>;
  readonly facts: Evaluated;
}

/** The call of native code during which the event happened. */
function* siteOf(traced: Traced, { call, moment }: At): Work<NativeSite | undefined> {
  traced.timeline.seekMoment(moment);
  // what follows the event in the statement tells which of several calls it was
  const run = yield* currentRun(traced, call, traced.timeline.position, moment + 1);
  if (!run) return undefined;
  const re = new Reenactment(traced, run);
  for (const [node, facts] of re.values) {
    if (!facts.events?.some((event) => event.moment === moment)) continue;
    if (node.type === 'CallExpression' || node.type === 'NewExpression') return { re, node, facts };
  }
  return undefined;
}

/** The argument through which an object was first shown. `path`: to it from what native code changed, where there is one. */
export function* callAt(
  traced: Traced,
  at: At,
  object: ObjectValue,
  [step, ...rest]: Path = [],
): Work<ExpressionLead | undefined> {
  const site = yield* siteOf(traced, at);
  if (!site) return undefined;
  const { re, node, facts } = site;
  const found = typeof step === 'string' || step instanceof Entry ? given(site, step, facts) : undefined;
  return found ? expression(re, found.node, [...found.path, ...rest]) : literalIn(re, node, object);
}

/** How a change by native code gave an object what it holds under the step. */
export function* changedBy(traced: Traced, change: ObjectChange, step: Key | Entry, path: Path): Work<Answer> {
  const { file, call, moment, object } = change;
  const label = heldText(step);
  const site = file && (yield* siteOf(traced, { call, file, moment }));
  if (!site) return { kind: 'call', what: `${capital(label)} was set by code that is not recorded.` };
  const { re, node, facts } = site;
  const name = facts.callee?.name ?? '';
  const args = argumentsOf(node);
  if (name === 'assign' && typeof step === 'string') {
    const answer = assigned(re, args.slice(1), step, path);
    if (answer) return answer;
  }
  const receiver = receiverOf(node);
  if (step instanceof Entry && (name === 'delete' || name === 'clear') && receiver)
    return { kind: 'missing', what: `${name} took it out of ${nameOf(re, receiver)}.`, at: { re, node } };
  const isKey = path[0] === NAMED && step instanceof Entry;
  const found = given(site, step, facts, isKey);
  if (found)
    return {
      kind: step instanceof Entry || /^\d/.test(String(step)) ? 'element' : 'property',
      what: isKey
        ? `${name} was given ${leadName({ re, ...found })} as the key.`
        : `${name} put ${leadName({ re, ...found })} there.`,
      next: expression(re, found.node, [...found.path, ...(isKey ? path.slice(1) : path)]),
    };
  const moved = movedBy(site, step, object, change);
  if (moved)
    return {
      kind: 'element',
      what: `${name} moved it there.`,
      next: {
        kind: 'property',
        object,
        path: [moved, ...path],
        before: re.standAfter(facts.before ?? 0),
        reader: expression(re, receiver ?? node),
      },
    };
  const inputs = [
    ...(receiver ? [inputOf(re, receiver)] : []),
    ...args.map((each) => inputOf(re, each.type === 'SpreadElement' ? each.argument : each)),
  ];
  // arrays keep it themselves: nobody sets it
  const isLength = step === 'length' && name !== '' && traced.timeline.replay.heap.get(object)?.elements !== undefined;
  return {
    kind: 'call',
    what: isLength
      ? `.length was changed by ${name}.`
      : `${capital(label)} was set by ${name || 'code'}, which is not recorded.`,
    inputs,
    at: { re, node },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The argument that native code put there; the key of a Map, where that is asked about. */
function given(
  { re, node }: NativeSite,
  step: Key | Entry,
  { callee, before = 0 }: Evaluated,
  isKey = false,
): { readonly node: AnyNode; readonly path: Path } | undefined {
  const args = argumentsOf(node);
  const name = callee?.name ?? '';
  const receiver = callee?.receiver;
  const at = (index: number): { node: AnyNode; path: Path } | undefined => {
    const found = spreadArgument(re, args, index);
    return found && found !== 'missing' ? { node: found.node, path: found.path } : undefined;
  };
  if (step instanceof Entry) return name === 'set' ? at(isKey ? 0 : 1) : name === 'add' ? at(0) : undefined;
  if (typeof step !== 'string') return undefined;
  if (name === 'defineProperty') return args[2] ? { node: args[2], path: ['value'] } : undefined;
  if (name === 'assign' && args[0]) {
    const source = args.slice(1).findLast((each) => hasOwn(re, each, step) === true);
    return source && { node: source, path: [step] };
  }
  if (callee?.holder === 'Reflect' && name === 'set') return at(2);
  const index = indexOfKey(step);
  const length = receiver instanceof ObjectValue ? contentsBefore(re, receiver, before)?.elements?.length : undefined;
  if (index < 0 || length === undefined) return undefined;
  switch (name) {
    case 'push':
      return index >= length ? at(index - length) : undefined;
    case 'unshift': {
      const found = at(index);
      return found;
    }
    case 'splice': {
      const start = args[0] ? re.valueOf(args[0]) : undefined;
      if (typeof start !== 'number') return undefined;
      const from = start < 0 ? Math.max(0, length + start) : Math.min(start, length);
      return index >= from ? at(index - from + 2) : undefined;
    }
    case 'fill':
      return at(0);
    default:
      return undefined;
  }
}

/** Where an element was before native code moved it: the one place that held the same value. */
function movedBy(
  { re, facts }: NativeSite,
  step: Key | Entry,
  object: ObjectValue,
  { moment }: ObjectChange,
): string | undefined {
  if (typeof step !== 'string' || indexOfKey(step) < 0) return undefined;
  const { timeline } = re.traced;
  timeline.seekMoment(moment + 1);
  const value: Value = timeline.replay.heap.get(object)?.elements?.[indexOfKey(step)];
  const index = indexOfSame(contentsBefore(re, object, facts.before ?? 0)?.elements, value);
  return index < 0 ? undefined : String(index);
}
