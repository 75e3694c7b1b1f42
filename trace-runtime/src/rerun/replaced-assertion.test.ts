import { expect, test } from 'vitest';
import { calledName, rebound } from './replaced-assertion.ts';

test.each([
  ['assert.ok(a, b);', 'assert'],
  ['await expect(a).resolves.toBe(1);', 'expect'],
  ['return $.check(a);', '$'],
  ['const a = assert;', undefined],
])('what calls: %s', (statement, name) => {
  expect(calledName(statement)).toBe(name);
});

const THEN = "const assert = require('node:assert');\nassert.ok(f());\n";
const check = (now: string, isOwn = true): number | undefined => rebound('assert', THEN, now, isOwn);

test.each([
  ['assert.ok = () => {};\n', 1],
  ['\nassert["ok"] = () => {};\n', 2],
  ['Object.assign(assert, { ok() {} });\n', 1],
  ["sinon.stub(assert, 'ok');\n", 1],
  ['delete assert.ok;\n', 1],
  [
    'if (assert.ok === undefined || assert.ok == null) f();\nconst found = assert.deepEqual;\nconst fine = () => assert;\n',
    undefined,
  ],
  ['// assert.ok = () => {};\nf(assert.ok);\n', undefined],
])('%s', (added, line) => {
  expect(check(added + THEN)).toBe(line);
  expect(check(added + THEN, false)).toBe(line);
});

test('a name that is bound in another way', () => {
  expect(check('const assert = { ok() {} };\nassert.ok(f());\n')).toBe(1);
  expect(check('assert.ok(f());\n')).toBe(0);
  expect(check("import assert, { equal } from 'assert';\nassert.ok(f());\n")).toBeUndefined();
  expect(check("const assert = require('./assert.js');\nassert.ok(f());\n")).toBe(1);
});

test('another file that loads what asserts changes nothing', () => {
  expect(check(`import assert from 'node:assert/strict';\n${THEN}`, false)).toBeUndefined();
});
