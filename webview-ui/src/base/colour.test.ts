import { expect, test } from 'vitest';
import { mix, parseColour, toCss } from './colour.ts';

test.each([
  ['#fff', [255, 255, 255, 1]],
  ['#01020380', [1, 2, 3, 128 / 255]],
  ['rgba(1, 2, 3, 0.5)', [1, 2, 3, 0.5]],
  ['rgb(1 2 3 / 50%)', [1, 2, 3, 0.5]],
  ['inherit', undefined],
  ['rgb(none)', undefined],
])('%s', (text, colour) => {
  expect(parseColour(text)).toEqual(colour);
});

test('colours are mixed and written', () => {
  expect(toCss(mix([255, 0, 10], [0, 0, 20], 0.5))).toBe('#80000f');
});
