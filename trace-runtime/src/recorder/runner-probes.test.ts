import { expect, test } from 'vitest';
import { isRunner, probed, withNodeTest } from './runner-probes.ts';

test('only files of test runners are changed', () => {
  expect(isRunner('/app/lib/runner.js')).toBe(false);
  expect(probed('/app/node_modules/qs/lib/index.js', 'x')).toBeUndefined();
  expect(probed('/app/node_modules/mocha/lib/runner.js', 'class Runner {}')).toContain('__hcCase("mocha",Runner)');
});

test('a runner that looks different runs as it is', () => {
  expect(probed('/app/node_modules/@vitest/runner/dist/index.js', 'something else')).toBeUndefined();
});

test('node:test is handed out without moving what follows', () => {
  const code = "const test = require('node:test'), more = 1;";
  const changed = withNodeTest(code);
  expect(changed).toContain('__hcTest(');
  expect(changed.indexOf('more')).toBe(code.indexOf('more'));
  expect(withNodeTest("import test from 'node:test';")).toMatch(/^import test from "data:text\/javascript,/);
});
