import { expect, test } from 'vitest';
import { statSync } from 'node:fs';
import path from 'node:path';
import { nodes, runWithBoundary } from './testing/run-with-boundary.ts';

const big = 'x'.repeat(400);

test.each(nodes())('a file read in any style is kept once, with its path (%s)', async (node) => {
  const logged = await runWithBoundary(
    `const fs = require('fs');
    fs.writeFileSync('a.txt', '${big}');
    fs.readFileSync('a.txt'); fs.readFileSync('a.txt', 'utf8');
    fs.readFile('a.txt', () => fs.promises.readFile('a.txt').then(() => fs.createReadStream('a.txt').resume()))`,
    { node },
  );
  expect(logged.stderr).toBe('');
  const reads = logged.of('fs.readFile').filter(({ path }) => path === 'a.txt');
  expect(reads).toHaveLength(4);
  const contents = [...reads, ...logged.of('fs.readFile.done'), ...logged.of('fs.read.done')]
    .map(({ content }) => content)
    .filter(Boolean);
  const blobs = new Set(contents.map((content) => (content as { blob: string }).blob));
  expect(blobs.size).toBe(1);
  expect(contents).toHaveLength(5);
  expect(logged.contentOf(contents[0])).toBe(big);
});

test('listings, stats and failures are results too', async () => {
  const logged = await runWithBoundary(`const fs = require('fs');
    fs.mkdirSync('d'); fs.writeFileSync('d/f', 'hello');
    fs.readdirSync('d'); fs.readdirSync('d', { withFileTypes: true }); fs.statSync('d/f');
    fs.existsSync('none'); try { fs.readFileSync('none') } catch {}
    fs.stat('none', () => {}); fs.promises.access('none').catch(() => {});`);
  expect(logged.of('fs.readdir')).toMatchObject([
    { path: 'd', entries: ['f'] },
    { path: 'd', entries: [['f', 1, 'd']] },
  ]);
  const stat = logged.of('fs.stat')[0]?.stat;
  expect(String(stat).split(',')[8]).toBe('5');
  expect(logged.of('fs.exists')).toEqual([{ path: 'none', exists: false }]);
  expect(logged.of('fs.readFile').at(-1)).toMatchObject({ error: { code: 'ENOENT', syscall: 'open' } });
  expect(logged.of('fs.stat.done')).toMatchObject([{ error: { code: 'ENOENT' } }]);
  expect(logged.of('fs.access.done')).toMatchObject([{ error: { code: 'ENOENT' } }]);
});

test('bytes that Node writes into a buffer of the program are reported before it goes on', async () => {
  const logged = await runWithBoundary(`const fs = require('fs');
    fs.writeFileSync('b', 'abcdef');
    const fd = fs.openSync('b'); const buffer = Buffer.alloc(10);
    fs.readSync(fd, buffer, 2, 3, 1);
    fs.read(fd, { buffer, position: 0 }, () => fs.promises.open('b').then(async (h) => { await h.read(buffer, 0, 2, 4); await h.close() }))`);
  expect(logged.touched.map((hex) => Buffer.from(hex, 'hex').toString())).toEqual(['bcd', 'abcdef', 'ef']);
  expect(logged.of('fs.read')[0]).toMatchObject({ bytesRead: 3, content: { bytes: 'bcd' } });
});

test.each(nodes())('named imports in ES modules are crossings too (%s)', async (node) => {
  const logged = await runWithBoundary(
    `import { readFileSync } from 'node:fs'; import { readFile } from 'node:fs/promises'; import { hostname } from 'node:os';
    readFileSync(process.argv[1]); hostname(); await readFile(process.argv[1]);`,
    { node, file: 'program.mjs' },
  );
  expect(logged.stderr).toBe('');
  const paths = logged.of('fs.readFile').map(({ path: file }) => file);
  expect(paths.filter((file) => file === path.join(logged.folder, 'program.mjs'))).toHaveLength(2);
  expect(logged.of('os.hostname')).toHaveLength(1);
});

test('the folder of contents is the owner’s alone', async () => {
  const logged = await runWithBoundary(`require('fs').writeFileSync('a', '${big}'); require('fs').readFileSync('a')`);
  const [read] = logged.of('fs.readFile');
  const { blob = '' } = (read?.content ?? {}) as { blob?: string };
  expect(statSync(path.join(logged.folder, 'blobs')).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(logged.folder, 'blobs', blob)).mode & 0o777).toBe(0o600);
});
