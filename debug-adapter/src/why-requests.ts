/** Requests about causes: why it failed, where a value came from, which lines are suspected. None of them moves the replay. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type {
  SuspectsAnswer,
  SuspectsArguments,
  WhyAnswer,
  WhyFailedAnswer,
  WhyFailedArguments,
  WhyGraphAnswer,
  WhyGraphArguments,
  WhyLineAnswer,
  WhyLineArguments,
  WhyValueArguments,
} from '../../trace-runtime/src/model/why-answers.ts';
import { compareFailures, type Failure } from '../../trace-runtime/src/query/failures.ts';
import { statementAtLine } from './line-statements.ts';
import { PanelRequests } from './panel-requests.ts';
import type { RecordedThread } from './recorded-thread.ts';
import { WhyAnswers } from './why-answers.ts';
import type { Progress } from './work.ts';

export interface FoundFailure {
  readonly thread: RecordedThread;
  readonly failure: Failure;
}

export interface Asked<T> {
  /** those that it moves; where one stands is kept */
  readonly threads: readonly RecordedThread[];
  /** shown where it takes long */
  readonly title: string;
  readonly work: () => Progress<T>;
  /** under which the answer is kept: it is the same wherever one stands, and gives way to moves from its beginning */
  readonly key?: string;
  /** makes ready what is needed for it */
  readonly prepare?: () => Promise<void>;
}

export abstract class WhyRequests extends PanelRequests {
  /** the failure at which the replay began */
  protected begunAt: FoundFailure | undefined;
  private readonly answering = new Map<RecordedThread, WhyAnswers>();
  /** answers about failures, which stay as they are */
  private readonly known = new Map<string, unknown>();
  /** numbers of the requests that are being answered */
  private readonly running = new Set<number>();

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    if (command === 'whyFailed') return this.whyFailed(response, args as WhyFailedArguments);
    if (command === 'whyValue') return this.whyValue(response, args as WhyValueArguments);
    if (command === 'whyLine') return this.whyLine(response, args as WhyLineArguments);
    if (command === 'whyGraph') return this.whyGraph(response, args as WhyGraphArguments);
    if (command === 'suspects') return this.suspects(response, args as SuspectsArguments);
    super.customRequest(command, response, args);
  }

  protected override cancelRequest(response: DebugProtocol.CancelResponse, args: DebugProtocol.CancelArguments): void {
    // what nobody waits for ends; what moves goes on
    if (args.requestId !== undefined && this.running.delete(args.requestId)) return this.sendResponse(response);
    super.cancelRequest(response, args);
  }

  /** All of the recording, what explains most first. */
  protected failures(): FoundFailure[] {
    return this.threads
      .flatMap((thread) => thread.timeline.replay.failures.list.map((failure) => ({ thread, failure })))
      .sort((a, b) => compareFailures(a.failure, b.failure));
  }

  private whyFailed(response: DebugProtocol.Response, { failure: moment }: WhyFailedArguments): void {
    const found = this.failureAt(moment);
    if (typeof found === 'string') return this.refuse(response, found);
    if (found === undefined) return this.send(response, { failure: null });
    const { thread, failure } = found;
    const name = nameOf(found);
    this.answer<WhyFailedAnswer>(response, {
      threads: [thread],
      title: 'Looking for why it failed',
      key: `why ${name}`,
      work: function* (this: WhyRequests) {
        const why = yield* this.answers(thread).failed(failure);
        return { ...why, failure: name, case: failure.case?.name ?? null };
      }.bind(this),
    });
  }

  private whyValue(response: DebugProtocol.Response, { expression, frameId }: WhyValueArguments): void {
    const frame = frameId === undefined ? this.top() : this.frames.get(frameId);
    if (frameId !== undefined && !frame) return this.refuse(response, 'This frame is gone: the replay has moved.');
    if (!frame?.call) return this.refuse(response, 'No recorded code is running at this moment.');
    const { thread, call } = frame;
    this.answer<WhyAnswer>(response, {
      threads: [thread],
      title: `Looking for where ${expression} came from`,
      work: () => this.answers(thread).value(call, expression),
    });
  }

  private whyLine(response: DebugProtocol.Response, args: WhyLineArguments): void {
    const known = { breakpoints: this.breakpoints, places: this.places! };
    const found = statementAtLine(args, known, this.threads, this.moved ?? this.threads[0]);
    if (typeof found === 'string') return this.refuse(response, found);
    const { thread } = found;
    this.answer<WhyLineAnswer>(response, {
      threads: [thread],
      title: `Looking for why the line ${args.question === 'ran' ? 'ran' : 'did not run'}`,
      work: () => (args.question === 'ran' ? this.answers(thread).ran(found) : this.answers(thread).notRun(found)),
    });
  }

  private whyGraph(response: DebugProtocol.Response, { graph }: WhyGraphArguments): void {
    const none = `No answer of this session is named ${graph}.`;
    const thread = this.thread(Number(graph.split(':')[0]));
    if (!thread) return this.refuse(response, none);
    const answers = this.answers(thread);
    this.answer<WhyGraphAnswer>(response, {
      threads: [thread],
      title: 'Following values',
      key: `graph ${graph}`,
      work: function* () {
        const found = yield* answers.graph(graph);
        if (!found) throw new Error(none);
        return found;
      },
    });
  }

  private suspects(response: DebugProtocol.Response, { failure: moment, count = 10 }: SuspectsArguments): void {
    const found = this.failureAt(moment);
    if (typeof found === 'string') return this.refuse(response, found);
    if (found === undefined)
      return this.send(response, { suspects: [], failing: 0, passing: 0, tried: 0, left: 0, fault: null });
    const { thread, failure } = found;
    const { sandbox, forbidden } = this;
    this.answer<SuspectsAnswer>(response, {
      threads: [thread],
      title: 'Looking for suspects',
      key: `suspects ${nameOf(found)} ${count}`,
      ...(sandbox ? { prepare: () => sandbox.warm() } : {}),
      work: () => this.answers(thread).suspects(failure, count, sandbox ?? forbidden ?? 'No code may run.'),
    });
  }

  /** A sentence where there is no such failure; undefined where there is none at all. */
  private failureAt(moment: string | undefined): FoundFailure | string | undefined {
    const failures = this.failures();
    if (moment === undefined) return this.begunAt ?? failures[0];
    return failures.find((found) => nameOf(found) === moment) ?? `The recording has no failure at moment ${moment}.`;
  }

  private answers(thread: RecordedThread): WhyAnswers {
    let own = this.answering.get(thread);
    if (own) return own;
    const { places, recording } = this;
    own = new WhyAnswers(thread, places!, recording!.manifest.cwd, recording!);
    this.answering.set(thread, own);
    return own;
  }

  /** Looks while nothing else is to be done; the thread stands where it stood, whatever is asked of it meanwhile. */
  protected answer<T extends object>(response: DebugProtocol.Response, asked: Asked<T>): void {
    const { threads, title, work, key, prepare } = asked;
    const known = key === undefined ? undefined : this.known.get(key);
    if (known !== undefined) return this.send(response, known);
    const request = response.request_seq;
    this.running.add(request);
    const task = {
      title,
      work: cancellable(work(), () => !this.running.has(request)),
      total: Math.max(0, ...threads.map(({ timeline }) => timeline.end?.moment ?? 0)),
    };
    const isReady = key === undefined ? Promise.resolve() : this.work.calm().then(prepare);
    isReady
      .then(() => this.work.background(task, threads))
      .then(
        (body) => {
          if (body === undefined) return this.refuse(response, 'The search was cancelled.');
          if (key !== undefined) this.known.set(key, body);
          this.send(response, body);
        },
        (error: unknown) => this.refuse(response, error instanceof Error ? error.message : String(error)),
      )
      .finally(() => this.running.delete(request));
  }

  protected send(response: DebugProtocol.Response, body: unknown): void {
    response.body = body;
    this.sendResponse(response);
  }
}

function nameOf({ thread, failure }: FoundFailure): string {
  return `${thread.id}:${failure.moment}`;
}

/** Undefined where it was cancelled. */
function* cancellable<T>(work: Progress<T>, isCancelled: () => boolean): Progress<T | undefined> {
  try {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (isCancelled()) return undefined;
      yield step.value;
    }
  } finally {
    work.return(undefined as T);
  }
}
