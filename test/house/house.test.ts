import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

test.each(['package-lock.json', 'scripts/vscode-host/package-lock.json'])(
  '%s names no registry, so that everybody installs from their own',
  (lock) => {
    const resolved = [...read(lock).matchAll(/"resolved": "([^"]*)"/g)].map(([, where]) => where);
    expect(resolved.filter((where) => where?.includes(':'))).toEqual([]);
  },
);

test('every script that runs a program of this repository names one that exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const files = Object.values(scripts).flatMap(
    (line) => line.match(/\b(?:scripts|test)\/[\w./-]+\.(?:mjs|ts)\b/g) ?? [],
  );
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('every link and every code path that the documents name exists', () => {
  const named = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((document) => {
    const text = read(document);
    const links = [...text.matchAll(/\]\(([\w./-]+)\)/g)].map(([, link]) => link ?? '');
    const paths = [...text.matchAll(/`((?:trace-runtime|cli|test|scripts|examples)\/[\w./-]*)`/g)].map(
      ([, at]) => at ?? '',
    );
    return [...links, ...paths].map((name) => ({ document, name }));
  });
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter(({ name }) => !existsSync(path.join(root, name)))).toEqual([]);
});

test('the code map of ARCHITECTURE.md lists the folders of trace-runtime/src, no more and no fewer', () => {
  const listed = [...read('ARCHITECTURE.md').matchAll(/^- `([a-z]+)\/`:/gm)].map(([, name]) => name);
  const folders = readdirSync(path.join(root, 'trace-runtime/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(path.join(entry.parentPath, entry.name)).length > 0)
    .map(({ name }) => name);
  expect(listed.toSorted()).toEqual(folders.toSorted());
});
