import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makePackage, removePackages } from '../package-kit.ts';
import { outlineOf } from './outline.ts';

afterEach(removePackages);

const PACKAGE = {
  main: './lib/index.js',
  bin: { tool: 'bin/tool.js' },
  scripts: {
    start: 'node --env-file=.env src/server.js --port 1',
    dev: 'NODE_ENV=dev tsx watch src/dev.ts',
    test: 'node --test test/all.js',
    build: 'node scripts/build && echo done',
  },
};

it('knows which files are started as programs', () => {
  const root = makePackage(PACKAGE, {});
  const isEntry = (file: string, text = ''): boolean => outlineOf(path.join(root, file), text, false).isEntry;
  const entries = ['lib/index.js', 'bin/tool.js', 'src/server.js', 'src/dev.ts', 'scripts/build.js'];
  expect(entries.map((file) => isEntry(file))).toEqual(entries.map(() => true));
  expect(isEntry('src/other.js')).toBe(false);
  expect(isEntry('test/all.js')).toBe(false);
  expect(isEntry('src/other.js', '#!/usr/bin/env node\n')).toBe(true);
  expect(isEntry('src/other.js', '#!/bin/sh\n')).toBe(false);
});

it('knows which programs of a package are started by the scripts of the monorepo around it', () => {
  const root = makePackage({ scripts: { start: 'node packages/api/main.js' } }, { 'packages/api/package.json': '{}' });
  const isEntry = (file: string): boolean => outlineOf(path.join(root, file), '', false).isEntry;
  expect(['packages/api/main.js', 'packages/api/other.js', 'main.js'].map(isEntry)).toEqual([true, false, false]);
});

it('knows where the scripts of a package.json stand', () => {
  const text = `{\n  "name": "a",\n  "scripts": {\n    "test": "x",\n\n    "b:c": "y"\n  },`;
  expect(outlineOf('/p/package.json', text, false).scripts).toEqual([
    { name: 'test', line: 3 },
    { name: 'b:c', line: 5 },
  ]);
  expect(outlineOf('/p/package.json', 'none', false).scripts).toEqual([]);
});

it('takes for tests what a runner lists, what imports one, and what is named so', () => {
  const root = makePackage({ scripts: { test: 'mocha' } }, {});
  const runner = (file: string, text: string, isListed = false): string | undefined =>
    outlineOf(path.join(root, file), text, isListed).project?.runner;
  const test = `it('a', () => {})`;
  expect(runner('src/a.js', test)).toBeUndefined();
  expect(runner('src/a.js', test, true)).toBe('mocha');
  expect(runner('src/a.test.js', test)).toBe('mocha');
  expect(runner('src/a.js', `import { it } from 'node:test'; ${test}`)).toBe('node');
  expect(runner('src/a.test.js', 'export {}')).toBeUndefined();
});
