/** What analyses find out about causes, as clients show it. The thread stands elsewhere afterwards. */
import path from 'node:path';
import type { Decision } from '../../trace-runtime/src/analysis/control.ts';
import { decision } from '../../trace-runtime/src/analysis/control.ts';
import { explainFailure, folded, placeOf, rootOf, sentenceOf } from '../../trace-runtime/src/analysis/explain.ts';
import type { Hop, Input } from '../../trace-runtime/src/analysis/hops.ts';
import { asked, origin, type Chain } from '../../trace-runtime/src/analysis/provenance.ts';
import {
  failureTitle,
  NOTHING_KNOWN,
  ownFrame,
  printedAt,
  printedValue,
} from '../../trace-runtime/src/analysis/shown.ts';
import { casesAround, suspects } from '../../trace-runtime/src/analysis/suspects.ts';
import { unreadableFile, unreadableSentence } from '../../trace-runtime/src/analysis/unreadable.ts';
import { valueGraph } from '../../trace-runtime/src/analysis/value-graph.ts';
import { whyNot, type PossibleCaller, lastMoment } from '../../trace-runtime/src/analysis/why-not.ts';
import { whyRan } from '../../trace-runtime/src/analysis/why-ran.ts';
import type { Traced } from '../../trace-runtime/src/analysis/traced.ts';
import type { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import type {
  CallerAnswer,
  DecisionAnswer,
  GraphNodeAnswer,
  HopAnswer,
  InputAnswer,
  PlaceAnswer,
  SuspectsAnswer,
  WhyAnswer,
  WhyGraphAnswer,
  WhyLineAnswer,
} from '../../trace-runtime/src/model/why-answers.ts';
import type { LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import type { Failure } from '../../trace-runtime/src/query/failures.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import type { Moment } from '../../trace-runtime/src/query/moments.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import { withOthers, type RecordedThread } from './recorded-thread.ts';
import type { ThreadStatement } from './line-statements.ts';
import { findCall, type Call } from './stack.ts';
import type { Progress } from './work.ts';

/** What was found out about a value, to be drawn when somebody wants to see it. */
interface Drawable {
  readonly chain: Chain;
  readonly decisions: readonly Decision[];
}

export class WhyAnswers {
  private readonly traced: Traced;
  private readonly drawable: Drawable[] = [];

  /** `cwd`: where the program ran */
  constructor(
    private readonly thread: RecordedThread,
    private readonly places: Places,
    private readonly cwd: string,
    recording: Recording,
  ) {
    this.traced = withOthers(thread, recording);
  }

  *failed(failure: Failure): Progress<WhyAnswer> {
    const { moment, message, value, mark } = failure;
    const known =
      (yield* explainFailure(this.traced, { moment, message, value, marked: mark?.expression })) ?? NOTHING_KNOWN;
    const { chain, decisions, root, sentence } = known;
    const frame = ownFrame(failure);
    const thrown = frame ? this.place(frame.file, frame.offset) : null;
    const file = unreadableFile(this.traced, failure);
    const place = file ? this.placeIn(file) : root ? this.placeOfHop(placeOf(chain, root)) : thrown;
    return {
      title: failureTitle(failure),
      sentence: file ? unreadableSentence(file) : sentence,
      place,
      ...(yield* this.shown(chain, decisions)),
    };
  }

  /** Throws a sentence where it is no expression, or the call is gone. */
  *value(call: Call, expression: string): Progress<WhyAnswer> {
    const activation = findCall(this.thread.timeline.replay, call);
    if (!activation) throw new Error('No recorded code is running at this moment.');
    const lead = asked(this.traced, activation, expression);
    if (!lead) throw new Error(`${expression} is no expression.`);
    const decisions = yield* decision(this.traced, activation.serial);
    const chain = yield* origin(this.traced, lead);
    const root = rootOf(chain);
    const [first] = chain.hops;
    const value = first ? printedAt(this.traced, first.moment, first.value) : 'not known';
    return {
      title: `${expression} = ${value}`,
      sentence: sentenceOf(`${expression} is ${value}`, root),
      place: root ? this.placeOfHop(placeOf(chain, root)) : null,
      ...(yield* this.shown(chain, decisions)),
    };
  }

  /** About the run of the statement that is nearest to where the thread stands. */
  *ran({ file, op, count }: ThreadStatement): Progress<WhyLineAnswer> {
    const { start, end } = rangeOf(file, op);
    const why = yield* whyRan(this.traced, file, start, end, this.thread.timeline.position);
    if (!why) return yield* this.notRun({ file, op, count });
    const { at, isLater, decisions, text } = why;
    const place = this.place(file, why.start);
    const where = `${place.name}:${place.line}`;
    const times = count === 1 ? 'once' : `${count} times`;
    const which =
      count === 1 ? '' : isLater ? '; this is about the first of them' : '; this is about the last before here';
    const [first] = decisions;
    return {
      title: text,
      sentence: `${where} ran ${times}${which}${first ? `: ${first.what.replace(/\.$/, '')}` : ''}`,
      place,
      count,
      moment: this.moment(at.moment),
      callers: [],
      ...(yield* this.shown({ hops: [] }, decisions)),
    };
  }

  *notRun({ file, op, count }: Omit<ThreadStatement, 'thread'>): Progress<WhyLineAnswer> {
    const { start, end } = rangeOf(file, op);
    const why = yield* whyNot(this.traced, file, start, end);
    const place = this.place(file, why?.start ?? start);
    const where = `${place.name}:${place.line}`;
    const moment = why && why.count > 0 ? yield* lastMoment(this.traced, why.file, why.start, why.end) : undefined;
    const callers: CallerAnswer[] = [];
    for (const caller of why?.callers ?? []) callers.push(yield* this.caller(caller));
    const did = count === 1 ? `${where} ran after all, once` : `${where} ran after all, ${count} times`;
    return {
      title: why?.text ?? '',
      sentence: why && why.count > 0 ? did : `${where} did not run: ${(why?.what ?? UNKNOWN).replace(/\.$/, '')}`,
      place,
      count,
      moment: moment === undefined ? null : this.moment(moment),
      callers,
      ...(yield* this.shown({ hops: [] }, why?.decisions ?? [])),
    };
  }

  private *caller({ file, start, end, text, count }: PossibleCaller): Progress<CallerAnswer> {
    const moment = count > 0 ? yield* lastMoment(this.traced, file, start, end) : undefined;
    return { ...this.place(file, start), text, count, moment: moment === undefined ? null : this.moment(moment) };
  }

  /** `running`: what may run the program's code, or why nothing may. */
  *suspects(failure: Failure, count: number, running: Sandbox | string): Progress<SuspectsAnswer> {
    const { evaluator } = this.thread;
    const found = yield* suspects(this.traced, {
      ...casesAround(this.traced, failure),
      running: typeof running === 'string' ? undefined : { evaluator, sandbox: running },
    });
    const { unreadable } = found;
    const first = unreadable && { sentence: `${unreadableSentence(unreadable)}.`, text: '', moment: null };
    const listed = found.list.map(({ file, offset, text, sentence, broken, moment }) => ({
      ...this.place(file, offset),
      text: this.places.of(this.traced.reader, file, offset).text?.trim() ?? text,
      sentence: broken ? `${sentence} ${broken.what}.` : sentence,
      moment: moment === undefined ? null : this.moment(moment),
    }));
    return {
      suspects: [...(first ? [{ ...this.placeIn(unreadable), ...first }] : []), ...listed].slice(0, count),
      failing: found.failing,
      passing: found.passing,
      tried: found.trials.changes,
      left: typeof running === 'string' ? 0 : found.trials.left,
      fault: typeof running === 'string' ? running : (found.trials.fault ?? null),
    };
  }

  private *shown(
    chain: Chain,
    decisions: readonly Decision[],
  ): Progress<Pick<WhyAnswer, 'hops' | 'decisions' | 'graph'>> {
    const hops: HopAnswer[] = [];
    for (const { hop, folded: left } of folded(chain)) {
      const { moment, text, kind, what, inputs } = hop;
      hops.push({
        ...this.placeOfHop(hop),
        moment: this.momentAt(hop),
        at: `${this.streamOf(hop)}:${moment}`,
        text,
        value: printedValue(hop),
        what,
        kind,
        inputs: inputs.length > 1 ? this.inputs(moment, inputs, hop.traced) : [],
        folded: left,
      });
      yield moment;
    }
    const decided: DecisionAnswer[] = [];
    for (const each of decisions) {
      const { file, start, moment, text, what, tests, outcome } = each;
      decided.push({
        ...this.place(file, start),
        moment: this.momentAt(each),
        at: `${this.thread.id}:${moment}`,
        isCondition: outcome !== undefined,
        text,
        sentence: what,
        tests: this.inputs(moment, tests),
      });
      yield moment;
    }
    const graph = hops.length > 0 ? `${this.thread.id}:${this.drawable.push({ chain, decisions }) - 1}` : null;
    return { hops, decisions: decided, graph };
  }

  /** Undefined where no answer has given that name. */
  *graph(name: string): Progress<WhyGraphAnswer | undefined> {
    const drawable = this.drawable[Number(name.split(':')[1])];
    if (!drawable) return undefined;
    const { nodes, edges } = yield* valueGraph(this.traced, drawable.chain, drawable.decisions);
    const answers: GraphNodeAnswer[] = [];
    for (const node of nodes) {
      answers.push(node.kind === 'value' ? this.valueNode(node.hop, node.isCut) : this.decisionNode(node.decision));
      yield 0;
    }
    return { nodes: answers, edges };
  }

  private valueNode(hop: Hop, isCut: boolean): GraphNodeAnswer {
    const { text, what, kind } = hop;
    const value = printedValue(hop);
    return { ...this.placeOfHop(hop), kind: 'value', moment: this.momentAt(hop), text, value, what, how: kind, isCut };
  }

  private decisionNode(decision: Decision): GraphNodeAnswer {
    const { file, start, text, what, kind, outcome } = decision;
    const value = outcome === undefined ? '' : String(outcome);
    const moment = this.momentAt(decision);
    return { ...this.place(file, start), kind: 'decision', moment, text, value, what, how: kind, isCut: false };
  }

  private inputs(moment: Moment, inputs: readonly Input[], traced = this.traced): InputAnswer[] {
    return inputs.map(({ text, value }) => ({ text, value: printedAt(traced, moment, value) }));
  }

  /**
   * Where one stands at the line: while a call that it made runs, that is before the call; where the next statement begins
   * by no event, that is before the line's last event.
   */
  private momentAt(at: Pick<Hop, 'file' | 'start' | 'moment'> & Partial<Pick<Hop, 'traced'>>): string {
    const { file, start, moment } = at;
    const { timeline } = at.traced ?? this.traced;
    const { path: wanted, line } = this.place(file, start);
    const depthAt = (when: Moment): number => {
      timeline.seekMoment(when);
      return timeline.replay.stack.findLastIndex(({ file: own, position }) => {
        const place = this.place(own, own.code.start[position]!);
        return place.path === wanted && place.line === line;
      });
    };
    let when = moment;
    let depth = depthAt(when);
    if (depth < 0 && moment > 0) {
      depth = depthAt(moment - 1);
      if (depth >= 0) when = moment - 1;
    }
    const inner = depth < 0 ? undefined : timeline.replay.stack[depth + 1];
    const { calls } = timeline.overview;
    const span = inner && calls.firstSpan(inner.serial);
    return `${this.streamOf(at)}:${span === undefined ? when : calls.enter[span]!}`;
  }

  /** A value may have come from another thread. */
  private streamOf({ traced }: Partial<Pick<Hop, 'traced'>>): number {
    return traced?.others?.own.number ?? this.thread.id;
  }

  private moment(moment: Moment): string {
    return `${this.thread.id}:${moment}`;
  }

  private placeOfHop({ file, start }: Hop): PlaceAnswer {
    return this.place(file, start);
  }

  private place(file: LoadedFile, offset: number): PlaceAnswer {
    const { path: own, line = 0 } = this.places.of(this.thread.reader, file, offset);
    return this.placeIn({ path: own, line });
  }

  private placeIn({ path: named, line }: { readonly path: string; readonly line: number }): PlaceAnswer {
    const own = path.resolve(this.cwd, named);
    const relative = path.relative(this.cwd, own);
    // another package of a monorepo is named from where the program ran, too
    const isNear = relative !== '' && !path.isAbsolute(relative) && relative.length < own.length;
    return { path: own, name: isNear ? relative : own, line };
  }
}

const UNKNOWN = 'the recording does not tell why';

function rangeOf({ code }: LoadedFile, op: number): { readonly start: number; readonly end: number } {
  return { start: code.start[op]!, end: code.end[op]! };
}
