/**
 * Which entries of two sequences stand for the same: what both begin and end with, then Myers' greedy algorithm (An O(ND)
 * Difference Algorithm, 1986). Where they differ in very many places, patience diff: entries that each has once are
 * paired in their longest common order, and what is equal beside them.
 */

/** Beyond so many differences patience diff takes over. */
const MOST = 1000;

/** For each entry of `a` its partner in `b`; -1 where it has none. Partners come in ascending order. */
export function alignSequences(a: ArrayLike<number>, b: ArrayLike<number>): Int32Array {
  const pairs = new Int32Array(a.length).fill(-1);
  let from = 0;
  let endA = a.length;
  let endB = b.length;
  while (from < endA && from < endB && a[from] === b[from]) pairs[from] = from++;
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) pairs[--endA] = --endB;
  if (from === endA || from === endB) return pairs;
  if (!myers(a, b, from, endA, endB, pairs)) patience(a, b, from, endA, endB, pairs);
  return pairs;
}

/** False where they differ too much. */
function myers(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  from: number,
  endA: number,
  endB: number,
  pairs: Int32Array,
): boolean {
  const lengthA = endA - from;
  const lengthB = endB - from;
  const most = Math.min(MOST, lengthA + lengthB);
  // by diagonal, at `most + 1` the one through the beginning: how far in `a` it was come
  const far = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(far.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && far[middle + k - 1]! < far[middle + k + 1]!);
      let x = down ? far[middle + k + 1]! : far[middle + k - 1]! + 1;
      let y = x - k;
      while (x < lengthA && y < lengthB && a[from + x] === b[from + y]) {
        x++;
        y++;
      }
      far[middle + k] = x;
      if (x >= lengthA && y >= lengthB) {
        walkBack(trace, lengthA, lengthB, from, pairs);
        return true;
      }
    }
  }
  return false;
}

function walkBack(trace: readonly Int32Array[], endX: number, endY: number, from: number, pairs: Int32Array): void {
  let x = endX;
  let y = endY;
  for (let d = trace.length - 1; d >= 0; d--) {
    const far = trace[d]!;
    const at = (k: number): number => far[k + d + 1]!;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const before = down ? k + 1 : k - 1;
    const beforeX = d === 0 ? 0 : at(before);
    const beforeY = d === 0 ? 0 : beforeX - before;
    while (x > beforeX && y > beforeY) pairs[from + --x] = from + --y;
    x = beforeX;
    y = beforeY;
  }
}

function patience(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  from: number,
  endA: number,
  endB: number,
  pairs: Int32Array,
): void {
  const placesA = places(a, from, endA);
  const placesB = places(b, from, endB);
  const once: { readonly x: number; readonly y: number }[] = [];
  for (const [entry, x] of placesA) {
    const y = placesB.get(entry) ?? -1;
    if (x >= 0 && y >= 0) once.push({ x, y });
  }
  let x = from;
  let y = from;
  for (const anchor of [...longestAscending(once), { x: endA, y: endB }]) {
    while (x < anchor.x && y < anchor.y && a[x] === b[y]) pairs[x++] = y++;
    let [toX, toY] = [anchor.x, anchor.y];
    while (toX > x && toY > y && a[toX - 1] === b[toY - 1]) pairs[--toX] = --toY;
    if (anchor.x < endA) pairs[anchor.x] = anchor.y;
    x = anchor.x + 1;
    y = anchor.y + 1;
  }
}

/** By entry: where it stands; -1 where in several places. */
function places(list: ArrayLike<number>, from: number, end: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let i = from; i < end; i++) found.set(list[i]!, found.has(list[i]!) ? -1 : i);
  return found;
}

/** The longest selection, `x` ascending as it is given, of which `y` ascends too. */
function longestAscending<T extends { readonly y: number }>(list: readonly T[]): T[] {
  const ends: number[] = [];
  const before = new Int32Array(list.length).fill(-1);
  list.forEach(({ y }, i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[ends[middle]!]!.y < y) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[i] = ends[low - 1]!;
    ends[low] = i;
  });
  const chosen: T[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]!) chosen.push(list[at]!);
  return chosen.reverse();
}
