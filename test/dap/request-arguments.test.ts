import { expect, test } from 'vitest';
import { parseArguments } from '../../debug-adapter/src/request-arguments.ts';

test('arguments of the protocol are let through as they are', () => {
  const args = {
    source: { path: '/a.js', adapterData: [1] },
    breakpoints: [{ line: 3, condition: 'a > 1' }],
    more: {},
  };
  expect(parseArguments('setBreakpoints', args)).toEqual(args);
  expect(parseArguments('threads', undefined)).toEqual({});
});

test('what is null is left out', () => {
  expect(parseArguments('evaluate', { expression: 'a', frameId: null, context: null })).toEqual({ expression: 'a' });
});

test('paths are native where a client does not say', () => {
  expect(parseArguments('initialize', { adapterID: 'x' })).toEqual({ adapterID: 'x', pathFormat: 'path' });
});

test('a moment may be a number', () => {
  expect(parseArguments('goToMoment', { moment: 12 })).toEqual({ moment: '12' });
});

test.each([
  ['next', {}, '`threadId` is missing.'],
  ['next', { threadId: '1' }, '`threadId` must be a whole number.'],
  ['next', [], 'The arguments must be an object.'],
  ['readMemory', { memoryReference: '1:2', count: -1 }, '`count` must be a whole number from 0.'],
  ['setBreakpoints', { source: { path: 5 } }, '`source.path` must be a text.'],
  ['setBreakpoints', { source: {}, breakpoints: [{ line: 1 }, {}] }, '`breakpoints[1].line` is missing.'],
  ['setDataBreakpoints', { breakpoints: {} }, '`breakpoints` must be a list.'],
  ['launch', { env: { A: 1 } }, '`env.A` must be a text.'],
  ['disassemble', {}, 'There is no such request.'],
  ['constructor', {}, 'There is no such request.'],
])('%s with %j is refused: %s', (command, args, sentence) => {
  expect(() => parseArguments(command, args)).toThrow(sentence);
});
