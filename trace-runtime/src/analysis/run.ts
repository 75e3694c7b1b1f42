/** One execution of a statement: what its call did in it, and the calls that it made, in their order. */
import type { AnyNode } from 'acorn';
import type { Activation, LoadedFile } from '../query/activation.ts';
import { Ending } from '../query/call-log.ts';
import { K } from '../query/code.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import type { Position } from '../query/timeline.ts';
import type { Value } from '../query/values.ts';
import { callOf, syntaxOf, type Traced, type Work } from './traced.ts';
import type { Syntax } from './syntax.ts';

/** An event of the call itself, changes by native code that it called among them. */
export interface OwnEvent {
  readonly kind: 'own';
  readonly moment: Moment;
  readonly code: EventCode;
  readonly op: number;
  readonly value: Value;
  readonly object: Value;
  readonly key: Value;
  readonly detail: number | string;
  /** where the state is as it left it */
  readonly end: Moment;
}

/** A call that it made, itself or through native code; or a generator's that it had go on. */
export interface InnerCall {
  readonly kind: 'call';
  /** of its entry */
  readonly moment: Moment;
  readonly serial: number;
  readonly file: LoadedFile;
  readonly functionIndex: number;
  /** it ran a function's initialisers, before the function itself */
  readonly early: boolean;
  readonly resumed: boolean;
  /** `this`, as it was entered with it */
  readonly self: Value;
  /** undefined where it has not ended by the moment that the run goes up to */
  readonly ending: Ending | undefined;
  /** number of the event by which it ended or was left */
  readonly exit: Moment;
  /** what it gave */
  readonly value: Value;
  readonly end: Moment;
}

export type Happening = OwnEvent | InnerCall;

export interface Run {
  readonly call: number;
  readonly file: LoadedFile;
  readonly syntax: Syntax;
  /** the statement, or a loop's condition; for an asked expression the expression */
  readonly node: AnyNode;
  /** where it began; undefined where all of it is as at `until` */
  readonly from: Position | undefined;
  /** it is looked at up to here */
  readonly until: Moment;
  readonly happenings: readonly Happening[];
  /** names are looked up in what the call sees at the moment, wherever they stand */
  readonly asked: boolean;
  /** of what is asked: where in the source the call stands */
  readonly place?: number;
}

/** A call with more events is passed over by a jump. */
const LONG = 2000;

/** An expression that somebody asks about, in a call at a moment: no code of the program has it. */
export function askedRun(call: Activation, node: AnyNode, text: Syntax, moment: Moment): Run {
  const { serial, file } = call;
  const place = file.code.start[call.position]!;
  return { call: serial, file, syntax: text, node, from: undefined, until: moment, happenings: [], asked: true, place };
}

/** An expression of the source whose evaluation was not recorded by steps: a default, an initialiser. */
export function quietRun(run: Pick<Run, 'call' | 'file' | 'syntax'>, node: AnyNode, moment: Moment): Run {
  const { call, file, syntax } = run;
  return { call, file, syntax, node, from: undefined, until: moment, happenings: [], asked: false };
}

/** The op of the innermost statement or condition around a node that is a step of its own; -1 where there is none. */
export function stepAround(file: LoadedFile, syntax: Syntax, node: AnyNode): number {
  const { ops } = file.table;
  const wanted = syntax.functionAround(node);
  for (const at of [node, ...syntax.around(node)]) {
    if (at === wanted) return -1;
    const op = stepsOf(file, syntax).get(at);
    if (op !== undefined && ops[op]!.k === 'statement') return op;
  }
  return -1;
}

const steps = new WeakMap<object, Map<AnyNode, number>>();

/** The statement ops of a file by the node that they stand for. */
export function stepsOf({ table }: LoadedFile, syntax: Syntax): Map<AnyNode, number> {
  const known = steps.get(table);
  if (known) return known;
  const made = new Map<AnyNode, number>();
  table.ops.forEach((op, index) => {
    if (op.k !== 'statement') return;
    const node = syntax.within(op.start, op.end);
    if (node && !made.has(node)) made.set(node, index);
  });
  steps.set(table, made);
  return made;
}

/** The last run of the statement op by the call before the place, looked at up to `until`. Undefined where there is none. */
export function* lastRun(
  traced: Traced,
  { call, file, op }: { readonly call: number; readonly file: LoadedFile; readonly op: number },
  before: Position,
  until: Moment = before.moment,
): Work<Run | undefined> {
  const { timeline } = traced;
  const syntax = syntaxOf(traced, file);
  const site = file.table.ops[op];
  const node = site && 'start' in site ? syntax?.within(site.start, site.end) : undefined;
  if (!syntax || !node) return undefined;
  const found = yield* timeline.backward(before, {
    sites: new Set([file.base + op]),
    since: call,
    statement: ({ serial, file: own }, at) => serial === call && own === file && at === op,
  });
  if (!found) return undefined;
  const from = timeline.position;
  const happenings = collect(traced, call, from, until);
  return { call, file, syntax, node, from, until, happenings, asked: false };
}

/** The run of the statement that the call is in at the place. */
export function* currentRun(
  traced: Traced,
  call: number,
  before: Position,
  until: Moment = before.moment,
): Work<Run | undefined> {
  traced.timeline.seek(before);
  const act = callOf(traced, call);
  if (!act) return undefined;
  const syntax = syntaxOf(traced, act.file);
  const op = act.file.table.ops[act.position];
  if (!syntax || !op || !('start' in op)) return undefined;
  if (op.k === 'enter') return undefined;
  const node = syntax.within(op.start, op.end);
  const step = op.k === 'statement' ? act.position : node ? stepAround(act.file, syntax, node) : -1;
  return step < 0 ? undefined : yield* lastRun(traced, { call, file: act.file, op: step }, before, until);
}

/** The run in which the call evaluated a node, as the event there shows that it did; the event is part of it. */
export function* runWith(
  traced: Traced,
  call: number,
  file: LoadedFile,
  node: AnyNode,
  event: Moment,
): Work<Run | undefined> {
  const syntax = syntaxOf(traced, file);
  const op = syntax ? stepAround(file, syntax, node) : -1;
  if (!syntax || op < 0) return undefined;
  traced.timeline.seekMoment(event);
  return yield* lastRun(traced, { call, file, op }, traced.timeline.position, event + 1);
}

/** What happens from where a statement begins to the moment, or to where the call's next statement begins. */
function collect({ timeline }: Traced, call: number, from: Position, until: Moment): Happening[] {
  const { replay } = timeline;
  const { calls } = timeline.overview;
  const list: Happening[] = [];
  timeline.seek(from);
  const isNext = ({ serial }: Activation): boolean => serial === call && replay.statements > from.statements;
  const step = (): boolean => {
    replay.onStatement(isNext);
    const stepped = replay.moment < until && replay.step();
    replay.onStatement(undefined);
    return stepped;
  };
  while (step()) {
    const { event, stack } = replay;
    const { activation, code, moment } = event;
    const isOwn = activation?.serial === call;
    if (isOwn) {
      const { op, value, object, key, detail } = event;
      list.push({ kind: 'own', moment, code, op, value, object, key, detail, end: moment + 1 });
      if (code === EventCode.exit || code === EventCode.abrupt) break;
      if (code !== EventCode.suspend) continue;
      const next = calls.spansOf(call).find((span) => calls.enter[span]! > moment);
      if (next === undefined || calls.enter[next]! >= until) break;
      timeline.seekMoment(calls.enter[next]!);
      continue;
    }
    const begins = code === EventCode.enter || code === EventCode.resume;
    if (!begins || activation === undefined || stack.at(-2)?.serial !== call) continue;
    const { serial, file, functionIndex, early, functionScope } = activation;
    const self = functionScope.thisValue;
    const span = calls.spanFrom(moment);
    const exit = calls.exit[span] ?? Infinity;
    const ended = exit < until && calls.enter[span] === moment && calls.endingOf(span) !== Ending.running;
    const known = { kind: 'call', moment, serial, file, functionIndex, early, self, exit, end: exit + 1 } as const;
    const resumed = code === EventCode.resume;
    if (!ended) {
      list.push({ ...known, resumed, ending: undefined, value: undefined });
      break;
    }
    if (exit - moment > LONG) timeline.seekMoment(exit);
    else replay.runTo(exit);
    replay.step();
    list.push({ ...known, resumed, ending: calls.endingOf(span), value: replay.event.value });
  }
  return list;
}

/** Whether a node of the syntax tree makes the event; native code's and jumps' are made by none. */
export function isOfNode(run: Run, happening: Happening): boolean {
  if (happening.kind === 'call') return false;
  const kind = run.file.code.kind[happening.op];
  switch (happening.code) {
    case EventCode.write:
    case EventCode.set:
    case EventCode.delete:
    case EventCode.closure:
    case EventCode.return:
    case EventCode.throw:
    case EventCode.branch:
      return true;
    case EventCode.exit:
      return kind === K.return || kind === K.exit;
    case EventCode.suspend:
    case EventCode.resume:
      return true;
    default:
      return false;
  }
}
