/** The control-flow hash of the tick, which the program rolls at every level (instrument/flow-text.ts). */
import type { Room } from './room.ts';
import { LANE_A, LANE_B, Runtime, Slot, Tag } from '../wire/words.ts';

export interface FlowHash {
  /** An activation ends, or one that may be suspended has come to a place. */
  roll(hash: number): void;
  /** Between records: writes the hash of the tick that ends here. Returns the next position. */
  close(position: number): number;
}

const RECORD = (Runtime.hashes << 4) | Tag.control;
/** Slot's numbers once more, as literals in the bundle: V8 inlines by size. */
const enum At {
  hashA = 4,
  hashB = 5,
}
void ([At.hashA, At.hashB] satisfies [typeof Slot.hashA, typeof Slot.hashB]);

export function createFlowHash(words: Int32Array, room: Room): FlowHash {
  let opened = false;
  return {
    roll(hash) {
      words[At.hashA] = (Math.imul(words[At.hashA]!, LANE_A) + hash) | 0;
      words[At.hashB] = (Math.imul(words[At.hashB]!, LANE_B) + hash) | 0;
    },
    close(position) {
      if (!opened) {
        opened = true;
        return position;
      }
      const a = words[Slot.hashA]!;
      const b = words[Slot.hashB]!;
      const next = room.begin(position);
      words[next] = RECORD;
      words[next + 1] = (a >>> 16) << 1;
      words[next + 2] = (a & 0xffff) << 1;
      words[next + 3] = (b >>> 16) << 1;
      words[next + 4] = (b & 0xffff) << 1;
      words[Slot.hashA] = 0;
      words[Slot.hashB] = 0;
      words[Slot.position] = next + 5;
      return next + 5;
    },
  };
}
