import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { isWritten, writtenFiles } from './written-files.ts';

let root = '';

afterEach(() => rmSync(root, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, string>>): void {
  root = mkdtempSync(path.join(os.tmpdir(), 'hc-written-'));
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

function found(from = ''): readonly string[] {
  return [...writtenFiles(path.join(root, from))].map((file) => path.relative(root, file));
}

it('leaves out packages, hidden folders and what .gitignore names, at every depth', () => {
  folder({
    '.gitignore': 'dist\n*.gen.js\n',
    'a.js': '',
    'x.gen.js': '',
    'dist/b.js': '',
    'node_modules/p/index.js': '',
    '.cache/c.js': '',
    'sub/.gitignore': '!keep.gen.js\n/only\n',
    'sub/keep.gen.js': '',
    'sub/only/d.js': '',
    'sub/deep/only/e.js': '',
  });
  const files = ['a.js', 'sub/keep.gen.js', 'sub/deep/only/e.js'];
  expect(found().filter((name) => name.endsWith('.js'))).toEqual(files);
  for (const name of files) expect(isWritten(path.join(root, name))).toBe(true);
  for (const name of ['x.gen.js', 'dist/b.js', 'node_modules/p/index.js', 'sub/only/d.js'])
    expect(isWritten(path.join(root, name))).toBe(false);
});

it('knows what the folders around say', () => {
  folder({ '.gitignore': '*.gen.js\n', 'sub/a.gen.js': '', 'sub/b.js': '' });
  expect(found('sub')).toEqual(['sub/b.js']);
});
