import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { projectRoot } from './project-root.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'hindcast-root-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true });
});

/** Files by their paths below `top`, and where the root of `from` is then. */
function check(files: Readonly<Record<string, string>>, from: string, expected: string): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.join(top, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(top, file), text);
  }
  mkdirSync(path.join(top, from), { recursive: true });
  expect(path.relative(top, projectRoot(path.join(top, from)))).toBe(expected);
}

const packages = { 'packages/app/package.json': '{}', 'packages/app/src/a.js': '' };

test('is the nearest package, where it stands alone', () => {
  check({ 'package.json': '{ "name": "around" }', ...packages }, 'packages/app/src', 'packages/app');
});

test.each([
  ['package.json', '{ "workspaces": ["packages/*"] }'],
  ['package.json', '{ "workspaces": { "packages": ["./packages/**"] } }'],
  ['lerna.json', '{ "packages": ["packages/*/"] }'],
  ['pnpm-workspace.yaml', 'packages:\n  # ours\n  - "packages/*"\n  - tools # more\ncatalog:\n  a: 1\n'],
  ['pnpm-workspace.yaml', "packages:\r\n- 'packages/app'\r\n"],
])('is the monorepo that has the package as a workspace: %s %s', (file, text) => {
  check({ [file]: text, ...packages }, 'packages/app/src', '');
});

test.each([
  '{ "workspaces": ["services/*"] }',
  '{ "workspaces": ["packages/*", "!packages/app"] }',
  '{ "workspaces": 1 }',
  'no JSON: "workspaces"',
])('is not a monorepo that does not have it: %s', (text) => {
  check({ 'package.json': text, ...packages }, 'packages/app/src', 'packages/app');
});

test('is the repository around packages that import each other by relative paths, unless that is a home', () => {
  check({ '.git/HEAD': '', ...packages }, 'packages/app/src', '');
  vi.stubEnv('HOME', top);
  check({}, 'packages/app/src', 'packages/app');
});

test('is the folder itself where no package is', () => {
  check({}, 'some/scripts', 'some/scripts');
});
