/**
 * Where the stack overflowed, so that it does in the same place where a light recording is executed again, with larger
 * activations on a larger stack. Activations that begin are counted in each tick. What a recorded catch clause or an
 * asynchronous function has caught has its number; an overflow that leaves all recorded code ends its tick: no more began
 * in it.
 */
import { Activations, Runtime, Slot, Tag } from '../wire/words.ts';
import { ownData } from './own-data.ts';
import { is, max } from './primordials.ts';
import type { Room } from './room.ts';

export interface StackOverflows {
  /** Level light: recorded code has caught it. Needs next to no stack, of which there may be no more. */
  caught(error: unknown): void;
  /** Between records, a tick ends: writes its numbers. Returns the next position. */
  close(position: number): number;
  /** A tick begins. */
  begin(tick: number): void;
  /** Others than recorded code have caught it: it says no place. */
  seen(error: unknown): void;
  /** From now on the stack overflows where it did. */
  serve(recorded: RecordedActivations): void;
  /** One activation more has begun than then. `above`: the error's stack begins below it. */
  overflow(above: Callable): never;
}

/** By tick: how many activations had begun at each overflow that was caught, and last how many began in it. */
export type RecordedActivations = Readonly<Record<number, readonly number[]>>;

type Callable = (...args: never[]) => unknown;

const RECORD = (Runtime.activations << 4) | Tag.control;
/** In fewer no stack overflows. */
const DEEP = 256;
/** Of what was caught last in the tick; a power of two. */
const KEPT = 1024;
const NEVER = 2 ** 31 - 1;
const Overflow = RangeError;
const { captureStackTrace } = Error;
const MESSAGE = 'Maximum call stack size exceeded';

/** `repair`: of an error that was caught; see stack-texts.ts. */
export function createStackOverflows(
  words: Int32Array,
  room: Room,
  repair: (error: object) => void = () => {},
): StackOverflows {
  const errors: unknown[] = Array.from({ length: KEPT }, () => undefined);
  const counts = new Int32Array(KEPT);
  const state = { caught: 0, last: undefined as unknown };
  let recorded: RecordedActivations = {};
  let limits: readonly number[] = [];
  let next = 0;
  words[Slot.most] = NEVER;

  function put(position: number, kind: number, count: number): number {
    const at = room.begin(position);
    words[at] = RECORD;
    words[at + 1] = kind << 1;
    words[at + 2] = (count >>> 16) << 1;
    words[at + 3] = (count & 0xffff) << 1;
    return (words[Slot.position] = at + 4);
  }

  function putCaught(position: number): number {
    let at = position;
    for (let i = max(0, state.caught - KEPT); i < state.caught; i++) {
      const error = errors[i & (KEPT - 1)];
      errors[i & (KEPT - 1)] = undefined;
      // thrown on, it is caught more than once
      if (error === state.last || !isOverflow(error)) continue;
      state.last = error;
      at = put(at, Activations.atOverflow, counts[i & (KEPT - 1)]!);
    }
    state.caught = 0;
    state.last = undefined;
    return at;
  }

  function limit(): void {
    words[Slot.most] = limits[next] ?? NEVER;
  }

  return {
    caught(error) {
      if (typeof error === 'object' && error !== null) repair(error);
      const i = state.caught & (KEPT - 1);
      errors[i] = error;
      counts[i] = words[Slot.activations]!;
      state.caught++;
    },
    close(position) {
      const at = state.caught === 0 ? position : putCaught(position);
      const count = words[Slot.activations]!;
      words[Slot.activations] = 0;
      return count < DEEP ? at : put(at, Activations.ofTick, count);
    },
    begin(tick) {
      limits = recorded[tick] ?? [];
      next = 0;
      limit();
    },
    seen(error) {
      if (isOverflow(error)) put(words[Slot.position]!, Activations.unplaced, 0);
    },
    serve(from) {
      recorded = from;
    },
    overflow(above) {
      words[Slot.activations]!--;
      if (next < limits.length - 1) next++;
      limit();
      const error = new Overflow(MESSAGE);
      captureStackTrace(error, above);
      throw error;
    },
  };
}

function isOverflow(error: unknown): boolean {
  return is.isNativeError(error) && ownData(error, 'message')?.value === MESSAGE;
}
