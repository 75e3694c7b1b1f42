import { expect, test } from 'vitest';
import { withMethod } from './method-names.ts';

test.each([
  ['Timeout.named (/a.js:1:2)', 'named', '_onTimeout', 'Timeout.named [as _onTimeout] (/a.js:1:2)'],
  ['Timeout.<anonymous> (/a b (c).js:1:2)', null, '_onTimeout', 'Timeout._onTimeout (/a b (c).js:1:2)'],
  ['Object.readFile (node:fs:1:2)', 'readFile', 'readFile', 'Object.readFile (node:fs:1:2)'],
  ['Object.fs.readFile (/a.js:1:2)', 'fs.readFile', 'readFile', 'Object.fs.readFile (/a.js:1:2)'],
  ['/a.js:1:2', null, 'x', '/a.js:1:2'],
])('%s of the function %s becomes that of method %s', (frame, name, method, text) => {
  expect(withMethod(frame, name, method)).toBe(text);
});
