/** The control-flow hash of the tick, which the program rolls at every level (instrument/flow-text.ts). */
import { imul } from './primordials.ts';
import type { Room } from './room.ts';
import type { StackOverflows } from './stack-overflows.ts';
import type { ValueSamples } from './value-samples.ts';
import { type LANE_A, type LANE_B, Runtime, Slot, Tag } from '../wire/words.ts';

export interface FlowHash {
  /** An activation ends, or one that may be suspended has come to a place. */
  roll(hash: number): void;
  /** Between records: writes the hash of the tick that ends here. Returns the next position. */
  close(position: number): number;
  /** As `close`, of a tick that may go on: it is written once more at its end. */
  note(position: number): number;
}

const RECORD = (Runtime.hashes << 4) | Tag.control;
const CHECK = (Runtime.check << 4) | Tag.control;
/** Slot's numbers and the lanes' once more, as literals in the bundle: V8 inlines by size. */
const enum At {
  hashA = 4,
  hashB = 5,
  laneA = 31,
  laneB = 1_000_003,
}
void ([At.hashA, At.hashB] satisfies [typeof Slot.hashA, typeof Slot.hashB]);
void ([At.laneA, At.laneB] satisfies [typeof LANE_A, typeof LANE_B]);

export interface FlowListeners {
  /** hears of each tick that ends, before the next one begins: Runtime.check */
  readonly tickEnds?: ((check: number) => void) | undefined;
  /** is called before anything is rolled */
  readonly rolls?: (() => void) | undefined;
}

export function createFlowHash(
  words: Int32Array,
  room: Room,
  samples: ValueSamples,
  overflows: StackOverflows,
  { tickEnds, rolls }: FlowListeners = {},
): FlowHash {
  let opened = false;

  function roll(hash: number): void {
    words[At.hashA] = (imul(words[At.hashA]!, At.laneA) + hash) | 0;
    words[At.hashB] = (imul(words[At.hashB]!, At.laneB) + hash) | 0;
  }

  function putCheck(position: number, check: number): number {
    if (check === 0) return position;
    words[position] = CHECK;
    words[position + 1] = (check >>> 16) << 1;
    words[position + 2] = (check & 0xffff) << 1;
    return position + 3;
  }

  function putHash(position: number): number {
    const a = words[Slot.hashA]!;
    const b = words[Slot.hashB]!;
    const next = room.begin(position);
    words[next] = RECORD;
    words[next + 1] = (a >>> 16) << 1;
    words[next + 2] = (a & 0xffff) << 1;
    words[next + 3] = (b >>> 16) << 1;
    words[next + 4] = (b & 0xffff) << 1;
    return next + 5;
  }

  return {
    roll: rolls
      ? (hash) => {
          rolls();
          roll(hash);
        }
      : roll,
    close(position) {
      if (!opened) {
        opened = true;
        words[Slot.check] = 0;
        samples.begin();
        return position;
      }
      const next = putHash(overflows.close(position));
      const check = words[Slot.check]!;
      tickEnds?.(check);
      words[Slot.hashA] = 0;
      words[Slot.hashB] = 0;
      words[Slot.check] = 0;
      samples.begin();
      return (words[Slot.position] = putCheck(next, check));
    },
    note(position) {
      if (!opened) return position;
      return (words[Slot.position] = putCheck(putHash(position), words[Slot.check]!));
    },
  };
}
