import { expect, test } from 'vitest';
import { instrument } from './instrument.ts';

/** Names of the functions in a text that may begin a tick, at level light. */
function rootsOf(source: string, goal: 'commonjs' | 'module' | 'script' = 'commonjs'): readonly string[] {
  const { light } = instrument(source, { fileName: goal === 'module' ? 'a.mts' : 'a.cts', level: 'steps', goal });
  const heads = [...light.code.matchAll(/function (\w+)\([^)]*\)\s*\{;(.*)/g)];
  return heads.filter(([, , rest]) => rest?.includes('__hcq()')).map(([, name]) => name ?? '');
}

test('a function whose name is only called begins no tick', () => {
  expect(rootsOf('function f(n) {\n return n ? f(n - 1) : g();\n}\nfunction g() {\n return 1;\n}\nf(3);')).toEqual([]);
});

test.each([
  ['handed on', 'setTimeout(f);'],
  ['exported', 'exports.f = f;'],
  ['exported in short', 'module.exports = { f };'],
  ['assigned once more', 'f(); f = 1;'],
  ['called as a method of itself', 'f.call(null);'],
  ['called in an initialiser of a parameter', 'exports.h = (a = f()) => a;'],
  ['called in an initialiser of a field', 'exports.C = class { a = f(); };'],
  ['made twice', 'function f() {\n return 2;\n}\nf();'],
  ['in sight of a direct eval', 'eval("f"); f();'],
  ['in sight of a with statement', 'with (Math) f();'],
])('one that is %s may begin a tick', (_how, rest) => {
  expect(rootsOf(`function f() {\n return 1;\n}\n${rest}`)).toContain('f');
});

test('nor is a function of a module known to its text alone where the module exports it', () => {
  const f = 'function f() {\n return 1;\n}\n';
  expect(rootsOf(`export ${f}f();`, 'module')).toEqual(['f']);
  expect(rootsOf(`${f}f();\nexport { f };`, 'module')).toEqual(['f']);
  expect(rootsOf(`${f}f();\nexport {};`, 'module')).toEqual([]);
});

test('a script has no activation of its own, and its names are everybody’s', () => {
  expect(rootsOf('function f() {\n return 1;\n}\nf();', 'script')).toEqual(['f']);
});

test('what looks at its own arguments may hand itself on', () => {
  expect(rootsOf('function f() {\n return arguments.callee;\n}\nf();')).toEqual(['f']);
});
