/** Compact records for what a hot loop may ask for: no text, no JSON, no allocation. */
import { Runtime, Slot, Special, Tag } from '../wire/words.ts';
import type { BoundaryLog } from './log.ts';

export interface NumberRecords {
  clock(kind: number, value: number): void;
  /** Seconds and nanoseconds, or the low 30 bits of nanoseconds and the rest. */
  clockPair(kind: number, first: number, second: number): void;
  random(value: number): void;
}

const CLOCK = (Runtime.clock << 4) | Tag.control;
const RANDOM = (Runtime.random << 4) | Tag.control;
const DOUBLE = (Special.double << 3) | Tag.special;

export function numberRecords(log: BoundaryLog): NumberRecords {
  const { sink, check } = log;
  const { words } = sink;
  const double = new Float64Array(1);
  const halves = new Int32Array(double.buffer);

  function putNumber(at: number, value: number): number {
    check.number(value);
    const int = value | 0;
    if (int === value && (int << 1) >> 1 === int) {
      words[at] = int << 1;
      return at + 1;
    }
    double[0] = value;
    words[at] = DOUBLE;
    words[at + 1] = halves[0]!;
    words[at + 2] = halves[1]!;
    return at + 3;
  }

  return {
    clock(kind, value) {
      if (log.ownClocks > 0) return;
      if (words[Slot.position]! > words[Slot.limit]!) sink.drain();
      const at = words[Slot.position]!;
      words[at] = CLOCK;
      words[at + 1] = words[Slot.progress]! << 1;
      words[at + 2] = kind << 1;
      words[Slot.position] = putNumber(at + 3, value);
    },
    clockPair(kind, first, second) {
      if (log.ownClocks > 0) return;
      if (words[Slot.position]! > words[Slot.limit]!) sink.drain();
      const at = words[Slot.position]!;
      words[at] = CLOCK;
      words[at + 1] = words[Slot.progress]! << 1;
      words[at + 2] = kind << 1;
      words[Slot.position] = putNumber(putNumber(at + 3, first), second);
    },
    random(value) {
      if (words[Slot.position]! > words[Slot.limit]!) sink.drain();
      const at = words[Slot.position]!;
      words[at] = RANDOM;
      words[at + 1] = words[Slot.progress]! << 1;
      words[Slot.position] = putNumber(at + 2, value);
    },
  };
}
