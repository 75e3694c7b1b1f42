/** Replays a recording over the Debug Adapter Protocol. */
import {
  BreakpointEvent,
  CapabilitiesEvent,
  InitializedEvent,
  OutputEvent,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { timeZoneOf } from '../../trace-runtime/src/store/time-zone.ts';
import { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import { findCase } from '../../trace-runtime/src/query/find-case.ts';
import { parseMoment } from '../../trace-runtime/src/query/moments.ts';
import { glimpseFailure } from '../../trace-runtime/src/query/glimpse.ts';
import { isIndexed, notIndexed, unreadWords } from '../../trace-runtime/src/query/open-timeline.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { finish } from '../../trace-runtime/src/query/timeline.ts';
import type { CaseFacts } from '../../trace-runtime/src/query/stream-state.ts';
import { readMarks } from '../../trace-runtime/src/store/marks.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { Breakpoints } from './breakpoints.ts';
import { Early, UNREAD } from './early.ts';
import { addMarked } from './history-requests.ts';
import type { Landing, Stop } from './move-requests.ts';
import { RecordedThread } from './recorded-thread.ts';
import { SliceRequests } from './slice-requests.ts';
import { Sources } from './sources.ts';
import type { Progress } from './work.ts';

export interface LaunchArguments extends DebugProtocol.LaunchRequestArguments {
  /** a recording's folder, portable file or name; the newest where it is left out */
  readonly recording?: string;
  /** number or name of a case of it: begins at its failure, else its end */
  readonly case?: string;
  /** a program to record first, with Node: its arguments, Node's own, and another Node */
  readonly program?: string;
  readonly args?: readonly string[];
  readonly runtimeArgs?: readonly string[];
  readonly runtimeExecutable?: string;
  /** or any command line to record first */
  readonly command?: readonly string[];
  /** where the program or command runs */
  readonly cwd?: string;
  /** variables beside the adapter's own; null takes one away */
  readonly env?: Readonly<Record<string, string | null>>;
  /** where to stand first; the failure where there is one, else the end */
  readonly startAt?: 'failure' | 'entry' | 'end' | string;
  /** whether `evaluate` may run the program's code; by default where the recording was made here */
  readonly allowEvaluate?: boolean;
  /** shows the texts that the recording holds, and no file of the disk, equal or not */
  readonly recordedSources?: boolean;
}

/** Words that are read in half a second. */
const MANY_WORDS = 2_000_000;
/** Milliseconds between two looks for an index that another process makes. */
const LOOKS = 300;

/** What the adapter cannot do itself. */
export interface Host {
  /** Rejects with a sentence for the user. */
  open(name: string | undefined): Promise<Recording>;
  /** Records a command to its end; gives the recording's folder. Rejects with a sentence for the user. */
  record(run: Run): Promise<string>;
  /** folder with the sandbox's programs */
  readonly sandbox: string;
}

/** A command to record. */
export interface Run {
  readonly command: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string | null>>;
  readonly output: (category: 'stdout' | 'stderr', text: string) => void;
  /** ends the command */
  readonly signal: AbortSignal;
}

export class ReplaySession extends SliceRequests {
  private startAt: string | undefined;
  private caseName: string | undefined;
  /** the recording, as the launch named it */
  private launched: string | undefined;
  /** whether a recording is open, or being opened */
  private isLoaded = false;
  /** while the recording is still read, and the client stands at its failure already */
  private early: Early | undefined;
  /** by a request's number: breakpoints that were answered for early, and are set now */
  private readonly late = new Map<number, readonly number[]>();

  constructor(private readonly host: Host) {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override initializeRequest(
    response: DebugProtocol.InitializeResponse,
    args: DebugProtocol.InitializeRequestArguments,
  ): void {
    this.opensPrints = args.clientID === 'vscode';
    this.takesStopsFirst = args.clientID === 'vscode';
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
        {
          filter: 'uncaught',
          label: 'Failures',
          description: 'Stops where an error begins that left the program.',
          default: true,
        },
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

  protected override openRecording(name: string): Promise<Recording> {
    return this.host.open(name);
  }

  private load(response: DebugProtocol.Response, args: LaunchArguments): void {
    if (this.isLoaded) return this.refuse(response, 'This session has its recording: begin another one.');
    this.isLoaded = true;
    const begin = (): void => {
      this.sendResponse(response);
      this.offerRestart(args);
      this.sendEvent(new InitializedEvent());
    };
    this.read(args, begin).then(
      () => (this.early ? this.settle(this.early) : begin()),
      (error: unknown) => {
        this.isLoaded = false;
        const sentence = error instanceof Error ? error.message : String(error);
        const { early } = this;
        this.early = undefined;
        this.places = undefined;
        if (early) this.sendEvent(new OutputEvent(`${sentence}\n`, 'important'));
        else this.refuse(response, sentence);
        for (const request of early?.held ?? []) this.dispatchRequest(request);
        this.sendEvent(new TerminatedEvent());
      },
    );
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (this.early?.take(request) !== true) super.dispatchRequest(request);
  }

  override sendResponse(response: DebugProtocol.Response): void {
    const ids = this.late.get(response.request_seq);
    if (!ids) return super.sendResponse(response);
    this.late.delete(response.request_seq);
    const set = (response.body as Partial<DebugProtocol.SetBreakpointsResponse['body']> | undefined)?.breakpoints ?? [];
    ids.forEach((id, i) => this.sendEvent(new BreakpointEvent('changed', { verified: false, ...set[i], id })));
  }

  /** The recording was read: what the client asked for meanwhile is done. */
  private settle(early: Early): void {
    this.early = undefined;
    this.toldLabel = UNREAD;
    for (const { request, ids } of early.breakpoints) {
      this.late.set(request.seq, ids);
      this.dispatchRequest(request);
    }
    if (early.isConfigured) this.beginReplay();
    for (const request of early.held) this.dispatchRequest(request);
  }

  /** Stands at the failure already, where reading takes long. */
  private beginEarly(recording: Recording, args: LaunchArguments, begin: () => void): boolean {
    const { startAt = 'failure', case: named } = args;
    if (startAt !== 'failure' || named !== undefined || unreadWords(recording) < MANY_WORDS) return false;
    const glimpse = readMarks(recording.folder).length > 0 ? undefined : glimpseFailure(recording);
    if (!glimpse) return false;
    const send = (message: DebugProtocol.Response | DebugProtocol.Event): void =>
      message.type === 'event'
        ? this.sendEvent(message as DebugProtocol.Event)
        : super.sendResponse(message as DebugProtocol.Response);
    this.early = new Early(glimpse, this.threads, this.sources, send);
    begin();
    return true;
  }

  /** `begin`: tells the client that it may ask; only called where it may before the recording was read. */
  private async read(args: LaunchArguments, begin: () => void): Promise<void> {
    const { startAt, allowEvaluate } = args;
    const recording = await this.host.open(await this.recordingOf(args));
    this.startAt = startAt;
    this.caseName = args.case;
    this.values.runsGetters = allowEvaluate ?? recording.manifest.imported !== true;
    if (this.values.runsGetters)
      this.sandbox = new Sandbox({ folder: this.host.sandbox, timeZone: timeZoneOf(recording) });
    else
      this.forbidden =
        allowEvaluate === false
          ? 'The launch configuration does not allow it (`allowEvaluate`).'
          : 'This recording was imported: `"allowEvaluate": true` in the launch configuration allows its code to run.';
    const threads = recording.streams.map((_, index) => new RecordedThread(recording, index + 1));
    const places = new Places(recording);
    this.threads = threads;
    this.sources = new Sources(places, args.recordedSources !== true);
    if (this.beginEarly(recording, args, begin)) this.places = places;
    for (const [index, { name, words }] of threads.entries()) {
      const task = { title: `Reading ${name}`, work: this.reading(recording, threads[index]!), total: words };
      const thread = await this.work.move(task);
      if (!thread) throw new Error('Reading the recording was cancelled.');
      threads[index] = thread;
      const { indexFault } = thread.timeline;
      if (indexFault !== undefined)
        this.sendEvent(new OutputEvent(`${thread.name}: ${notIndexed(indexFault)}\n`, 'important'));
    }
    for (const mark of readMarks(recording.folder)) {
      const thread = threads[recording.streams.findIndex(({ id }) => id === mark.stream)];
      if (thread) addMarked(thread, mark);
    }
    this.recording = recording;
    this.breakpoints = new Breakpoints(places, this.threads, (thread, call, condition) =>
      this.holds(thread, call, condition),
    );
    this.places = places;
  }

  /** Reads a thread; where somebody else has made its index meanwhile, that is opened instead. */
  private *reading(recording: Recording, thread: RecordedThread): Progress<RecordedThread> {
    const wasIndexed = isIndexed(recording, thread.id);
    let looked = performance.now();
    for (const words of thread.read()) {
      if (this.early) this.early.share = words / thread.words;
      yield words;
      if (wasIndexed || performance.now() - looked < LOOKS) continue;
      looked = performance.now();
      if (isIndexed(recording, thread.id))
        return yield* this.reading(recording, new RecordedThread(recording, thread.id));
    }
    return thread;
  }

  /** The recording to open: one that is there, or of a run that is made now. */
  private async recordingOf(args: LaunchArguments): Promise<string | undefined> {
    const { recording, program, command, cwd, env = {} } = args;
    if (program === undefined && command === undefined) return recording;
    if (recording !== undefined || (program !== undefined && command !== undefined))
      throw new Error('Give one of `recording`, `program` and `command`.');
    const node = [args.runtimeExecutable ?? 'node', ...(args.runtimeArgs ?? [])];
    const whole = command ?? [...node, program!, ...(args.args ?? [])];
    const id = `record ${whole.join(' ')}`;
    this.progress('progressStart', { progressId: id, title: 'Recording', message: whole.join(' '), cancellable: true });
    try {
      return await this.host.record({
        command: whole,
        cwd,
        env,
        output: (category, text) => this.sendEvent(new OutputEvent(text, category)),
        signal: this.aborted.signal,
      });
    } finally {
      this.progress('progressEnd', { progressId: id });
    }
  }

  protected override configurationDoneRequest(
    response: DebugProtocol.ConfigurationDoneResponse,
    args: DebugProtocol.ConfigurationDoneArguments,
  ): void {
    super.configurationDoneRequest(response, args);
    this.beginReplay();
  }

  /** What names its recording can stand again where it began; of anything else a restart makes or finds another one. */
  private offerRestart({ recording }: LaunchArguments): void {
    this.launched = recording;
    if (recording !== undefined) this.sendEvent(new CapabilitiesEvent({ supportsRestartRequest: true }));
  }

  /** Stands again where the session began: at once, and still in this session, which can be ended meanwhile. */
  protected override restartRequest(
    response: DebugProtocol.RestartResponse,
    { arguments: args = {} }: { readonly arguments?: LaunchArguments },
  ): void {
    const { recording = this.launched, startAt = this.startAt, case: caseName = this.caseName } = args;
    if (this.launched === undefined || recording !== this.launched)
      return this.refuse(response, 'This session cannot replay another recording: begin another one.');
    const thread = this.moved ?? this.threads[0];
    if (!thread) return this.refuse(response, 'The recording holds no thread.');
    this.startAt = startAt;
    this.caseName = caseName;
    this.land(response, { thread, stop: 'pause' }, () => this.standAtBegin());
  }

  private beginReplay(): void {
    const landing = this.standAtBegin();
    if (!landing) {
      this.sendEvent(new OutputEvent('The recording holds no thread.\n', 'important'));
      this.sendEvent(new TerminatedEvent());
      return;
    }
    this.stopped(landing.thread, landing.stop);
    this.isReady = true;
    this.printLogpoints();
  }

  /** Undefined where there is no thread to stand in. */
  private standAtBegin(): Landing | undefined {
    const { thread, stop, fault } = this.begin(this.startAt ?? 'failure');
    if (fault !== undefined) this.sendEvent(new OutputEvent(`${fault}\n`, 'important'));
    if (!thread) return undefined;
    const { moment } = thread.timeline.position;
    this.begunAt = this.failures().find((found) => found.thread === thread && found.failure.moment === moment);
    return { thread, stop };
  }

  /** Stands where the session begins. */
  private begin(at: string): { thread: RecordedThread | undefined; stop: Stop; fault?: string } {
    const [first] = this.threads;
    for (const thread of this.threads) thread.timeline.seekMoment(0);
    const wanted = this.caseName === undefined ? undefined : this.caseCalled(this.caseName);
    if (this.caseName !== undefined && !wanted)
      return { thread: first, stop: 'entry', fault: `The recording has no case ${this.caseName}.` };
    if (wanted && at !== 'failure') return this.beginCase(wanted, at);
    if (at === 'failure') {
      const [failing] = this.failures().filter(({ failure }) => !wanted || failure.case?.id === wanted.facts.id);
      if (wanted && !failing) return this.beginCase(wanted, 'end');
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
      const isFailure = thread.timeline.replay.failures.list.some((failure) => failure.moment === place!.moment);
      return { thread, stop: isFailure ? 'failure' : 'goto' };
    }
    first?.timeline.seekMoment(Infinity);
    const known = at === 'failure' || at === 'end';
    return { thread: first, stop: 'end', ...(known ? {} : { fault: `The recording has no moment ${at}.` }) };
  }

  private caseCalled(name: string): { readonly thread: RecordedThread; readonly facts: CaseFacts } | undefined {
    const cases = this.threads.flatMap((thread) => thread.timeline.replay.cases.map((facts) => ({ thread, facts })));
    return findCase(cases, name);
  }

  private beginCase(
    { thread, facts }: { readonly thread: RecordedThread; readonly facts: CaseFacts },
    at: string,
  ): { thread: RecordedThread; stop: Stop } {
    thread.timeline.seekMoment(at === 'entry' ? facts.first : (facts.last ?? Infinity));
    return { thread, stop: at === 'entry' ? 'entry' : 'end' };
  }

  protected override disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    args: DebugProtocol.DisconnectArguments,
  ): void {
    this.aborted.abort();
    this.work.cancelAll();
    this.sandbox?.end();
    super.disconnectRequest(response, args);
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.aborted.abort();
    this.work.cancelAll();
    this.sandbox?.end();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }
}
