/** Work that its signal ended: what aborted the signal, its controller's `abort()` or its time. */
import type { AnyNode } from 'acorn';
import type { Moment } from '../query/moments.ts';
import { finish } from '../query/timeline.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import { argumentsOf } from './arguments.ts';
import type { Blamed } from './assertions.ts';
import type { Chain } from './provenance.ts';
import { receiverOf } from './callbacks.ts';
import { ABORTED, expression, inputOf, nameOf, type Answer, type ExpressionLead, type Lead } from './hops.ts';
import { isCallOf, nearestCall } from './named-calls.ts';
import type { Reenactment } from './reenact.ts';
import { elementsOf, propertiesOf } from './shapes.ts';
import { keyText, plain, type Of } from './syntax.ts';
import type { Traced, Work } from './traced.ts';

const ABORTS: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError', 'DOMException']);

/**
 * The call that ended early because its signal was aborted, and the signal. An error that the program itself gave as the reason
 * is known by what the signal came from. `follow`: to where a lead ends.
 */
export function* byAbort(
  re: Reenactment,
  error: Value,
  follow: (lead: ExpressionLead) => Work<Chain>,
): Work<Blamed | undefined> {
  if (!(error instanceof ObjectValue)) return undefined;
  const { node, syntax } = re.run;
  const isPlatforms = isAbort(re.traced, error);
  const isReason = function* (signal: ExpressionLead): Work<boolean> {
    const last = (yield* follow(signal)).hops.at(-1);
    const [reason] = last?.inputs ?? [];
    if (!last || !reason || reason.value === error) return reason !== undefined;
    return isMadeBy(re.traced, error, reason.lead);
  };
  for (const call of syntax.inside(node)) {
    if (call.type !== 'CallExpression') continue;
    const lead = signalOf(re, call);
    const ended = lead?.node === receiverOf(call) ? lead?.node : call;
    if (lead && ended && (isPlatforms || (yield* isReason(lead))))
      return { node: call, lead, what: `${nameOf(re, ended)} was aborted`, others: [] };
    if (!isPlatforms) continue;
    if (isCallOf(call, 'abort') && typeOf(re.traced, re.valueOf(receiverOf(call)!)) === CONTROLLER)
      return { node: call, lead: undefined, what: `${nameOf(re, call)} aborted what had its signal`, others: [] };
  }
  const waited = waitedFor(node);
  if (!waited || !re.has(waited)) return undefined;
  // what it waited for was made by a call that was given the signal
  const { end } = yield* follow(expression(re, waited));
  const made = end && plain(end.node);
  const lead = made?.type === 'CallExpression' ? signalOf(end!.re, made) : undefined;
  if (!lead || !(isPlatforms || (yield* isReason(lead)))) return undefined;
  return { node: waited, lead, what: `${nameOf(re, waited)} was aborted`, others: [] };
}

/** One that is made where it is given is no value of the program's: it is known by its message, as Node gives it another stack. */
function isMadeBy({ timeline }: Traced, error: ObjectValue, lead: Lead): boolean {
  const made = lead.kind === 'expression' ? plain(lead.node) : undefined;
  if (lead.kind !== 'expression' || (made?.type !== 'NewExpression' && made?.type !== 'CallExpression')) return false;
  const { position, replay } = timeline;
  finish(timeline.toDefinition(error.id));
  const message = replay.heap.get(error)?.properties.get('message');
  timeline.seek(position);
  const [first] = made.arguments;
  return typeof message === 'string' && first !== undefined && lead.re.valueOf(first) === message;
}

/** What a loop over it, or an `await`, waited for. */
function waitedFor(node: AnyNode): AnyNode | undefined {
  if (node.type === 'ForOfStatement') return node.await ? node.right : undefined;
  const inner = plain(node.type === 'ExpressionStatement' ? node.expression : node);
  return inner.type === 'AwaitExpression' ? inner.argument : undefined;
}

function isAbort({ timeline, reader }: Traced, error: ObjectValue): boolean {
  const { position } = timeline;
  // that is seen where it left the program
  finish(timeline.toDefinition(error.id));
  const name = timeline.replay.heap.get(error)?.properties.get('name');
  const type = reader.object(error)?.typeName ?? '';
  timeline.seek(position);
  return ABORTS.has(typeof name === 'string' ? name : type);
}

const SIGNAL = 'AbortSignal';
const CONTROLLER = 'AbortController';

function typeOf({ reader }: Traced, value: Value): string {
  return value instanceof ObjectValue ? (reader.object(value)?.typeName ?? '') : '';
}

/** What a call has its signal from: it is called on it, is given it, or is given an object that holds it. */
function signalOf(re: Reenactment, call: Of<'CallExpression'>): ExpressionLead | undefined {
  const on = receiverOf(call);
  for (const each of [...(on ? [on] : []), ...argumentsOf(call)]) {
    if (each.type === 'SpreadElement' || !re.has(each)) continue;
    const isSignal = typeOf(re.traced, re.valueOf(each)) === SIGNAL;
    if (isSignal || isMade(each)) return expression(re, each, [ABORTED]);
    const held = each === on ? undefined : propertiesOf(re, each)?.get('signal');
    if (held && held.value !== undefined && held.value !== null)
      return { ...held.lead, path: [...held.lead.path, ABORTED] };
  }
  return undefined;
}

/** `controller.signal`, `AbortSignal.timeout(50)`: getters and what native code gave are not always known. */
function isMade(node: AnyNode): boolean {
  const inner = plain(node);
  if (inner.type === 'CallExpression') return receiverName(inner) === SIGNAL;
  return inner.type === 'MemberExpression' && keyText(inner.property, inner.computed) === 'signal';
}

function receiverName(call: AnyNode): string | undefined {
  const on = receiverOf(call);
  return on?.type === 'Identifier' ? on.name : undefined;
}

/** What aborted the signal that the lead is about. Undefined where the expression only hands it on. */
export function* abortAnswer(traced: Traced, { re, node, path }: ExpressionLead): Work<Answer | undefined> {
  const isSignal = path.length === 1;
  const owner = isSignal && node.type === 'MemberExpression' ? node.object : path[0] === 'signal' ? node : undefined;
  const controller = owner && re.valueOf(owner);
  if (controller instanceof ObjectValue && typeOf(traced, controller) === CONTROLLER)
    return yield* abortOf(traced, controller, re.momentOf(node));
  if (!isSignal || node.type !== 'CallExpression' || receiverName(node) !== SIGNAL) return undefined;
  const [first] = argumentsOf(node);
  switch (re.values.get(node)?.callee?.name) {
    case 'timeout':
      return {
        kind: 'call',
        what: `The time of ${nameOf(re, node)} was up${timeText(first && re.valueOf(first), first)}.`,
        inputs: first ? [inputOf(re, first)] : [],
      };
    case 'abort':
      return { kind: 'call', what: `${nameOf(re, node)} made a signal that was aborted from the beginning.` };
    case 'any':
      return first && (yield* firstOf(traced, re, first));
    default:
      return undefined;
  }
}

function timeText(time: Value | undefined, written: AnyNode | undefined): string {
  return typeof time === 'number' && written?.type !== 'Literal' ? `, ${time} ms` : '';
}

/** Of several signals the one that a controller aborted, else the only one that has a time. */
function* firstOf(traced: Traced, re: Reenactment, list: AnyNode): Work<Answer | undefined> {
  const timed: ExpressionLead[] = [];
  for (const { lead } of elementsOf(re, list) ?? []) {
    const own: ExpressionLead = { ...lead, path: [...lead.path, ABORTED] };
    const answer = yield* abortAnswer(traced, own);
    if (answer?.at) return answer;
    const inner = plain(lead.node);
    if (inner.type !== 'MemberExpression') timed.push(own);
  }
  const what = `One of ${nameOf(re, list)} was aborted.`;
  return timed.length === 1 ? { kind: 'element', what, next: timed[0] } : { kind: 'unknown', what };
}

/** The first call of a controller's `abort` behind the moment. */
function* abortOf(traced: Traced, controller: ObjectValue, behind: Moment): Work<Answer | undefined> {
  const { timeline } = traced;
  timeline.seekMoment(behind);
  const made = yield* nearestCall(
    traced,
    'abort',
    timeline.position,
    'forward',
    ({ re, call }) => re.values.get(call)?.callee?.receiver === controller,
  );
  if (!made) return undefined;
  const { re, call } = made;
  const [reason] = call.arguments;
  const inputs = reason ? [inputOf(re, reason)] : [];
  return { kind: 'call', what: `${nameOf(re, call)} was called.`, inputs, at: { re, node: call } };
}
