/**
 * Which line of a source is which of an edited one: lines that an alignment pairs, lines that were moved, and in between
 * those that are most alike.
 */
import { alignSequences } from '../analysis/diff/sequences.ts';

/** For each line of `now`, from 0: the line of `then`, from 1; 0 where it is new. */
export function mapLines(then: string, now: string): number[] {
  const [before, after] = [linesOf(then), linesOf(now)];
  const numbers = new Map<string, number>();
  const number = (line: string): number => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  };
  const [inBefore, inAfter] = [before.map(number), after.map(number)];
  const map = after.map(() => 0);
  const taken = before.map(() => false);
  const pair = (was: number, is: number): void => {
    map[is] = was + 1;
    taken[was] = true;
  };
  alignSequences(inBefore, inAfter).forEach((is, was) => {
    if (is >= 0) pair(was, is);
  });
  moved(before, inBefore, inAfter, map, taken, pair);
  changed(before, after, map, taken, pair);
  return map;
}

export function linesOf(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.trim().replaceAll(/\s+/g, ' '));
}

type Pair = (was: number, is: number) => void;

/** Lines that stand elsewhere now, in the order in which they stood. */
function moved(
  before: readonly string[],
  inBefore: readonly number[],
  inAfter: readonly number[],
  map: readonly number[],
  taken: readonly boolean[],
  pair: Pair,
): void {
  const left = new Map<number, number[]>();
  inBefore.forEach((line, was) => {
    if (taken[was] || !/\w/.test(before[was]!)) return;
    const list = left.get(line);
    if (list) list.push(was);
    else left.set(line, [was]);
  });
  inAfter.forEach((line, is) => {
    if (map[is] !== 0) return;
    const was = left.get(line)?.shift();
    if (was !== undefined) pair(was, is);
  });
}

/** Less alike, a line is taken for a new one. */
const ALIKE = 0.5;
/** Longer gaps are no edit of some lines. */
const LONGEST_GAP = 60;

/** Between lines that are paired, those that are most alike. */
function changed(
  before: readonly string[],
  after: readonly string[],
  map: readonly number[],
  taken: readonly boolean[],
  pair: Pair,
): void {
  for (let is = 0; is < after.length; is++) {
    if (map[is] !== 0) continue;
    let end = is;
    while (end < after.length && map[end] === 0) end++;
    const from = is === 0 ? 0 : map[is - 1]!;
    const to = end === after.length ? before.length : map[end]! - 1;
    if (to - from <= LONGEST_GAP && end - is <= LONGEST_GAP) inGap(from, Math.max(from, to), is, end);
    is = end;
  }

  function inGap(from: number, to: number, is: number, end: number): void {
    const candidates: { was: number; at: number; score: number }[] = [];
    for (let at = is; at < end; at++) {
      for (let was = from; was < to; was++) {
        const score = taken[was] ? 0 : likeness(before[was]!, after[at]!);
        if (score >= ALIKE) candidates.push({ was, at, score });
      }
    }
    candidates.sort((a, b) => b.score - a.score);
    for (const { was, at } of candidates) if (!taken[was] && map[at] === 0) pair(was, at);
  }
}

/** The share of words that both have (Dice's coefficient). */
export function likeness(a: string, b: string): number {
  const [inA, inB] = [wordsOf(a), wordsOf(b)];
  if (inA.length === 0 || inB.length === 0) return 0;
  const left = [...inB];
  let common = 0;
  for (const word of inA) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  return (2 * common) / (inA.length + inB.length);
}

function wordsOf(line: string): readonly string[] {
  return line.match(/[\w$]+|[^\s\w$]/g) ?? [];
}
