import path from 'node:path';
import { expect, test } from 'vitest';
import { readSources, violations } from './check.ts';

const root = path.resolve(import.meta.dirname, '../..');

function check(file: string, text: string): readonly string[] {
  return violations([{ path: file, text }]);
}

test('the repository keeps to its arrows', () => {
  const sources = readSources(root);
  expect(sources.length).toBeGreaterThan(5);
  expect(violations(sources)).toEqual([]);
});

test('a lower layer must not see a higher one', () => {
  expect(check('trace-runtime/src/model/a.ts', "import { b } from '../query/b.ts';")).toEqual([
    'trace-runtime/src/model/a.ts imports ../query/b.ts: trace-runtime/src/model must not see trace-runtime/src/query',
  ]);
  expect(check('trace-runtime/src/query/a.ts', "import { b } from '../model/b.ts';")).toEqual([]);
});

test('a type import and a re-export count as imports', () => {
  expect(check('trace-runtime/src/wire/a.ts', "import type { B } from '../store/b.ts';")).toHaveLength(1);
  expect(check('trace-runtime/src/wire/a.ts', "export * from '../store/b.ts';")).toHaveLength(1);
  expect(check('trace-runtime/src/wire/a.ts', "const b = await import('../store/b.ts');")).toHaveLength(1);
});

test.each(['recorder', 'boundary', 'base', 'model', 'wire'])('%s imports nothing from npm', (folder) => {
  const file = `trace-runtime/src/${folder}/a.ts`;
  expect(check(file, "import { pack } from 'msgpackr';")).toEqual([
    `${file} imports msgpackr: trace-runtime/src/${folder} must not import msgpackr`,
  ]);
  expect(check(file, "const { pack } = require('msgpackr');")).toHaveLength(1);
  expect(check(file, "import fs from 'node:fs';")).toEqual([]);
});

test('the boundary does not know the recorder that puts it in place', () => {
  expect(check('trace-runtime/src/boundary/a.ts', "import { b } from '../recorder/b.ts';")).toHaveLength(1);
  expect(check('trace-runtime/src/recorder/a.ts', "import { b } from '../boundary/b.ts';")).toEqual([]);
});

test('only the extension imports vscode', () => {
  expect(check('extension/src/a.ts', "import * as vscode from 'vscode';")).toEqual([]);
  expect(check('cli/src/a.ts', "import type { Uri } from 'vscode';")).toHaveLength(1);
  expect(check('debug-adapter/src/a.ts', "import type { Uri } from 'vscode';")).toHaveLength(1);
});

test('a module of Node is imported by its node: name', () => {
  expect(check('cli/src/a.ts', "import fs from 'fs';")).toEqual([
    'cli/src/a.ts imports fs: a module of Node is imported as node:…',
  ]);
});

test('a file outside every layer is reported', () => {
  expect(check('trace-runtime/src/misc/a.ts', '')).toEqual(['trace-runtime/src/misc/a.ts: its folder is in no layer']);
});

test('a test and its helpers may import anything, and nothing imports them', () => {
  expect(check('trace-runtime/src/boundary/testing/a.ts', "import { build } from 'esbuild';")).toEqual([]);
  expect(check('trace-runtime/src/boundary/a.ts', "import { b } from './testing/b.ts';")).toEqual([
    'trace-runtime/src/boundary/a.ts imports ./testing/b.ts: that is for tests only',
  ]);
  expect(check('trace-runtime/src/model/a.test.ts', "import { b } from '../query/b.ts';")).toEqual([]);
});
