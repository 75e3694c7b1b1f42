/** How deep the calls of a stream are nested, and how many there are, in stretches of equal length. */
import type { CallLog } from './call-log.ts';
import type { Flame } from './flame.ts';

export interface DepthBins {
  /** most calls that stood on the stack at one time */
  readonly most: Uint16Array;
  /** fewest */
  readonly least: Uint16Array;
  /** calls that began */
  readonly begun: Uint32Array;
}

/** Of `count` bins from the event `from` up to `to`. */
export function depthBins(calls: CallLog, flame: Flame, from: number, to: number, count: number): DepthBins {
  const width = (to - from) / count;
  const most = new Uint16Array(count);
  const least = new Uint16Array(count).fill(0xffff);
  const begun = new Uint32Array(count);
  const { enter, exit, depth, count: rows, spans } = flame.between(Math.floor(from), Math.ceil(to), width);
  const bin = (event: number): number => Math.min(count - 1, Math.max(0, Math.floor((event - from) / width)));
  for (let row = 0; row < rows; row++) {
    const level = depth[row]!;
    const first = bin(enter[row]!);
    const last = bin(exit[row]!);
    for (let i = first; i <= last; i++) if (most[i]! <= level) most[i] = level + 1;
    // where a call ends, as many stand on the stack as stood below it
    const ends = exit[row]! < to;
    const many = spans![row]! > 1;
    for (let i = many ? first : last; ends && i <= last; i++) if (least[i]! > level) least[i] = level;
  }
  let before = calls.spanFrom(from);
  for (let i = 0; i < count; i++) {
    const next = calls.spanFrom(from + (i + 1) * width);
    begun[i] = next - before;
    before = next;
    const at = calls.spanAt(Math.floor(from + i * width));
    least[i] = Math.min(least[i]!, at === undefined ? 0 : calls.depth[at]! + 1);
    if (most[i]! < least[i]!) most[i] = least[i]!;
  }
  return { most, least, begun };
}
