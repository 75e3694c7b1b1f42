/**
 * The hooks of level `light`: no values and no steps are recorded, only the control-flow hash of each tick, rolled here
 * as the sidecar rolls it over the words of level `full` (format/word-scanner.ts).
 */
import { FileRanges } from '../wire/file-ranges.ts';
import { FLOW_BIT, LANE_A, LANE_B, Runtime, Slot, Tag } from '../wire/words.ts';
import { createDelegates } from './delegates.ts';
import type { Hooks } from './hooks.ts';
import type { Room } from './room.ts';
import type { Ticks } from './ticks.ts';

export interface LightParts {
  readonly words: Int32Array;
  readonly room: Room;
  readonly ticks: Ticks;
}

export interface LightHooks {
  readonly hooks: Hooks;
  /** Before a file's code runs. `hash`: of its site table. */
  addFile(base: number, ops: number, hash: string): void;
  /** Writes the hash of the tick that ends here. */
  closeTick(): void;
}

const HASHES = (Runtime.hashes << 4) | Tag.control;
const POSITION = Slot.position;
const PROGRESS = Slot.progress;
const HASH_A = Slot.hashA;
const HASH_B = Slot.hashB;
/** Registers of the current file's range. */
const FIRST = 0;
const END = 1;
const SHIFT = 2;

/** `full`: the hooks of level full, for those that record nothing there either. */
export function createLightHooks({ words: A, room, ticks }: LightParts, full: Hooks): LightHooks {
  const ranges = new FileRanges();
  const range = new Int32Array(3);
  let opened = false;

  function seek(id: number): void {
    ranges.seek(id);
    range[FIRST] = ranges.first;
    range[END] = ranges.end;
    range[SHIFT] = ranges.shift;
  }

  function roll(w: number): void {
    const id = w >>> 4;
    if (id < range[FIRST]! || id >= range[END]!) seek(id);
    const step = (id + range[SHIFT]!) | 0;
    A[HASH_A] = (Math.imul(A[HASH_A]!, LANE_A) + step) | 0;
    A[HASH_B] = (Math.imul(A[HASH_B]!, LANE_B) + step) | 0;
  }

  function closeTick(): void {
    if (!opened) return;
    const p = room.begin(A[POSITION]!);
    A[p] = HASHES;
    A[p + 1] = (A[HASH_A]! >>> 16) << 1;
    A[p + 2] = (A[HASH_A]! & 0xffff) << 1;
    A[p + 3] = (A[HASH_B]! >>> 16) << 1;
    A[p + 4] = (A[HASH_B]! & 0xffff) << 1;
    A[POSITION] = p + 5;
    A[HASH_A] = 0;
    A[HASH_B] = 0;
  }

  /** No recorded code is on the stack: a tick begins. */
  function turn(): void {
    closeTick();
    opened = true;
    A[POSITION] = ticks.root(A[POSITION]!);
  }

  function enter(w: number): number {
    const c = A[PROGRESS]!;
    if (c === 0) turn();
    roll(w);
    return c;
  }

  function flow(w: number): void {
    if ((w & FLOW_BIT) !== 0) roll(w);
  }

  function leave(_w: number, c: number, v?: unknown): unknown {
    A[PROGRESS] = c;
    return v;
  }

  function unwind(c: number): void {
    A[PROGRESS] = c;
  }

  function resume(_environment: number, op: number): number {
    const c = A[PROGRESS]!;
    if (c === 0) turn();
    A[PROGRESS] = op;
    return c;
  }

  const second = (_w: number, v?: unknown): unknown => v;
  const third = (_w: number, _a: unknown, v: unknown): unknown => v;
  const fourth = (_w: number, _a: unknown, _b: unknown, v: unknown): unknown => v;
  const nothing = Object.freeze({});
  const empty = (): object => nothing;
  const silent = (): void => {};
  const hooks: Hooks = {
    ...full,
    E0: enter,
    E1: enter,
    E2: enter,
    E3: enter,
    E4: enter,
    E5: enter,
    E6: enter,
    EA: (_w: number, op: number): number => resume(0, op),
    EB: (c: number, v: unknown): unknown => ((A[PROGRESS] = c), v),
    V: silent,
    B: flow,
    BE: flow,
    C: flow,
    F: flow,
    R: leave,
    Q: leave,
    S: leave,
    Z: leave,
    X: unwind,
    N: unwind,
    '0': silent,
    '1': second,
    '2': third,
    '3': fourth,
    K: second,
    JP: (result: unknown): unknown => result,
    J: second,
    T: second,
    W: empty,
    L: empty,
    G: silent,
    RE: silent,
    EW: silent,
    EV: silent,
    PT: (_w: number, _strict: boolean, object: unknown): unknown => object,
    PM: (_strict: boolean, object: unknown): unknown => object,
    O: silent,
    D: silent,
    n: silent,
    M: third,
    MD: third,
    U: resume,
    ...createDelegates(leave, resume),
  };

  return {
    hooks,
    addFile(base, ops, hash) {
      ranges.add(base, ops, Number.parseInt(hash.slice(0, 8) || '0', 16) | 0);
      range[END] = 0;
    },
    closeTick,
  };
}
