/**
 * The hooks of level light: no values and no steps are recorded, only the control-flow hash of each tick. Slot.progress
 * tells no more than whether recorded code is on the stack.
 */
import type { Slot } from '../wire/words.ts';
import { createDelegates } from './delegates.ts';
import { createEarlyRoots } from './early-hooks.ts';
import type { FlowHash } from './flow-hash.ts';
import type { Hooks } from './hooks.ts';
import type { StackOverflows } from './stack-overflows.ts';
import type { Ticks } from './ticks.ts';

export interface LightParts {
  readonly words: Int32Array;
  readonly ticks: Ticks;
  readonly flowHash: FlowHash;
  readonly overflows: StackOverflows;
  readonly throwing: (word: number, value: unknown, line: number, column: number) => void;
}

/** Slot's numbers once more, as literals in the bundle: V8 inlines by size. */
const enum At {
  position = 0,
  progress = 2,
  activations = 10,
}
void ([At.position, At.progress, At.activations] satisfies [
  typeof Slot.position,
  typeof Slot.progress,
  typeof Slot.activations,
]);

/** 8 bytes of the stack. */
type Spare = undefined;

export function createLightHooks({ words: A, ticks, flowHash, overflows, throwing }: LightParts): Hooks {
  const { roll } = flowHash;

  /** No recorded code is on the stack: a tick begins. */
  function turn(): void {
    A[At.position] = ticks.root(A[At.position]!);
  }

  /** An activation begins. Returns what its end puts back. */
  function q(): number {
    const c = A[At.progress]!;
    if (c === 0) turn();
    A[At.progress] = 1;
    A[At.activations]!++;
    return c;
  }

  /**
   * As `q`, of a function that may be on the stack more than once. Its frame is made larger by parameters that nobody gives:
   * where the stack is nearly full an activation does not begin, and Node's functions that a begun one calls have room.
   */
  function p(
    _0?: Spare,
    _1?: Spare,
    _2?: Spare,
    _3?: Spare,
    _4?: Spare,
    _5?: Spare,
    _6?: Spare,
    _7?: Spare,
    _8?: Spare,
    _9?: Spare,
    _10?: Spare,
    _11?: Spare,
    _12?: Spare,
    _13?: Spare,
    _14?: Spare,
    _15?: Spare,
  ): number {
    const c = A[At.progress]!;
    if (c === 0) turn();
    A[At.progress] = 1;
    A[At.activations]!++;
    return c;
  }

  /** As `p`, of one that only recorded code calls. */
  function i(
    _0?: Spare,
    _1?: Spare,
    _2?: Spare,
    _3?: Spare,
    _4?: Spare,
    _5?: Spare,
    _6?: Spare,
    _7?: Spare,
    _8?: Spare,
    _9?: Spare,
    _10?: Spare,
    _11?: Spare,
    _12?: Spare,
    _13?: Spare,
    _14?: Spare,
    _15?: Spare,
  ): void {
    A[At.activations]!++;
  }

  /** An activation ends that has come to `h`. */
  function r(h: number, c: number): void {
    roll(h);
    A[At.progress] = c;
  }

  /** Code runs that belongs to an activation, or to none. */
  function goOn(): number {
    const c = A[At.progress]!;
    if (c === 0) turn();
    A[At.progress] = 1;
    return c;
  }

  /** An activation is suspended. */
  function S(_w: number, v: unknown, _op: number, c: number): unknown {
    A[At.progress] = c;
    return v;
  }

  /** It goes on. */
  function U(): number {
    return goOn();
  }

  const roots = createEarlyRoots(() => void (A[At.progress] = 0));

  function EA(): number {
    const c = goOn();
    if (c === 0) roots.begin();
    return c;
  }

  function EB(c: number, v: unknown): unknown {
    if (c === 0) roots.end();
    A[At.progress] = c;
    return v;
  }

  function K(w: number, v: unknown, line: number, column: number): unknown {
    throwing(w, v, line, column);
    return v;
  }

  const Y = (_: unknown, v: unknown): unknown => v;
  return { A, k: roll, q, p, i, r, Y, K, KD: K, S, U, EA, EB, o: overflows.caught, ...createDelegates(S, U, () => {}) };
}
