/** Requests that look at where the replay stands: threads, stacks, values, sources. */
import { DebugSession, OutputEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import type { Activation, ScopeInstance } from '../../trace-runtime/src/query/activation.ts';
import type { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import { isViteName, type Places } from '../../trace-runtime/src/query/source-places.ts';
import { printLine, valuePrinter } from '../../trace-runtime/src/query/print-value.ts';
import { shownBytes } from '../../trace-runtime/src/query/typed-arrays.ts';
import type { FrameState, ObjectReader, ScopeState } from '../../trace-runtime/src/query/state.ts';
import { Opaque, type Value } from '../../trace-runtime/src/query/values.ts';
import { watchExpression } from './changes.ts';
import { completions, type KeptNames } from './completions.ts';
import type { RecordedThread } from './recorded-thread.ts';
import { References } from './references.ts';
import { parseArguments } from './request-arguments.ts';
import type { Sources } from './sources.ts';
import { findCall, stackOf, type Call } from './stack.ts';
import { ValueView, type Getter, type Named, type Origin } from './values.ts';
import { Work, looking, type Progress } from './work.ts';

interface Frame {
  readonly thread: RecordedThread;
  /** undefined of a label */
  readonly call: Call | undefined;
}

/** Until a client that asked for what is gone has asked for what there is now. */
const GONE_MS = 1000;
/** Levels of objects that are copied to the clipboard. */
const CLIPBOARD_DEPTH = 8;

const WITHOUT_RECORDING: ReadonlySet<string> = new Set(['initialize', 'launch', 'attach', 'disconnect', 'terminate']);

export abstract class StateRequests extends DebugSession {
  protected threads: readonly RecordedThread[] = [];
  /** undefined until a recording is open */
  protected places: Places | undefined;
  protected sources!: Sources;
  protected readonly values = new ValueView();
  protected readonly frames = new References<Frame>();
  /** the thread that moved last */
  protected moved: RecordedThread | undefined;

  /** runs code for `evaluate`; undefined where none may run */
  protected sandbox: Sandbox | undefined;
  /** why no code may run */
  protected forbidden: string | undefined;

  /** whether the client takes a stop before the response that belongs to it; stop-order.ts */
  protected takesStopsFirst = false;

  protected readonly work: Work;

  constructor() {
    super();
    this.work = new Work({
      begin: (id, title) => this.progress('progressStart', { progressId: id, title, cancellable: true, percentage: 0 }),
      update: (id, share) => this.progress('progressUpdate', { progressId: id, percentage: Math.round(share * 100) }),
      end: (id) => this.progress('progressEnd', { progressId: id }),
    });
  }

  protected showsProgress = false;

  protected progress(event: string, body: Readonly<Record<string, unknown>>): void {
    if (!this.showsProgress) return;
    this.sendEvent({ seq: 0, type: 'event', event, body } as DebugProtocol.Event);
  }

  /** Answers a request for which the recording has to be searched, which may take long. It does not move. */
  protected look<T>(
    response: DebugProtocol.Response,
    { timeline }: RecordedThread,
    look: () => Progress<T>,
    answer: (found: T) => void,
  ): void {
    const task = { title: 'Searching the recording', work: looking(timeline, look), total: timeline.end?.moment ?? 0 };
    this.work.move(task).then(
      (found) => (found === undefined ? this.refuse(response, 'The search was cancelled.') : answer(found)),
      (error: unknown) => this.refuse(response, error instanceof Error ? error.message : String(error)),
    );
  }

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: this.threads.map(({ id, name }) => ({ id, name })) };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
  ): void {
    const thread = this.thread(threadId);
    const { places } = this;
    if (!thread || !places) return this.refuse(response, `There is no thread ${threadId}.`);
    const stack = stackOf(thread.timeline.replay);
    const end = levels > 0 ? Math.min(startFrame + levels, stack.length) : stack.length;
    const stackFrames = stack.slice(startFrame, end).map((entry): DebugProtocol.StackFrame => {
      if ('activation' in entry) return this.frame(thread, places, entry.call, entry.activation);
      const id = this.frames.add({ thread, call: undefined });
      return { id, name: entry.label, line: 0, column: 0, presentationHint: 'label' };
    });
    response.body = { stackFrames, totalFrames: stack.length };
    this.sendResponse(response);
  }

  private frame(thread: RecordedThread, places: Places, call: Call, activation: Activation): DebugProtocol.StackFrame {
    const { file, site, position, functionIndex } = activation;
    const { code } = file;
    const place = places.of(thread.reader, file, code.start[position]!);
    return {
      id: this.frames.add({ thread, call }),
      name: site.name || (functionIndex === 0 ? path.basename(place.path) : '(anonymous)'),
      source: this.sources.of(file, place.path),
      line: place.line ?? 0,
      column: place.column ?? 0,
      canRestart: call.depth >= 0,
    };
  }

  protected override scopesRequest(
    response: DebugProtocol.ScopesResponse,
    { frameId }: DebugProtocol.ScopesArguments,
  ): void {
    const frame = this.frames.get(frameId);
    if (!frame) {
      response.body = { scopes: [] };
      return this.answerGone(response, 'This frame is gone: the replay has moved.');
    }
    const { thread } = frame;
    const activation = callOf(frame);
    if (!activation) {
      response.body = { scopes: [] };
      return this.sendResponse(response);
    }
    const state = thread.reader.frame(activation);
    const instances: (ScopeInstance | undefined)[] = [];
    for (let at: ScopeInstance | undefined = activation.scope; at !== undefined; at = at.parent) instances.push(at);
    const own = state.scopes.findIndex(({ kind }) => kind === 'function' || kind === 'module');
    const from = { reader: thread.reader, thread };
    const isTop = frame.call?.depth === thread.timeline.replay.stack.length - 1;
    const returned = { name: 'Returned', variablesReference: 0, expensive: true, presentationHint: 'returnValue' };
    response.body = {
      scopes: state.scopes
        .map((whole, index) => {
          const scope = { ...whole, variables: whole.variables.filter(({ name }) => !isViteName(name)) };
          const extra = index === own ? selfOf(state) : [];
          const reference = this.values.scope(from, scope, extra, { activation, instance: instances[index] });
          const hint = index === own && scope.kind === 'function' ? { presentationHint: 'locals' } : {};
          const name = scopeName(scope, index, own);
          return { scope, extra, shown: { name, variablesReference: reference, expensive: false, ...hint } };
        })
        .filter(({ scope, extra }) => scope.variables.length + extra.length > 0)
        .map(({ shown }): DebugProtocol.Scope => shown)
        .concat(isTop ? [{ ...returned, variablesReference: this.values.returned(from) }] : []),
    };
    this.sendResponse(response);
  }

  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference, filter, start, count }: DebugProtocol.VariablesArguments,
  ): void {
    const getter = this.values.getter(variablesReference);
    if (getter) return this.sendGetter(response, getter);
    const returned = this.values.isReturned(variablesReference);
    if (returned) return this.sendReturned(response, returned);
    const variables = this.values.variables(variablesReference, { filter, start, count });
    response.body = { variables: variables ?? [] };
    if (!variables) return this.answerGone(response, 'These variables are gone: the replay has moved.');
    this.sendResponse(response);
  }

  /**
   * Of what was there at the stop before. A client that takes stops first asks for it all the same, and draws what it hears until
   * it asks for the new: it hears nothing as long as it may. What would be sent then stands in the response.
   */
  private answerGone(response: DebugProtocol.Response, sentence: string): void {
    if (!this.takesStopsFirst) return this.refuse(response, sentence);
    setTimeout(() => this.sendResponse(response), GONE_MS).unref();
  }

  private sendGetter(
    response: DebugProtocol.VariablesResponse,
    { from, getter }: { readonly from: Origin; readonly getter: Getter },
  ): void {
    const { sandbox } = this;
    if (!sandbox) return this.refuse(response, this.forbidden ?? 'No code may run.');
    const evaluated = from.thread.evaluator.read(getter.receiver, getter.key, sandbox);
    response.body = {
      variables: [
        'fault' in evaluated
          ? { name: getter.key, value: `‹${evaluated.fault}›`, variablesReference: 0 }
          : this.values.variable({ ...from, reader: evaluated.reader }, getter.key, evaluated.value, getter.path),
      ],
    };
    this.sendResponse(response);
  }

  /** The results of the calls that the statement before has made. */
  private sendReturned(response: DebugProtocol.VariablesResponse, from: Origin): void {
    const { thread } = from;
    this.look(
      response,
      thread,
      () => thread.navigator.returned(),
      (calls) => {
        const variables = calls.map(({ name, value }) => {
          const { evaluateName: _, ...variable } = this.values.variable(from, `${name || '(anonymous)'}()`, value, '');
          return variable;
        });
        response.body = { variables };
        this.sendResponse(response);
      },
    );
  }

  protected override readMemoryRequest(
    response: DebugProtocol.ReadMemoryResponse,
    { memoryReference, offset = 0, count }: DebugProtocol.ReadMemoryArguments,
  ): void {
    const [, stream, id] = /^(\d+):(-?\d+)$/.exec(memoryReference) ?? [];
    const thread = this.thread(Number(stream));
    const heap = thread?.timeline.replay.heap;
    const object = heap?.get(heap.value(Number(id)));
    const bytes = heap && object && shownBytes(heap, object);
    if (!bytes) return this.refuse(response, 'There is no such memory now.');
    const start = Math.min(Math.max(0, offset), bytes.length);
    const data = bytes.subarray(start, Math.min(start + count, bytes.length));
    response.body = {
      address: String(offset),
      unreadableBytes: count - data.length,
      data: Buffer.from(data).toString('base64'),
    };
    this.sendResponse(response);
  }

  protected override setVariableRequest(response: DebugProtocol.SetVariableResponse): void {
    this.refuse(response, 'A recording cannot be changed: change the program and record it again.');
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, frameId, context }: DebugProtocol.EvaluateArguments,
  ): void {
    // such a client asks again at the new stop, and shows an error as the value until then
    const moved = frameId === undefined || this.takesStopsFirst ? this.top() : undefined;
    const frame = (frameId === undefined ? undefined : this.frames.get(frameId)) ?? moved;
    const call = frame && callOf(frame);
    if (!frame || !call) return this.refuse(response, 'No recorded code is running at this moment.');
    const evaluated = frame.thread.evaluator.evaluate(call, expression, {
      sandbox: context === 'hover' ? undefined : this.sandbox,
      forbidden: context === 'hover' ? undefined : this.forbidden,
      isTyped: context === 'repl',
    });
    if ('fault' in evaluated) return this.refuse(response, evaluated.fault);
    if (context === 'repl') for (const given of evaluated.printed ?? []) this.tellPrinted(evaluated.reader, given);
    if (context === 'clipboard') {
      const { value, reader } = evaluated;
      const text = typeof value === 'string' ? value : valuePrinter(reader, CLIPBOARD_DEPTH).print(value, 0);
      response.body = { result: text, variablesReference: 0 };
      return this.sendResponse(response);
    }
    const { value, type, variablesReference, indexedVariables, namedVariables } = this.values.variable(
      { reader: evaluated.reader, thread: frame.thread },
      '',
      evaluated.value,
      expression.trim(),
    );
    // a hover opens what it was and will be
    const watched = context === 'hover' ? watchExpression(frame.thread, call, expression) : undefined;
    const from = { reader: evaluated.reader, thread: frame.thread };
    response.body = {
      result: value,
      variablesReference: watched && variablesReference === 0 ? this.values.history(from, watched) : variablesReference,
      ...(type ? { type } : {}),
      ...(indexedVariables === undefined ? {} : { indexedVariables }),
      ...(namedVariables === undefined ? {} : { namedVariables }),
    };
    this.sendResponse(response);
  }

  /** What an evaluation gave the console. */
  private tellPrinted(reader: ObjectReader, given: readonly Value[]): void {
    const texts = given.map((each) => (typeof each === 'string' ? each : printLine(reader, 2, each)));
    this.sendEvent(new OutputEvent(`${texts.join(' ')}\n`, 'console'));
  }

  protected override completionsRequest(
    response: DebugProtocol.CompletionsResponse,
    { text, column, frameId }: DebugProtocol.CompletionsArguments,
  ): void {
    const frame = frameId === undefined ? this.top() : this.frames.get(frameId);
    const typed = /[\p{ID_Continue}$.[\]"'#]*$/u.exec(text.slice(0, column - 1))?.[0] ?? '';
    const call = frame && callOf(frame);
    const labels = frame && call ? completions(frame.thread.reader, call, typed, this.keptNames(frame, call)) : [];
    response.body = {
      targets: labels.map((label) => ({ label, type: typed.includes('.') ? 'property' : 'variable' })),
    };
    this.sendResponse(response);
  }

  private keptNames({ thread }: Frame, call: Activation): KeptNames | undefined {
    const { sandbox } = this;
    return (
      sandbox && {
        names: sandbox.kept,
        value(name) {
          const evaluated = thread.evaluator.evaluate(call, name, { sandbox, isTyped: true });
          return 'value' in evaluated ? evaluated : undefined;
        },
      }
    );
  }

  protected override exceptionInfoRequest(
    response: DebugProtocol.ExceptionInfoResponse,
    { threadId }: DebugProtocol.ExceptionInfoArguments,
  ): void {
    const thread = this.thread(threadId);
    const failure = thread?.timeline.replay.failures.list.find(
      ({ moment }) => moment === thread.timeline.position.moment,
    );
    if (!failure) return this.refuse(response, 'No failure begins at this moment.');
    const { type, message, stackText, kind } = failure;
    response.body = {
      exceptionId: type,
      description: message,
      breakMode: kind === 'case' ? 'userUnhandled' : 'unhandled',
      details: { typeName: type, message, stackTrace: withoutMessage(ownFrames(stackText), message) },
    };
    this.sendResponse(response);
  }

  protected override sourceRequest(
    response: DebugProtocol.SourceResponse,
    { source, sourceReference }: DebugProtocol.SourceArguments,
  ): void {
    const content = this.sources?.text(source?.sourceReference ?? sourceReference);
    if (content === undefined) return this.refuse(response, 'The recording does not hold this source.');
    response.body = { content };
    this.sendResponse(response);
  }

  protected override loadedSourcesRequest(response: DebugProtocol.LoadedSourcesResponse): void {
    response.body = { sources: this.sources?.all(this.threads.flatMap(({ files }) => files)) ?? [] };
    this.sendResponse(response);
  }

  /** What is no request of ours, or has other arguments, is refused before anything is done. */
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    try {
      const args = parseArguments(request.command, request.arguments);
      if (this.places === undefined && !WITHOUT_RECORDING.has(request.command))
        throw new Error('No recording is open.');
      super.dispatchRequest({ ...request, arguments: args });
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      const response: DebugProtocol.Response = {
        seq: 0,
        type: 'response',
        request_seq: request.seq,
        success: false,
        command: request.command,
      };
      this.refuse(response, `${request.command}: ${sentence}`);
    }
  }

  protected thread(id: number): RecordedThread | undefined {
    return this.threads.find((thread) => thread.id === id);
  }

  /** The innermost call of the thread that moved last. */
  protected top(): Frame | undefined {
    const thread = this.moved;
    const depth = (thread?.timeline.replay.stack.length ?? 0) - 1;
    return thread && depth >= 0 ? { thread, call: { depth, id: 0 } } : undefined;
  }

  protected refuse(response: DebugProtocol.Response, sentence: string): void {
    this.sendErrorResponse(response, { id: 1, format: '{_sentence}', variables: { _sentence: sentence } });
  }
}

/** The frame's call, which is another object after the replay has gone elsewhere and back. */
export function callOf({ thread, call }: Frame): Activation | undefined {
  return call && findCall(thread.timeline.replay, call);
}

/** A stack without what Node and packages have in it, where something else is left. */
export function ownFrames(stack: string): string {
  const lines = stack.split('\n');
  const isFrame = (line: string): boolean => /^\s+at /.test(line);
  const own = lines.filter(
    (line) => !isFrame(line) || !/node:internal|[\\/]node_modules[\\/]|<anonymous>\)?$/.test(line),
  );
  return own.some(isFrame) ? own.join('\n') : stack;
}

/** A client shows the message over it. */
export function withoutMessage(stack: string, message: string): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  const end = at < 0 ? -1 : stack.indexOf('\n', at + message.length);
  return end < 0 || stack.slice(0, at).includes('\n') ? stack : stack.slice(end + 1);
}

/**
 * `this` and `arguments`, before a function's own variables. A `this` that is not known stands in no program's way: arrow
 * functions of a module that a runner wraps have one that nothing reads.
 */
function selfOf({ this: self, arguments: given }: FrameState): Named[] {
  const named: Named[] = self === undefined || self instanceof Opaque ? [] : [{ name: 'this', value: self }];
  return given === undefined ? named : [...named, { name: 'arguments', value: given }];
}

function scopeName({ kind }: ScopeState, index: number, own: number): string {
  if (kind === 'module') return 'File';
  if (index === own) return 'Local';
  if (index > own) return kind === 'class' ? 'Class' : 'Closure';
  return kind === 'catch' ? 'Catch' : 'Block';
}
