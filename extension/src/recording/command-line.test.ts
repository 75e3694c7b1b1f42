import { expect, test } from 'vitest';
import { commandOf } from './command-line.ts';

test('a command is its words, whatever is in quotes', () => {
  expect(commandOf(`node a.js "two words" 'a && b' "it's" ''`, 'linux')).toEqual([
    'node',
    'a.js',
    'two words',
    'a && b',
    "it's",
    '',
  ]);
  expect(commandOf('npx vitest run src/cart.test.ts --testNamePattern=^x$', 'linux')[0]).toBe('npx');
});

test('what a shell has to read is run by one', () => {
  for (const line of [
    'cd api && npm test',
    'node a.js | head -1',
    'PORT=1 node a.js',
    'node a.js "$HOME"',
    'mocha test/*.js',
    'node a.js < in.txt',
    'node ~/a.js',
  ])
    expect(commandOf(line, 'linux')).toEqual(['sh', '-c', line]);
});

test('on Windows a command is its words', () => {
  expect(commandOf('node a.js *.txt', 'win32')).toEqual(['node', 'a.js', '*.txt']);
});
