import { describe, expect, test } from 'vitest';
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import { CallLog } from '../../trace-runtime/src/query/call-log.ts';
import { CallRecorder } from '../../trace-runtime/src/query/call-recorder.ts';
import { CallTree } from '../../trace-runtime/src/query/call-tree.ts';
import { depthBins } from '../../trace-runtime/src/query/depth-bins.ts';
import { Flame, type Rectangles } from '../../trace-runtime/src/query/flame.ts';
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import type { StreamState } from '../../trace-runtime/src/query/stream-state.ts';
import { random } from './walks.ts';

/** A log of calls at random: bursts of short ones, and few that last. */
function randomLog(seed: number, calls: number): { readonly log: CallLog; readonly end: number } {
  const next = random(seed);
  const recorder = new CallRecorder();
  const stack: Activation[] = [];
  const event = { code: EventCode.none as EventCode, activation: undefined as Activation | undefined };
  let moment = 0;
  const follow = (): void => recorder.follow({ stack, event, moment } as unknown as StreamState);
  for (let serial = 1; serial <= calls;) {
    moment += 1 + (next(20) === 0 ? next(200) : next(3));
    if (stack.length === 0 || (stack.length < 30 && next(100) < 52)) {
      const activation = { serial: serial++, file: { base: 0 }, site: { firstOp: next(50) }, early: false };
      stack.push(activation as unknown as Activation);
      Object.assign(event, { code: EventCode.enter, activation });
    } else Object.assign(event, { code: EventCode.exit, activation: stack.pop() });
    follow();
  }
  recorder.end(moment);
  return { log: new CallLog(recorder.columns()), end: moment };
}

const rows = ({ count }: Rectangles): number[] => Array.from({ length: count }, (_, row) => row);

describe.each([
  ['few', 1, 2000],
  ['many', 2, 25_000],
])('%s calls', (_, seed, calls) => {
  const { log, end } = randomLog(seed, calls);
  const flame = new Flame(log);
  const next = random(seed + 10);
  const ranges = Array.from({ length: 14 }, (_, i) => {
    const length = Math.max(1, Math.floor(end / 2 ** (i % 12)));
    const from = next(end - length + 1);
    return { from, to: from + length, width: [0, 1, 30, 64, 200, 1000, length / 700][i % 7]! };
  });

  test.each(ranges)('every call of the range is drawn once: %o', ({ from, to, width }) => {
    const found = flame.between(from, to, width);
    const drawn = rows(found).reduce((sum, row) => sum + found.spans![row]!, 0);
    let wanted = 0;
    for (let span = 0; span < log.count; span++) if (log.enter[span]! < to && log.exit[span]! >= from) wanted++;
    // what is merged at the edges reaches over them
    expect(drawn).toBeGreaterThanOrEqual(wanted);
    if (width < 64) expect(drawn).toBe(wanted);
  });

  test.each(ranges)('rectangles of a depth do not overlap, and lie in those below: %o', ({ from, to, width }) => {
    const { enter, exit, depth, parent, count } = flame.between(from, to, width);
    const last: number[] = [];
    const wrong: number[] = [];
    for (let row = 0; row < count; row++) {
      const level = depth[row]!;
      const before = last[level];
      if (before !== undefined && enter[row]! < exit[before]!) wrong.push(row);
      const below = parent[row]!;
      if (level > 0 && (enter[row]! < enter[below]! || exit[row]! > exit[below]!)) wrong.push(row);
      last[level] = row;
    }
    expect(wrong).toEqual([]);
  });

  test.each(ranges)('a call that is wide enough stands alone, at its own place: %o', ({ from, to, width }) => {
    const { enter, exit, span, spans, count } = flame.between(from, to, width);
    const alone = new Set<number>();
    const wrong: number[] = [];
    for (let row = 0; row < count; row++) {
      if (spans![row] !== 1) continue;
      alone.add(span![row]!);
      if (enter[row] !== log.enter[span![row]!] || exit[row] !== log.exit[span![row]!]) wrong.push(row);
    }
    for (let each = 0; each < log.count; each++) {
      const isIn = log.enter[each]! < to && log.exit[each]! >= from;
      if (isIn && log.exit[each]! - log.enter[each]! >= width && !alone.has(each)) wrong.push(each);
    }
    expect(wrong).toEqual([]);
  });

  test('there are about as many rectangles of a depth as pixels, at most', () => {
    const pixels = 500;
    const found = flame.between(0, end + 1, end / pixels);
    const byDepth = new Map<number, number>();
    for (const row of rows(found)) byDepth.set(found.depth[row]!, (byDepth.get(found.depth[row]!) ?? 0) + 1);
    for (const count of byDepth.values()) expect(count).toBeLessThanOrEqual(pixels * 1.5);
  });

  test('depths are those of the stack at the moments of each bin, give or take a moment', () => {
    const from = Math.floor(end / 3);
    const count = 200;
    const { most, least, begun } = depthBins(log, flame, from, from + count * 5, count);
    const depthAt = (moment: number): number => {
      const span = log.spanAt(moment);
      return span === undefined ? 0 : log.depth[span]! + 1;
    };
    for (let bin = 0; bin < count; bin++) {
      const own = Array.from({ length: 5 }, (_, i) => depthAt(from + bin * 5 + i));
      const near = [...own, depthAt(from + bin * 5 - 1), depthAt(from + bin * 5 + 5)];
      expect(most[bin]).toBeGreaterThanOrEqual(Math.max(...own));
      expect(most[bin]).toBeLessThanOrEqual(Math.max(...near));
      expect(least[bin]).toBeLessThanOrEqual(Math.min(...own));
      expect(least[bin]).toBeGreaterThanOrEqual(Math.min(...near));
    }
    const begins = log.spanFrom(from + count * 5) - log.spanFrom(from);
    expect(begun.reduce((a, b) => a + b, 0)).toBe(begins);
  });

  test('the tree has every call once, below who called it', () => {
    const tree = new CallTree(log);
    const seen: number[] = [];
    const visit = (call: number): number => {
      let inside = 0;
      for (const span of tree.childrenOf(call)) {
        const child = log.serial[span]!;
        seen.push(child);
        expect(tree.callerOf(child)).toBe(call);
        inside += 1 + visit(child);
      }
      if (call !== 0) expect([tree.countInside(call), tree.hasChildren(call)]).toEqual([inside, inside > 0]);
      return inside;
    };
    expect(visit(0)).toBe(log.calls);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
});
