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

test.each([
  [
    'expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1',
    'toBe(expected): expected 2, received 1',
  ],
  [
    'expect(received).toEqual(expected) // deep equality\n\n- Expected  - 1\n+ Received  + 1\n\n  Object {\n-     3,\n+     2,\n  }',
    'toEqual(expected): expected 3, received 2',
  ],
  [
    'expect(received).toHaveLength(expected)\n\nExpected length: 3\nReceived length: 2\nReceived array:  [1, 2]',
    'toHaveLength(expected): expected length 3, received length 2',
  ],
  [
    'expect(received).toThrow(expected)\n\nExpected substring: "x"\n\nReceived function did not throw',
    'toThrow(expected): expected substring "x", received function did not throw',
  ],
  [
    'expect(received).not.toBe(expected) // Object.is equality\n\nExpected: not 1',
    'not.toBe(expected): expected not 1',
  ],
  ['expect(received).toBeTruthy()\n\nReceived: null', 'toBeTruthy(): received null'],
  [
    'expect(received).toEqual(expected) // deep equality\n\n- Expected  - 2\n+ Received  + 1\n\n-   3\n-   4\n+   2',
    'toEqual(expected) // deep equality',
  ],
])('what a matcher of jest was given stands behind its name: %s', (message, expected) => {
  expect(firstLine(message)).toBe(`expect(received).${expected}`);
});
