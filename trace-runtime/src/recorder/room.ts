/**
 * Room for words, and for the stack that writing them needs. A slow path asks for both before it changes anything, so
 * that a stack overflow never leaves half a definition behind.
 */
import type { Transport } from './transport.ts';
import { Register } from './registers.ts';
import { HEADROOM, Slot } from '../wire/words.ts';

export interface Room {
  /** In a record: returns where to write on; up to HEADROOM / 2 words fit. */
  at(position: number): number;
  /** Between records. */
  begin(position: number): number;
  /** true where the stack has room for a slow path */
  deep(): boolean;
}

/** Frames of `descend` that a slow path may need; about 100 bytes each. */
const FRAMES = 60;

export function createRoom(transport: Transport, registers: Int32Array): Room {
  const words = transport.words;

  function drain(position: number): number {
    words[Slot.position] = position;
    transport.drain();
    return words[Slot.position]!;
  }

  return {
    at(position) {
      if (position <= words[Slot.limit]!) return position;
      const next = drain(position);
      registers[Register.middle] = next;
      return next;
    },
    begin(position) {
      if (position <= words[Slot.limit]!) return position;
      // a few records still fit behind the limit; then the program has no stack left itself, and its RangeError passes
      if (!deep() && position < words[Slot.limit]! + HEADROOM / 2) return position;
      registers[Register.middle] = -1;
      return drain(position);
    },
    deep,
  };
}

function descend(frames: number): number {
  return frames === 0 ? 0 : descend(frames - 1) + 1;
}

function deep(): boolean {
  try {
    return descend(FRAMES) === FRAMES;
  } catch {
    return false;
  }
}
