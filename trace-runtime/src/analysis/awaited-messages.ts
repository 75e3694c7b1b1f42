/** Messages from other threads and processes that a program awaits: `await once(worker, 'message')`, and by a promise. */
import type { AnyNode } from 'acorn';
import { EventCode, type Moment } from '../query/moments.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import { argumentsOf } from './arguments.ts';
import type { Evaluated } from './evaluated.ts';
import { nameOf, type Answer, type Path } from './hops.ts';
import { sentAs } from './messages.ts';
import type { Reenactment } from './reenact.ts';
import { isFunction, keyText, plain } from './syntax.ts';
import type { Traced, Work } from './traced.ts';

const PORTS: ReadonlySet<string> = new Set(['Worker', 'MessagePort', 'ChildProcess', 'process', 'BroadcastChannel']);
const ADDS_LISTENER: ReadonlySet<string> = new Set(['once', 'on', 'addListener', 'addEventListener']);

/** `path`: within what the promise resolved to. Undefined where it is no such promise, or another message could be it. */
export function* awaitedMessage(
  re: Reenactment,
  node: AnyNode,
  facts: Evaluated,
  path: Path,
): Work<Answer | undefined> {
  const wait = re.run.syntax.parentOf(node);
  if (wait?.type !== 'AwaitExpression') return undefined;
  const taken = byOnce(re, node, facts, path) ?? byPromise(re, node, facts, path);
  const resumed = taken && resumeOf(re, wait);
  if (!resumed) return undefined;
  const sent = yield* sentAs(re.traced, resumed, undefined, taken, true);
  return sent && { ...sent, what: sent.what.replace(/^It/, nameOf(re, wait)) };
}

/** `once` of `node:events` gives the arguments of the listener. */
function byOnce(re: Reenactment, node: AnyNode, { callee }: Evaluated, path: Path): Path | undefined {
  const [on, type] = argumentsOf(node);
  if (callee?.name !== 'once' || (callee.holder !== 'events' && callee.holder !== '')) return undefined;
  const isOf = on && type && re.valueOf(type) === 'message' && isPort(re.traced, re.valueOf(on));
  return isOf && path[0] === '0' ? path.slice(1) : undefined;
}

/** `new Promise((resolve) => port.once('message', resolve))` */
function byPromise(re: Reenactment, node: AnyNode, { callee, inner = [] }: Evaluated, path: Path): Path | undefined {
  const executor = argumentsOf(node)[0];
  const made = executor && plain(executor);
  const [ran] = inner;
  if (node.type !== 'NewExpression' || callee?.name !== 'Promise' || !made || !isFunction(made) || !ran)
    return undefined;
  const [resolve] = made.params;
  if (resolve?.type !== 'Identifier') return undefined;
  const { traced, run } = re;
  const { start, end } = made.body as unknown as { start: number; end: number };
  for (const call of run.syntax.beginning(start, end)) {
    if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') continue;
    const [type, listener] = call.arguments;
    const isListening =
      ADDS_LISTENER.has(keyText(call.callee.property, call.callee.computed) ?? '') &&
      type?.type === 'Literal' &&
      type.value === 'message' &&
      listener?.type === 'Identifier' &&
      listener.name === resolve.name;
    const { object } = call.callee;
    if (isListening && object.type === 'Identifier' && isPort(traced, variableAt(traced, ran.serial, object.name)))
      return path;
  }
  return undefined;
}

/** A variable's value where the call began. */
function variableAt({ timeline, reader }: Traced, serial: number, name: string): Value {
  const { calls } = timeline.overview;
  timeline.seekMoment(calls.enter[calls.firstSpan(serial)!]!);
  timeline.replay.step();
  const act = timeline.replay.stack.at(-1);
  return act && reader.variable(act, name)?.value;
}

function isPort({ reader }: Traced, value: Value): boolean {
  return value instanceof ObjectValue && PORTS.has(reader.object(value)?.typeName ?? '');
}

/** When the wait was over. */
function resumeOf({ values, run }: Reenactment, wait: AnyNode): Moment | undefined {
  const at = values.get(wait)?.at;
  if (at === undefined) return undefined;
  for (const each of run.happenings.slice(0, at).reverse()) {
    if (each.kind === 'own' && each.code === EventCode.resume) return each.moment;
  }
  return undefined;
}
