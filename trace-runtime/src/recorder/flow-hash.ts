/** The control-flow hash of the tick, which the program rolls at every level (instrument/flow-text.ts). */
import type { Room } from './room.ts';
import { type LANE_A, type LANE_B, Runtime, Slot, Tag } from '../wire/words.ts';

export interface FlowHash {
  /** An activation ends, or one that may be suspended has come to a place. */
  roll(hash: number): void;
  /** Between records: writes the hash of the tick that ends here. Returns the next position. */
  close(position: number): number;
}

const RECORD = (Runtime.hashes << 4) | Tag.control;
/** Slot's numbers and the lanes' once more, as literals in the bundle: V8 inlines by size. */
const enum At {
  hashA = 4,
  hashB = 5,
  laneA = 31,
  laneB = 0x01000193,
}
void ([At.hashA, At.hashB] satisfies [typeof Slot.hashA, typeof Slot.hashB]);
void ([At.laneA, At.laneB] satisfies [typeof LANE_A, typeof LANE_B]);

export function createFlowHash(words: Int32Array, room: Room): FlowHash {
  let opened = false;
  return {
    roll(hash) {
      words[At.hashA] = (Math.imul(words[At.hashA]!, At.laneA) + hash) | 0;
      words[At.hashB] = (Math.imul(words[At.hashB]!, At.laneB) + hash) | 0;
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
