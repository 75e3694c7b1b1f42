/**
 * Which elements of a list are needed. First each needed one is found by bisection, as if needing were monotone (QuickXplain,
 * Junker 2004): log n tries for each, and few are needed as a rule. Where many are, it goes on by leaving out chunks
 * (ddmin, Zeller and Hildebrandt 2002). At the end no single element can be left out.
 */

/** Index of the first candidate, in their order, that still does; -1: none of them. Candidates may be tried at a time. */
export type First<T> = (candidates: readonly T[]) => Promise<number>;

/** `first` is never asked about the list itself, which does. `least`: elements that have to stay. */
export async function reduceList<E>(items: readonly E[], first: First<readonly E[]>, least = 0): Promise<readonly E[]> {
  if (items.length <= least) return items;
  if (least === 0 && (await first([[]])) === 0) return [];
  const { left, isDense } = await bisect(items, first);
  if (left.length <= Math.max(1, least)) return left;
  return leaveOut(left, first, isDense ? Math.ceil(left.length / 2) : 1, least);
}

/** More of them are needed than bisection is good for. */
function isTooDense(needed: number, seen: number, rest: number): boolean {
  return needed >= 3 && (needed / seen) * Math.log2(rest + 1) > 1.5;
}

async function bisect<E>(
  items: readonly E[],
  first: First<readonly E[]>,
): Promise<{ readonly left: readonly E[]; readonly isDense: boolean }> {
  let rest = items;
  let needed: readonly E[] = [];
  // rest[0, high) with what is needed does, rest[0, low) does not
  for (let low = 0; rest.length > 0; low = 0) {
    let high = rest.length;
    while (high - low > 1) {
      const third = Math.max(1, Math.floor((high - low) / 3));
      const ends = [...new Set([low + third, high - third])].filter((end) => end > low && end < high);
      const found = await first(ends.map((end) => [...rest.slice(0, end), ...needed]));
      if (found < 0) low = ends.at(-1)!;
      else {
        low = found === 0 ? low : ends[found - 1]!;
        high = ends[found]!;
      }
    }
    needed = [rest[high - 1]!, ...needed];
    rest = rest.slice(0, high - 1);
    if (rest.length > 0 && (await first([needed])) === 0) return { left: needed, isDense: false };
    if (isTooDense(needed.length, items.length - rest.length, rest.length))
      return { left: [...rest, ...needed], isDense: true };
  }
  return { left: needed, isDense: false };
}

async function leaveOut<E>(
  items: readonly E[],
  first: First<readonly E[]>,
  size: number,
  least: number,
): Promise<readonly E[]> {
  let left = items;
  for (let chunk = size; chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
    for (let end = left.length; end > 0;) {
      const ends = [end, end - chunk].filter((each) => each > 0 && left.length - Math.min(chunk, each) >= least);
      const candidates = ends.map((each) => [...left.slice(0, Math.max(0, each - chunk)), ...left.slice(each)]);
      const found = candidates.length === 0 ? -1 : await first(candidates);
      if (found >= 0) left = candidates[found]!;
      end = found < 0 ? end - chunk * 2 : Math.min(left.length, ends[found]! - chunk);
    }
  }
  return left;
}
