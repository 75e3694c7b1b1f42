import { expect, it } from 'vitest';
import { parseIgnoreRules } from './ignore-rules.ts';

function check(text: string, path: string, expected: boolean | undefined, isFolder = false): void {
  expect(parseIgnoreRules(text, '/p').ignores(path, isFolder)).toBe(expected);
}

it('ignores names at any depth, and paths with a slash only there', () => {
  check('dist', '/p/a/dist', true, true);
  check('dist', '/p/dist', true);
  check('/dist', '/p/a/dist', undefined);
  check('a/dist', '/p/a/dist', true);
  check('*.log', '/p/a/b.log', true);
  check('# dist\n\n', '/p/dist', undefined);
});

it('lets the last rule decide, and knows folders', () => {
  check('*.js\n!keep.js', '/p/keep.js', false);
  check('*.js\n!keep.js', '/p/other.js', true);
  check('out/', '/p/out', undefined);
  check('out/', '/p/out', true, true);
  check('build/**', '/p/build/x/y.js', true);
});
