/**
 * Room for words, and what happens where the program's stack ends inside the recorder: a drain is put off while a few
 * records still fit, and a slow path that was cut short is repaired before the next record.
 */
import { Register } from './registers.ts';
import type { Transport } from './transport.ts';
import { HEADROOM, Slot } from '../wire/words.ts';

export interface Room {
  /** In a record: returns where to write on; up to HEADROOM / 2 words fit. */
  at(position: number): number;
  /** Between records. */
  begin(position: number): number;
  /** words that may be written from a position that `at` has returned */
  left(position: number): number;
  /** A slow path did not come to its end: `repair` is called before the next record. */
  broke(): void;
  onRepair(repair: () => void): void;
  /** Has the next record take the slow path, where `tell` of onWait writes before it; or no more. */
  wait(waits: boolean): void;
  onWait(tell: (position: number) => number): void;
}

/** Frames that a drain needs at most. */
const FRAMES = 150;
/** In Slot.limit: the next record takes the slow path. */
const NOW = -1;

export function createRoom(transport: Transport, registers: Int32Array): Room {
  const words = transport.words;
  const state = { repair: (): void => {}, tell: (position: number) => position, limit: 0 };

  function limit(): number {
    const current = words[Slot.limit]!;
    return current === NOW ? state.limit : current;
  }

  function drain(position: number): number {
    const broken = words[Slot.limit] === NOW;
    words[Slot.limit] = limit();
    words[Slot.position] = position;
    transport.drain();
    if (broken) delay();
    return words[Slot.position]!;
  }

  function delay(): void {
    state.limit = limit();
    words[Slot.limit] = NOW;
  }

  function mend(position: number): number {
    if (!deep()) return position;
    words[Slot.limit] = limit();
    registers[Register.broken] = 0;
    state.repair();
    return words[Slot.position]!;
  }

  function wait(waits: boolean): void {
    registers[Register.waiting] = waits ? 1 : 0;
    if (waits) delay();
    else if (registers[Register.broken] === 0) words[Slot.limit] = limit();
  }

  function begin(from: number): number {
    const position = registers[Register.broken] === 1 ? mend(from) : from;
    if (registers[Register.waiting] === 1) {
      wait(false);
      return begin(state.tell(begin(position)));
    }
    const end = limit();
    if (position <= end) return position;
    // a few records still fit behind the limit; then the program has no stack left itself
    if (!deep()) {
      if (position < end + HEADROOM / 2) return position;
      throw new RangeError('Maximum call stack size exceeded');
    }
    registers[Register.middle] = -1;
    return drain(position);
  }

  return {
    at(position) {
      if (position <= words[Slot.limit]! || position <= limit()) return position;
      if (!deep()) throw new RangeError('no stack for a drain');
      const next = drain(position);
      registers[Register.middle] = next;
      return next;
    },
    begin,
    wait,
    onWait(tell) {
      state.tell = tell;
    },
    left(position) {
      const left = limit() - position;
      return left > 0 ? left : 1;
    },
    broke() {
      registers[Register.broken] = 1;
      delay();
    },
    onRepair(repair) {
      state.repair = repair;
    },
  };
}

function descend(frames: number): number {
  return frames === 0 ? 0 : descend(frames - 1) + 1;
}

/** A transport that meets the end of the stack would give up its stream. */
function deep(): boolean {
  try {
    return descend(FRAMES) === FRAMES;
  } catch {
    return false;
  }
}
