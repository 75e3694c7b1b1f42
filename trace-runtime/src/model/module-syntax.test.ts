import { expect, it } from 'vitest';
import { hasModuleSyntax } from './module-syntax.ts';

it.each([
  'import a from "a"',
  'import{a}from"a"',
  'import * as a from "a"',
  "import'a'",
  '  export const a = 1',
  'export*from"a"',
  'export{a}',
  'x();\nexport default 1',
])('takes %s for a module', (text) => expect(hasModuleSyntax(text)).toBe(true));

it.each([
  'exports.a = 1',
  'exports = {}',
  'exporting()',
  'import("a")',
  'importScripts("a")',
  'const a = 1',
  '// import a from "a"',
])('takes %s for CommonJS', (text) => expect(hasModuleSyntax(text)).toBe(false));
