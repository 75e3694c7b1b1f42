import { expect, test } from 'vitest';
import { quickPattern } from './quick-patterns.ts';

test.each([
  ['^a+$', ''],
  ['\\bfoo\\d{2,4}', 'i'],
  ['(?:ab|cd)x', ''],
  ['[a-z\\]]*@[^ ]+', 'u'],
  ['(?<year>\\d{4})-(\\d\\d)', 'g'],
  ['^(GET|POST) /api/', ''],
])('/%s/%s is tried', (source, flags) => {
  expect(quickPattern(source, flags, 'x'.repeat(60))).toEqual(new RegExp(source, flags));
});

test.each([
  ['(a+)+$', ''],
  ['(a|a)*$', ''],
  ['(?:a?)*b', ''],
  ['(a|b|ab){2,}c', ''],
  ['(.)\\1', ''],
  ['(?=a)b', ''],
  ['(?<=a)b', ''],
  ['a?'.repeat(30) + 'a'.repeat(30), ''],
  ['.*a.*b.*c.*d.*e', ''],
  ['[a&&b]', 'v'],
  ['(', ''],
  ['x{2000,}', ''],
  ['((x|y)z)+', ''],
])('/%s/%s is left to the sandbox', (source, flags) => {
  expect(quickPattern(source, flags, 'x'.repeat(100))).toBeUndefined();
});

test('the longer the text, the fewer repetitions', () => {
  expect(quickPattern('a.*b', '', 'x'.repeat(1000))).toBeDefined();
  expect(quickPattern('a.*b', '', 'x'.repeat(10_000))).toBeUndefined();
});
