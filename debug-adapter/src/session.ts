/** Replays a recording over the Debug Adapter Protocol. */
import {
  InitializedEvent,
  OutputEvent,
  ProgressEndEvent,
  ProgressStartEvent,
  ProgressUpdateEvent,
  StoppedEvent,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import { compareFailures, type Failure } from '../../trace-runtime/src/query/failures.ts';
import type { CallAhead } from '../../trace-runtime/src/query/navigator.ts';
import { parseMoment } from '../../trace-runtime/src/query/moments.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { finish, type Position, type Search } from '../../trace-runtime/src/query/timeline.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { BreakpointRequests } from './breakpoint-requests.ts';
import { Breakpoints, findStatements, type StatementPlace } from './breakpoints.ts';
import { writes } from './data-breakpoints.ts';
import { RecordedThread } from './recorded-thread.ts';
import { Sources } from './sources.ts';
import { finishWork } from './work.ts';

export interface LaunchArguments extends DebugProtocol.LaunchRequestArguments {
  /** a recording's folder, portable file or name; the newest where it is left out */
  readonly recording?: string;
  /** where to stand first; the failure where there is one, else the end */
  readonly startAt?: 'failure' | 'entry' | 'end' | string;
  /** whether `evaluate` may run the program's code; by default where the recording was made here */
  readonly allowEvaluate?: boolean;
}

/** What the adapter cannot do itself. */
export interface Host {
  /** Rejects with a sentence for the user. */
  open(name: string | undefined): Promise<Recording>;
  /** folder with the sandbox's programs */
  readonly sandbox: string;
}

type Stop =
  | 'failure'
  | 'entry'
  | 'end'
  | 'step'
  | 'breakpoint'
  | 'exception'
  | 'data breakpoint'
  | 'goto'
  | 'restart'
  | 'pause';

/** Hits of a line that `goto` offers on either side of where the client stands. */
const TARGETS = 20;
/** Calls that `stepIn` offers. */
const CALLS = 50;

export class ReplaySession extends BreakpointRequests {
  private readonly targets: { readonly thread: RecordedThread; readonly position: Position }[] = [];
  private readonly callsAhead: CallAhead[] = [];
  private startAt: string | undefined;
  private ended = false;

  constructor(private readonly host: Host) {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override initializeRequest(
    response: DebugProtocol.InitializeResponse,
    args: DebugProtocol.InitializeRequestArguments,
  ): void {
    this.showsProgress = args.supportsProgressReporting === true;
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsCancelRequest: true,
      supportsStepInTargetsRequest: true,
      supportsReadMemoryRequest: true,
      supportsStepBack: true,
      supportsRestartFrame: true,
      supportsGotoTargetsRequest: true,
      supportsFunctionBreakpoints: true,
      supportsBreakpointLocationsRequest: true,
      supportsDataBreakpoints: true,
      supportsEvaluateForHovers: true,
      supportsClipboardContext: true,
      supportsCompletionsRequest: true,
      supportsExceptionInfoRequest: true,
      supportsLoadedSourcesRequest: true,
      supportsDelayedStackTraceLoading: true,
      supportsTerminateRequest: true,
      exceptionBreakpointFilters: [
        { filter: 'all', label: 'Throws', description: 'Stops where recorded code throws.' },
        { filter: 'uncaught', label: 'Failures', description: 'Stops where an error begins that left the program.' },
      ],
    };
    this.sendResponse(response);
  }

  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: LaunchArguments): void {
    this.load(response, args);
  }

  protected override attachRequest(response: DebugProtocol.AttachResponse, args: LaunchArguments): void {
    this.load(response, args);
  }

  private load(response: DebugProtocol.Response, args: LaunchArguments): void {
    this.read(args).then(
      () => {
        this.sendResponse(response);
        this.sendEvent(new InitializedEvent());
      },
      (error: unknown) => {
        const sentence = error instanceof Error ? error.message : String(error);
        this.refuse(response, sentence);
        this.sendEvent(new TerminatedEvent());
      },
    );
  }

  private async read({ recording: name, startAt, allowEvaluate }: LaunchArguments): Promise<void> {
    const recording = await this.host.open(name);
    this.startAt = startAt;
    this.values.runsGetters = allowEvaluate ?? recording.manifest.imported !== true;
    if (this.values.runsGetters) this.sandbox = new Sandbox({ folder: this.host.sandbox });
    else
      this.forbidden =
        allowEvaluate === false
          ? 'The launch configuration does not allow it (`allowEvaluate`).'
          : 'This recording was imported: `"allowEvaluate": true` in the launch configuration allows its code to run.';
    const progress = `read ${recording.folder}`;
    if (this.showsProgress)
      this.sendEvent(new ProgressStartEvent(progress, 'Reading the recording', path.basename(recording.folder)));
    try {
      const threads = recording.streams.map((_, index) => new RecordedThread(recording, index + 1));
      for (const thread of threads) {
        const show = (share: number): void => {
          if (!this.showsProgress) return;
          const event: DebugProtocol.ProgressUpdateEvent = new ProgressUpdateEvent(progress, thread.name);
          event.body.percentage = Math.round(share * 100);
          this.sendEvent(event);
        };
        await thread.read(show, () => this.ended);
      }
      this.threads = threads;
    } finally {
      if (this.showsProgress) this.sendEvent(new ProgressEndEvent(progress));
    }
    const places = new Places(recording);
    this.sources = new Sources(places);
    this.breakpoints = new Breakpoints(places, this.threads, (thread, call, condition) =>
      this.holds(thread, call, condition),
    );
    this.places = places;
  }

  protected override configurationDoneRequest(
    response: DebugProtocol.ConfigurationDoneResponse,
    args: DebugProtocol.ConfigurationDoneArguments,
  ): void {
    super.configurationDoneRequest(response, args);
    const { thread, stop, fault } = this.begin(this.startAt ?? 'failure');
    if (fault !== undefined) this.sendEvent(new OutputEvent(`${fault}\n`, 'important'));
    if (thread === undefined) {
      this.sendEvent(new OutputEvent('The recording holds no thread.\n', 'important'));
      this.sendEvent(new TerminatedEvent());
      return;
    }
    this.stopped(thread, stop);
    this.isReady = true;
    this.printLogpoints();
  }

  /** Stands where the session begins. */
  private begin(at: string): { thread: RecordedThread | undefined; stop: Stop; fault?: string } {
    const [first] = this.threads;
    for (const thread of this.threads) thread.timeline.seekMoment(0);
    if (at === 'failure') {
      const [failing] = this.failures();
      if (failing !== undefined) {
        failing.thread.timeline.seekMoment(failing.failure.moment);
        return { thread: failing.thread, stop: 'failure' };
      }
    }
    if (at === 'entry') {
      if (first) finish(first.navigator.stepIn());
      return { thread: first, stop: 'entry' };
    }
    const place = parseMoment(at);
    const thread = place && this.thread(place.stream);
    if (thread !== undefined && place!.moment <= (thread.timeline.end?.moment ?? 0)) {
      thread.timeline.seekMoment(place!.moment);
      return { thread, stop: 'goto' };
    }
    first?.timeline.seekMoment(Infinity);
    const known = at === 'failure' || at === 'end';
    return { thread: first, stop: 'end', ...(known ? {} : { fault: `The recording has no moment ${at}.` }) };
  }

  private failures(): { readonly thread: RecordedThread; readonly failure: Failure }[] {
    return this.threads
      .flatMap((thread) => thread.timeline.replay.failures.list.map((failure) => ({ thread, failure })))
      .sort((a, b) => compareFailures(a.failure, b.failure));
  }

  protected override continueRequest(
    response: DebugProtocol.ContinueResponse,
    { threadId }: DebugProtocol.ContinueArguments,
  ): void {
    response.body = { allThreadsContinued: false };
    this.move(response, threadId, 'forward', (thread) => this.toBreakpoint(thread, 'forward'));
  }

  protected override reverseContinueRequest(
    response: DebugProtocol.ReverseContinueResponse,
    { threadId }: DebugProtocol.ReverseContinueArguments,
  ): void {
    this.move(response, threadId, 'backward', (thread) => this.toBreakpoint(thread, 'backward'));
  }

  private *toBreakpoint(thread: RecordedThread, direction: 'forward' | 'backward'): Search {
    yield* this.breakpoints.count();
    const finder = this.breakpoints.finder(thread);
    return yield* direction === 'forward'
      ? thread.navigator.continue(finder)
      : thread.navigator.reverseContinue(finder);
  }

  protected override nextRequest(response: DebugProtocol.NextResponse, args: DebugProtocol.NextArguments): void {
    this.step(response, args.threadId, 'forward', ({ navigator }) => navigator.next());
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse, args: DebugProtocol.StepInArguments): void {
    const target = args.targetId === undefined ? undefined : this.callsAhead[args.targetId - 1];
    if (args.targetId !== undefined && target === undefined)
      return this.refuse(response, 'This target is gone: the replay has moved.');
    this.step(response, args.threadId, 'forward', ({ navigator }) =>
      target ? navigator.stepInto(target.serial) : navigator.stepIn(),
    );
  }

  /** The calls that the statement is about to make, in their order. */
  protected override stepInTargetsRequest(
    response: DebugProtocol.StepInTargetsResponse,
    { frameId }: DebugProtocol.StepInTargetsArguments,
  ): void {
    const frame = this.frames[frameId - 1];
    if (!frame) return this.refuse(response, 'This frame is gone: the replay has moved.');
    const { replay } = frame.thread.timeline;
    const isTop = frame.call?.depth === replay.stack.length - 1;
    const calls = isTop ? finishWork(frame.thread.navigator.callsAhead()) : [];
    const targets = calls
      .slice(0, CALLS)
      .map((call) => ({ id: this.callsAhead.push(call), label: call.name || '(anonymous)' }));
    response.body = { targets };
    this.sendResponse(response);
  }

  /** Where the value was written last, before the moment. */
  private locationsRequest(
    response: DebugProtocol.LocationsResponse,
    { locationReference }: DebugProtocol.LocationsArguments,
  ): void {
    const asked = this.values.writtenAt(locationReference);
    if (!asked) return this.refuse(response, 'This location is gone: the replay has moved.');
    const { thread, watched } = asked;
    const { timeline, reader } = thread;
    const from = timeline.position;
    const search = timeline.backward(from, { event: (event) => writes(watched, event) });
    const task = { title: 'Looking for the origin', work: search, total: from.moment };
    void this.work.move(task).then((isFound) => {
      const top = timeline.replay.stack.at(-1);
      const place = isFound && top ? this.places!.of(reader, top.file, top.file.code.start[top.position]!) : undefined;
      const source = place && this.sources.of(top!.file, place.path);
      timeline.seek(from);
      if (!place?.line) return this.refuse(response, 'No recorded code has written it before this moment.');
      response.body = { source: source!, line: place.line, ...(place.column ? { column: place.column } : {}) };
      this.sendResponse(response);
    });
  }

  protected override stepOutRequest(
    response: DebugProtocol.StepOutResponse,
    args: DebugProtocol.StepOutArguments,
  ): void {
    this.step(response, args.threadId, 'forward', ({ navigator }) => navigator.stepOut());
  }

  protected override stepBackRequest(
    response: DebugProtocol.StepBackResponse,
    args: DebugProtocol.StepBackArguments,
  ): void {
    this.step(response, args.threadId, 'backward', ({ navigator }) => navigator.stepBack());
  }

  /** `{ moment: 'STREAM:NUMBER' }`: as logpoints print it; `STREAM:end` is the stream's end. */
  private goToMoment(response: DebugProtocol.Response, args: unknown): void {
    const wanted = String((args as { moment?: unknown } | undefined)?.moment);
    const ending = /^(\d+):end$/.exec(wanted);
    const last = ending && this.thread(Number(ending[1]))?.timeline.end?.moment;
    const place = ending ? { stream: Number(ending[1]), moment: last ?? 0 } : parseMoment(wanted);
    const thread = place && this.thread(place.stream);
    const end = thread?.timeline.end?.moment ?? 0;
    if (!place || !thread || place.moment > end)
      return this.refuse(
        response,
        `The recording has no such moment${thread ? `: its last is ${thread.id}:${end}` : ''}.`,
      );
    thread.timeline.seekMoment(ending ? Infinity : place.moment);
    this.sendResponse(response);
    this.stopped(thread, 'goto');
  }

  /** `reverseInto` and `reverseOut`, as `stepIn` and `stepOut` backward: `{ threadId }`. */
  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    const threadId = Number((args as { threadId?: unknown } | undefined)?.threadId ?? 1);
    if (command === 'reverseInto')
      return this.step(response, threadId, 'backward', ({ navigator }) => navigator.reverseInto());
    if (command === 'locations') return this.locationsRequest(response, args as DebugProtocol.LocationsArguments);
    if (command === 'goToMoment') return this.goToMoment(response, args);
    if (command === 'reverseOut')
      return this.step(response, threadId, 'backward', ({ navigator }) => navigator.reverseOut());
    this.refuse(response, `There is no request ${command}.`);
  }

  protected override restartFrameRequest(
    response: DebugProtocol.RestartFrameResponse,
    { frameId }: DebugProtocol.RestartFrameArguments,
  ): void {
    const frame = this.frames[frameId - 1];
    if (!frame) return this.refuse(response, 'This frame is gone: the replay has moved.');
    if (!frame.call || !finish(frame.thread.navigator.restart(frame.call.depth)))
      return this.refuse(response, 'The recording does not hold the entry of this call.');
    this.sendResponse(response);
    this.stopped(frame.thread, 'restart');
  }

  /** One target a hit of the line: the nearest before where the client stands, and the nearest behind it. */
  protected override gotoTargetsRequest(
    response: DebugProtocol.GotoTargetsResponse,
    { source, line }: DebugProtocol.GotoTargetsArguments,
  ): void {
    const statements = this.breakpoints.statements(this.sources.pathOf(source));
    const at = statements.find((each) => each.line >= line)?.line;
    const wanted = statements.filter((each) => each.line === at);
    const targets: DebugProtocol.GotoTarget[] = [];
    for (const thread of this.threads) {
      for (const position of this.hits(thread, wanted)) {
        const id = this.targets.push({ thread, position });
        targets.push({ id, label: `${thread.name}, moment ${thread.id}:${position.moment}`, line: at ?? line });
      }
    }
    response.body = { targets };
    this.sendResponse(response);
  }

  private hits(thread: RecordedThread, wanted: readonly StatementPlace[]): Position[] {
    const { timeline } = thread;
    const from = timeline.position;
    const find = findStatements(thread, wanted);
    const before: Position[] = [];
    while (before.length < TARGETS && finish(timeline.backward(timeline.position, find)))
      before.unshift(timeline.position);
    timeline.seek(from);
    const after: Position[] = [];
    while (after.length < TARGETS && finish(timeline.forward(find))) after.push(timeline.position);
    timeline.seek(from);
    return [...before, ...after];
  }

  protected override gotoRequest(
    response: DebugProtocol.GotoResponse,
    { targetId }: DebugProtocol.GotoArguments,
  ): void {
    const target = this.targets[targetId - 1];
    if (!target) return this.refuse(response, 'This target is gone: the replay has moved.');
    target.thread.timeline.seek(target.position);
    this.sendResponse(response);
    this.stopped(target.thread, 'goto');
  }

  protected override pauseRequest(
    response: DebugProtocol.PauseResponse,
    { threadId }: DebugProtocol.PauseArguments,
  ): void {
    const thread = this.thread(threadId);
    if (!thread) return this.refuse(response, `There is no thread ${threadId}.`);
    this.sendResponse(response);
    if (this.work.isMoving) this.work.cancel();
    else this.stopped(thread, 'pause');
  }

  protected override cancelRequest(response: DebugProtocol.CancelResponse, args: DebugProtocol.CancelArguments): void {
    this.sendResponse(response);
    if (args.progressId !== undefined) this.work.cancel(args.progressId);
    if (args.requestId !== undefined) this.work.cancel();
  }

  protected override disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    args: DebugProtocol.DisconnectArguments,
  ): void {
    this.ended = true;
    this.work.cancelAll();
    this.sandbox?.end();
    super.disconnectRequest(response, args);
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.ended = true;
    this.work.cancelAll();
    this.sandbox?.end();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  private step(
    response: DebugProtocol.Response,
    threadId: number,
    direction: 'forward' | 'backward',
    go: (thread: RecordedThread) => Search,
  ): void {
    this.move(response, threadId, direction, go, 'step');
  }

  /** The response comes first, then where it stopped. */
  private move(
    response: DebugProtocol.Response,
    threadId: number,
    direction: 'forward' | 'backward',
    go: (thread: RecordedThread) => Search,
    found: Stop = 'breakpoint',
  ): void {
    const thread = this.thread(threadId);
    if (!thread) return this.refuse(response, `There is no thread ${threadId}.`);
    this.sendResponse(response);
    const task = { title: 'Searching the recording', work: go(thread), total: thread.timeline.end?.moment ?? 0 };
    this.work.move(task).then(
      (isFound) => {
        const { paused } = thread.timeline.replay;
        if (isFound === undefined) this.stopped(thread, 'pause');
        else if (!isFound) this.stopped(thread, direction === 'forward' ? 'end' : 'entry');
        else if (found !== 'breakpoint' || paused) this.stopped(thread, found);
        else this.stopped(thread, this.breakpoints.met === undefined ? 'exception' : 'data breakpoint');
      },
      (error: unknown) => {
        this.sendEvent(new OutputEvent(`${error instanceof Error ? error.message : String(error)}\n`, 'important'));
        this.stopped(thread, 'pause');
      },
    );
  }

  private stopped(thread: RecordedThread, stop: Stop): void {
    this.frames.length = 0;
    this.targets.length = 0;
    this.callsAhead.length = 0;
    this.values.clear();
    this.moved = thread;
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(stop === 'failure' ? 'exception' : stop, thread.id);
    const { moment } = thread.timeline.position;
    event.body.description = describe(stop, `${thread.id}:${moment}`);
    event.body.allThreadsStopped = true;
    const failure = thread.timeline.replay.failures.list.find((each) => each.moment === moment);
    if (failure && event.body.reason === 'exception') event.body.text = `${failure.type}: ${failure.message}`;
    this.sendEvent(event);
  }
}

function describe(stop: Stop, moment: string): string {
  if (stop === 'end') return 'At the end of the recording';
  if (stop === 'entry') return 'At the beginning of the recording';
  return `Stopped at moment ${moment}`;
}
