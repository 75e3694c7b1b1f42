import { expect, test } from 'vitest';
import { firstLine } from './first-line.ts';

test('what is announced stands on the same line where it is one line', () => {
  expect(firstLine('Expected values to be strictly equal:\n\n413 !== 200\n')).toBe(
    'Expected values to be strictly equal: 413 !== 200',
  );
  expect(firstLine('Expected values to be strictly deep-equal:\n+ actual - expected\n\n  [\n')).toBe(
    'Expected values to be strictly deep-equal',
  );
  const texts =
    "Expected values to be strictly equal:\n+ actual - expected\n\n+ 'two words'\n- 'two  words'\n        ^\n";
  expect(firstLine(texts)).toBe("Expected values to be strictly equal: actual 'two words', expected 'two  words'");
  expect(firstLine('no\nmore')).toBe('no');
  expect(firstLine('')).toBe('');
});
