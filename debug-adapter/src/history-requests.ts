/** Requests about time: what a variable or property was and will be, how often lines ran, which cases there are. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { markedFailure } from '../../trace-runtime/src/query/failures.ts';
import { addMark, type Mark } from '../../trace-runtime/src/store/marks.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { printLine } from '../../trace-runtime/src/query/print-value.ts';
import { ObjectValue, type Accessor, type Value } from '../../trace-runtime/src/query/values.ts';
import { eachChange, toChange, toOrigin, valueOf, watchExpression, type Change } from './changes.ts';
import type { Watched } from '../../trace-runtime/src/query/watched.ts';
import { MoveRequests } from './move-requests.ts';
import { namesModule } from './imported-modules.ts';
import { withOthers, type RecordedThread } from './recorded-thread.ts';
import { callOf } from './state-requests.ts';
import type { Progress } from './work.ts';

/** What is asked about: an expression in a frame, or a name in an opened scope or object. */
interface AskedArguments {
  readonly expression?: string;
  readonly frameId?: number;
  readonly variablesReference?: number;
  readonly name?: string;
}

interface HistoryArguments extends AskedArguments {
  readonly before: number;
  readonly after: number;
}

/** A change as a client shows it. */
export interface ShownChange {
  /** STREAM:NUMBER, just before the change */
  readonly moment: string;
  readonly value: string;
  readonly path?: string;
  readonly line?: number;
}

export interface HistoryBody {
  /** what it is about, as the recording names it */
  readonly name: string;
  /** the latest first */
  readonly before: readonly ShownChange[];
  /** the nearest first */
  readonly after: readonly ShownChange[];
}

/** A variable that a line names, its value, and what it becomes next. */
export interface InlineValue {
  readonly line: number;
  readonly name: string;
  readonly value: string;
  readonly next?: { readonly value: string; readonly line: number };
}

/** Words of a line that are looked up; more are not shown. */
const NAMES_A_LINE = 8;
const LINES = 40;
const NAME = /(?<![\p{ID_Continue}$.#'"`])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** Milliseconds for what changes next. */
const LOOK_AHEAD = 30;
const SHORT = 80;
const INLINE = 48;
/** Changes that a hover shows. */
const HOVERED = { before: 3, after: 2 };

export abstract class HistoryRequests extends MoveRequests {
  protected recording: Recording | undefined;

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    if (command === 'history') return this.history(response, args as HistoryArguments);
    if (command === 'goToChange')
      return this.goToChange(response, args as AskedArguments & { readonly direction: string });
    if (command === 'inlineValues')
      return this.inlineValues(response, args as { readonly frameId: number; readonly lines: readonly string[] });
    if (command === 'lineCounts') return this.lineCounts(response, args as { readonly path: string });
    if (command === 'markWrong')
      return this.markWrong(response, args as AskedArguments & { readonly expected: string });
    super.customRequest(command, response, args);
  }

  /** Keeps that a value should be another: a failure of the recording from then on. */
  private markWrong(response: DebugProtocol.Response, args: AskedArguments & { readonly expected: string }): void {
    const asked = this.asked(args);
    if (typeof asked === 'string') return this.refuse(response, asked);
    const { thread, watched } = asked;
    const given = valueOf(thread, watched);
    if (!given) return this.refuse(response, `${watched.name} has no value at this moment.`);
    const { streams, folder } = this.recording!;
    const expression = args.expression ?? args.name ?? watched.name;
    const mark: Mark = {
      stream: streams[thread.id - 1]!.id,
      ...thread.timeline.position,
      expression,
      ...depthOf(thread, expression, given.value),
      actual: shorten(printLine(thread.reader, 1, given.value)),
      expected: args.expected,
      markedAt: Date.now(),
    };
    try {
      addMark(folder, mark);
    } catch (error) {
      return this.refuse(
        response,
        `The mark cannot be kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    addMarked(thread, mark);
    response.body = { moment: `${thread.id}:${mark.moment}`, actual: mark.actual };
    this.sendResponse(response);
  }

  /**
   * What a hover opens: the changes of what it shows, each with its line, and to be gone to. And what a client opens of a
   * printed line.
   */
  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    args: DebugProtocol.VariablesArguments,
  ): void {
    const print = this.prints.get(args.variablesReference);
    if (print) {
      const valueLocationReference = args.variablesReference;
      response.body = { variables: [{ name: '', value: print.text, variablesReference: 0, valueLocationReference }] };
      return this.sendResponse(response);
    }
    const asked = this.values.historyOf(args.variablesReference);
    if (!asked) return super.variablesRequest(response, args);
    const { thread, watched } = asked;
    this.look(
      response,
      thread,
      () => this.readHistory(thread, watched, HOVERED),
      ({ before, after }) => {
        const name = ({ line, moment }: ShownChange): string =>
          line === undefined ? moment : `line ${line}, ${moment}`;
        const shown =
          (mark: string) =>
          (change: ShownChange): DebugProtocol.Variable => {
            const text = `${mark} ${name(change)}`;
            const moment = Number(change.moment.split(':')[1]);
            const valueLocationReference = this.prints.add({ thread, moment, text });
            return { name: text, value: change.value, variablesReference: 0, valueLocationReference };
          };
        const none = { name: 'no change is recorded', value: '', variablesReference: 0 };
        const variables = [...[...before].reverse().map(shown('←')), ...after.map(shown('→'))];
        response.body = { variables: variables.length > 0 ? variables : [none] };
        this.sendResponse(response);
      },
    );
  }

  private history(response: DebugProtocol.Response, args: HistoryArguments): void {
    const asked = this.asked(args);
    if (typeof asked === 'string') return this.refuse(response, asked);
    const { thread, watched } = asked;
    this.look(
      response,
      thread,
      () => this.readHistory(thread, watched, args),
      (body) => {
        response.body = body;
        this.sendResponse(response);
      },
    );
  }

  private *readHistory(
    thread: RecordedThread,
    watched: Watched,
    { before, after }: Pick<HistoryArguments, 'before' | 'after'>,
  ): Progress<HistoryBody> {
    const { timeline } = thread;
    const from = timeline.position;
    const past: ShownChange[] = [];
    const future: ShownChange[] = [];
    yield* eachChange(thread, watched, 'previous', before, (change) => past.push(this.shown(thread, change)));
    timeline.seek(from);
    // the change that one stands before is still to come
    yield* eachChange(thread, watched, 'next', after, (change) => future.push(this.shown(thread, change)));
    return { name: watched.name, before: past, after: future };
  }

  private shown(thread: RecordedThread, { position, at, given }: Change): ShownChange {
    const place = at && this.places!.of(thread.reader, at.file, at.offset);
    const moment = `${thread.id}:${position.moment}`;
    const value = given ? shorten(printLine(thread.reader, 1, given.value)) : '';
    return place?.line === undefined ? { moment, value } : { moment, value, path: place.path, line: place.line };
  }

  private goToChange(response: DebugProtocol.Response, args: AskedArguments & { readonly direction: string }): void {
    const asked = this.asked(args);
    if (typeof asked === 'string') return this.refuse(response, asked);
    const { thread, watched } = asked;
    const { direction } = args;
    const from = thread.timeline.position;
    let isLast = false;
    function* toNext(): Progress<boolean> {
      if (yield* toChange(thread, watched, 'next')) return true;
      thread.timeline.seek(from);
      yield* eachChange(thread, watched, 'next', 1, () => void (isLast = true));
      return false;
    }
    const go =
      direction === 'origin'
        ? toOrigin(thread, withOthers(thread, this.recording!), watched)
        : direction === 'next'
          ? toNext()
          : toChange(thread, watched, 'previous');
    const title = `Searching changes of ${watched.name}`;
    this.work.move({ title, work: go, total: thread.timeline.end?.moment ?? 0 }).then(
      (isFound) => {
        if (isFound === true) {
          this.sendResponse(response);
          this.stopped(thread, 'goto');
          return;
        }
        thread.timeline.seek(from);
        const when = direction === 'next' ? 'after' : 'before';
        const sentence = isLast
          ? `The step from here is the last change of ${watched.name}.`
          : `No recorded code changes ${watched.name} ${when} this moment.`;
        this.refuse(response, isFound === undefined ? 'The search was cancelled.' : sentence);
      },
      (error: unknown) => this.refuse(response, error instanceof Error ? error.message : String(error)),
    );
  }

  /** A sentence where nothing can be said about it. */
  protected asked(args: AskedArguments): { readonly thread: RecordedThread; readonly watched: Watched } | string {
    const { expression, frameId, variablesReference, name } = args;
    if (variablesReference !== undefined && name !== undefined) {
      const found = this.values.watchedIn(variablesReference, name);
      if (found) return found;
      return this.values.isOfNow(variablesReference)
        ? `The changes of ${name} are not recorded by themselves.`
        : `${name} was shown of the stop before. Ask again, now that its place is shown.`;
    }
    const frame = frameId === undefined ? this.top() : this.frames.get(frameId);
    const call = frame && callOf(frame);
    if (!frame || !call) return 'No recorded code is running at this moment.';
    const watched = watchExpression(frame.thread, call, expression ?? name ?? '');
    if (watched) return { thread: frame.thread, watched };
    return `${expression ?? name ?? ''} is no variable or property that the recording knows here.`;
  }

  /** `lines`: texts of source lines that end with the frame's own, which is the last. */
  private inlineValues(
    response: DebugProtocol.Response,
    { frameId, lines }: { readonly frameId: number; readonly lines: readonly string[] },
  ): void {
    const frame = this.frames.get(frameId);
    const call = frame && callOf(frame);
    if (!frame || !call) return this.refuse(response, 'This frame is gone: the replay has moved.');
    const { thread } = frame;
    this.look(
      response,
      thread,
      () => this.readInline(thread, call, lines.slice(-this.linesInside(thread, call))),
      (values) => {
        response.body = { values };
        this.sendResponse(response);
      },
    );
  }

  /** Lines from the beginning of the call's function to where it stands. */
  private linesInside({ reader }: RecordedThread, { file, site, position, functionIndex }: Activation): number {
    if (functionIndex === 0) return LINES;
    const first = this.places!.of(reader, file, site.start).line ?? 1;
    const last = this.places!.of(reader, file, file.code.start[position]!).line ?? first;
    return Math.max(1, Math.min(LINES, last - first + 1));
  }

  private *readInline(thread: RecordedThread, call: Activation, lines: readonly string[]): Progress<InlineValue[]> {
    const found: (Omit<InlineValue, 'next'> & { readonly watched: Watched | undefined })[] = [];
    const textOf = (hash: string) => this.recording?.source(hash);
    const seen = new Set<string>();
    for (let i = lines.length - 1; i >= 0; i--) {
      const names = new Set(withoutTexts(lines[i]!).match(NAME) ?? []);
      for (const name of [...names].slice(0, NAMES_A_LINE)) {
        const variable = thread.reader.variable(call, name);
        if (!variable || isFunction(thread, variable.value)) continue;
        if (variable.value instanceof ObjectValue && namesModule(call.scope, name, textOf)) continue;
        const line = lines.length - 1 - i;
        const watched = seen.has(name) ? undefined : watchExpression(thread, call, name);
        seen.add(name);
        found.push({ line, name, value: shorten(printLine(thread.reader, 1, variable.value), INLINE), watched });
      }
    }
    const { timeline } = thread;
    const from = timeline.position;
    const until = performance.now() + LOOK_AHEAD;
    const shown: InlineValue[] = [];
    for (const { watched, ...value } of found) {
      const next: ShownChange[] = [];
      if (watched !== undefined && performance.now() < until) {
        timeline.seek(from);
        const search = eachChange(thread, watched, 'next', 1, (change) => next.push(this.shown(thread, change)));
        for (let step = search.next(); step.done !== true && performance.now() < until; step = search.next())
          yield step.value;
      }
      const [{ line = undefined, value: given = '' } = {}] = next;
      shown.push(line === undefined ? value : { ...value, next: { value: given, line } });
    }
    return shown;
  }

  /** How often each line of a source ran, over the whole recording: lines with a statement that never ran have 0. */
  private lineCounts(response: DebugProtocol.Response, { path }: { readonly path: string }): void {
    const counts = new Map<number, number>();
    const statements = this.breakpoints.statements(path);
    for (const { hash, op, line } of statements) {
      let count = 0;
      for (const thread of this.threads)
        for (const file of thread.files)
          if (file.hash === hash) count += thread.timeline.overview.hitsOf(file.base + op);
      counts.set(line, Math.max(counts.get(line) ?? 0, count));
    }
    response.body = { lines: [...counts].map(([line, count]) => ({ line, count })) };
    this.sendResponse(response);
  }
}

/** The innermost call in whose scopes the expression is that value. */
function depthOf(thread: RecordedThread, expression: string, value: Value | Accessor): Pick<Mark, 'depth'> {
  const calls = thread.timeline.replay.stack.toReversed();
  const depth = calls.findIndex((call) => {
    const found = thread.evaluator.evaluate(call, expression, { sandbox: undefined });
    return 'value' in found && found.value === value;
  });
  return depth > 0 ? { depth } : {};
}

/** A mark is a failure that one can stand at. */
export function addMarked({ timeline }: RecordedThread, mark: Mark): void {
  const from = timeline.position;
  const { moment: marked, statements } = mark;
  if (statements === undefined) timeline.seekMoment(marked);
  else timeline.seek({ moment: marked, statements });
  const { list } = timeline.replay.failures;
  const failure = markedFailure(timeline.replay, mark);
  const at = list.findIndex(
    ({ kind, identity, moment }) => kind === 'marked' && identity === failure.identity && moment === failure.moment,
  );
  list.splice(at < 0 ? list.length : at, at < 0 ? 0 : 1, failure);
  timeline.seek(from);
}

/** Strings and comments name nothing. What a template has inside braces does. */
function withoutTexts(line: string): string {
  return line.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\/\*.*?\*\/|\/\/.*$/g, "''");
}

/** Functions and classes say nothing by their value, nor do proxies of them. */
function isFunction({ reader }: RecordedThread, value: Value): boolean {
  return value instanceof ObjectValue && reader.typeOf(value) === 'function';
}

function shorten(text: string, most: number = SHORT): string {
  const line = text.replace(/\n\s*/g, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
