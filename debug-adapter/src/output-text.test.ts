import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { outputText } from './output-text.ts';

test('text is shown without its colours, cut', () => {
  expect(outputText('\u001B[32mok\u001B[39m\t1\r\n')).toBe('ok\t1\r\n');
  expect(outputText('x'.repeat(1000))).toHaveLength(200);
  expect(outputText(undefined)).toBe('');
});

test('what node:test has its files tell it, and other bytes, are named instead', () => {
  const told = serialize({ type: 'test:enqueue', data: { name: 'adds' } }).toString();
  expect(outputText(told)).toBe('‹told to the test runner›');
  expect(outputText(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0]).toString())).toBe('‹bytes that are no text›');
});
