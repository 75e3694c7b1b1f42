import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepOrder } from './kept-order.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function check(recorded: string, comes: string): string {
  const arrivals = keepOrder(recorded.split(' '));
  const seen: string[] = [];
  for (const key of comes.split(' ')) arrivals.arrive(key, () => seen.push(key));
  return seen.join(' ');
}

test('what comes too early waits for what was before it', () => {
  expect(check('a b c', 'c b a')).toBe('a b c');
  expect(check('a b a', 'b a a')).toBe('a b a');
});

test('what the recording has not comes at once', () => {
  expect(check('a b', 'x b a x')).toBe('x a b x');
});
