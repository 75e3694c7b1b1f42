import { expect, test } from 'vitest';
import { selectFiles, packageName } from './file-selection.ts';
import { globToRegExp } from './glob.ts';

const base = { root: '/home/me/app', deps: 'writes', include: [], exclude: [] } as const;
const level = (path: string, options: Partial<Parameters<typeof selectFiles>[0]> = {}, extra = {}): string =>
  selectFiles({ ...base, ...options }, extra).level(path);

test('files of the project are user code, those of its dependencies are recorded at the level asked for', () => {
  expect(level('/home/me/app/src/a.ts')).toBe('steps');
  expect(level('/home/me/app/node_modules/qs/lib/index.js')).toBe('writes');
  expect(level('/home/me/app/node_modules/qs/lib/index.js', { deps: 'off' })).toBe('off');
  expect(level('/home/me/app/node_modules/qs/lib/index.js', { deps: 'steps' })).toBe('steps');
});

test('packages of a folder around the project count, those of tools installed elsewhere do not', () => {
  expect(level('/home/me/node_modules/qs/index.js')).toBe('writes');
  expect(level('/usr/lib/node_modules/npm/lib/cli.js')).toBe('off');
});

test('compilers and test runners run as they are unless asked for', () => {
  expect(level('/home/me/app/node_modules/typescript/lib/typescript.js')).toBe('off');
  expect(level('/home/me/app/node_modules/@babel/core/lib/index.js')).toBe('off');
  expect(level('/home/me/app/node_modules/jest-circus/build/run.js', { deps: 'steps' })).toBe('steps');
});

test('a package can be taken in as user code, and exclude wins over include', () => {
  const include = ['node_modules/acorn/**'];
  expect(level('/home/me/app/node_modules/acorn/dist/acorn.js', { include })).toBe('steps');
  expect(level('/home/me/app/node_modules/acorn/dist/acorn.js', { include, exclude: ['**/dist/**'] })).toBe('off');
});

test('what is no source, and what is Hindcast’s own, is left alone', () => {
  expect(level('/home/me/app/data.json')).toBe('off');
  expect(level('/home/me/app/bin/tool')).toBe('steps');
  expect(level('/home/me/app/hindcast/dist/preload.cjs', {}, { own: ['/home/me/app/hindcast/dist'] })).toBe('off');
  expect(level('/elsewhere/a.js')).toBe('off');
  expect(level('/elsewhere/a.js', {}, { roots: ['/elsewhere'] })).toBe('steps');
});

test('what yarn brings along is no user code', () => {
  expect(level('/home/me/app/.yarn/releases/yarn-4.1.0.cjs')).toBe('off');
  expect(level('/home/me/app/.pnp.cjs')).toBe('off');
  expect(level('/home/me/app/.pnp.loader.mjs')).toBe('off');
  expect(level('/home/me/app/.yarn/__virtual__/ui-1/1/packages/ui/index.js')).toBe('steps');
});

test('the package of a path is its first name, or two with a scope', () => {
  expect([packageName('qs/lib/a.js'), packageName('@a/b/c.js')]).toEqual(['qs', '@a/b']);
});

test.each([
  ['src/*.js', 'src/a.js', true],
  ['src/*.js', 'src/b/a.js', false],
  ['src/**/*.js', 'src/a.js', true],
  ['src/**/*.js', 'src/b/c/a.js', true],
  ['**/*.{js,ts}', 'x/y.ts', true],
  ['src', 'src/b/c.js', true],
  ['a.b', 'axb', false],
  ['file?.js', 'file1.js', true],
])('the glob %s for %s: %s', (glob, path, expected) => {
  expect(globToRegExp(glob).test(path)).toBe(expected);
});
