import { expect, test } from 'vitest';
import { withoutColours } from './colours.ts';

test('colours are left out, and all else stays', () => {
  expect(withoutColours('\u001b[2mexpect(\u001b[22m\u001b[1;31ma [31m\u001b[0m)')).toBe('expect(a [31m)');
});
