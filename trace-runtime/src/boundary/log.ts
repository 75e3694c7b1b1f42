/** The boundary log's one writer: ids, the "already inside a call" flag, redaction and JSON in one place. */
import { types } from 'node:util';
import type { RecordedCalls } from './recorded-calls.ts';
import type { RecordedConnections } from './connections/recorded-connections.ts';
import { arrivingBelow, atOnce, type Arrivals } from './arrivals.ts';
import { blobStore, type Blobs } from './blobs.ts';
import { createCheck, type Check } from './check.ts';
import { membersWriter, type Json, type Members } from './json.ts';
import { ownData } from './patch.ts';
import { redactor, type Redactor } from './secrets.ts';
import type { Unrepeatable } from './unrepeatable.ts';
import type { WindowMarks } from './window-marks.ts';
import type { GivenIds } from '../model/window-mark.ts';
import { arrivalOf } from '../model/recorded-world.ts';
import type { BoundaryOptions, BoundarySink } from './sink.ts';
import { Slot } from '../wire/words.ts';

const { isUint8Array, isNativeError } = types;
const utf8 = new TextDecoder();
const now = performance.now.bind(performance);
const { round } = Math;
const { apply } = Reflect;
const { then } = Promise.prototype;
const settled = Promise.resolve();
/** Kinds that say when they were: what others took to answer decides races. */
const TIMED: ReadonlySet<string> = new Set([
  'socket.connect',
  'socket.accepted',
  'socket.in',
  'socket.out',
  'pipe.end',
  'datagram.in',
  'datagram.out',
  'fs.watch',
  'fs.watchFile',
  'fs.change',
  'fs.polled',
  'fs.watching',
  'fs.watching.done',
  'http.send',
  'http.response',
  'http.failed',
  'http2.session',
  'http2.request',
  'http2.send',
  'http2.heard',
  'http2.closed',
  'http2.goaway',
  'http2.session.closed',
  'fetch.request',
  'fetch.failed',
  'child.start',
  'child.output',
  'child.exit',
]);
const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;

/** Sockets that others opened come when they come: their ids are apart from those of sockets that the program opens. */
const FIRST_IDS: Readonly<Record<string, number>> = { accepted: 1_000_000 };

export class BoundaryLog {
  /** calls into Node under way: what they call in turn is theirs and not a crossing */
  depth = 0;
  /** of these, calls whose clocks are Node's: an exact run, which answers the call, does not ask them */
  ownClocks = 0;
  readonly blobs: Blobs;
  readonly redact: Redactor;
  readonly hide: (wrapper: object, original: object) => unknown;
  readonly sink: BoundarySink;
  readonly arrivals: Arrivals;
  /** Runs what calls the program back below frames of ours, so that stacks are as long as without them. */
  readonly below: <T>(work: () => T) => T;
  readonly recorded: RecordedCalls | undefined;
  /** of a light recording: notes what cannot be executed again */
  unrepeatable: Unrepeatable | undefined;
  readonly recordedConnections: RecordedConnections | undefined;
  /** Reports what has come by itself since. */
  beforeReport: (() => void) | undefined;
  /** of a light recording with a rolling window */
  window: WindowMarks | undefined;
  /** what arrives is logged in its order, for a run that is to be executed again */
  readonly hasTurns: boolean;
  readonly check: Check;
  readonly #said: BoundaryOptions['said'];
  /** Whether Node imports a module by the call that is under way, and does so in no fixed order. */
  readonly isImport: () => boolean;
  readonly #isNodesOwn: (() => boolean) | undefined;
  /** the program hears of what is asynchronous: nothing of ours may be */
  isOverheard = false;
  #id = 0;
  #isReading = false;
  readonly #objects: Record<string, number> = {};
  readonly #ids = new WeakMap<object, number>();
  readonly #members: (members: Members) => string;

  constructor(sink: BoundarySink, options: BoundaryOptions) {
    this.sink = sink;
    this.hide = options.hide;
    this.below = options.below ?? ((work) => work());
    this.arrivals = arrivingBelow(options.arrivals ?? atOnce, this.below);
    this.recorded = options.recorded;
    this.recordedConnections = options.recordedConnections;
    this.#said = options.said;
    this.hasTurns = options.turns !== undefined;
    this.check = createCheck(sink.words, this.hasTurns);
    this.isImport = options.isImport ?? (() => false);
    this.#isNodesOwn = options.turns?.isNodesOwn;
    this.redact = redactor(options.secrets);
    this.#members = membersWriter(this.redact.text);
    this.blobs = blobStore(options.recording, this.redact, (error) => {
      sink.emitLedger({ kind: 'stopped', subject: 'contents of files and messages', reason: String(error) });
    });
  }

  /** A new id, to join the records of one call. The program's calls alone take them: they are the same whenever it runs. */
  nextId(): number {
    return ++this.#id;
  }

  get lastId(): number {
    return this.#id;
  }

  /** The id of a socket, message, process …; a new one at first sight. Each family counts its own. */
  idOf(object: object, family = ''): number {
    let id = this.#ids.get(object);
    if (id === undefined) {
      id = this.#objects[family] = (this.#objects[family] ?? FIRST_IDS[family] ?? 0) + 1;
      this.#ids.set(object, id);
    }
    return id;
  }

  given(): GivenIds {
    return { ids: this.#id, objects: { ...this.#objects } };
  }

  /** Of an arrival: ids of calls and of objects without a family that were given before it. */
  #givenAt(kind: string, detail: Members): string {
    this.window?.saw(kind);
    return arrivalOf(kind, detail) === undefined ? '' : `,"given":[${this.#id},${this.#objects[''] ?? 0}]`;
  }

  /** Goes on as if so many ids had been given. */
  giveFrom({ ids, objects }: Partial<GivenIds>): void {
    this.#id = ids ?? this.#id;
    Object.assign(this.#objects, objects);
  }

  knows(object: object): boolean {
    return this.#ids.has(object);
  }

  /** Two objects that belong together, as a request and its response. */
  share(object: object, id: number): void {
    this.#ids.set(object, id);
  }

  /** The call is part of another one, which Node makes itself, later: not the program's. Asked where turns are logged. */
  get isNodesOwn(): boolean {
    return this.#isNodesOwn !== undefined && !this.fromRecordedCode && this.#isNodesOwn();
  }

  /**
   * Of a message between processes that reaches the program now: it was read at once with the one before, and nothing that
   * promises were waiting for has run since. Where turns are logged.
   */
  isReadAtOnce(): true | undefined {
    if (!this.hasTurns || this.isOverheard) return undefined;
    if (this.#isReading) return true;
    this.#isReading = true;
    apply(then, settled, [
      () => {
        this.#isReading = false;
      },
    ]);
    return undefined;
  }

  /** Delivers now, or at its turn: then the caller is given `held`. */
  inTurn<T>(key: string, deliver: () => T, held: T): T {
    let result = held;
    this.arrivals.arrive(key, () => {
      result = deliver();
    });
    return result;
  }

  get fromRecordedCode(): boolean {
    return this.sink.words[Slot.progress] !== 0;
  }

  /** `more`: further members of the same detail, which came from outside: the same whenever the run is executed again. */
  report(kind: string, detail: Members, more?: Members): void {
    // what comes to recorded code that does not run begins a turn of the event loop
    this.#report(kind, detail, more, TIMED.has(kind) || (this.#tellsTimes && !this.fromRecordedCode));
  }

  /** As `report`, of what is begun and ends later: with its `time`, but where turns tell enough. */
  reportTimed(kind: string, detail: Members, more?: Members): void {
    this.#report(kind, detail, more, TIMED.has(kind) || this.#tellsTimes);
  }

  /** In an exact run: what the light recording does not hold, with its `time`. */
  note(kind: string, detail: Members): void {
    if (this.recorded) this.aside(kind, detail);
  }

  /** With its `time`; it is not compared. */
  aside(kind: string, detail: Members): void {
    this.depth++;
    try {
      this.sink.emitBoundary(kind, `{${this.#members(detail)},"time":${hundredths(now())}}`);
    } finally {
      this.depth--;
    }
  }

  /** A light recording has turns instead, of which its exact run knows the times. */
  get #tellsTimes(): boolean {
    return !this.hasTurns || this.recorded !== undefined;
  }

  #report(kind: string, detail: Members, more: Members | undefined, isTimed: boolean): void {
    this.beforeReport?.();
    const given = this.window ? this.#givenAt(kind, detail) : '';
    // The recorder's own work must never be taken for the program's.
    this.depth++;
    try {
      const own = this.#members(detail);
      const further = more ? this.#members(more) : '';
      this.check.text(kind, own, further);
      const members = own && further ? `${own},${further}` : own + further;
      this.#said?.(kind, `{${members}}`);
      const time = isTimed ? `,"time":${hundredths(now())}` : '';
      this.sink.emitBoundary(kind, `{${members}${time}${given}}`);
    } finally {
      this.depth--;
    }
  }

  /** Bytes, or text as it was sent. Other things that may be written somewhere are described by their type. */
  content(data: unknown): Json {
    return this.#kept(data, this.blobs.keep);
  }

  /** As `content`, for what goes over a connection. */
  message(data: unknown): Json {
    return this.#kept(data, this.blobs.keepMessage);
  }

  #kept(data: unknown, keep: Blobs['keep']): Json {
    if (typeof data === 'string' || isUint8Array(data)) return keep(data);
    if (ArrayBuffer.isView(data)) return keep(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return { type: data === null ? 'null' : typeof data };
  }
}

/** As a decimal number. V8 remembers the texts of small integers, and no others. */
function hundredths(value: number): string {
  const whole = round(value * 100);
  const rest = whole % 100;
  return `${(whole - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}

/** A path argument as text, a file descriptor as a number. */
export function pathJson(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (isUint8Array(value)) return utf8.decode(value);
  if (typeof value === 'object' && value !== null && hrefOf) {
    try {
      return String(Reflect.apply(hrefOf, value, []));
    } catch {
      return null;
    }
  }
  return null;
}

/** What tells one failure of the system from another; getters are not invoked. */
export function errorJson(error: unknown): Json {
  if (!isNativeError(error)) return { thrown: typeof error === 'string' ? error : typeof error };
  const code = ownData(error, 'code');
  const errno = ownData(error, 'errno');
  const syscall = ownData(error, 'syscall');
  const message = ownData(error, 'message');
  const hostname = ownData(error, 'hostname');
  return {
    message: typeof message === 'string' ? message : undefined,
    code: typeof code === 'string' ? code : undefined,
    errno: typeof errno === 'number' ? errno : undefined,
    syscall: typeof syscall === 'string' ? syscall : undefined,
    hostname: typeof hostname === 'string' ? hostname : undefined,
  };
}
