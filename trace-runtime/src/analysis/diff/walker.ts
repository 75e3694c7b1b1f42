/**
 * Goes through a stream and stops at what belongs to the calls that are compared: before a statement, behind an event. What
 * only one of the sources has, and what happens in calls that the other run does not have, is passed over.
 */
import type { Activation, LoadedFile, ScopeInstance } from '../../query/activation.ts';
import { K } from '../../query/code.ts';
import { EventCode } from '../../query/moments.ts';
import type { StreamReplay } from '../../query/replay.ts';
import type { CodeKeys, FileKeys } from './code-keys.ts';

/** Numbers of calls as the first stream has them; 0: the event loop, which enters and resumes the outermost calls. */
export type Pair = number;

export interface Item {
  readonly pair: Pair;
  readonly key: number;
  readonly kind: 'statement' | 'event' | 'turn' | 'end';
  /** of events */
  readonly code: EventCode;
  /** whose statement or event it is */
  readonly activation: Activation | undefined;
  readonly file: LoadedFile | undefined;
  readonly op: number;
}

/** What happens outside of all calls. */
export interface Watcher {
  /** something came in from outside */
  input(kind: string, activation: Activation | undefined): void;
  /** a statement that the other source does not have is about to run */
  edited(activation: Activation, op: number): void;
}

const NOTHING = { activation: undefined, file: undefined, op: 0, code: EventCode.none } as const;

/** By kind: events that are no item. */
const PASSED: ReadonlySet<EventCode> = new Set([EventCode.none, EventCode.output]);

/** Records that bring nothing. */
const IS_TIMER = /^timer/;

export class Walker {
  private readonly queue: Item[] = [];
  /** the innermost call before the last step, and its scope: a step may leave scopes behind its event */
  private call: Activation | undefined;
  private scope: ScopeInstance | undefined;
  private statement: { readonly activation: Activation; readonly op: number } | undefined;
  private readonly fileKeys = new Map<LoadedFile, FileKeys | undefined>();
  private lastFile: LoadedFile | undefined;
  private lastKeys: FileKeys | undefined;

  /** `pairOf`: -1 for calls that are not compared */
  constructor(
    readonly replay: StreamReplay,
    private readonly side: 0 | 1,
    private readonly keys: CodeKeys,
    private readonly pairOf: (call: number) => Pair,
    private readonly until: number,
    private readonly watcher: Watcher,
  ) {}

  /** To the next item; gives undefined now and then, while nothing was found. */
  next(): Item | undefined {
    const queued = this.queue.shift();
    if (queued !== undefined) return queued;
    for (let steps = 0; steps < 10_000; steps++) {
      const item = this.step();
      if (item !== undefined) return item;
    }
    return undefined;
  }

  /** What was on the way to the next item is passed over. */
  clear(): void {
    this.queue.length = 0;
  }

  /** The scope in which the call has done what it did last. */
  scopeOf(call: Activation): ScopeInstance {
    return call === this.call && this.scope !== undefined ? this.scope : call.scope;
  }

  private step(): Item | undefined {
    const { replay } = this;
    const end: Item = { ...NOTHING, pair: 0, key: 0, kind: 'end' };
    if (replay.moment >= this.until) return end;
    this.statement = undefined;
    this.call = replay.stack[replay.stack.length - 1];
    this.scope = this.call?.scope;
    replay.onStatement((activation, op) => this.stopsAt(activation, op));
    const moved = replay.step();
    replay.onStatement(undefined);
    const paused = this.statementItem();
    if (!moved) return paused ?? end;
    // it may have gone on to a statement behind the event
    const item = this.event();
    if (item === undefined) return paused;
    if (paused !== undefined) this.queue.push(paused);
    return item;
  }

  private statementItem(): Item | undefined {
    const { statement } = this;
    if (statement === undefined) return undefined;
    const { activation, op } = statement;
    const { file } = activation;
    const key = this.keyOf(file, op);
    return { kind: 'statement', code: EventCode.none, pair: this.pairOf(activation.serial), key, activation, file, op };
  }

  private stopsAt(activation: Activation, op: number): boolean {
    if (this.pairOf(activation.serial) < 0) return false;
    if (this.keyOf(activation.file, op) < 0) {
      this.watcher.edited(activation, op);
      return false;
    }
    this.statement = { activation, op };
    return true;
  }

  private event(): Item | undefined {
    const { event, stack } = this.replay;
    const { code, activation, file, op } = event;
    if (code === EventCode.boundary && !IS_TIMER.test(String(event.detail)))
      this.watcher.input(String(event.detail), activation);
    if (code === EventCode.boundary || PASSED.has(code)) return undefined;
    const base = { code, activation, file, op, kind: 'event' } as const;
    if (code === EventCode.uncaught) return { ...base, pair: 0, key: -code };
    if (activation === undefined) return undefined;
    const pair = this.pairOf(activation.serial);
    const isOwn = code !== EventCode.abrupt && code !== EventCode.mutation;
    const leaves = code === EventCode.exit && file?.code.kind[op] !== K.exit && file?.code.kind[op] !== K.return;
    const key = file === undefined || !isOwn || leaves ? -code : this.keyOf(file, op);
    const isTurn = (code === EventCode.enter || code === EventCode.resume) && stack.length === 1;
    const item = pair < 0 || (isOwn && !leaves && key < 0) ? undefined : { ...base, pair, key };
    const isShared = isTurn && file !== undefined && this.keyOf(file, op) > 0;
    if (!isShared || this.pairOf(0) < 0) return item;
    if (item !== undefined) this.queue.push(item);
    return { ...base, kind: 'turn', pair: 0, key: this.keyOf(file, op) };
  }

  /** The op's key; negative where the other source does not have it. */
  keyOf(file: LoadedFile, op: number): number {
    if (file !== this.lastFile) {
      if (!this.fileKeys.has(file)) this.fileKeys.set(file, this.keys.of(this.side, file.hash));
      this.lastFile = file;
      this.lastKeys = this.fileKeys.get(file);
    }
    return this.lastKeys?.keys[op] ?? -1;
  }
}
