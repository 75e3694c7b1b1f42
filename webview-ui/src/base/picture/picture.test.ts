import { expect, test } from 'vitest';
import { arrow, fitted, lettersOf } from './picture.ts';

test('a text is cut at the letters that there is room for, wide ones counted twice', () => {
  expect(fitted('a\n  b', 10)).toBe('a b');
  expect(fitted('abcdef', 6)).toBe('abcdef');
  expect(fitted('abcdefg', 6)).toBe('abcde…');
  expect(fitted('日本語の本', 6)).toBe('日本…');
  expect(lettersOf('日本a')).toBe(5);
});

test('an arrow ends in a head that points where it leads', () => {
  const [line, head] = arrow(
    [
      { x: 0, y: 0 },
      { x: 20, y: 0 },
    ],
    'line',
  );
  expect(line).toMatchObject({ kind: 'path', d: 'M0 0L12 0', stroke: 'line' });
  expect(head).toMatchObject({ kind: 'path', d: 'M20 0L12 3.5L12 -3.5Z', fill: 'line' });
  expect(arrow([{ x: 0, y: 0 }], 'line')).toEqual([]);
});
