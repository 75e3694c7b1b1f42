/** Requests of the panels: what happens in the whole recording, and where. None of them moves the replay. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type {
  CallAnswer,
  CallDetailsArguments,
  CallPathArguments,
  CallTreeArguments,
  CaseOutcome,
  FindCallsArguments,
  FlameArguments,
  NextItemArguments,
  PanelRequests as Requests,
  TimelineArguments,
  WhereArguments,
} from '../../trace-runtime/src/model/panel-answers.ts';
import { Ending } from '../../trace-runtime/src/query/call-log.ts';
import { Outcome } from '../../trace-runtime/src/wire/words.ts';
import { readCallDetails } from './call-details.ts';
import { HistoryRequests } from './history-requests.ts';
import { PanelThread } from './panel-thread.ts';
import type { RecordedThread } from './recorded-thread.ts';
import { callOf } from './state-requests.ts';
import type { Progress } from './work.ts';

type Answer<Name extends keyof Requests> = Requests[Name]['answer'];

const OUTCOMES: Readonly<Record<number, CaseOutcome>> = {
  [Outcome.passed]: 'passed',
  [Outcome.failed]: 'failed',
  [Outcome.skipped]: 'skipped',
  [Outcome.timedOut]: 'timedOut',
};
export const ENDINGS: Readonly<Record<Ending, CallAnswer['ending']>> = {
  [Ending.running]: 'running',
  [Ending.returned]: 'returned',
  [Ending.threw]: 'threw',
  [Ending.waits]: 'waits',
  [Ending.lost]: 'lost',
};

/** Calls that `findCalls` gives at once. */
const PAGE = 100;
/** Calls and bins that one answer may have. */
const MOST_CALLS = 1000;
const MOST_BINS = 10_000;

export abstract class PanelRequests extends HistoryRequests {
  private readonly panels = new Map<RecordedThread, PanelThread>();
  /** what was asked for last: earlier questions about details end where they are */
  private detailsAsked = 0;

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    const answer = this.panelAnswer(command, args);
    if (answer === undefined) return super.customRequest(command, response, args);
    if (typeof answer === 'string') return this.refuse(response, answer);
    if (!(answer instanceof Promise)) {
      response.body = answer;
      return this.sendResponse(response);
    }
    answer.then(
      (body) => {
        if (body === undefined) return this.refuse(response, 'The search was cancelled.');
        response.body = body;
        this.sendResponse(response);
      },
      (error: unknown) => this.refuse(response, error instanceof Error ? error.message : String(error)),
    );
  }

  /** A sentence where it is refused; undefined where it is no request of the panels. */
  private panelAnswer(command: string, args: unknown): object | string | undefined {
    if (command === 'overview') return this.overview();
    if (command === 'where') return this.where(args as WhereArguments);
    const asked = args as { readonly threadId: number };
    const of = (answer: (panel: PanelThread) => object | string): object | string => {
      const thread = this.thread(asked.threadId);
      return thread ? answer(this.panel(thread)) : `There is no thread ${asked.threadId}.`;
    };
    switch (command) {
      case 'timeline':
        return of((panel) => this.timeline(panel, args as TimelineArguments));
      case 'nextItem':
        return of((panel) => ({ moment: panel.nextItem(args as NextItemArguments) ?? null }));
      case 'flame':
        return of((panel) => flame(panel, args as FlameArguments));
      case 'callTree':
        return of((panel) => callTree(panel, args as CallTreeArguments));
      case 'callPath':
        return of((panel) => callPath(panel, args as CallPathArguments));
      case 'callDetails':
        return of((panel) => this.callDetails(panel, args as CallDetailsArguments));
      case 'findCalls':
        return of((panel) => findCalls(panel, args as FindCallsArguments));
      default:
        return undefined;
    }
  }

  protected panel(thread: RecordedThread): PanelThread {
    let panel = this.panels.get(thread);
    if (panel === undefined) this.panels.set(thread, (panel = new PanelThread(this.places!, thread)));
    return panel;
  }

  private overview(): Answer<'overview'> {
    const { threads } = this;
    const sum = (count: (thread: RecordedThread) => number): number =>
      threads.reduce((total, thread) => total + count(thread), 0);
    const end = ({ timeline }: RecordedThread): number => timeline.end?.moment ?? 0;
    return {
      threads: threads.map((thread) => ({
        id: thread.id,
        name: thread.name,
        end: end(thread),
        startedAt: thread.startedAt ?? null,
        deepest: thread.calls.count > 0 ? thread.calls.deepest + 1 : 0,
      })),
      cases: threads.flatMap((thread) =>
        thread.timeline.replay.cases.map(({ id, parent, name, file, line, outcome, first, last }) => ({
          threadId: thread.id,
          id,
          parent,
          name,
          file,
          line,
          outcome: OUTCOMES[outcome ?? Outcome.unfinished] ?? 'unfinished',
          first,
          last: last ?? end(thread),
        })),
      ),
      failures: threads.flatMap((thread) =>
        thread.timeline.replay.failures.list.map(({ kind, moment, type, message, case: failed }) => ({
          threadId: thread.id,
          moment,
          type,
          message,
          isMarked: kind === 'marked',
          case: failed?.name ?? null,
        })),
      ),
      counts: {
        events: sum(end),
        calls: sum(({ calls }) => calls.callsBegun(0, calls.count)),
        ticks: sum(({ timeline }) => timeline.overview.ticks.count),
        throws: sum(({ timeline }) => timeline.overview.throws.thrown),
        outputs: sum(({ timeline }) => timeline.overview.outputs.count),
      },
    };
  }

  private where({ frameId }: WhereArguments): Answer<'where'> {
    const frame = frameId === undefined ? undefined : this.frames.get(frameId);
    const thread = frame?.thread ?? this.moved ?? this.threads[0];
    if (thread === undefined) return { threadId: 0, moment: 0, stack: [], selected: null };
    const { position, replay } = thread.timeline;
    return {
      threadId: thread.id,
      moment: position.moment,
      stack: replay.stack.map(({ serial }) => serial),
      selected: (frame && callOf(frame)?.serial) ?? null,
    };
  }

  private timeline(
    panel: PanelThread,
    { from, to, bins }: TimelineArguments,
  ): Answer<'timeline'> | string | Promise<Answer<'timeline'> | undefined> {
    if (to <= from || bins < 1) return '`from` must be before `to`, and `bins` at least 1.';
    const count = Math.min(bins, MOST_BINS);
    const answer = panel.timeline(from, to, count);
    const { thread } = panel;
    const sites = this.breakpoints.sites(thread);
    if (sites.size === 0) return answer;
    const search = this.search(thread, panel.hits.within(sites, from, to, count));
    return search.then(
      (hits) => hits && { ...answer, bins: { ...answer.bins, hits: hits.bins }, hitsAreExact: hits.isExact },
    );
  }

  private callDetails(
    { thread }: PanelThread,
    { calls }: CallDetailsArguments,
  ): Promise<Answer<'callDetails'> | undefined> {
    const own = ++this.detailsAsked;
    const work = readCallDetails(thread, calls.slice(0, MOST_CALLS), () => own !== this.detailsAsked);
    return this.search(thread, work).then((found) => found && { calls: found });
  }

  /** Looks around while nothing else is to be done, and stands afterwards where it stood. */
  private search<T>(thread: RecordedThread, work: Progress<T>): Promise<T | undefined> {
    const task = { title: 'Reading calls', work, total: thread.timeline.end?.moment ?? 0 };
    return this.work.background(task, [thread]);
  }
}

function flame(panel: PanelThread, args: FlameArguments): Answer<'flame'> | string {
  const { threadId, from, to, pixels, deepest } = args;
  if (to <= from || pixels < 1) return '`from` must be before `to`, and `pixels` at least 1.';
  const { calls } = panel.thread;
  const found = panel.flame.between(from, to, (to - from) / Math.min(pixels, MOST_BINS), deepest);
  const functions = new Set<number>();
  const column = (value: (row: number) => number): number[] =>
    Array.from({ length: found.count }, (_, row) => value(row));
  const longest = (row: number): number => found.span![row]!;
  const site = column((row) => calls.site[longest(row)]!);
  for (const each of site) functions.add(each);
  return {
    threadId,
    from,
    to,
    enter: Array.from(found.enter),
    exit: Array.from(found.exit),
    depth: Array.from(found.depth),
    function: site,
    call: column((row) => calls.serial[longest(row)]!),
    calls: Array.from(found.spans!),
    functions: [...functions].map((each) => panel.functions.of(each)),
  };
}

function callTree(
  panel: PanelThread,
  { threadId, parent = 0, start, count }: CallTreeArguments,
): Answer<'callTree'> | string {
  if (parent !== 0 && panel.thread.calls.firstSpan(parent) === undefined) return `There is no call ${parent}.`;
  const children = panel.tree.childrenOf(parent);
  const page = children.subarray(start, start + Math.min(count, MOST_CALLS));
  return { threadId, parent, total: children.length, start, calls: Array.from(page, (span) => call(panel, span)) };
}

function callPath(panel: PanelThread, { call: serial, last }: CallPathArguments): Answer<'callPath'> | string {
  const { tree, thread } = panel;
  const { calls } = thread;
  if (calls.firstSpan(serial) === undefined) return `There is no call ${serial}.`;
  const whole = tree.pathOf(serial);
  const start = last === undefined ? 0 : Math.max(0, whole.length - Math.min(last, MOST_CALLS));
  return {
    path: whole.slice(start, start + MOST_CALLS).map((each, i) => {
      const span = calls.firstSpan(each)!;
      return { call: call(panel, span), index: tree.childrenOf(whole[start + i - 1] ?? 0).indexOf(span) };
    }),
  };
}

function findCalls(panel: PanelThread, { text, after, before, count = PAGE }: FindCallsArguments): Answer<'findCalls'> {
  const { calls } = panel.thread;
  const found = panel.matching(text);
  const most = Math.min(count, MOST_CALLS);
  // of serials, ascending
  const behind = (serial: number): number => {
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (found[middle]! <= serial) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const end = before === undefined ? undefined : behind(before - 1);
  const start = end === undefined ? behind(after ?? 0) : Math.max(0, end - most);
  const page = found.subarray(start, end ?? start + most);
  return {
    total: found.length,
    skipped: start,
    calls: Array.from(page, (serial) => call(panel, calls.firstSpan(serial)!)),
  };
}

function call({ thread, functions, tree }: PanelThread, span: number): CallAnswer {
  const { calls } = thread;
  const serial = calls.serial[span]!;
  const last = calls.spansOf(serial).at(-1)!;
  const { name, path, line } = functions.of(calls.site[span]!);
  return {
    call: serial,
    name: calls.isEarly(span) ? `${name} (initialisers)` : name,
    path,
    line,
    first: calls.enter[span]! + 1,
    last: calls.exit[last]!,
    ending: ENDINGS[calls.endingOf(last)],
    inside: tree.countInside(serial),
    hasChildren: tree.hasChildren(serial),
  };
}
