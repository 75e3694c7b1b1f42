/** What a run did in one case, or as a whole where it has no cases: what it entered and reached, and every error it met. */
import type { FunctionSite } from '../model/sites.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import { K } from '../query/code.ts';
import { knownMessage, messageShape, typeOfThrown, type Failure } from '../query/failures.ts';
import { EventCode } from '../query/moments.ts';
import { openStream, type StreamReplay } from '../query/replay.ts';
import type { CaseFacts, Tick } from '../query/stream-state.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import type { Recording } from '../store/recording.ts';
import { eventfulSegments, openWords } from '../store/stream.ts';
import { ObjectKind } from '../wire/words.ts';
import { causesOf, type Cause } from './causes.ts';
import { isOther } from './hook-cases.ts';
import { AT_ONCE, drained } from './rests.ts';
import { SourceLines } from './source-lines.ts';

/** A case by what stays the same from run to run. */
export interface CaseName {
  readonly name: string;
  readonly file: string;
  /** what ran outside of all other cases counts, too: a hook has failed */
  readonly isAround?: boolean;
}

export interface MetError {
  readonly type: string;
  readonly shape: string;
  /** false: the program has not read its message, which only a getter gives */
  readonly isMessageKnown: boolean;
  readonly stackText: string;
  readonly stream: number;
  readonly moment: number;
  /** where it was met: the innermost recorded call */
  readonly path: string;
  readonly line: number;
  readonly functionName: string;
  /** thrown here; else caught, or handed to a function */
  readonly isThrown: boolean;
  /** which error it is */
  readonly object: string;
  /** of one that is thrown here; each is there if all errors of its list are */
  readonly causes: readonly (readonly Cause[])[];
}

/** A place where a call was left by a throw. */
export interface LeftByThrow {
  readonly path: string;
  readonly line: number;
  readonly functionName: string;
  /** of its function */
  readonly functionLines: readonly [number, number];
}

export interface TestText {
  readonly path: string;
  readonly line: number;
  /** it runs before or after tests */
  readonly isHook: boolean;
}

export interface ObservedCase {
  readonly facts: CaseFacts;
  readonly stream: number;
}

export interface ObservedFailure {
  readonly failure: Failure;
  readonly stream: number;
  /** number of the tick in which it failed; 0: before the first */
  readonly tick: number;
}

export interface Observed {
  readonly recording: Recording;
  readonly ends: readonly StreamReplay[];
  readonly failures: readonly ObservedFailure[];
  readonly cases: readonly ObservedCase[];
  /** the wanted case, where it began */
  readonly case: ObservedCase | undefined;
  /** lines of statements that ran in the case, by path; each with the number of the tick in which it did first */
  readonly lines: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** names of functions that were entered in the case, as `path name` */
  readonly entered: ReadonlySet<string>;
  readonly errors: readonly MetError[];
  /** thrown in threads and processes that have no cases: the case may have begun them */
  readonly thrownApart: readonly MetError[];
  readonly left: readonly LeftByThrow[];
  /** Line of a statement of that text, blanks left out, that ran in the case; undefined where none did. */
  lineOf(path: string, text: string): number | undefined;
  /** texts of the functions that the runner called for the case, with what hands them to it, comments and logging left out */
  readonly testTexts: ReadonlyMap<string, TestText>;
}

export interface ObserveOptions {
  /** not what a thread ran behind the last tick, call or failure before it was killed: see `eventfulSegments` */
  readonly isShort?: boolean;
}

/**
 * The same of each of some cases, and of the whole where none is named, by one reading of the recording. Rests now and then,
 * so that it can be done while something else goes on.
 */
export function* observing(
  recording: Recording,
  wanted: readonly (CaseName | undefined)[],
  options: ObserveOptions = {},
): Generator<void, readonly Observed[]> {
  const shared: Whole = { recording, ends: [], failures: [], cases: [] };
  const source = new SourceLines((hash) => recording.source(hash));
  const observers = wanted.map((each) => new Observer(shared, each, source));
  for (const index of recording.streams.keys()) yield* readStream(shared, observers, index, options);
  return observers;
}

export function observe(...all: Parameters<typeof observing>): readonly Observed[] {
  return drained(observing(...all));
}

interface Whole {
  readonly recording: Recording;
  readonly ends: StreamReplay[];
  readonly failures: ObservedFailure[];
  readonly cases: ObservedCase[];
}

function* readStream(
  whole: Whole,
  observers: readonly Observer[],
  index: number,
  { isShort = false }: ObserveOptions,
): Generator<void, void> {
  const { table, source, placed, streams } = whole.recording;
  const segments = isShort ? eventfulSegments(streams[index]!) : streams[index]!.segments;
  const replay = openStream(openWords(segments), table, source, placed);
  const stream = index + 1;
  for (const observer of observers) observer.begin(replay);
  replay.onStatement((activation, op) => {
    for (const observer of observers) observer.statement(activation, op);
  });
  let known = 0;
  const ticks: Tick[] = [];
  for (let read = 1; ; read++) {
    const isMoved = replay.step();
    if (replay.tick !== undefined && replay.tick !== ticks.at(-1)) ticks.push(replay.tick);
    for (; known < replay.cases.length; known++)
      for (const observer of observers) observer.enterCase(replay.cases[known]!, stream);
    if (!isMoved) break;
    for (const observer of observers) observer.event(replay, stream);
    if (read % AT_ONCE === 0) yield;
  }
  whole.ends.push(replay);
  for (const failure of replay.failures.list) {
    const tick = ticks.findLast(({ moment }) => moment <= failure.moment)?.number ?? 0;
    whole.failures.push({ failure, stream, tick });
  }
  for (const facts of replay.cases) whole.cases.push({ facts, stream });
}

const ERRORS = 10_000;

class Observer implements Observed {
  readonly recording: Recording;
  readonly ends: Observed['ends'];
  readonly failures: Observed['failures'];
  readonly cases: Observed['cases'];
  case: ObservedCase | undefined;
  readonly lines = new Map<string, Map<number, number>>();
  readonly entered = new Set<string>();
  readonly errors: MetError[] = [];
  readonly #apart: MetError[] = [];
  readonly left: LeftByThrow[] = [];
  readonly testTexts = new Map<string, TestText>();
  /** by file and op: whether the statement ran in the case */
  readonly #ran = new Map<LoadedFile, Uint8Array>();
  /** functions that the runner called */
  readonly #handed = new Set<FunctionSite>();
  #replay: StreamReplay | undefined;
  /** the wanted case, in the stream that is read */
  #current: CaseFacts | undefined;
  /** the case that began last and is none of the wanted one's, in the stream that is read */
  #other: CaseFacts | undefined;

  constructor(
    { recording, ends, failures, cases }: Whole,
    private readonly wanted: CaseName | undefined,
    private readonly source: SourceLines,
  ) {
    this.recording = recording;
    this.ends = ends;
    this.failures = failures;
    this.cases = cases;
  }

  get thrownApart(): readonly MetError[] {
    return this.#apart.filter((error) => this.cases.every(({ stream }) => stream !== error.stream));
  }

  begin(replay: StreamReplay): void {
    this.#replay = replay;
    this.#current = undefined;
    this.#other = undefined;
  }

  enterCase(facts: CaseFacts, stream: number): void {
    if (this.wanted?.isAround && isOther(this.wanted.name, facts)) this.#other = facts;
    if (!this.#isWanted(facts)) return;
    this.#current = facts;
    this.case = { facts, stream };
  }

  #isWanted({ name, file }: CaseFacts): boolean {
    return this.wanted !== undefined && name === this.wanted.name && (file === '' || file === this.wanted.file);
  }

  #isInside(): boolean {
    if (this.wanted === undefined) return true;
    if (this.wanted.isAround) return this.#other === undefined || this.#other.last !== undefined;
    return this.#current !== undefined && this.#current.last === undefined && this.#replay?.cursor.ended === false;
  }

  statement({ file, site }: Activation, op: number): void {
    if (!this.#isInside()) return;
    let ran = this.#ran.get(file);
    if (!ran) this.#ran.set(file, (ran = new Uint8Array(file.code.start.length)));
    if (ran[op] === 1) return;
    ran[op] = 1;
    let lines = this.lines.get(file.path);
    if (!lines) this.lines.set(file.path, (lines = new Map()));
    const line = this.source.line(file.hash, file.code.start[op]!);
    if (!lines.has(line)) lines.set(line, this.#replay?.tick?.number ?? 0);
    this.entered.add(`${file.path} ${site.name}`);
  }

  lineOf(path: string, text: string): number | undefined {
    const wanted = text.replaceAll(/\s/g, '');
    for (const [{ code, hash, path: own }, ran] of this.#ran) {
      const source = own === path ? this.recording.source(hash) : undefined;
      if (source === undefined) continue;
      for (let op = 0; op < code.count; op++) {
        if (ran[op] !== 1 || source.slice(code.start[op], code.end[op]).replaceAll(/\s/g, '') !== wanted) continue;
        return this.source.line(hash, code.start[op]!);
      }
    }
    return undefined;
  }

  event(replay: StreamReplay, stream: number): void {
    const { event, stack } = replay;
    const { activation } = event;
    if (!this.#isInside()) {
      const isApart = event.code === EventCode.throw && replay.cases.length === 0;
      if (isApart) this.#met(replay, stream, event.value, activation, true, this.#apart);
      return;
    }
    switch (event.code) {
      case EventCode.enter: {
        if (!activation) return;
        this.entered.add(`${activation.file.path} ${activation.site.name}`);
        if (stack.length === 1 && this.wanted?.file === activation.file.path) this.#testText(activation);
        const [last] = stack.slice(-1);
        for (const value of last?.functionScope.values ?? []) this.#met(replay, stream, value, activation, false);
        return;
      }
      case EventCode.throw:
        return this.#met(replay, stream, event.value, activation, true);
      case EventCode.catch:
        return this.#met(replay, stream, event.value, activation, false);
      case EventCode.abrupt: {
        if (!event.file || !activation) return;
        const { file, site } = activation;
        const lineAt = (offset: number): number => this.source.line(file.hash, offset);
        const line = lineAt(file.code.start[activation.position]!);
        // where it waits at a yield, whoever uses it may have closed it
        const op = file.table.ops[activation.position];
        const functionLines = [lineAt(site.start), lineAt(site.end)] as const;
        if (op?.k !== 'suspend' || op.kind === 'await' || op.kind === 'close')
          this.left.push({ path: file.path, line, functionName: site.name, functionLines });
        return;
      }
      default:
    }
  }

  #testText({ file, site, functionIndex }: Activation): void {
    if (this.#handed.has(site)) return;
    this.#handed.add(site);
    const source = this.recording.source(file.hash) ?? '';
    const handing = plainText(source.slice(statementAround(file, functionIndex), site.start))
      // as bundlers write the call of what was imported
      .replace(/\(0, ?([\w$.]+)\)(?=\()/, '$1')
      .replace('.only', '');
    const text = handing + plainText(source.slice(site.start, site.end));
    if (this.testTexts.has(text)) return;
    const line = this.source.line(file.hash, site.start);
    this.testTexts.set(text, { path: file.path, line, isHook: HOOK.test(handing) });
  }

  #met(
    replay: StreamReplay,
    stream: number,
    value: Value,
    at: Activation | undefined,
    isThrown: boolean,
    errors = this.errors,
  ): void {
    const contents = value instanceof ObjectValue ? replay.heap.get(value) : undefined;
    // Node 20 does not take its own DOMException for an error
    const isError = contents?.kind === ObjectKind.error || contents?.className === 'DOMException';
    if (errors.length >= ERRORS || (!isThrown && !isError)) return;
    const file: LoadedFile | undefined = at?.file;
    const message = knownMessage(replay.heap, value);
    errors.push({
      type: typeOfThrown(replay.heap, value),
      shape: messageShape(message ?? ''),
      isMessageKnown: message !== undefined,
      stackText: typeof contents?.inner === 'string' ? contents.inner : '',
      stream,
      moment: replay.event.moment,
      path: file?.path ?? '',
      line: at && file ? this.source.line(file.hash, file.code.start[at.position]!) : 0,
      functionName: at?.site.name ?? '',
      isThrown,
      object: value instanceof ObjectValue ? `${stream} ${value.id}` : `${stream} at ${replay.event.moment}`,
      causes: isThrown ? causesOf(replay, value, at) : [],
    });
  }
}

const HOOK = /^(?:[\w$]+\.)*(?:before|after|beforeEach|afterEach|beforeAll|afterAll|setup|teardown)\s*\(/;

/** Start of the innermost statement that holds the function; that of the function where it is a statement itself. */
export function statementAround({ code, table }: LoadedFile, functionIndex: number): number {
  const { start, end } = table.functions[functionIndex]!;
  let best = -1;
  for (let op = 0; op < code.count; op++)
    if (code.kind[op] === K.statement && code.start[op]! <= start && code.end[op]! >= end)
      best = Math.max(best, code.start[op]!);
  return best < 0 ? start : best;
}

/** Without comments, lines that only log, and the blanks between words. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1')
    .replaceAll(/^\s*console\.(?:log|debug|info|warn|error|trace)\([^\n]*\);?\s*$/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
