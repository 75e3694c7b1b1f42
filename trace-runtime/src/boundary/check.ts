/**
 * What came over the boundary in a tick, rolled into a number that the tick's end records (Runtime.check): a run that is
 * executed again must have been given the same. Only where that may happen.
 */
import { Slot } from '../wire/words.ts';

export interface Check {
  /** A clock or a random number. */
  number(value: number): void;
  /** What a call brought, or what arrived. */
  text(kind: string, text: string): void;
}

const nothing: Check = { number: () => undefined, text: () => undefined };
/** A number that the machine gives. */
const DESCRIPTOR = '"fd":';
/** FNV-1a's. */
const PRIME = 0x01000193;

export function createCheck(words: Int32Array, isChecked: boolean): Check {
  if (!isChecked) return nothing;
  const double = new Float64Array(1);
  const halves = new Int32Array(double.buffer);
  return {
    number(value) {
      // what Node and its tools ask is asked as often as they like
      if (words[Slot.progress] === 0) return;
      double[0] = value;
      words[Slot.check] = (Math.imul(Math.imul(words[Slot.check]! ^ halves[0]!, PRIME) ^ halves[1]!, PRIME) + 1) | 0;
    },
    text(kind, text) {
      if (text === '' || text.startsWith(DESCRIPTOR) || (words[Slot.progress] === 0 && !isArrival(kind))) return;
      let hash = words[Slot.check]! + 1;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
      words[Slot.check] = hash;
    },
  };
}

/** It comes at its turn, between two ticks. */
function isArrival(kind: string): boolean {
  return kind.endsWith('.done') || ARRIVALS.has(kind);
}

const ARRIVALS: ReadonlySet<string> = new Set([
  'stdin',
  'socket.in',
  'datagram.in',
  'http.body',
  'child.output',
  'child.exit',
  'child.failed',
  'message.in',
]);
