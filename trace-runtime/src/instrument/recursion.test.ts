import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { recursiveFunctions } from './recursion.ts';

/** The beginnings of the functions that are found. */
function found(source: string): readonly string[] {
  const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true);
  return [...recursiveFunctions(file)].map((node) => node.getText().slice(0, 12));
}

test('functions that call themselves, each other, or are handed on within themselves', () => {
  expect(found('function a() { b(); } function b() { c(); } function c() {}')).toEqual([]);
  expect(found('function aaaaa() { aaaaa(); }')).toEqual(['function aaa']);
  expect(found('const even = (n) => odd(n); const odd = (n) => even(n); const no = (n) => even(n);')).toEqual([
    '(n) => odd(n',
    '(n) => even(',
  ]);
  expect(found('function walk(t) { t.forEach(walk); }')).toEqual(['function wal']);
  expect(found('function walk(t) { t.forEach((each) => walk(each)); t.map((each) => 1); }')).toEqual([
    'function wal',
    '(each) => wa',
  ]);
});

test('methods, accessors, and what the language calls', () => {
  expect(found('class A { visit(n) { return n.left.visit(); } other() { this.visit(); } }')).toEqual(['visit(n) { r']);
  expect(found('class A { get top() { return this.up.top; } get no() { return this.top; } }')).toEqual([
    'get top() { ',
  ]);
  expect(found('const o = { toJSON() { return JSON.stringify(o); }, run: function () { o.run(); } };')).toEqual([
    'toJSON() { r',
    'function () ',
  ]);
  expect(found('exports.go = function () { exports.go(); };')).toEqual(['function () ']);
});
