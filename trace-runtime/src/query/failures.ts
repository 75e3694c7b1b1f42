import { withoutColours } from '../base/colours.ts';
import { ObjectKind, Outcome, Uncaught } from '../wire/words.ts';
import type { Mark } from '../store/marks.ts';
import type { Activation, ScopeInstance } from './activation.ts';
import { K } from './code.ts';
import type { Heap } from './heap.ts';
import type { Moment } from './moments.ts';
import { PrintedFailures } from './printed-failures.ts';
import { RejectionPlaces } from './rejection-places.ts';
import type { StreamReplay } from './replay.ts';
import type { CaseFacts, StreamState } from './stream-state.ts';
import { framesOf, isAt, isOwn, originHere, type ThrowFrame, type ThrowOrigin } from './throw-origins.ts';
import { Accessor, ObjectValue, SymbolValue, isPrimitive } from './values.ts';
import type { Value } from './values.ts';

interface Leaving {
  readonly origin: ThrowOrigin;
  /** the `finally` block that runs; -1: none */
  readonly op: number;
  /** of a generator that is being closed: when that began */
  readonly closedAt: Moment | undefined;
}

export interface Failure {
  /** exit: the program gave itself an exit code, upon an error that was caught or none at all; marked: by a person */
  readonly kind: 'exception' | 'rejection' | 'case' | 'exit' | 'marked';
  /** the error's class or name; the value's type where it is no error */
  readonly type: string;
  readonly message: string;
  /** as the program's engine wrote it, without colours; '' where the value is no error */
  readonly stackText: string;
  readonly value: Value;
  /** where to stop to see it */
  readonly moment: Moment;
  readonly frames: readonly ThrowFrame[];
  readonly case: CaseFacts | undefined;
  /** of what a person marked */
  readonly mark?: Mark;
  /** equal for failures that count as the same: type, shape of the message, stack in the user's code, case name */
  readonly identity: string;
}

const RANK = { marked: 0, exception: 1, rejection: 2, case: 3, exit: 4 } as const;

/** What a person marked comes first, then errors that left the program, then failed tests, then failed requests. */
export function compareFailures(a: Failure, b: Failure): number {
  return rankOf(a) - rankOf(b);
}

function rankOf(failure: Failure): number {
  return isOfRequest(failure) ? RANK.exit + 1 : RANK[failure.kind];
}

/** Where a getter gives it, which is not invoked, the stack has it. */
function messageIn(stackText: string): string {
  const [head = ''] = stackText.split(/\n +at /, 1);
  return /^[\w$.]+(?: \[[^\]\n]*\])?: ([^]*)$/.exec(head)?.[1] ?? '';
}

function isOfRequest({ kind, case: facts }: Pick<Failure, 'kind' | 'case'>): boolean {
  return kind === 'case' && facts?.kind === 'request';
}

/** Stands where a person marked something; false where the stream ends before. */
export function runToMark(replay: StreamReplay, { moment, statements }: Mark): boolean {
  if (statements !== undefined) replay.onStatement(() => replay.statements >= statements);
  const isThere = replay.runTo(moment);
  replay.onStatement(undefined);
  return isThere;
}

/** The failure that a mark stands for. `state`: as it is at the mark's moment. */
export function markedFailure(state: StreamState, mark: Mark): Failure {
  const { moment, expression, actual, expected } = mark;
  const frames = framesOf(state, state.stack.at(-1));
  const isIn = ({ first, last }: CaseFacts): boolean => first <= moment && moment <= (last ?? Infinity);
  return {
    kind: 'marked',
    type: 'Marked wrong',
    message: `${expression} is ${actual}, should be ${expected}`,
    stackText: '',
    value: undefined,
    moment,
    frames,
    case: state.cases.findLast(isIn),
    mark,
    identity: ['marked', expression, ...frames.map(({ functionName }) => functionName)].join('|'),
  };
}

/** The exit code says that something is wrong, and no error does: scripts that count what failed end so. */
function exitFailure(type: string, message: string, { moment, frames }: ThrowOrigin): Failure {
  const identity = identityOf(type, message, frames, undefined);
  return { kind: 'exit', type, message, stackText: '', value: undefined, moment, frames, case: undefined, identity };
}

/** The type of such a failure; its message is the code. */
export const EXIT_CODE = 'Exit code';
/** Of one that was printed as TAP (Test Anything Protocol); its message is what follows. */
export const NOT_OK = 'not ok';

/** No record tells of it, but what the program printed before it ended with an exit code. */
export function isPrinted({ kind, value, type }: Pick<Failure, 'kind' | 'value' | 'type'>): boolean {
  return kind === 'exit' && value === undefined && type !== EXIT_CODE;
}

const ORIGINS = 10_000;
const UNNAMED = 1000;

/** Follows throws to tell where an error that left the program or failed a case came from. */
export class FailureLog {
  readonly list: Failure[] = [];
  /** those that only what the program printed tells of */
  readonly printed = new PrintedFailures();
  readonly rejections = new RejectionPlaces();
  private readonly origins = new Map<ObjectValue, ThrowOrigin>();
  /** throws by code that is not recorded, which left recorded calls: the error is not known; the latest last */
  private unnamed: ThrowOrigin[] = [];
  private inFlight: ThrowOrigin | undefined;
  private last: ThrowOrigin | undefined;
  private exiting: ObjectValue | undefined;
  /** the exit code that the program's own code gave last, and where */
  private given: { readonly code: number; readonly origin: ThrowOrigin } | undefined;
  /** why a call is being left, while `finally` blocks of its run or it is a generator that its user closes */
  private readonly leaving = new WeakMap<Activation, Leaving>();
  /** a generator was closed: by a throw, if its user is left by the event at `next` */
  private closed: { readonly origin: ThrowOrigin; readonly next: Moment } | undefined;

  /** No code that is not recorded has thrown out of recorded calls. */
  get sawNone(): boolean {
    return this.unnamed.length === 0;
  }

  thrown(state: StreamState, value: Value, activation: Activation | undefined): void {
    const known = value instanceof ObjectValue ? this.origins.get(value) : undefined;
    const origin = known ?? originHere(state, activation);
    this.begin(origin, value);
  }

  /** A suspended generator goes on to be closed, or to throw. Its user is the innermost activation. */
  closing(state: StreamState, activation: Activation): void {
    this.leaving.set(activation, { origin: this.unnamedHere(state, undefined), op: -1, closedAt: state.event.moment });
  }

  /** A `finally` block begins at the op: whether by a throw shows when it ends. */
  finally(state: StreamState, activation: Activation, op: number): void {
    const known = this.leaving.get(activation);
    const { moment } = state.event;
    if (known !== undefined && known.closedAt === moment - 1) return;
    const here = this.inFlight ?? this.unnamedHere(state, activation);
    const goesOn = known !== undefined && isInFinally(activation, known.op);
    const origin = goesOn ? withOther(known.origin, here) : here;
    this.leaving.set(activation, { origin, op, closedAt: undefined });
  }

  /** An activation is about to be left by a throw. */
  abrupt(state: StreamState, activation: Activation): void {
    if (this.inFlight === undefined) this.unannouncedThrow(state, activation);
    if (this.inFlight !== undefined && state.stack.length === 1) this.printed.left(this.inFlight);
  }

  private unannouncedThrow(state: StreamState, activation: Activation): void {
    const left = this.leaving.get(activation);
    this.leaving.delete(activation);
    const isLeft = left !== undefined && activation.file.code.kind[activation.pc] === K.endFinally;
    const closedAt = left?.closedAt;
    if (left !== undefined && closedAt !== undefined && (isLeft || state.event.moment === closedAt + 1)) {
      this.closed = { origin: left.origin, next: state.moment };
      return;
    }
    const here = this.unnamedHere(state, activation);
    const origin = isLeft ? withOther(left.origin, here) : here;
    this.begin(origin, undefined);
    if (this.unnamed.push(origin) > 2 * UNNAMED) this.unnamed = this.unnamed.slice(-UNNAMED);
  }

  /** A throw that nothing announced shows itself by the event. */
  private unnamedHere(state: StreamState, activation: Activation | undefined): ThrowOrigin {
    if (this.closed?.next === state.event.moment) return this.closed.origin;
    return originHere(state, activation);
  }

  caught(state: StreamState, value: Value, activation: Activation | undefined): void {
    if (activation !== undefined) this.leaving.delete(activation);
    this.printed.caught(this.inFlight);
    if (this.inFlight !== undefined) {
      this.remember(value, this.inFlight);
      if (this.unnamed.at(-1) === this.inFlight) this.unnamed.pop();
    } else if (value instanceof ObjectValue && !this.origins.has(value))
      this.remember(value, { ...this.unnamedHere(state, activation), isCatch: true });
    this.inFlight = undefined;
  }

  /** Nothing stays in flight from one turn of the event loop to the next. */
  turn(): void {
    this.inFlight = undefined;
  }

  uncaught(state: StreamState, kind: number, value: Value): void {
    this.add(state, kind === Uncaught.rejection ? 'rejection' : 'exception', value, undefined);
  }

  caseEnded(state: StreamState, facts: CaseFacts): void {
    if (facts.outcome !== Outcome.failed && facts.outcome !== Outcome.timedOut) return;
    this.add(state, 'case', facts.error, facts);
  }

  /**
   * A request was answered with a status that says so, and nobody holds an error: what left recorded code last, if anything.
   * `of`: only what is known to be this request's.
   */
  answered(state: StreamState, facts: CaseFacts, status: number, of: CaseFacts | undefined): void {
    const origin = this.unnamed.findLast(
      ({ moment, frames, request }) =>
        moment >= facts.first && (of === undefined || request === of) && frames.some(isOwn),
    );
    if (origin === undefined || state.settled) return;
    const { moment, frames } = chosenBy(state, undefined, origin);
    const [type, message] = [`Status ${status}`, ''];
    const identity = identityOf(type, message, frames, facts.name);
    this.list.push({
      kind: 'case',
      type,
      message,
      stackText: '',
      value: undefined,
      moment,
      frames,
      case: facts,
      identity,
    });
  }

  /** The error that was met last, if that was at the moment or after it. `of`: only what is known to be this request's. */
  lastErrorSince(moment: Moment, of: CaseFacts | undefined): ObjectValue | undefined {
    let latest: ObjectValue | undefined;
    let at = moment;
    for (const [error, origin] of this.origins) {
      if (origin.moment >= at && (of === undefined || origin.request === of)) [latest, at] = [error, origin.moment];
    }
    return latest;
  }

  /** The program was given an exit code: for the error that whoever gave it holds. */
  exitCodeGiven(state: StreamState, code: Value): void {
    if (typeof code !== 'number') return;
    if (code !== 0) this.exiting = heldError(state) ?? this.exiting;
    const frames = framesOf(state, undefined);
    if (frames.some(isOwn)) this.given = { code, origin: { moment: state.event.moment, frames } };
  }

  /** The program has ended. Without another failure, why it gave itself an exit code is: for an error, or by itself. */
  exited(state: StreamState, code: number): void {
    const isTesting = state.cases.some((each) => each.kind === 'test');
    if (code === 0 || isTesting || !this.list.every(isOfRequest)) return;
    if (this.exiting !== undefined) this.add(state, 'exit', this.exiting, undefined);
    else if (state.settled) return;
    else if (this.given?.code === code) this.list.push(exitFailure(EXIT_CODE, String(code), this.given.origin));
    else if (this.printed.notOk.length > 0)
      for (const { sentence, origin } of this.printed.notOk) this.list.push(exitFailure(NOT_OK, sentence, origin));
    else for (const origin of this.printed.throws) this.printedThrow(state, origin);
  }

  /** The error is known where recorded code threw it. */
  private printedThrow(state: StreamState, origin: ThrowOrigin): void {
    const [error] = [...this.origins].find(([, each]) => each === origin) ?? [];
    if (error) this.add(state, 'exit', error, undefined);
    else this.list.push(exitFailure('Error', '', origin));
  }

  /** The origin of an error that no record named: in flight, in a file's body, or the last throw before a rejection. */
  private unannounced(state: StreamState, kind: Failure['kind']): ThrowOrigin | undefined {
    if (kind === 'case' || kind === 'exit') return undefined;
    if (this.inFlight !== undefined) return this.inFlight;
    if (state.stack.length > 0) return { moment: state.event.moment, frames: framesOf(state, undefined) };
    return kind === 'rejection' ? this.last : undefined;
  }

  /** Of an error that code threw which is not recorded, an assertion, say: its stack tells which. */
  private unnamedIn(
    state: StreamState,
    kind: Failure['kind'],
    value: Value,
    facts: CaseFacts | undefined,
  ): ThrowOrigin | undefined {
    const contents = value instanceof ObjectValue ? state.heap.get(value) : undefined;
    const stack = contents !== undefined && typeof contents.inner === 'string' ? contents.inner : undefined;
    if (facts === undefined && kind === 'rejection')
      return stack === undefined ? undefined : this.rejections.namedBy(state, stack);
    const owned = this.unnamed.filter(({ request }) => request === undefined || request === facts);
    const thrown = owned.filter(({ moment }) => moment >= (facts?.first ?? 0));
    const early = beforeCase(state, facts, owned);
    // of an error that left the program no more is known
    if (stack === undefined) return kind === 'exception' ? undefined : (thrown.at(-1) ?? early.at(-1));
    const isIn = ({ frames: [inner] }: ThrowOrigin): boolean => inner !== undefined && stack.includes(inner.file.path);
    // lines may be those of another text, as a runner has changed it: what lies in the case comes first
    const isThere = (origin: ThrowOrigin): boolean => isAt(state, stack, origin);
    return thrown.findLast(isThere) ?? thrown.findLast(isIn) ?? owned.findLast(isThere) ?? early.findLast(isIn);
  }

  private begin(origin: ThrowOrigin, value: Value): void {
    this.inFlight = origin;
    this.last = origin;
    this.remember(value, origin);
  }

  private remember(value: Value, origin: ThrowOrigin): void {
    if (!(value instanceof ObjectValue) || this.origins.has(value)) return;
    if (this.origins.size >= ORIGINS) {
      for (const oldest of this.origins.keys()) {
        this.origins.delete(oldest);
        break;
      }
    }
    this.origins.set(value, origin);
  }

  /** An error's stack got its text: where the last failure came from may show now. */
  stackMade(state: StreamState, value: ObjectValue): void {
    if (state.settled) return;
    // a hook fails many cases by one error
    for (let at = this.list.length - 1; at >= 0 && this.list[at]!.value === value; at--) {
      const { kind, stackText, case: facts } = this.list[at]!;
      if (stackText === '') this.list[at] = this.failure(state, kind, value, facts);
    }
  }

  private add(state: StreamState, kind: Failure['kind'], value: Value, facts: CaseFacts | undefined): void {
    if (!state.settled) this.list.push(this.failure(state, kind, value, facts));
  }

  private failure(state: StreamState, kind: Failure['kind'], value: Value, facts: CaseFacts | undefined): Failure {
    const contents = value instanceof ObjectValue ? state.heap.get(value) : undefined;
    const { moment, frames } = chosenBy(state, contents?.inner, this.originOf(state, kind, value, facts));
    const type = typeOfThrown(state.heap, value);
    const stackText =
      contents?.kind === ObjectKind.error && typeof contents.inner === 'string' ? withoutColours(contents.inner) : '';
    const message = messageOf(state.heap, value);
    const identity = identityOf(type, message, frames, facts?.name);
    return { kind, type, message, stackText, value, moment, frames, case: facts, identity };
  }

  private originOf(state: StreamState, kind: Failure['kind'], value: Value, facts: CaseFacts | undefined): ThrowOrigin {
    const known = value instanceof ObjectValue ? this.origins.get(value) : undefined;
    const here = kind === 'case' ? state.moment : state.event.moment;
    // one that came through a promise was thrown in another turn than it was caught
    const wasCaught = kind === 'exit' || facts?.kind === 'request';
    const origin =
      (wasCaught && known?.isCatch ? this.unnamedIn(state, kind, value, facts) : undefined) ??
      known ??
      this.unannounced(state, kind) ??
      this.unnamedIn(state, kind, value, facts);
    // its stack may tell later
    if (origin === undefined) return { moment: here, frames: [] };
    this.remember(value, origin);
    return origin;
  }
}

/** A hook that runs before all tests of a suite fails the first of them. */
function beforeCase(
  { cases }: StreamState,
  facts: CaseFacts | undefined,
  thrown: readonly ThrowOrigin[],
): readonly ThrowOrigin[] {
  if (facts?.outcome !== Outcome.failed) return [];
  const earlier = cases.findLast((each) => each !== facts && each.last !== undefined)?.last ?? 0;
  return thrown.filter(({ moment }) => earlier < moment && moment < facts.first);
}

function withOther(origin: ThrowOrigin, other: ThrowOrigin): ThrowOrigin {
  return { ...origin, others: [...(origin.others ?? []), other] };
}

/** Of the places that a throw may have come from, the one that the error's stack names; else the earliest. */
function chosenBy(state: StreamState, stack: unknown, origin: ThrowOrigin): ThrowOrigin {
  const { others } = origin;
  if (others === undefined || typeof stack !== 'string' || isAt(state, stack, origin)) return origin;
  return others.find((other) => isAt(state, stack, other)) ?? origin;
}

/** Whether the statement that ran last stands in the `finally` block that the op begins. */
function isInFinally({ file: { code }, site, position }: Activation, op: number): boolean {
  if (op < 0 || position < op) return false;
  for (let end = op; end < site.endOp; end++)
    if (code.kind[end] === K.endFinally && code.partner[end] === op) return position < end;
  return false;
}

/** Calls that are looked into. */
const HOLDERS = 3;

/**
 * The error that the running code has in a variable: the innermost of the program's own calls that has one. `isCaught`: only
 * where a `catch` has put it there.
 */
export function heldError(
  { stack, heap }: Pick<StreamState, 'stack' | 'heap'>,
  isCaught = false,
): ObjectValue | undefined {
  const own = stack.filter(isOwn);
  for (const act of own.slice(-HOLDERS).toReversed()) {
    const { functionScope, file } = act;
    for (let at = scopeOf(act); at; at = at === functionScope ? undefined : at.parent) {
      if (isCaught && file.table.scopes[at.scope]!.kind !== 'catch') continue;
      const isError = (value: Value): value is ObjectValue =>
        value instanceof ObjectValue && heap.get(value)?.kind === ObjectKind.error;
      const found = at.values.findLast(isError);
      if (found) return found;
    }
  }
  return undefined;
}

/** That of the statement that runs: scopes that were left may not be known to be. */
function scopeOf({ scope, functionScope, file, position }: Activation): ScopeInstance | undefined {
  const offset = file.code.start[position]!;
  const isAround = ({ scope: index }: ScopeInstance): boolean => {
    const { start, end } = file.table.scopes[index]!;
    return start <= offset && offset < end;
  };
  let at: ScopeInstance | undefined = scope;
  while (at && at !== functionScope && !isAround(at)) at = at.parent;
  return at;
}

/** The shape of a message: what differs from run to run is left out. */
export function messageShape(message: string): string {
  return message
    .replace(/0x[0-9a-f]+/gi, '#')
    .replace(/'[^'\n]*'|"[^"\n]*"|`[^`\n]*`/g, '"…"')
    .replace(/\d+(\.\d+)?/g, '#')
    .slice(0, 500);
}

function identityOf(type: string, message: string, frames: readonly ThrowFrame[], name: string | undefined): string {
  const own = frames.filter((frame) => !/[\\/]node_modules[\\/]/.test(frame.file.path));
  const stack = own.slice(0, 10).map((frame) => `${frame.functionName}@${frame.file.path.replace(/^.*[\\/]/, '')}`);
  return [name ?? '', type, messageShape(message), stack.join('<')].join('|');
}

/** The error's class or name; the value's type where it is no error. */
export function typeOfThrown(heap: Heap, value: Value): string {
  if (isPrimitive(value)) return value === null ? 'null' : typeof value;
  if (!(value instanceof ObjectValue)) return value instanceof SymbolValue ? 'symbol' : 'unknown';
  const contents = heap.get(value);
  const name = contents?.kind === ObjectKind.error ? lookUp(heap, value, 'name') : undefined;
  return typeof name === 'string' && name !== '' ? name : (contents?.className ?? '') || 'Object';
}

export function messageOf(heap: Heap, value: Value): string {
  return knownMessage(heap, value) ?? '';
}

/** Undefined: a getter gives it, as in a DOMException, and the stack's text was not made. */
export function knownMessage(heap: Heap, value: Value): string | undefined {
  if (isPrimitive(value)) return String(value);
  if (!(value instanceof ObjectValue)) return undefined;
  const message = find(heap, value, 'message');
  if (typeof message === 'string') return withoutColours(message);
  const contents = heap.get(value);
  const stack = contents?.kind === ObjectKind.error ? contents.inner : contents?.properties.get('stack');
  if (typeof stack === 'string') return messageIn(withoutColours(stack));
  return message instanceof Accessor || contents?.className === 'DOMException' ? undefined : '';
}

function lookUp(heap: Heap, value: ObjectValue, key: string): Value {
  const found = find(heap, value, key);
  return found instanceof Accessor ? undefined : found;
}

/** A property, own or inherited; the language's own prototypes are not looked into. */
function find(heap: Heap, value: ObjectValue, key: string): Value | Accessor {
  let next: Value = value;
  for (let depth = 0; next instanceof ObjectValue && depth < 1000; depth++) {
    const object = heap.get(next);
    if (object === undefined) return undefined;
    const found = object.properties.get(key);
    if (found !== undefined) return found;
    next = object.prototype;
  }
  return undefined;
}
