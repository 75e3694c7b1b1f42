import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pruneCache } from '../../cli/src/prune-cache.ts';
import { collect, hindcast, project, run, start } from './kit.ts';

const root = path.resolve(import.meta.dirname, '../..');
const newer = ['node22', 'node24'].map((name) => path.join(root, 'node_modules', name, 'bin/node')).filter(existsSync);

/** How many instrumented files the cache holds. */
function entries(cache: string): number {
  return readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}\.js$/.test(name))
    .length;
}

test.each([process.execPath, ...newer])('what was warmed is not instrumented again, at either level: %s', (node) => {
  const folder = project({
    'main.js': `#!/usr/bin/env node\nexports.a = require('./f').f(1); import('./m.mjs').then(({ g }) => console.log(g(exports.a)));`,
    'f.js': 'exports.f = (x) => x + 1;',
    'm.mjs': `import { h } from './untold.js'; export const g = (x) => h(x) * 2;`,
    'untold.js': 'export function h(x) { return x; }',
  });
  const cache = path.join(folder, '.cache');
  expect(run(folder, 'warm', '--cache', cache).stdout).toMatch(/^made 4 entries for 4 files in /);
  expect(run(folder, 'record', '--cache', cache, '--', node, 'main.js').stdout).toBe('4\n');
  expect(entries(cache)).toBe(4);
  expect(run(folder, 'record', '--level', 'light', '--cache', cache, '--', node, 'main.js').stdout).toBe('4\n');
  expect(entries(cache)).toBe(4);
  expect(run(folder, 'warm', '--cache', cache).stdout).toMatch(/^made 0 entries for 4 files/);
});

test.skipIf(newer.length === 0)('TypeScript that a script has Node run is warmed', () => {
  const folder = project({
    'package.json': JSON.stringify({ scripts: { start: 'node main.ts' } }),
    'main.ts': `import { b } from './b.ts'; console.log(b(1 as number));`,
    'b.ts': 'export const b = (x: number): number => x + 1;',
    'types.d.ts': 'declare const c: number;',
  });
  const cache = path.join(folder, '.cache');
  run(folder, 'warm', '--cache', cache);
  const made = entries(cache);
  expect(run(folder, 'record', '--cache', cache, '--', newer.at(-1) ?? '', 'main.ts').stdout).toBe('2\n');
  expect(entries(cache)).toBe(made);
});

/** A package of a CommonJS and an ES module half, and one that only the other needs. */
const PACKAGES = {
  'node_modules/halves/package.json': JSON.stringify({
    exports: { '.': { import: './a.mjs', require: './a.cjs' }, './deep': './deep.js' },
  }),
  'node_modules/halves/a.mjs': `export { b as a } from './b.mjs';`,
  'node_modules/halves/b.mjs': `import { c } from 'needed'; export const b = (x) => c(x);`,
  'node_modules/halves/a.cjs': `exports.a = require('./deep').deep;`,
  'node_modules/halves/deep.js': `exports.deep = (x) => x * 3;`,
  'node_modules/halves/idle.js': `exports.idle = 1;`,
  'node_modules/needed/index.js': `exports.c = (x) => x + 1;`,
};

test('what files import from packages is warmed, with what that imports, as it is recorded', () => {
  const folder = project({
    ...PACKAGES,
    'main.mjs': `import { a } from 'halves'; import { d } from './d.cjs'; console.log(a(1) + d);`,
    'd.cjs': `exports.d = require('halves').a(4);`,
  });
  const cache = path.join(folder, '.cache');
  expect(run(folder, 'warm', '--cache', cache).stdout).toContain('made 7 entries for 7 files');
  expect(run(folder, 'record', '--cache', cache, '--', process.execPath, 'main.mjs').stdout).toBe('14\n');
  expect(entries(cache)).toBe(7);
  expect(run(folder, 'warm', '--deps', 'off', '--cache', '.off').stdout).toContain('for 2 files');
  const steps = path.join(folder, '.steps');
  run(folder, 'warm', '--deps', 'steps', '--cache', steps);
  run(folder, 'record', '--deps', 'steps', '--cache', steps, '--', process.execPath, 'main.mjs');
  expect(entries(steps)).toBe(7);
});

test('of a project that Jest tests, packages are warmed as Jest loads them', () => {
  const folder = project({
    ...PACKAGES,
    'package.json': JSON.stringify({ devDependencies: { jest: '*' } }),
    'a.test.ts': `import type { T } from 'needed'; import { a } from 'halves'; test('a', () => expect(a(1)).toBe(3));`,
    'jest.mjs': `import fs from 'node:fs'; import vm from 'node:vm'; import path from 'node:path';
      const load = (file) => {
        const module = { exports: {} };
        const run = vm.compileFunction(fs.readFileSync(file, 'utf8'), ['module', 'exports', 'require'], { filename: file });
        run(module, module.exports, (name) => load(path.join(path.dirname(file), name + '.js')));
        return module.exports;
      };
      console.log(load(path.resolve('node_modules/halves/a.cjs')).a(1));`,
  });
  const cache = path.join(folder, '.cache');
  expect(run(folder, 'warm', '--cache', cache).stdout).toContain('made 3 entries for 3 files');
  expect(run(folder, 'record', '--cache', cache, '--', process.execPath, 'jest.mjs').stdout).toBe('3\n');
  expect(entries(cache)).toBe(3);
});

test('packages that nothing imports, ignored files and large ones are left out', () => {
  const folder = project({
    'a.js': '1',
    '.gitignore': 'made.js\n',
    'made.js': '2',
    'large.js': `'${'x'.repeat(600_000)}'`,
  });
  mkdirSync(path.join(folder, '.git'));
  mkdirSync(path.join(folder, 'node_modules/p'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/p/index.js'), '3');
  expect(run(folder, 'warm', '--cache', '.cache').stdout).toContain('for 1 file in');
  expect(run(folder, 'warm', '--cache', '.cache', 'made.js', 'node_modules/p/index.js', 'absent.js').stdout).toContain(
    'for 0 files',
  );
});

test('a file that cannot be instrumented is left to the program', () => {
  const folder = project({ 'a.js': 'const = ;', 'b.js': 'exports.b = 1' });
  expect(run(folder, 'warm', '--cache', '.cache').stdout).toContain('made 1 entry for 2 files');
  expect(readdirSync(path.join(folder, '.cache'), { recursive: true, encoding: 'utf8' }).join()).not.toContain(
    '.failed',
  );
});

test('it takes names from stdin, until that ends', () => {
  const folder = project({ 'a.js': '1', 'b.js': '2' });
  const { stdout } = spawnSync(process.execPath, [hindcast, 'warm', '--stdin', '--cache', '.cache', 'a.js'], {
    cwd: folder,
    input: 'b.js\na.js\n',
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^made 2 entries for/);
});

test('it can be ended at any time', async () => {
  const folder = project(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`f${i}.js`, `exports.f = ${i}`])));
  const child = start(folder, 'warm', '--cache', '.cache');
  setTimeout(() => child.kill(), 500);
  const { signal } = await collect(child);
  expect(signal).toBe('SIGTERM');
});

test('entries that nobody has read for a month go, whole', () => {
  const folder = project({});
  const put = (name: string, days: number): string => {
    const file = path.join(folder, 'ab', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
    const at = Date.now() / 1000 - days * 86_400;
    utimesSync(file, at, at);
    return file;
  };
  const [old, oldPart, read, readPart] = [
    put('ab1.js', 40),
    put('ab1.sites', 35),
    put('ab2.js', 1),
    put('ab2.edits', 40),
  ];
  pruneCache(folder);
  expect([old, oldPart, read, readPart].map((file) => existsSync(file ?? ''))).toEqual([false, false, true, true]);
  rmSync(folder, { recursive: true });
});
