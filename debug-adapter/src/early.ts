/**
 * A client that stands at the failure of a recording which is still being read: what the recording says at once is
 * answered, breakpoints are taken down, and everything else waits until the recording was read.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Glimpse } from '../../trace-runtime/src/query/glimpse.ts';
import { parseArguments } from './request-arguments.ts';
import type { Sources } from './sources.ts';
import { ownFrames, withoutMessage } from './state-requests.ts';

/** Breakpoints that were asked for, and the ids that the client knows them by. */
export interface AskedBreakpoints {
  readonly request: DebugProtocol.Request;
  readonly ids: readonly number[];
}

export interface EarlyThread {
  readonly id: number;
  readonly name: string;
}

/** Of the one scope that there is. */
const SCOPE = 1;
export const UNREAD = 'The recording is being read.';
/** What is answered as ever. */
const PASSED: ReadonlySet<string> = new Set([
  'initialize',
  'launch',
  'attach',
  'disconnect',
  'terminate',
  'cancel',
  'source',
]);

type Answer = (args: never) => object | undefined;

export class Early {
  /** in the order in which they came */
  readonly held: DebugProtocol.Request[] = [];
  /** whether the client is ready, and has been told where it stands */
  isConfigured = false;
  /** how much was read */
  share = 0;
  private readonly asked = new Map<string, AskedBreakpoints>();
  private ids = 0;
  private readonly answers: Readonly<Record<string, Answer>> = {
    threads: () => ({ threads: this.threads.map(({ id, name }) => ({ id, name })) }),
    stackTrace: (args: DebugProtocol.StackTraceArguments) => this.stack(args),
    scopes: () => ({ scopes: [{ name: 'Local', variablesReference: SCOPE, expensive: false }] }),
    variables: () => ({
      variables: [{ name: UNREAD, value: `${Math.round(this.share * 100)} %`, variablesReference: 0 }],
    }),
    exceptionInfo: () => this.exception(),
    breakpointLocations: () => ({ breakpoints: [] }),
    setExceptionBreakpoints: ({ filters }: DebugProtocol.SetExceptionBreakpointsArguments) => ({
      breakpoints: filters.map(() => ({ verified: true })),
    }),
    setBreakpoints: (args: DebugProtocol.SetBreakpointsArguments) => this.unverified(args.breakpoints?.length ?? 0),
    setFunctionBreakpoints: (args: DebugProtocol.SetFunctionBreakpointsArguments) =>
      this.unverified(args.breakpoints.length),
    setDataBreakpoints: (args: DebugProtocol.SetDataBreakpointsArguments) => this.unverified(args.breakpoints.length),
    configurationDone: () => ({}),
  };

  constructor(
    private readonly glimpse: Glimpse,
    private readonly threads: readonly EarlyThread[],
    private readonly sources: Sources,
    private readonly send: (message: DebugProtocol.Response | DebugProtocol.Event) => void,
  ) {}

  /** Breakpoints as they were asked for last. */
  get breakpoints(): readonly AskedBreakpoints[] {
    return [...this.asked.values()];
  }

  /** Answers a request, or keeps it; false where it is for somebody else to answer. */
  take(request: DebugProtocol.Request): boolean {
    const { command, seq } = request;
    if (PASSED.has(command)) return false;
    const answer = Object.hasOwn(this.answers, command) ? this.answers[command] : undefined;
    let args: unknown;
    try {
      args = parseArguments(command, request.arguments);
    } catch {
      return false;
    }
    if (!answer) this.held.push(request);
    else {
      const first = this.ids + 1;
      const body = answer(args as never);
      if (/^set.*Breakpoints$/.test(command)) this.note(request, first);
      this.send({ seq: 0, type: 'response', request_seq: seq, success: true, command, body } as DebugProtocol.Response);
      if (command === 'configurationDone') this.stop();
    }
    return true;
  }

  private note(request: DebugProtocol.Request, first: number): void {
    const { source } = (request.arguments ?? {}) as Partial<DebugProtocol.SetBreakpointsArguments>;
    const ids = Array.from({ length: this.ids + 1 - first }, (_, i) => first + i);
    this.asked.set(`${request.command} ${source?.path ?? source?.sourceReference ?? ''}`, { request, ids });
  }

  private unverified(count: number): object {
    const breakpoints = Array.from({ length: count }, () => ({ id: ++this.ids, verified: false, message: UNREAD }));
    return { breakpoints };
  }

  private stop(): void {
    this.isConfigured = true;
    const { stream, type, message } = this.glimpse;
    const body: DebugProtocol.StoppedEvent['body'] = {
      reason: 'exception',
      threadId: stream,
      description: UNREAD,
      text: `${type}: ${message}`,
      allThreadsStopped: true,
    };
    this.send({ seq: 0, type: 'event', event: 'stopped', body } as DebugProtocol.StoppedEvent);
  }

  private stack({ threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments): object {
    const frames = threadId === this.glimpse.stream ? this.glimpse.frames : [];
    const stackFrames = frames.map(({ functionName, file, path, line, column }, index): DebugProtocol.StackFrame => {
      const source = this.sources.of(file, path);
      return { id: index + 1, name: functionName || '(anonymous)', source, line, column };
    });
    return {
      stackFrames: stackFrames.slice(startFrame, levels > 0 ? startFrame + levels : undefined),
      totalFrames: frames.length,
    };
  }

  private exception(): object {
    const { type, message, stackText, isTest } = this.glimpse;
    return {
      exceptionId: type,
      description: message,
      breakMode: isTest ? 'userUnhandled' : 'unhandled',
      details: { typeName: type, message, stackTrace: withoutMessage(ownFrames(stackText), message) },
    };
  }
}
