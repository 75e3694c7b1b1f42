/**
 * The hooks of level light: no values and no steps are recorded, only the control-flow hash of each tick. Slot.progress
 * tells no more than whether recorded code is on the stack.
 */
import type { LANE_A, LANE_B, Slot } from '../wire/words.ts';
import { createDelegates } from './delegates.ts';
import type { FlowHash } from './flow-hash.ts';
import type { Hooks } from './hooks.ts';
import type { Ticks } from './ticks.ts';

export interface LightParts {
  readonly words: Int32Array;
  readonly ticks: Ticks;
  readonly flowHash: FlowHash;
  readonly throwing: (word: number, value: unknown, line: number, column: number) => void;
}

/** Slot's numbers and the lanes' once more, as literals in the bundle: V8 inlines by size. */
const enum At {
  position = 0,
  progress = 2,
  hashA = 4,
  hashB = 5,
  laneA = 31,
  laneB = 0x01000193,
}
void ([At.position, At.progress] satisfies [typeof Slot.position, typeof Slot.progress]);
void ([At.hashA, At.hashB] satisfies [typeof Slot.hashA, typeof Slot.hashB]);
void ([At.laneA, At.laneB] satisfies [typeof LANE_A, typeof LANE_B]);

export function createLightHooks({ words: A, ticks, flowHash, throwing }: LightParts): Hooks {
  /** No recorded code is on the stack: a tick begins. */
  function turn(): void {
    A[At.position] = ticks.root(A[At.position]!);
  }

  /** An activation begins. Returns what its end puts back. */
  function q(): number {
    const c = A[At.progress]!;
    if (c === 0) turn();
    A[At.progress] = 1;
    return c;
  }

  /** An activation ends that has come to `h`. */
  function r(h: number, c: number): void {
    A[At.hashA] = (Math.imul(A[At.hashA]!, At.laneA) + h) | 0;
    A[At.hashB] = (Math.imul(A[At.hashB]!, At.laneB) + h) | 0;
    A[At.progress] = c;
  }

  /** An activation is suspended. */
  function S(_w: number, v: unknown, _op: number, c: number): unknown {
    A[At.progress] = c;
    return v;
  }

  /** It goes on. */
  function U(): number {
    return q();
  }

  function EB(c: number, v: unknown): unknown {
    A[At.progress] = c;
    return v;
  }

  function K(w: number, v: unknown, line: number, column: number): unknown {
    throwing(w, v, line, column);
    return v;
  }

  const Y = (_: unknown, v: unknown): unknown => v;
  return { A, k: flowHash.roll, q, r, Y, K, S, U, EA: q, EB, ...createDelegates(S, U) };
}
