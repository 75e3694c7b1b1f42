/** Requests that set what stops a replay, and what prints while it goes over the recording. */
import { OutputEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { truthy } from '../../trace-runtime/src/query/derive.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import { Accessor } from '../../trace-runtime/src/query/values.ts';
import type { Breakpoint, Breakpoints, ExceptionFilter } from './breakpoints.ts';
import { watchExpression } from './changes.ts';
import type { Watched } from '../../trace-runtime/src/query/watched.ts';
import { parseLogMessage } from './log-messages.ts';
import type { RecordedThread } from './recorded-thread.ts';
import { Prints } from './prints.ts';
import { StateRequests } from './state-requests.ts';
import type { Progress } from './work.ts';

const NO_READS = 'A recording holds what was written, not what was read: it stops at writes alone.';
const NO_DATA = 'This names no variable or property of the recording.';

export abstract class BreakpointRequests extends StateRequests {
  protected breakpoints!: Breakpoints;
  /** conditions whose fault was told */
  private readonly faulty = new Set<string>();
  /** logpoints that have printed, or print now */
  private readonly printed = new Set<string>();
  protected readonly prints = new Prints();
  /** whether the client shows a printed line as a value */
  protected opensPrints = false;
  /** logpoints print once the client is ready */
  protected isReady = false;

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): void {
    const set = this.breakpoints.setLines(this.sources.pathOf(source), breakpoints);
    response.body = { breakpoints: set.map((each) => shownBreakpoint(source, each)) };
    this.sendResponse(response);
    this.printLogpoints();
  }

  protected override breakpointLocationsRequest(
    response: DebugProtocol.BreakpointLocationsResponse,
    args: DebugProtocol.BreakpointLocationsArguments,
  ): void {
    const { source, line, endLine = line } = args;
    const statements = this.breakpoints.statements(this.sources.pathOf(source));
    const breakpoints = statements
      .filter((each) => each.line >= line && each.line <= endLine)
      .map(({ line: at, column }) => ({ line: at, column }));
    response.body = { breakpoints };
    this.sendResponse(response);
  }

  protected override setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): void {
    response.body = {
      breakpoints: this.breakpoints.setFunctions(breakpoints).map(({ statements, fault }, i) => {
        const none = `The recording has no function ${breakpoints[i]?.name ?? ''}.`;
        const message = statements.length === 0 ? none : fault;
        return message === undefined ? { verified: true } : { verified: false, message };
      }),
    };
    this.sendResponse(response);
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference, name, frameId }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const { thread, call } = this.frames.get(frameId ?? 0) ?? {};
    const activation = thread?.timeline.replay.stack[call?.depth ?? -1];
    const watched =
      variablesReference !== undefined
        ? this.values.watched(variablesReference, name)
        : thread && activation && watchExpression(thread, activation, name);
    response.body = watched
      ? { dataId: JSON.stringify(watched), description: name, accessTypes: ['write'], canPersist: false }
      : {
          dataId: null,
          description: `${name} is no variable or property that the recording knows here.`,
        };
    this.sendResponse(response);
  }

  protected override setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): void {
    const wanted = breakpoints.map(({ dataId, accessType, condition, hitCondition }) => {
      const watched = accessType === 'read' ? undefined : parseWatched(dataId);
      return watched && { watched, condition, hitCondition };
    });
    const faults = this.breakpoints.setWatched(wanted.filter((each) => each !== undefined));
    response.body = {
      breakpoints: wanted.map((each, i): DebugProtocol.Breakpoint => {
        const { accessType } = breakpoints[i]!;
        if (!each) return { verified: false, message: accessType === 'read' ? NO_READS : NO_DATA };
        const fault = faults.shift();
        if (fault !== undefined) return { verified: false, message: fault };
        return { verified: true, ...(accessType === 'readWrite' ? { message: NO_READS } : {}) };
      }),
    };
    this.sendResponse(response);
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    const known = (filter: string): filter is ExceptionFilter => filter === 'all' || filter === 'uncaught';
    this.breakpoints.setExceptions(filters.filter(known));
    response.body = { breakpoints: filters.map((filter) => ({ verified: known(filter) })) };
    this.sendResponse(response);
  }

  /** A condition that cannot be told is not met; the client hears of it once. */
  protected holds(thread: RecordedThread, call: Activation, condition: string): boolean {
    const evaluated = thread.evaluator.evaluate(call, condition, {
      sandbox: this.sandbox,
      forbidden: this.forbidden,
      fresh: false,
      isCondition: true,
    });
    if (!('fault' in evaluated)) return !(evaluated.value instanceof Accessor) && truthy(evaluated.value) === true;
    if (!this.faulty.has(condition)) {
      this.faulty.add(condition);
      this.sendEvent(new OutputEvent(`Condition ${condition}: ${evaluated.fault}\n`, 'important'));
    }
    return false;
  }

  /** Runs the logpoints that have not printed over the whole recording. */
  protected printLogpoints(): void {
    if (!this.isReady) return;
    const wanted = this.breakpoints.logpoints;
    const keys = new Set(wanted.map(keyOf));
    for (const key of this.printed) if (!keys.has(key)) this.printed.delete(key);
    for (const logpoint of wanted) {
      const key = keyOf(logpoint);
      if (this.printed.has(key)) continue;
      this.printed.add(key);
      const end = this.threads.reduce((sum, { timeline }) => sum + (timeline.end?.moment ?? 0), 0);
      const title = `Printing line ${logpoint.place?.line ?? logpoint.line}`;
      void this.work.background({ title, work: this.print(logpoint, key), total: end }, this.threads);
    }
  }

  private *print(logpoint: Breakpoint, key: string): Progress<void> {
    let before = 0;
    for (const thread of this.threads) {
      const hits = this.breakpoints.eachHit(thread, logpoint, (call) => {
        if (this.printed.has(key)) this.printHit(thread, call, logpoint);
      });
      for (const moment of hits) {
        // it was taken away
        if (!this.printed.has(key)) return;
        yield before + moment;
      }
      before += thread.timeline.end?.moment ?? 0;
    }
  }

  private printHit(thread: RecordedThread, call: Activation, { logMessage = '', place }: Breakpoint): void {
    const text = this.logText(thread, call, logMessage);
    const moment = `${thread.id}:${thread.timeline.position.moment}`;
    const event: DebugProtocol.OutputEvent = new OutputEvent(`${moment} ${text}\n`, 'console');
    if (place) {
      event.body.source = this.sources.of(call.file, place.path);
      event.body.line = place.line;
      event.body.column = place.column;
    }
    event.body.data = { moment };
    // VS Code shows a value in place of the text, whose location one can go to
    if (this.opensPrints)
      event.body.variablesReference = this.prints.add({
        thread,
        moment: thread.timeline.position.moment,
        text: `${moment} ${text}`,
      });
    this.sendEvent(event);
  }

  private logText(thread: RecordedThread, call: Activation, message: string): string {
    return parseLogMessage(message)
      .map((part) => {
        if ('text' in part) return part.text;
        const { sandbox, forbidden } = this;
        const evaluated = thread.evaluator.evaluate(call, part.expression, { sandbox, forbidden, fresh: false });
        if ('fault' in evaluated) return `‹${evaluated.fault}›`;
        if (typeof evaluated.value === 'string') return evaluated.value;
        return printLine(evaluated.reader, 2, evaluated.value);
      })
      .join('');
  }
}

function keyOf({ place, logMessage, condition }: Breakpoint): string {
  return JSON.stringify([place?.path, place?.line, place?.column, logMessage, condition]);
}

function parseWatched(dataId: string): Watched | undefined {
  try {
    const watched = JSON.parse(dataId) as Partial<Watched> | null;
    return watched?.kind === 'variable' || watched?.kind === 'property' ? (watched as Watched) : undefined;
  } catch {
    return undefined;
  }
}

function shownBreakpoint(source: DebugProtocol.Source, { place, fault }: Breakpoint): DebugProtocol.Breakpoint {
  if (!place) return { verified: false, message: 'The recording holds no statement here or below.' };
  const at = { source, line: place.line, column: place.column };
  return fault === undefined ? { verified: true, ...at } : { verified: false, message: fault, ...at };
}
