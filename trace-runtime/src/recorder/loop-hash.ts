/** The control-flow hash of numeric loops, rolled by the program at every level, since no record tells their arms. */
import type { Room } from './room.ts';
import { LANE_A, LANE_B, Runtime, Slot, Tag } from '../wire/words.ts';

export interface LoopHash {
  /** A loop has ended; `hash` is that of its arms. */
  roll(hash: number): void;
  /** Between records: writes the hash of the tick that ends here, if there were loops. Returns the next position. */
  close(position: number): number;
}

const RECORD = (Runtime.loopHashes << 4) | Tag.control;

export function createLoopHash(words: Int32Array, room: Room): LoopHash {
  return {
    roll(hash) {
      words[Slot.loopA] = (Math.imul(words[Slot.loopA]!, LANE_A) + hash) | 0;
      words[Slot.loopB] = (Math.imul(words[Slot.loopB]!, LANE_B) + hash) | 0;
    },
    close(position) {
      const a = words[Slot.loopA]!;
      const b = words[Slot.loopB]!;
      if ((a | b) === 0) return position;
      const next = room.begin(position);
      words[next] = RECORD;
      words[next + 1] = (a >>> 16) << 1;
      words[next + 2] = (a & 0xffff) << 1;
      words[next + 3] = (b >>> 16) << 1;
      words[next + 4] = (b & 0xffff) << 1;
      words[Slot.loopA] = 0;
      words[Slot.loopB] = 0;
      words[Slot.position] = next + 5;
      return next + 5;
    },
  };
}
