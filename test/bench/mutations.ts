/** Programs that differ from a given one in one operator, constant or condition, in an order that a seed gives. */
import { Random } from '../support/random.ts';

const SWAPS: readonly (readonly [RegExp, string])[] = [
  [/ < /g, ' <= '],
  [/ > /g, ' >= '],
  [/ <= /g, ' < '],
  [/ >= /g, ' > '],
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ == /g, ' != '],
  [/ != /g, ' == '],
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/ \* /g, ' + '],
  [/ % /g, ' * '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/\+= /g, '-= '],
  [/\b0\b/g, '1'],
  [/\b1\b/g, '2'],
  [/\b2\b/g, '3'],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/return ([^;\n]+)/g, 'return [$1]'],
];

export function mutationsOf(source: string, seed: string): readonly string[] {
  const all: string[] = [];
  for (const [pattern, replacement] of SWAPS) {
    for (const { 0: found, index } of source.matchAll(pattern)) {
      const put = found.replace(new RegExp(pattern.source), replacement);
      all.push(source.slice(0, index) + put + source.slice(index + found.length));
    }
  }
  const random = new Random([...seed].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  for (let left = all.length - 1; left > 0; left--) {
    const other = random.below(left + 1);
    [all[left], all[other]] = [all[other]!, all[left]!];
  }
  return all;
}
