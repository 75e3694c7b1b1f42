/** A text beside what is left of it: line by line, in one pass, since what is left stands in the order of the text. */
import { parseJson, writeJson } from './json-tree.ts';

export type AlignedLine =
  | { readonly kind: 'kept'; readonly text: string }
  | { readonly kind: 'gone'; readonly count: number }
  /** `before`: what it was, where only one line can have been it */
  | { readonly kind: 'shorter'; readonly before: string | undefined; readonly text: string };

const FITS = 100;

/** JSON is laid out first, both sides, unless so little is left that it fits into a line. */
export function alignReduction(before: string, after: string): readonly AlignedLine[] {
  if (after.length <= FITS && parseJson(after) && parseJson(before))
    return [{ kind: 'shorter', before: before.length <= FITS ? before.trim() : undefined, text: after.trim() }];
  const [a, b] = [laidOut(before), laidOut(after)];
  return align(a.split('\n'), b.split('\n'));
}

function laidOut(text: string): string {
  const node = parseJson(text);
  return (node ? writeJson(node, 2) : text).replace(/\n$/, '');
}

function align(before: readonly string[], after: readonly string[]): readonly AlignedLine[] {
  const lines: AlignedLine[] = [];
  let at = 0;
  after.forEach((text, index) => {
    const to = before.length - (after.length - index - 1);
    const kept = before.indexOf(text, at);
    const [source = -1, another] = kept >= 0 && kept < to ? [kept] : sourcesOf(before, at, to, text);
    if (source > at && another === undefined) lines.push({ kind: 'gone', count: source - at });
    if (source < 0 || another !== undefined) lines.push({ kind: 'shorter', before: undefined, text });
    else if (source === kept) lines.push({ kind: 'kept', text });
    else lines.push({ kind: 'shorter', before: before[source], text });
    if (source >= 0 && another === undefined) at = source + 1;
  });
  const shown = lines.filter(({ kind }) => kind !== 'gone').length;
  const gone = lines.reduce((sum, line) => sum + (line.kind === 'gone' ? line.count : 0), shown);
  if (before.length > gone) lines.push({ kind: 'gone', count: before.length - gone });
  return lines;
}

/** At most two of the lines that it may be left of. */
function sourcesOf(before: readonly string[], from: number, to: number, text: string): readonly number[] {
  const found: number[] = [];
  for (let at = from; at < to && found.length < 2; at++) if (isLeftOf(before[at]!, text)) found.push(at);
  return found;
}

function isLeftOf(whole: string, left: string): boolean {
  let at = 0;
  for (const letter of left) {
    at = whole.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
