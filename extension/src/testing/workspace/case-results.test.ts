import { expect, it } from 'vitest';
import { testsOfCases } from './case-results.ts';
import { parseTests } from './source/parse-tests.ts';
import type { RunnerName } from './test-model.ts';

const FILE = '/p/a.test.js';

/** `name` or `name@line` of each case; the ids it belongs to, and the label of a row. */
function check(runner: RunnerName, text: string, names: readonly string[], expected: readonly string[]): void {
  const cases = names.map((each) => {
    const [name = '', line = '0'] = each.split('@');
    return { name, file: FILE, line: Number(line) };
  });
  const found = testsOfCases(cases, [{ file: FILE, runner, tests: parseTests(FILE, text).tests }]);
  expect(found.map(({ reference, label }) => [reference.ids.join('/'), label].filter(Boolean).join(' = '))).toEqual(
    expected,
  );
}

it('finds tests by the names that runners join', () => {
  const text = `describe('a', () => { it('b', () => {}); it('c', () => {}) }); it('a b', () => {})`;
  check('vitest', text, ['a c', 'a b'], ['a/c', 'a/b']);
  check('node', `const { describe, it } = require('node:test'); ${text}`, ['a > c', 'a b'], ['a/c', 'a b']);
});

it('tells tests of one name apart by their lines, else by their order', () => {
  const text = `it('a', () => {});\nit('a', () => {});`;
  check('jest', text, ['a', 'a'], ['a', 'a\u00002']);
  check('jest', text, ['a@2', 'a@1'], ['a\u00002', 'a']);
});

it('makes rows of names that are only known when they run', () => {
  const text = `describe('s', () => { it.each([1])('adds %i', () => {}); it('adds 3', () => {}); it(\`\${x} y\`, () => {}) })`;
  check('jest', text, ['s adds 1', 's adds 3', 's 7 y'], ['s/adds %i = adds 1', 's/adds 3', 's/${x} y = 7 y']);
  check('jest', `describe.each([1])('t %i', () => { it('u', () => {}) })`, ['t 1 u'], ['t %i/u = t 1 u']);
});

it('keeps what is not in the source', () => {
  const hook = '"before each" hook for "a"';
  check('mocha', `it('a', () => {})`, [hook], [hook]);
});
