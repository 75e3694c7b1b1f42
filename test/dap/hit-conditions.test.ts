import { expect, test } from 'vitest';
import { HitCounter, isMeant, parseHits } from '../../debug-adapter/src/hit-conditions.ts';

const THREADS = [
  [3, 5, 9, 12],
  [1, 2, 7, 8, 20],
];

/** Places of each thread that are meant, and how many hits were looked at. */
function check(text: string): { readonly meant: number[][]; readonly looked: number } {
  const counter = new HitCounter(parseHits(text)!);
  let looked = 0;
  const meant = THREADS.map((places) => {
    for (const place of counter.isDecided ? [] : places) {
      if (counter.isDecided) break;
      looked++;
      counter.hit(place);
    }
    const found = counter.take(!counter.isDecided);
    return places.filter((place) => isMeant(found, place));
  });
  return { meant, looked };
}

test.each([
  ['5', [[], [1]], 5],
  ['==2', [[5], []], 2],
  ['>3', [[12], [1, 2, 7, 8, 20]], 4],
  ['>=6', [[], [2, 7, 8, 20]], 6],
  ['<4', [[3, 5, 9], []], 3],
  ['<=6', [THREADS[0], [1, 2]], 6],
  ['%3', [[9], [2, 20]], 9],
  ['%1', THREADS, 1],
  ['%0', [[], []], 0],
  ['0', [[], []], 0],
  ['100', [[], []], 9],
])('%s means these hits, counted over all threads, and no more is looked at than it takes', (text, meant, looked) => {
  expect(check(text)).toEqual({ meant, looked });
});

test('what is no hit condition is told', () => {
  expect(parseHits('often')).toBeUndefined();
});
