/**
 * Values of declarations that come of calls, sampled and rolled into Runtime.check: a run that is executed again may go
 * the same way with other values. The text counts Slot.sample down (instrument/value-text.ts). In a tick the n-th sample
 * follows the one before after 1 + n such declarations: n² / 2 of them cost n calls.
 */
import { charCodeAt, imul, stringIndexOf } from './primordials.ts';
import { Slot } from '../wire/words.ts';

export interface ValueSamples {
  /** From now on they are taken: the recorded run, or the run that is compared with it. */
  start(): void;
  /** A tick begins. */
  begin(): void;
  /** The hook. Runs no code of the program. */
  take(value: unknown): void;
}

/** FNV-1a's. */
const PRIME = 0x01000193;
/** Longer strings may be ropes, which would have to be joined: of them the length counts. */
const LONGEST = 12;

export function createValueSamples(words: Int32Array): ValueSamples {
  const double = new Float64Array(1);
  const halves = new Int32Array(double.buffer);
  let isOn = false;
  let taken = 0;

  function begin(): void {
    taken = 0;
    words[Slot.sample] = isOn ? 1 : 0;
  }

  function roll(code: number): void {
    words[Slot.check] = imul(words[Slot.check]! ^ code, PRIME) + 1;
  }

  function rollString(text: string): void {
    roll(text.length);
    if (text.length <= LONGEST) for (let i = 0; i < text.length; i++) roll(charCodeAt(text, i));
  }

  return {
    begin,
    start() {
      isOn = true;
      begin();
    },
    take(value) {
      if (!isOn) return;
      words[Slot.sample] = 1 + ++taken;
      if (typeof value === 'string') return rollString(value);
      if (typeof value !== 'number') return roll(kindOf(value));
      double[0] = value;
      roll(halves[0]!);
      roll(halves[1]!);
    },
  };
}

/** No length of a string, and no half of a usual number. */
const KINDS = 0x5f00;

function kindOf(value: unknown): number {
  if (value === null) return KINDS + 1;
  if (value === true) return KINDS + 2;
  if (value === false) return KINDS + 3;
  return KINDS + 4 + stringIndexOf('undefined object function symbol bigint', typeof value, 0);
}
