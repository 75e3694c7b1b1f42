/**
 * Values that came as messages from other threads and processes: back to what the sender passed. Each channel keeps its
 * order, so the n-th message that came is the n-th that was sent; which channel it was is told by processes' and workers'
 * own records, and by what the messages held. Where more than one could be it, nothing is claimed.
 */
import type { AnyNode } from 'acorn';
import type { Crossing } from '../query/message-log.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { Accessor, isPrimitive, ObjectValue, opaque, type Key, type Primitive, type Value } from '../query/values.ts';
import { argumentsOf, partOfArgument, type ArgumentLead } from './arguments.ts';
import { pathTo } from './creation.ts';
import { expression, nameOf, type Answer, type ExpressionLead, type Path } from './hops.ts';
import { Reenactment } from './reenact.ts';
import { currentRun } from './run.ts';
import type { StreamOf, Traced, Work } from './traced.ts';

interface Message {
  readonly moment: Moment;
  /** text, number, null; undefined where the record only names it */
  readonly value: Value;
  readonly isObject: boolean;
}

/** All messages that went one way over one port, child or parent of a stream. */
interface Channel {
  readonly stream: StreamOf;
  readonly key: string;
  readonly messages: Message[];
}

/**
 * The message whose arrival made Node call the function that was entered at the moment. Undefined where it was none.
 * `isAlone`: what is recorded has done nothing between the arrival and the moment.
 */
export function* sentAs(
  traced: Traced,
  enter: Moment,
  received: Value,
  path: Path,
  isAlone = false,
): Work<Answer | undefined> {
  const own = traced.others?.own;
  if (!own || !traced.others) return undefined;
  const arrival = arrivalBefore(traced, enter, isAlone);
  if (!arrival) return undefined;
  const key = keyOf(arrival);
  const ins = channelsOf(own, 'message.in').find((each) => each.key === key);
  const index = ins?.messages.findIndex(({ moment }) => moment === arrival.moment) ?? -1;
  if (!ins || index < 0) return undefined;
  const [taken, value] = withoutEvent(traced, received, path);
  const found: Answer[] = [];
  for (const channel of candidates(traced.others.all, ins)) {
    const sent = channel.messages[index];
    const lead = sent && (yield* senderOf(channel.stream, sent.moment));
    if (!lead) continue;
    traced.timeline.seekMoment(enter + 1);
    if (isCopy(heldBy(traced, value), lead)) found.push(answerOf(channel.stream, lead, taken));
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The same, of an object that was first seen when a function was entered, as a part of what that was given. */
export function* objectSentAs(traced: Traced, object: ObjectValue, path: Path): Work<Answer | undefined> {
  const { timeline } = traced;
  if (!traced.others || !(yield* timeline.toDefinition(object.id))) return undefined;
  const { moment } = timeline.position;
  // its definition is part of the event before, or stands before the one here
  for (const at of [moment - 1, moment]) {
    if (at < 0) continue;
    timeline.seekMoment(at);
    const { replay } = timeline;
    if (!replay.step() || replay.event.code !== EventCode.enter || replay.stack.length !== 1) continue;
    const received = replay.stack[0]!.functionScope.values.find((each) => pathTo(traced, each as Value, object));
    const within = received === undefined ? undefined : pathTo(traced, received as Value, object);
    if (!within) continue;
    const answer = yield* sentAs(traced, at, received as Value, [...within, ...path]);
    if (answer) return answer;
  }
  return undefined;
}

function answerOf({ name }: StreamOf, { re, node, path }: ExpressionLead, taken: Path): Answer {
  return {
    kind: 'argument',
    what: `It came as a message: ${name} sent ${nameOf(re, node)}.`,
    next: expression(re, node, [...path, ...taken]),
    differs: true,
  };
}

/** The record of an arrival behind which Node called the function: nothing of the program ran in between. */
function arrivalBefore({ timeline: { overview } }: Traced, enter: Moment, isAlone: boolean): Crossing | undefined {
  const arrival = overview.messages.list.findLast(({ kind, moment }) => kind === 'message.in' && moment < enter);
  if (!arrival) return undefined;
  const { calls } = overview;
  // other listeners of the same message may have been called before, none from elsewhere
  for (let span = calls.spanFrom(arrival.moment); span < calls.count && calls.enter[span]! < enter; span++)
    if (calls.depth[span]! === 0 && (isAlone || calls.isResumed(span))) return undefined;
  // a turn begins where its first recorded code does: that is behind the arrival
  const { ticks } = overview;
  let begun = 0;
  for (let row = ticks.count - 1; row >= 0 && ticks.moment[row]! > arrival.moment; row--)
    if (ticks.moment[row]! <= enter) begun++;
  return begun <= 1 ? arrival : undefined;
}

/** Listeners of the web's kind get an event, which holds the message as `data`. */
function withoutEvent({ reader }: Traced, received: Value, path: Path): readonly [Path, Value] {
  const isEvent = received instanceof ObjectValue && reader.object(received)?.typeName === 'MessageEvent';
  return isEvent && path[0] === 'data' ? [path.slice(1), undefined] : [path, received];
}

/** By their records or by all their messages. */
function candidates(streams: readonly StreamOf[], ins: Channel): readonly Channel[] {
  const { stream, key } = ins;
  const outs = streams.flatMap((each) => channelsOf(each, 'message.out'));
  if (key === 'parent') return outs.filter((each) => childPid(each) === stream.pid);
  const pid = childPid(ins);
  if (pid !== undefined) return outs.filter((each) => each.key === 'parent' && each.stream.pid === pid);
  const near = outs.filter(
    (each) =>
      each.stream.pid === stream.pid &&
      each.key.startsWith('port') &&
      !(each.stream === stream && each.key === key) &&
      mayLead(each, stream) &&
      mayLead(ins, each.stream) &&
      isAlike(each, ins),
  );
  const own = near.filter((each) => workerOf(each) === stream.threadId || workerOf(ins) === each.stream.threadId);
  return own.length > 0 ? own : near;
}

/** All that came was sent, in that order. */
function isAlike(sent: Channel, came: Channel): boolean {
  return came.messages.every(({ value, isObject }, i) => {
    const other = sent.messages[i];
    return other !== undefined && other.isObject === isObject && Object.is(other.value, value);
  });
}

/** The process that a channel to or from a child leads to. */
function childPid({ stream, key }: Channel): number | undefined {
  const [, child] = /^child (\d+)$/.exec(key) ?? [];
  if (child === undefined) return undefined;
  const start = detailsOf(stream, 'child.start').find((each) => each['child'] === Number(child));
  return typeof start?.['pid'] === 'number' ? start['pid'] : undefined;
}

/** The thread that a worker's own port leads to. */
function workerOf({ stream, key }: Channel): number | undefined {
  const online = detailsOf(stream, 'worker.online').find((each) => `port ${String(each['port'])}` === key);
  return typeof online?.['threadId'] === 'number' ? online['threadId'] : undefined;
}

/** A worker's own port leads to that worker alone. */
function mayLead(channel: Channel, { threadId }: StreamOf): boolean {
  const worker = workerOf(channel);
  return worker === undefined || worker === threadId;
}

type Detail = Readonly<Record<string, unknown>>;

function detailsOf({ traced }: StreamOf, kind: string): readonly Detail[] {
  return traced().timeline.overview.messages.list.flatMap((each) => (each.kind === kind ? [parsed(each)] : []));
}

function channelsOf(stream: StreamOf, kind: 'message.in' | 'message.out'): readonly Channel[] {
  const channels = new Map<string, Channel>();
  for (const each of stream.traced().timeline.overview.messages.list) {
    if (each.kind !== kind) continue;
    const key = keyOf(each);
    let channel = channels.get(key);
    if (!channel) channels.set(key, (channel = { stream, key, messages: [] }));
    channel.messages.push(messageOf(each));
  }
  return [...channels.values()];
}

function keyOf(crossing: Crossing): string {
  const { port, child } = parsed(crossing);
  if (typeof child === 'number') return `child ${child}`;
  return typeof port === 'number' ? `port ${port}` : 'parent';
}

function messageOf(crossing: Crossing): Message {
  const { message } = parsed(crossing);
  const told = (typeof message === 'object' && message !== null ? message : {}) as Detail;
  const text = told['text'] ?? told['value'];
  const value = typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean' ? text : undefined;
  return { moment: crossing.moment, value, isObject: 'v8' in told || told['type'] === 'object' };
}

function parsed({ detail }: Crossing): Detail {
  try {
    const value = JSON.parse(detail) as unknown;
    return typeof value === 'object' && value !== null ? (value as Detail) : {};
  } catch {
    return {};
  }
}

/** What the call that sent the message was given. */
function* senderOf({ traced }: StreamOf, moment: Moment): Work<ExpressionLead | undefined> {
  const sender = traced();
  const { timeline } = sender;
  timeline.seekMoment(moment);
  const call = timeline.replay.stack.at(-1)?.serial;
  const run = call === undefined ? undefined : yield* currentRun(sender, call, timeline.position, moment + 1);
  if (!run) return undefined;
  const re = new Reenactment(sender, run);
  for (const [node, { events }] of re.values) {
    if (node.type !== 'CallExpression' || events?.some((each) => each.moment === moment) !== true) continue;
    const [given] = argumentsOf(node) as readonly AnyNode[];
    return given && given.type !== 'SpreadElement' ? expression(re, given) : undefined;
  }
  return undefined;
}

type Held = Primitive | ReadonlyMap<Key, Value | Accessor> | undefined;

/** A primitive, or an object's properties; undefined where it is not known. */
function heldBy({ reader }: Traced, value: Value): Held {
  if (isPrimitive(value)) return value;
  const state = value instanceof ObjectValue ? reader.object(value) : undefined;
  return state && new Map(state.properties.map((each) => [each.key, each.value]));
}

/** Whether what came can be a copy of what the expression gave. */
function isCopy(came: Held, { re, node }: ExpressionLead): boolean {
  const sent = re.valueOf(node);
  if (came === undefined) return true;
  if (!(came instanceof Map)) return sent === opaque || Object.is(came, sent);
  return !isPrimitive(sent) && [...came].every(([key, value]) => mayHold({ node, path: [], value: sent }, key, value));

  function mayHold(whole: ArgumentLead, key: Key, value: Value | Accessor): boolean {
    const part = typeof key === 'string' ? partOfArgument(re, whole, key) : undefined;
    if (!part || part.value === opaque || value instanceof Accessor) return true;
    return isPrimitive(value) || isPrimitive(part.value) ? Object.is(part.value, value) : true;
  }
}
