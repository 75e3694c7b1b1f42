/** Requests that move a replay, and those that say where it can go. */
import { ContinuedEvent, OutputEvent, StoppedEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { CallAhead } from '../../trace-runtime/src/query/navigator.ts';
import { parseMoment } from '../../trace-runtime/src/query/moments.ts';
import type { Position, Search } from '../../trace-runtime/src/query/timeline.ts';
import { BreakpointRequests } from './breakpoint-requests.ts';
import { findStatements, type StatementPlace } from './breakpoints.ts';
import { findWrites, type Watched } from '../../trace-runtime/src/query/watched.ts';
import type { Print } from './prints.ts';
import type { RecordedThread } from './recorded-thread.ts';
import { LateResponse, labelOf } from './stop-order.ts';
import { looking, type Progress } from './work.ts';

export type Stop =
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

/** A place that `goto` can go to. */
interface Target {
  readonly thread: RecordedThread;
  readonly position: Position;
}

/** Where a replay stands after it went to a place that was known. */
export interface Landing {
  readonly thread: RecordedThread;
  readonly stop: Stop;
}

export abstract class MoveRequests extends BreakpointRequests {
  private readonly targets: Target[] = [];
  private readonly callsAhead: CallAhead[] = [];
  /** how often the replay went to a place that was known */
  private jumps = 0;
  /** of the stop that was told last */
  protected toldLabel: string | undefined;
  /** ends what is recorded or read for the session */
  protected readonly aborted = new AbortController();

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
    const frame = this.frames.get(frameId);
    if (!frame) return this.refuse(response, 'This frame is gone: the replay has moved.');
    const { navigator, timeline } = frame.thread;
    if (frame.call?.depth !== timeline.replay.stack.length - 1) {
      response.body = { targets: [] };
      return this.sendResponse(response);
    }
    this.look(
      response,
      frame.thread,
      () => navigator.callsAhead(),
      (calls) => {
        const targets = calls
          .slice(0, CALLS)
          .map((call) => ({ id: this.callsAhead.push(call), label: call.name || '(anonymous)' }));
        response.body = { targets };
        this.sendResponse(response);
      },
    );
  }

  /** Where the value was written last, before the moment. */
  private locationsRequest(
    response: DebugProtocol.LocationsResponse,
    { locationReference }: DebugProtocol.LocationsArguments,
  ): void {
    const print = this.prints.get(locationReference);
    if (print) return this.goToPrint(response, print);
    const asked = this.values.writtenAt(locationReference);
    if (!asked) return this.refuse(response, 'This location is gone: the replay has moved.');
    const { thread, watched } = asked;
    this.look(
      response,
      thread,
      () => this.origin(thread, watched),
      (found) => {
        if (!found) return this.refuse(response, 'No recorded code has written it before this moment.');
        response.body = found;
        this.sendResponse(response);
      },
    );
  }

  /** Whoever asks for the place of a printed line is taken there. */
  private goToPrint(response: DebugProtocol.LocationsResponse, { thread, moment }: Print): void {
    this.jump(response, thread, () => {
      thread.timeline.seekMoment(moment);
      const place = this.placeOf(thread);
      if (!place) throw new Error('No recorded code is running at this moment.');
      response.body = place;
    });
  }

  /** Where the innermost call of a thread stands. */
  private placeOf({ timeline, reader }: RecordedThread): DebugProtocol.LocationsResponse['body'] | undefined {
    const top = timeline.replay.stack.at(-1);
    if (!top) return undefined;
    const { path, line, column } = this.places!.of(reader, top.file, top.file.code.start[top.position]!);
    if (line === undefined) return undefined;
    return { source: this.sources.of(top.file, path), line, ...(column === undefined ? {} : { column }) };
  }

  /** The place of the last write before the moment. */
  private *origin(thread: RecordedThread, watched: Watched): Progress<DebugProtocol.LocationsResponse['body'] | null> {
    const { timeline } = thread;
    const isFound = yield* timeline.backward(timeline.position, findWrites(watched, thread.files));
    return isFound ? (this.placeOf(thread) ?? null) : null;
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
    this.jump(response, thread, () => thread.timeline.seekMoment(ending ? Infinity : place.moment));
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
    const frame = this.frames.get(frameId);
    if (!frame) return this.refuse(response, 'This frame is gone: the replay has moved.');
    const depth = frame.call?.depth ?? -1;
    if (depth < 0) return this.refuse(response, 'This call waits: it cannot be restarted.');
    this.move(response, frame.thread.id, 'backward', ({ navigator }) => navigator.restart(depth), 'restart');
  }

  /** One target a hit of the line: the nearest before where the client stands, and the nearest behind it. */
  protected override gotoTargetsRequest(
    response: DebugProtocol.GotoTargetsResponse,
    { source, line }: DebugProtocol.GotoTargetsArguments,
  ): void {
    const statements = this.breakpoints.statements(this.sources.pathOf(source));
    const at = statements.find((each) => each.line >= line)?.line;
    const wanted = statements.filter((each) => each.line === at);
    const thread = this.moved ?? this.threads[0];
    if (!thread) return this.refuse(response, 'The recording holds no thread.');
    this.look(
      response,
      thread,
      () => this.hits(wanted),
      (found) => {
        const targets = found.map((target) => {
          const id = this.targets.push(target);
          const moment = `${target.thread.id}:${target.position.moment}`;
          return { id, label: `${target.thread.name}, moment ${moment}`, line: at ?? line };
        });
        response.body = { targets };
        this.sendResponse(response);
      },
    );
  }

  private *hits(wanted: readonly StatementPlace[]): Progress<Target[]> {
    const found: Target[] = [];
    for (const thread of this.threads) found.push(...(yield* looking(thread.timeline, () => hitsOf(thread, wanted))));
    return found;
  }

  protected override gotoRequest(
    response: DebugProtocol.GotoResponse,
    { targetId }: DebugProtocol.GotoArguments,
  ): void {
    const target = this.targets[targetId - 1];
    if (!target) return this.refuse(response, 'This target is gone: the replay has moved.');
    this.jump(response, target.thread, () => target.thread.timeline.seek(target.position));
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
    if (args.progressId?.startsWith('record ')) this.aborted.abort();
    else if (args.progressId !== undefined) this.work.cancel(args.progressId);
    if (args.requestId !== undefined) this.work.cancel();
  }

  private jump(response: DebugProtocol.Response, thread: RecordedThread, seek: () => void): void {
    this.land(response, { thread, stop: 'goto' }, seek);
  }

  /**
   * Goes to a place that is known. What moves gives way, and leaves it to this to tell where the replay stands: as `seek`
   * says, else as `landing` does, also where this gives way itself.
   */
  protected land(response: DebugProtocol.Response, landing: Landing, seek: () => Landing | void): void {
    this.jumps++;
    this.work.cancel();
    this.work.move({ title: 'Going there', work: once(seek), total: 0 }).then(
      (landed) => {
        this.sendResponse(response);
        const { thread, stop } = landed ?? landing;
        this.stopped(thread, stop);
      },
      (error: unknown) => this.refuse(response, error instanceof Error ? error.message : String(error)),
    );
  }

  protected step(
    response: DebugProtocol.Response,
    threadId: number,
    direction: 'forward' | 'backward',
    go: (thread: RecordedThread) => Search,
  ): void {
    this.move(response, threadId, direction, go, 'step');
  }

  /** The response comes first, then where it stopped; the other way round where the client takes that and it is near. */
  private move(
    response: DebugProtocol.Response,
    threadId: number,
    direction: 'forward' | 'backward',
    go: (thread: RecordedThread) => Search,
    found: Stop = 'breakpoint',
  ): void {
    const thread = this.thread(threadId);
    if (!thread) return this.refuse(response, `There is no thread ${threadId}.`);
    const late = this.takesStopsFirst ? new LateResponse(() => this.sendResponse(response)) : undefined;
    if (!late) this.sendResponse(response);
    const { jumps } = this;
    const task = { title: 'Searching the recording', work: go(thread), total: thread.timeline.end?.moment ?? 0 };
    const moved = this.work.move(task).then(
      (isFound) => {
        const { paused } = thread.timeline.replay;
        if (isFound === undefined) {
          if (jumps === this.jumps) this.stopped(thread, 'pause');
        } else if (!isFound) this.stopped(thread, direction === 'forward' ? 'end' : 'entry');
        else if (found !== 'breakpoint' || paused) this.stopped(thread, found);
        else this.stopped(thread, this.breakpoints.met === undefined ? 'exception' : 'data breakpoint');
      },
      (error: unknown) => {
        this.sendEvent(new OutputEvent(`${error instanceof Error ? error.message : String(error)}\n`, 'important'));
        this.stopped(thread, 'pause');
      },
    );
    void moved.finally(() => late?.send());
  }

  protected stopped(thread: RecordedThread, stop: Stop): void {
    this.frames.clear();
    this.targets.length = 0;
    this.callsAhead.length = 0;
    this.values.clear();
    this.moved = thread;
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(stop === 'failure' ? 'exception' : stop, thread.id);
    const { moment } = thread.timeline.position;
    const label = labelOf(stop);
    const isPlace = stop !== 'end' && stop !== 'entry';
    event.body.description = this.takesStopsFirst || !isPlace ? label : `Stopped at moment ${thread.id}:${moment}`;
    event.body.allThreadsStopped = true;
    if (isPlace) Object.assign(event.body, { moment: `${thread.id}:${moment}` });
    if (this.takesStopsFirst && this.toldLabel !== undefined && this.toldLabel !== label)
      this.sendEvent(new ContinuedEvent(thread.id, true));
    this.toldLabel = label;
    const failure = thread.timeline.replay.failures.list.find((each) => each.moment === moment);
    if (failure && event.body.reason === 'exception') event.body.text = `${failure.type}: ${failure.message}`;
    this.sendEvent(event);
  }
}

/** Work that is done in one slice. */
function* once<T>(act: () => T): Progress<T> {
  yield 0;
  return act();
}

/** The nearest before where it stands, and the nearest behind. */
function* hitsOf(thread: RecordedThread, wanted: readonly StatementPlace[]): Progress<Target[]> {
  const { timeline } = thread;
  const from = timeline.position;
  const find = findStatements(thread, wanted);
  const before: Target[] = [];
  while (before.length < TARGETS && (yield* timeline.backward(timeline.position, find)))
    before.unshift({ thread, position: timeline.position });
  timeline.seek(from);
  const after: Target[] = [];
  while (after.length < TARGETS && (yield* timeline.forward(find))) after.push({ thread, position: timeline.position });
  return [...before, ...after];
}
