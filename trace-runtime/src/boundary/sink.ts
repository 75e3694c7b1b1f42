/** What the boundary needs of the recorder, and what the preload tells it. */
import type { Secret } from '../model/secret-names.ts';
import type { RecordedCall } from '../model/recorded-world.ts';
import type { Arrivals } from './arrivals.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import type { RecordedConnections } from './connections/recorded-connections.ts';
import type { Window } from './window-marks.ts';

export interface LedgerEntry {
  readonly kind: string;
  readonly subject: string;
  readonly reason: string;
}

export interface BoundarySink {
  /** the stream's words; Slot.progress tells whether recorded code is on the stack */
  readonly words: Int32Array;
  /** makes room: called when words[Slot.position] > words[Slot.limit] */
  drain(): void;
  /** A Runtime.boundary record. `detail` is JSON text; secrets are already out of it. */
  emitBoundary(kind: string, detail: string): void;
  emitLedger(entry: LedgerEntry): void;
  flush(): void;
  /** Before a call has an effect outside: what was recorded long ago survives a kill during it. */
  flushAged?(): void;
  /** No word from now on refers to a string before. */
  forget?(): void;
  /** No recorded code is on the stack: the hash of the last tick, which may be cut off here. */
  noteHash?(): void;
  /** Ticks are counted on from there. */
  countTicksFrom?(tick: number): void;
  /** Runs `fn` as a turn of its own, with its cause (Cause) and the tick that led to it. */
  withTick<T>(cause: number, parentTick: number, fn: () => T): T;
  currentTick(): number;
  /** the thread's `performance.now()` when the times of ticks began to be counted */
  readonly ticksStarted?: number;
  /** Native code has written into the view: Runtime.bytes if its buffer is known to the recording. */
  touchBytes(view: ArrayBufferView): void;
  /** A class of Node that no module exports has shown itself. */
  nodeClass?(constructor: object, path: string): void;
  /** Runs the recorder's own work: replaced builtins record nothing meanwhile. */
  quietly<T>(work: () => T): T;
}

export interface Turns {
  /** whether Node itself makes the call that is under way, as a part of another one */
  isNodesOwn(): boolean;
  /** whether the call that is under way stands in a module of Node */
  isByNode(): boolean;
}

export interface BoundaryOptions {
  /** the recording's folder */
  readonly recording: string;
  /** secrets of the environment, longest first */
  readonly secrets: readonly Secret[];
  /** Makes `wrapper.toString()` show what `original.toString()` does. */
  hide(wrapper: object, original: object): unknown;
  /** Runs `install` once the program can get at that module of Node; absent: at once. */
  late?(id: string, install: () => void): void;
  /** Loads that module of Node, and so runs what waits for it. */
  need?(id: string): void;
  /**
   * Whether Node makes the call that is under way as it imports a module; absent: it does so in a fixed order. Else it
   * reads several modules at once, and looks for what they import as they come.
   */
  isImport?(): boolean;
  /** what happens is to be executed again from the boundary log: it says which timers ran, too */
  readonly turns?: Turns | undefined;
  /** a light recording keeps a rolling window only */
  readonly window?: Window | undefined;
  /** absent: what arrives is delivered at once */
  readonly arrivals?: Arrivals | undefined;
  /** Runs what calls the program back below frames of ours; as it is where there is none. */
  readonly below?: (<T>(work: () => T) => T) | undefined;
  /** files that native code opens are watched: its helper's place, and folders that are Hindcast's */
  readonly native?: { readonly helper: string | undefined; readonly own: readonly string[] } | undefined;
  /** a rerun: files that native code found in the recorded run */
  readonly foundNatively?: readonly RecordedCall['detail'][] | undefined;
  /** an exact run: what its calls are answered */
  readonly recorded?: RecordedCalls | undefined;
  /** an exact run: what comes over its connections */
  readonly recordedConnections?: RecordedConnections | undefined;
  /** an exact run: hears each record */
  readonly said?: ((kind: string, detail: string) => void) | undefined;
}
