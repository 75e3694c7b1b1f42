import { expect, test } from 'vitest';
import { isRunner, probed, withNodeTest } from './runner-probes.ts';

test('only files of test runners are changed', () => {
  expect(isRunner('/app/lib/runner.js')).toBe(false);
  expect(probed('/app/node_modules/qs/lib/index.js', 'x')).toBeUndefined();
  expect(probed('/app/node_modules/mocha/lib/runner.js', 'class Runner {}')).toContain('__hcCase("mocha",Runner)');
});

test('a file of a runner may tell of several things', () => {
  const source =
    'function updateTask(event, task, runner) {}\n} catch (e) {\n const errors = [e];\n file.result = { state: "fail", errors };';
  const changed = probed('/app/node_modules/@vitest/runner/dist/index.js', source);
  expect(changed).toContain('__hcCase("vitest",event,task)');
  expect(changed).toContain('__hcCase("file",e)');
});

test('a runner that looks different runs as it is', () => {
  expect(probed('/app/node_modules/@vitest/runner/dist/index.js', 'something else')).toBeUndefined();
});

test('node:test is handed out where code asks for it, without moving what follows', () => {
  const code = "const test = require(/*__hct*/'node:test'), more = 'require(\"node:test\")';";
  const changed = withNodeTest(code);
  expect(changed).toContain('__hcTest(');
  expect(changed.slice(code.indexOf('more'))).toBe(code.slice(code.indexOf('more')));
  expect(withNodeTest("import test from /*__hct*/'node:test';")).toMatch(/^import test from "data:text\/javascript,/);
});
